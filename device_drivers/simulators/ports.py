"""Where a simulated device is plugged in: a pseudo-terminal, or a listening socket as a serial server has one.

Bytes that nobody takes fall off the wire's end, as they do behind a real port.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import pty
import socket
import termios
import tty
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from device_drivers.simulators.core import SimulatorError

READ_SIZE_MAX = 4096

Heard = Callable[[bytes], None]


class Port(Protocol):
    """One place for a plug. Not thread-safe: it lives in the running loop."""

    @property
    def plugged(self) -> bool: ...

    def plug(self, heard: Heard) -> None:
        """The host may open it from now on; its bytes go to `heard`.

        Raises:
            SimulatorError: the place is taken or cannot be made.
        """

    def pull(self) -> None:
        """The adapter is gone: the host's next read or write fails. A second call does nothing."""

    def write(self, data: bytes) -> None:
        """The device's bytes, to whoever is there."""

    def time_passed(self) -> None:
        """Called at least once a second."""

    def describe(self) -> dict[str, str]:
        """Where the host finds it."""


class PtyPort:
    """A pseudo-terminal behind a link."""

    def __init__(self, link: Path) -> None:
        self._link = link
        self._ends: tuple[int, int] | None = None  # master, slave

    @property
    def plugged(self) -> bool:
        """True between plug and pull."""
        return self._ends is not None

    def plug(self, heard: Heard) -> None:
        """A fresh pseudo-terminal. Our own open of the slave keeps it alive while the host closes and opens it."""
        master, slave = pty.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        fresh = self._link.with_name(f".{self._link.name}.new")
        try:
            if self._link.exists() and not self._link.is_symlink():
                raise SimulatorError(f"{self._link} is a file: a link to the port would overwrite it")
            self._link.parent.mkdir(parents=True, exist_ok=True)
            fresh.unlink(missing_ok=True)
            fresh.symlink_to(os.ttyname(slave))
            os.replace(fresh, self._link)
        except OSError as error:
            raise SimulatorError(f"the link {self._link} cannot be made: {error.strerror}") from error
        self._ends = master, slave

        def readable() -> None:
            with contextlib.suppress(BlockingIOError):
                heard(os.read(master, READ_SIZE_MAX))

        asyncio.get_running_loop().add_reader(master, readable)

    def pull(self) -> None:
        """Both ends and the link go."""
        if self._ends is None:
            return
        asyncio.get_running_loop().remove_reader(self._ends[0])
        self._link.unlink(missing_ok=True)
        for end in self._ends:
            os.close(end)
        self._ends = None

    def write(self, data: bytes) -> None:
        """To the slave's reader."""
        if self._ends is not None:
            with contextlib.suppress(BlockingIOError):
                os.write(self._ends[0], data)

    def time_passed(self) -> None:
        """A killed host leaves its TIOCEXCL on the pair, since we hold it open; a real port forgets it."""
        if self._ends is not None:
            fcntl.ioctl(self._ends[1], termios.TIOCNXCL)

    def describe(self) -> dict[str, str]:
        """The link."""
        return {"link": str(self._link)}


class TcpPort:
    """A listening socket for one host at a time: who comes later takes over, as after a host that died unheard."""

    def __init__(self, host: str, port: int) -> None:
        self._address = host, port  # port 0: a free one, kept from the first plug on
        self._listener: socket.socket | None = None
        self._peer: socket.socket | None = None

    @property
    def plugged(self) -> bool:
        """True between plug and pull."""
        return self._listener is not None

    def plug(self, heard: Heard) -> None:
        """Listens."""
        try:
            listener = socket.create_server(self._address)
        except OSError as error:
            place = ":".join(map(str, self._address))
            raise SimulatorError(f"nobody can listen at {place}: {error.strerror or error}") from error
        listener.setblocking(False)
        self._address = self._address[0], listener.getsockname()[1]
        self._listener = listener
        asyncio.get_running_loop().add_reader(listener, self._accept, heard)

    def pull(self) -> None:
        """The connection breaks and nobody listens."""
        self._hang_up()
        if self._listener is not None:
            asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None

    def write(self, data: bytes) -> None:
        """To the host that is connected."""
        if self._peer is not None:
            with contextlib.suppress(OSError):  # a broken connection is noticed by its reader
                self._peer.send(data)

    def time_passed(self) -> None:
        """A connection needs no care."""

    def describe(self) -> dict[str, str]:
        """The address."""
        return {"listen": f"{self._address[0]}:{self._address[1]}"}

    def _accept(self, heard: Heard) -> None:
        if self._listener is None:
            return
        with contextlib.suppress(OSError):
            peer, _ = self._listener.accept()
            self._hang_up()
            peer.setblocking(False)
            peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._peer = peer
            asyncio.get_running_loop().add_reader(peer, self._readable, peer, heard)

    def _readable(self, peer: socket.socket, heard: Heard) -> None:
        try:
            data = peer.recv(READ_SIZE_MAX)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if data:
            heard(data)
        elif peer is self._peer:
            self._hang_up()

    def _hang_up(self) -> None:
        if self._peer is not None:
            asyncio.get_running_loop().remove_reader(self._peer)
            self._peer.close()
            self._peer = None
