"""Free ports for the demo: the usual one when nobody holds it, else the next free one, said aloud."""

from __future__ import annotations

import socket
from collections.abc import Callable

TRIES_MAX = 50


class NoPortError(Exception):
    """No free port near the usual one."""


def free_port(usual: int, say: Callable[[str], None], purpose: str, taken: set[int]) -> int:
    """The first port from `usual` on that nobody listens on and that is not in `taken`, to which it is added.

    Raises:
        NoPortError: all of them are in use.
    """
    for port in range(usual, usual + TRIES_MAX):
        if port not in taken and _is_free(port):
            if port != usual:
                say(f"Port {usual} is in use, so {purpose} is on {port}.")
            taken.add(port)
            return port
    raise NoPortError(f"no free port for {purpose} between {usual} and {usual + TRIES_MAX - 1}")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
