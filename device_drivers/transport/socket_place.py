"""Where a unix socket is to appear: what a killed program left there goes, what is no socket stays."""

from __future__ import annotations

import stat
from pathlib import Path


class SocketPlaceError(Exception):
    """Something else is at the path; the text is for the person who named it."""


def clear_socket_place(path: Path) -> None:
    """Removes a socket that nobody listens at any more; the caller knows that nobody does.

    Raises:
        SocketPlaceError: a file, a folder or a link is there: it is not ours to remove.
        OSError: the folder cannot be read or written.
    """
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return
    if not stat.S_ISSOCK(mode):
        raise SocketPlaceError(f"{path} exists and is no socket: it is left alone, name another place")
    path.unlink()
