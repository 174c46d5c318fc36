"""The customer's screen as core sees it: told the whole state whenever it differs from what was told last."""

from __future__ import annotations

import contextlib
import json
import time

from signaling_server.contract.visits import VisitStep
from terminal_app.core.visit_trail import VisitTrail
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.channel import Channel

_NO_TOUCH = (ipc.UiHello, ipc.UiAlive, ipc.CustomerActive)
FromPeer = ipc.UiToCore | media.MediaToCore


class Glass:
    """One ui at a time; a new one knows nothing and is told everything."""

    def __init__(self) -> None:
        self._channel: Channel[FromPeer] | None = None
        self.shown: ipc.TerminalState | None = None
        self.frames_drawn = 0
        self._revision = 0
        self._trail = VisitTrail()

    @property
    def exists(self) -> bool:
        return self._channel is not None

    def came(self, channel: Channel[FromPeer]) -> None:
        self._channel, self.shown = channel, None

    def left(self, channel: Channel[FromPeer]) -> None:
        if channel is self._channel:
            self._channel = None

    def touched(self, message: FromPeer) -> None:
        """Presses are counted for the visit's trail."""
        if isinstance(message, ipc.UiToCore) and not isinstance(message, _NO_TOUCH):
            self._trail.touched()

    def show(self, state: ipc.TerminalState) -> list[VisitStep]:
        """Returns the trail of a visit that ends with this state."""
        if self._channel is None or state == self.shown:
            return []
        self.shown = state
        self._revision += 1
        self._channel.send(ipc.numbered(state, self._revision))
        return self._trail.seen(state, time.time_ns() // 1_000_000)


def say(**line: object) -> None:
    """Progress for whoever started us: one JSON line on standard output."""
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(line), flush=True)
