"""One process at a time: a file whose lock the kernel lets go with the process, however it ends."""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO


def hold(path: Path) -> IO[bytes]:
    """Holds it until this is closed.

    Raises:
        BlockingIOError: another process holds it.
        OSError: the file cannot be made.
    """
    lock = path.open("ab")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise
    return lock
