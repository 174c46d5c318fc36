"""The connections a bank terminal may make through this machine: only those of the list, one at a time.

A terminal asks its session for a connection (`ModemOpenAsked`); this shell makes it when the place is allowed and moves
its bytes both ways without reading them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from device_drivers.contract.modem import ModemCloseAsked, ModemDataSent, ModemEvent, ModemOpenAsked, ModemUser

CONNECT_S_MAX = 25.0  # VTK: the terminal waits no longer
READ_SIZE = 1024
WAITING_BYTES_MAX = 256 * 1024  # that the other side does not take: the connection is ended

Place = tuple[str, int]

_log = logging.getLogger(__name__)


class ModemProxy:
    """Fulfils what a session asks of its modem. Lives in one event loop."""

    def __init__(self, user: ModemUser, allowed: frozenset[Place], wake: Callable[[], None] = lambda: None) -> None:
        """`wake`: called after each word to the session, so that its bytes leave at once."""
        self._user = user
        self._allowed = allowed
        self._wake = wake
        self._writer: asyncio.StreamWriter | None = None
        self._task: asyncio.Task[None] | None = None

    def on_event(self, event: ModemEvent) -> None:
        """Does what the terminal asked for; returns at once."""
        match event:
            case ModemOpenAsked(host=host, port=port):
                self._end()
                self._task = asyncio.get_running_loop().create_task(self._connection(host, port))
            case ModemDataSent(data=data):
                self._send(data)
            case ModemCloseAsked():
                self._end()
                self._tell(self._user.modem_closed)

    def close(self) -> None:
        """Ends the connection without a word to the session."""
        self._end()

    async def _connection(self, host: str, port: int) -> None:
        if (host, port) not in self._allowed:
            _log.warning("a bank terminal asked for a connection that is not on its list: %s:%d", host, port)
            self._tell(lambda: self._user.modem_opened(False))
            return
        try:
            async with asyncio.timeout(CONNECT_S_MAX):
                reader, self._writer = await asyncio.open_connection(host, port)
        except (OSError, TimeoutError) as error:
            _log.warning("no connection for the bank terminal to %s:%d: %s", host, port, error)
            self._tell(lambda: self._user.modem_opened(False))
            return
        self._tell(lambda: self._user.modem_opened(True))
        await self._receive(reader)

    async def _receive(self, reader: asyncio.StreamReader) -> None:
        try:
            while data := await reader.read(READ_SIZE):
                received = data
                self._tell(lambda: self._user.modem_received(received))  # noqa: B023 - called before the next turn
        except OSError as error:
            _log.info("the connection of the bank terminal broke: %s", error)
        self._shut_writer()
        self._tell(self._user.modem_closed)

    def _send(self, data: bytes) -> None:
        if self._writer is None:
            return
        self._writer.write(data)
        if self._writer.transport.get_write_buffer_size() > WAITING_BYTES_MAX:
            self._end()
            self._tell(self._user.modem_closed)

    def _end(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None
        self._shut_writer()

    def _shut_writer(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def _tell(self, word: Callable[[], None]) -> None:
        word()
        self._wake()


def places_of(text: str) -> frozenset[Place]:
    """`194.54.14.24:668,91.107.65.66:1979` of a device's settings.

    Raises:
        ValueError: not such a list.
    """
    places = set()
    for part in filter(None, text.replace(" ", "").split(",")):
        host, _, port = part.rpartition(":")
        if not (host and port.isascii() and port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError(f"a place is written host:port, not {part}")
        places.add((host, int(port)))
    return frozenset(places)
