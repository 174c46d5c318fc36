"""What a driver needs of a port: bytes in, bytes out, and a clear word when the port is gone."""

from __future__ import annotations

from typing import Protocol


class Line(Protocol):
    """An open port."""

    async def read(self, size_max: int, *, timeout_s: float) -> bytes:
        """What has come, waiting at most `timeout_s` for the first byte; b"": time passed.

        Raises:
            LineLostError: the port is gone.
        """

    async def write(self, data: bytes) -> None:
        """Hands all of `data` to the port.

        Raises:
            LineLostError: the port is gone, or takes nothing for too long.
        """

    def close(self) -> None:
        """Gives the port back; a second call does nothing."""
