"""The customer's screen as core sees it: told the whole state whenever it differs from what was told last."""

from __future__ import annotations

import contextlib
import json

from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.channel import Channel

FromPeer = ipc.UiToCore | media.MediaToCore


class Glass:
    """One ui at a time; a new one knows nothing and is told everything."""

    def __init__(self) -> None:
        self._channel: Channel[FromPeer] | None = None
        self.shown: ipc.TerminalState | None = None
        self.frames_drawn = 0
        self._revision = 0

    @property
    def exists(self) -> bool:
        return self._channel is not None

    def came(self, channel: Channel[FromPeer]) -> None:
        self._channel, self.shown = channel, None

    def left(self, channel: Channel[FromPeer]) -> None:
        if channel is self._channel:
            self._channel = None

    def show(self, state: ipc.TerminalState) -> None:
        if self._channel is None or state == self.shown:
            return
        self.shown = state
        self._revision += 1
        self._channel.send(ipc.numbered(state, self._revision))


def say(**line: object) -> None:
    """Progress for whoever started us: one JSON line on standard output."""
    with contextlib.suppress(BrokenPipeError):
        print(json.dumps(line), flush=True)
