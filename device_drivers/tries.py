"""One request at a time on a wire: when it leaves, when again, and when no more. Knows no protocol, no clock."""

from __future__ import annotations


class Tries:
    """Counts the tries of the request under way and keeps the silences that a protocol demands."""

    def __init__(self) -> None:
        self._wire: bytes | None = None
        self._sent = 0
        self._tries_max = 0
        self._answer_s = 0.0
        self._deadline_s: float | None = None  # None: it has yet to be sent
        self._silent_until_s = 0.0

    @property
    def free(self) -> bool:
        """True when nothing is under way."""
        return self._wire is None

    @property
    def waiting(self) -> bool:
        """True while a request is on the wire and its answer is not."""
        return self._deadline_s is not None

    @property
    def sent(self) -> int:
        """How often the request under way has left."""
        return self._sent

    def start(self, wire: bytes, *, answer_s: float, tries_max: int) -> None:
        """Takes the next request; only when `free`. `answer_s`: from sending to the whole answer."""
        assert self.free
        self._wire, self._answer_s, self._tries_max = wire, answer_s, tries_max
        self._sent, self._deadline_s = 0, None

    def bytes_to_send(self, now_s: float) -> bytes:
        """The request, when it is its time."""
        if self._wire is None or self._deadline_s is not None or now_s < self._silent_until_s:
            return b""
        self._sent += 1
        self._deadline_s = now_s + self._answer_s
        return self._wire

    def is_late(self, now_s: float) -> bool:
        """True when the answer did not come in time."""
        return self._deadline_s is not None and now_s >= self._deadline_s

    def again(self, now_s: float, *, pause_s: float = 0.0) -> bool:
        """This try failed; False when it was the last one, and the request is then over."""
        self.keep_silent(now_s + pause_s)
        self._deadline_s = None
        if self._sent < self._tries_max:
            return True
        self._wire = None
        return False

    def finish(self, now_s: float, *, pause_s: float = 0.0) -> None:
        """The answer is there."""
        self._wire, self._deadline_s = None, None
        self.keep_silent(now_s + pause_s)

    def keep_silent(self, until_s: float) -> None:
        """Nothing is sent before."""
        self._silent_until_s = max(self._silent_until_s, until_s)

    def abandon(self) -> None:
        """Forgets what is under way: the line is gone."""
        self._wire, self._deadline_s, self._silent_until_s = None, None, 0.0

    def wakes_at_s(self) -> float:
        """When there is something to send or to give up."""
        return self._silent_until_s if self._deadline_s is None else self._deadline_s
