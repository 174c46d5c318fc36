"""Rebuilds frames that tell their own size from a byte stream cut anywhere. Knows no protocol, no clock.

A size is believed only with its check sum: after a damaged frame the search goes on behind its first byte, so that
noise which looks like a head costs no good frame.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Generic, TypeVar

Whole = TypeVar("Whole")


@dataclass(frozen=True, slots=True)
class DamagedFrame:
    """Bytes that began like a frame and failed its check sum."""

    raw: bytes


class SizedFrameReader(ABC, Generic[Whole]):
    """Line noise is skipped and counted. A protocol says what a head looks like and what a frame is."""

    HEAD_SIZE: int  # so many bytes tell the size

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.noise_bytes = 0

    @abstractmethod
    def _may_be_head(self, begun: bytearray) -> bool:
        """Whether a frame may begin with these bytes, one at least."""

    @abstractmethod
    def _size(self, head: bytearray) -> int:
        """The size of the whole frame."""

    @abstractmethod
    def _opened(self, raw: bytes) -> Whole | None:
        """What is in a frame of the right size; None when its check sum is wrong."""

    @property
    def waiting(self) -> bool:
        """True while a frame has begun and not ended."""
        return bool(self._buffer)

    def feed(self, chunk: bytes) -> list[Whole | DamagedFrame]:
        """What became whole with these bytes, in order."""
        self._buffer += chunk
        found: list[Whole | DamagedFrame] = []
        while self._buffer:
            if not self._may_be_head(self._buffer):
                self._skip()
                continue
            if len(self._buffer) < self.HEAD_SIZE or len(self._buffer) < (size := self._size(self._buffer)):
                break  # the rest is still on the wire
            raw = bytes(self._buffer[:size])
            whole = self._opened(raw)
            if whole is None:
                self._skip()
                found.append(DamagedFrame(raw))
            else:
                del self._buffer[:size]
                found.append(whole)
        return found

    def give_up_waiting(self) -> list[Whole | DamagedFrame]:
        """Time passed and the frame begun never ended: it was noise; what lay behind its start is looked through."""
        found: list[Whole | DamagedFrame] = []
        while self._buffer:
            self._skip()
            found += self.feed(b"")
        return found

    def _skip(self) -> None:
        del self._buffer[0]
        self.noise_bytes += 1
