"""One side of a device protocol: pure, single-threaded, told the time. Driven by `pump`."""

from __future__ import annotations

from typing import Protocol, TypeVar

Event = TypeVar("Event")


class Session(Protocol[Event]):
    """Bytes in, bytes out, events out. Times are seconds of one monotonic clock."""

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now; b"" when there is nothing to say."""

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came; b"" means nothing came and time passed."""

    def take_events(self) -> list[Event]:
        """Events since the last call, oldest first."""

    def wakes_at_s(self) -> float:
        """When the session wants to be asked again even if no byte comes."""

    def line_lost(self, now_s: float) -> None:
        """The port is gone: what was in flight is unknown; the next `bytes_to_send` goes to a freshly opened one."""
