"""glibc's allocator on a diet: large pictures freed in many threads otherwise stay with the process after a call."""

from __future__ import annotations

import ctypes

_ARENA_MAX = -8  # mallopt's M_ARENA_MAX
_ARENAS = 2


def limit_arenas() -> None:
    """Once, before threads begin. Where the C library has no such call, nothing changes."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Returns freed memory, and the pictures that were in it, to the system."""
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)
