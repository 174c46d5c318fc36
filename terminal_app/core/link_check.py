"""How fast the way to the office is, measured while a customer waits for an agent, never during a call.

A direction takes at most a second and 200 kB, in growing steps: the next one is sent only if it will be over in time,
so a thin line is not filled. The rate is what TCP carried in the last step: at least so much is there. What a call
sends goes to the agent's place and not to the office; the terminal's own line, usually the narrow part, is the same.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import aiohttp

from terminal_app.core.call_check import LinkMeasured

STEPS_BYTES = (4_096, 16_384, 61_440, 114_688)  # 196 608 together
DIRECTION_S_MAX = 1.0
ENOUGH_BPS = 8_000_000  # twice what a call of two pictures takes: more need not be known
PERIOD_S = 60.0  # a measurement is good for so long, and another one is not begun before
MEASURING_S_MAX = 5.0
ROUND_TRIPS = 2  # the first request makes the connection
STEP_S_MIN = 0.001
RATE_BPS_MAX = 50_000_000.0  # so few bytes tell no more

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Transfer:
    """One step: so many bytes, from asking to the last answer."""

    size_bytes: int
    took_s: float


def next_size_bytes(done: Sequence[Transfer], round_trip_s: float) -> int | None:
    """None: enough is known, or the next step would not be over within the second."""
    if not done:
        return STEPS_BYTES[0]
    rate = rate_bps(done, round_trip_s)
    if len(done) == len(STEPS_BYTES) or (len(done) > 1 and rate >= ENOUGH_BPS):
        return None
    size_bytes, left_s = STEPS_BYTES[len(done)], DIRECTION_S_MAX - sum(step.took_s for step in done)
    return size_bytes if size_bytes * 8 / rate + round_trip_s <= left_s else None


def rate_bps(done: Sequence[Transfer], round_trip_s: float) -> int:
    """Of the last step, which had the widest window of TCP."""
    last = done[-1]
    return round(min(RATE_BPS_MAX, last.size_bytes * 8 / max(STEP_S_MIN, last.took_s - round_trip_s)))


class LinkCheck:
    """Follows whether a customer waits; nothing else waits for it."""

    def __init__(self, open_session: Callable[[float], aiohttp.ClientSession]) -> None:
        self._open_session = open_session
        self._job: asyncio.Task[None] | None = None
        self._waits = False
        self._begun_at_s = -PERIOD_S
        self._measured: LinkMeasured | None = None

    def follow(self, waits: bool, tell: Callable[[LinkMeasured], None]) -> None:
        """To be called when something changed. A wait that begins is told what is known, or has it measured."""
        if waits is self._waits:
            return
        self._waits = waits
        if not waits:
            if self._job is not None:
                self._job.cancel()
                self._job = None
        elif time.monotonic() - self._begun_at_s >= PERIOD_S:
            self._begun_at_s, self._measured = time.monotonic(), None
            self._job = asyncio.create_task(self._measure(tell))
        elif self._measured is not None:
            asyncio.get_running_loop().call_soon(tell, self._measured)

    async def _measure(self, tell: Callable[[LinkMeasured], None]) -> None:
        try:
            async with self._open_session(MEASURING_S_MAX) as session:
                self._measured = await measured(session)
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            _log.info("the way to the office was not measured: %s", type(error).__name__)
            return
        tell(self._measured)


async def measured(session: aiohttp.ClientSession) -> LinkMeasured:
    """Raises aiohttp.ClientError, OSError, TimeoutError."""
    await _get(session, 0)
    round_trip_s = min([await _timed(_get(session, 0)) for _ in range(ROUND_TRIPS)])
    down = await _direction(lambda size_bytes: _get(session, size_bytes), round_trip_s)
    up = await _direction(lambda size_bytes: _put(session, size_bytes), round_trip_s)
    return LinkMeasured(up, down, round(round_trip_s * 1_000))


async def _direction(transfer: Callable[[int], Awaitable[None]], round_trip_s: float) -> int:
    """Bits a second."""
    done: list[Transfer] = []
    left_s = DIRECTION_S_MAX
    while (size_bytes := next_size_bytes(done, round_trip_s)) is not None:
        try:
            async with asyncio.timeout(left_s):
                took_s = await _timed(transfer(size_bytes))
        except TimeoutError:  # the line has become slower, or is slower than the first step shows
            return rate_bps(done, round_trip_s) if done else round(size_bytes * 8 / DIRECTION_S_MAX)
        done.append(Transfer(size_bytes, took_s))
        left_s -= took_s
    return rate_bps(done, round_trip_s)


async def _timed(transfer: Awaitable[None]) -> float:
    begun_at_s = time.monotonic()
    await transfer
    return time.monotonic() - begun_at_s


async def _get(session: aiohttp.ClientSession, size_bytes: int) -> None:
    async with session.get(f"/link/{size_bytes}") as answer:
        answer.raise_for_status()
        await answer.read()


async def _put(session: aiohttp.ClientSession, size_bytes: int) -> None:
    async with session.put("/link", data=bytes(size_bytes)) as answer:
        answer.raise_for_status()
