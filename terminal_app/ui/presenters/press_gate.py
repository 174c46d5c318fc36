"""One touch, one command: a second equal press before core has answered is not sent. Pure, told the time."""

from __future__ import annotations

from terminal_app.ipc.messages import UiToCore

ANSWER_S_MAX = 1.0  # core answers at once; after this the press meant nothing there and may be tried again


class PressGate:
    """Remembers the last command and which state it was given in."""

    def __init__(self) -> None:
        self._last: UiToCore | None = None
        self._revision = -1
        self._sent_at_s = 0.0

    def allows(self, command: UiToCore, revision: int, now_s: float) -> bool:
        """True once for a command in one revision of the state; then again after `ANSWER_S_MAX`."""
        repeated = type(command) is type(self._last) and revision == self._revision
        if repeated and now_s - self._sent_at_s < ANSWER_S_MAX:
            return False
        self._last, self._revision, self._sent_at_s = command, revision, now_s
        return True
