"""Memory on a diet: what nobody holds is freed at once, and what is freed goes back to the system.

A closed connection of aiortc is a ring of references, with the last picture of the camera, packets and keys in it: some
two megabytes that Python's collector may leave alone for many calls. glibc keeps what is freed in many threads, and the
more so the larger the blocks are that it has seen.
"""

from __future__ import annotations

import atexit
import ctypes
import gc

# mallopt's. Thresholds that are set no longer rise to what was freed. Pictures, 4 MB at most, stay below that of blocks
# that are mapped one by one: each page of these is a fault, a millisecond a picture.
_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
_SETTINGS = {_ARENA_MAX: 2, _MMAP_THRESHOLD: 4_000_000, _TRIM_THRESHOLD: 4_000_000}


def limit() -> None:
    """Once, before threads begin. Where the C library has no such call, nothing changes."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for setting, value in _SETTINGS.items():
            mallopt(setting, value)


def settle() -> None:
    """Once, after all modules are loaded: the collector need not look at them again, and is done in a few ms."""
    gc.collect()
    gc.freeze()
    atexit.register(gc.unfreeze)  # at the end everything is taken down in its order


def give_back() -> None:
    """Frees what closed connections held and returns it, and the pictures that were in it, to the system."""
    gc.collect()
    trim()


def trim() -> None:
    """Returns freed memory to the system: in a call too, for between the blocks in use a third may be free. Some ms."""
    malloc_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if malloc_trim is not None:
        malloc_trim(0)
