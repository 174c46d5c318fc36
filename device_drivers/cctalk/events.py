"""Which events of a ccTalk buffer are new. Pure.

Source: ccTalk paper, "Event buffer". The counter is 0 only after a reset, then runs 1..255 and on to 1. What is beyond
the five pairs is lost and counted, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.cctalk.messages import EVENTS_KEPT, EventBuffer

COUNTER_MAX = 255


@dataclass(frozen=True, slots=True)
class Event:
    """One pair and the counter as it stood after it."""

    counter: int
    first: int  # A: type, or 0
    second: int  # B: path or place, or what happened


@dataclass(frozen=True, slots=True)
class News:
    """What a buffer tells beyond what is known."""

    events: tuple[Event, ...] = ()  # oldest first
    lost: int = 0
    reset: bool = False  # the device began to count anew


def news(known: int, buffer: EventBuffer, before: EventBuffer | None = None) -> News:
    """What happened since the counter stood at `known` (0..255); `before` is the buffer as it was then, if it was seen.

    A buffer that does not go on where the one before ended is another count: nothing in it is told twice.
    """
    counter = buffer.counter
    if counter == 0:
        return News(reset=known != 0)
    distance = (counter - known) % COUNTER_MAX if known else counter
    if before is not None and not _goes_on(before, buffer, distance):
        distance = distance or COUNTER_MAX
        if _filled_since_reset(buffer):
            return News(_newest(buffer, min(counter, EVENTS_KEPT)), reset=True)
        return News(lost=distance)
    if distance > EVENTS_KEPT and known and _filled_since_reset(buffer):
        return News(_newest(buffer, counter), reset=True)
    kept = min(distance, EVENTS_KEPT)
    return News(_newest(buffer, kept), lost=distance - kept)


def remembered(buffer: EventBuffer) -> tuple[Event, ...]:
    """All that the buffer holds, oldest first: for whoever knows no counter."""
    return _newest(buffer, min(buffer.counter, EVENTS_KEPT))


def _goes_on(before: EventBuffer, buffer: EventBuffer, distance: int) -> bool:
    """True when the pairs that both buffers must hold are the same; beyond five events there are none."""
    return buffer.pairs[distance:] == before.pairs[: max(0, EVENTS_KEPT - distance)]


def _filled_since_reset(buffer: EventBuffer) -> bool:
    """Pairs beyond a small counter are empty only when the device was reset."""
    return buffer.counter < EVENTS_KEPT and all(pair == (0, 0) for pair in buffer.pairs[buffer.counter :])


def _newest(buffer: EventBuffer, count: int) -> tuple[Event, ...]:
    found = []
    counter = buffer.counter
    for first, second in buffer.pairs[:count]:
        found.append(Event(counter, first, second))
        counter = counter - 1 if counter > 1 else COUNTER_MAX
    return tuple(reversed(found))
