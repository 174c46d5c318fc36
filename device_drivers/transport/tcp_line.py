"""`tcp://host:port`: a serial server, or a simulator that listens."""

from __future__ import annotations

import asyncio
import os

from device_drivers.contract.errors import LineLostError

CONNECT_S_MAX = 5.0
WRITE_S_MAX = 10.0


async def open_tcp_line(host: str, port: int) -> TcpLine:
    """Connects.

    Raises:
        LineLostError: nobody listens there.
    """
    name = f"{host}:{port}"
    try:
        async with asyncio.timeout(CONNECT_S_MAX):
            reader, writer = await asyncio.open_connection(host, port)
    except TimeoutError as error:
        raise LineLostError(f"no connection within {CONNECT_S_MAX:.0f} s", device=name) from error
    except OSError as error:
        raise LineLostError(f"no connection: {_why(error)}", device=name) from error
    return TcpLine(reader, writer, name)


class TcpLine:
    """A connected socket."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: str) -> None:
        self._reader = reader
        self._writer = writer
        self._name = name

    async def read(self, size_max: int, *, timeout_s: float) -> bytes:
        """What has come, waiting at most `timeout_s` for the first byte."""
        try:
            async with asyncio.timeout(timeout_s):
                data = await self._reader.read(size_max)
        except TimeoutError:
            return b""
        except OSError as error:
            raise LineLostError(f"the connection broke: {error.strerror}", device=self._name) from error
        if not data:
            raise LineLostError("the other side closed the connection", device=self._name)
        return data

    async def write(self, data: bytes) -> None:
        """Hands all of `data` to the socket."""
        try:
            self._writer.write(data)
            async with asyncio.timeout(WRITE_S_MAX):
                await self._writer.drain()
        except TimeoutError as error:
            raise LineLostError(f"takes no byte for {WRITE_S_MAX:.0f} s", device=self._name) from error
        except OSError as error:
            raise LineLostError(f"the connection broke: {error.strerror}", device=self._name) from error

    def close(self) -> None:
        """Ends the connection."""
        self._writer.close()


def _why(error: OSError) -> str:
    """asyncio puts its own words into `strerror`; a name that is not known has a number below zero."""
    if error.errno is None:
        return "nobody listens"  # at none of its addresses
    return os.strerror(error.errno) if error.errno > 0 else str(error.strerror)
