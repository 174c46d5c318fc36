"""`loop://name`: two ends inside one process. The first opener of a name gets one end, the second the other."""

from __future__ import annotations

import asyncio

from device_drivers.contract.errors import LineLostError

BUFFER_SIZE_MAX = 65536  # what one end may leave unread

_waiting: dict[str, LoopLine] = {}


def null_modem(name: str = "loop") -> tuple[LoopLine, LoopLine]:
    """Two ends: what one writes the other reads. Closing an end cuts the cable."""
    first, second = LoopLine(name), LoopLine(name)
    first.peer, second.peer = second, first
    return first, second


def open_loop_line(name: str) -> LoopLine:
    """One end of the cable of this name."""
    if (second := _waiting.pop(name, None)) is not None and not second.closed:
        return second
    first, _waiting[name] = null_modem(name)
    return first


class LoopLine:
    """One end of a cable that lies in memory."""

    def __init__(self, name: str) -> None:
        self.peer: LoopLine = self
        self.closed = False
        self._name = name
        self._buffer = bytearray()
        self._came = asyncio.Event()

    async def read(self, size_max: int, *, timeout_s: float) -> bytes:
        """What has come, waiting at most `timeout_s` for the first byte."""
        if not self._buffer and not self.closed:
            self._came.clear()
            try:
                async with asyncio.timeout(timeout_s):
                    await self._came.wait()
            except TimeoutError:
                return b""
        if self.closed:
            raise LineLostError("the cable is cut", device=self._name)
        data = bytes(self._buffer[:size_max])
        del self._buffer[:size_max]
        return data

    async def write(self, data: bytes) -> None:
        """Puts the bytes at the other end."""
        if self.closed or len(self.peer._buffer) + len(data) > BUFFER_SIZE_MAX:
            raise LineLostError("the cable is cut, or nobody reads it", device=self._name)
        self.peer._buffer += data
        self.peer._came.set()

    def close(self) -> None:
        """Cuts the cable for both ends."""
        for end in (self, self.peer):
            end.closed = True
            end._came.set()
