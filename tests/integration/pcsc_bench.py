"""A pcscd of our own with vsmartcard's virtual reader, and cards that are held to it.

pcscd gets its socket as systemd would hand it over, so that no other pcscd of the machine is touched.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import threading
import time
from pathlib import Path

from device_drivers.simulators.pcsc_card import VirtualCard

PCSCD, DRIVER = Path("/usr/sbin/pcscd"), Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
WAIT_S = 12.0


class Daemon:
    """A pcscd of our own: its socket, its one virtual reader at a port below the ephemeral ones."""

    def __init__(self, folder: Path) -> None:
        self.socket_path = folder / "pcscd.comm"
        self.port = _free_port_pair()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None
        config = folder / "readers"
        config.mkdir()
        place = f"DEVICENAME /dev/null:0x{self.port:x}\nLIBPATH {DRIVER}\nCHANNELID 0x{self.port:x}\n"
        (config / "virtual").write_text(f'FRIENDLYNAME "Virtual PCD"\n{place}')

    def start(self) -> None:
        self.socket_path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self.socket_path))
            listener.listen(16)
            script = f"exec 3<&{listener.fileno()}; LISTEN_PID=$$ LISTEN_FDS=1 exec setpriv --pdeathsig KILL "
            self._process = subprocess.Popen(
                ["/bin/bash", "-c", f"{script}{PCSCD} --foreground --info -c {self._folder / 'readers'}"],
                pass_fds=[listener.fileno()],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()


def _free_port_pair() -> int:
    """vpcd listens on a port and the one after it, one a slot."""
    for port in range(10240 + os.getpid() % 400 * 16, 32000, 2):
        with contextlib.suppress(OSError), socket.socket() as first, socket.socket() as second:
            first.bind(("", port))
            second.bind(("", port + 1))
            return port
    raise AssertionError("no free port")


class Card:
    """Holds a virtual card in the reader until it is taken out."""

    def __init__(self, port: int, card: VirtualCard) -> None:
        self._connection = _connected(port)
        self._card = card
        self._thread = threading.Thread(target=self._talk, daemon=True)
        self._thread.start()

    def take_out(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(WAIT_S)
        self._connection.close()

    def _talk(self) -> None:
        with contextlib.suppress(OSError):
            while chunk := self._connection.recv(4096):
                self._connection.sendall(self._card.feed(chunk, 0.0))


def _connected(port: int) -> socket.socket:
    deadline_s = time.monotonic() + WAIT_S
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=WAIT_S)
        except OSError:
            if time.monotonic() > deadline_s:
                raise
            threading.Event().wait(0.05)
