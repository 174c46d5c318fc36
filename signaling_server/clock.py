"""The office's time: UTC that never jumps while the process lives, so leases and rows can share it."""

from __future__ import annotations

import time
from typing import Protocol

DAY_MS = 86_400_000


class Clock(Protocol):
    def now_s(self) -> float:
        """Seconds since 1970, UTC."""


class SteadyClock:
    """The wall clock as read once at start, carried on by the monotonic one."""

    def __init__(self) -> None:
        self._offset_s = time.time() - time.monotonic()

    def now_s(self) -> float:
        return self._offset_s + time.monotonic()


def milliseconds(now_s: float) -> int:
    return round(now_s * 1_000)
