"""Bookings, ratings and steps of visits as rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.visits import BookingState, VisitStep
from signaling_server.storage.service_tables import BOOKINGS, RATINGS, VISIT_EVENTS

ARRIVALS_MAX = 200  # more are not looked at on one page


@dataclass(frozen=True, slots=True)
class Booking:
    """One booked time. `seat` is None when it is given back."""

    booking_id: str
    terminal_id: str
    submission_id: str
    place_id: str
    starts_at_ms: int
    seat: int | None
    topic_id: str
    segment: str
    phone: str
    ticket: str
    state: BookingState
    created_at_ms: int
    checked_in_at_ms: int = 0
    ended_at_ms: int = 0


async def insert_booking(tx: AsyncConnection, booking: Booking) -> bool:
    """False: somebody has just taken the seat, the ticket or the id."""
    try:
        async with tx.begin_nested():
            await tx.execute(insert(BOOKINGS).values({name: getattr(booking, name) for name in Booking.__slots__}))
    except IntegrityError:
        return False
    return True


async def booking_by_submission(tx: AsyncConnection, terminal_id: str, submission_id: str) -> Booking | None:
    table = BOOKINGS.c
    return await _one(tx, (table.terminal_id == terminal_id) & (table.submission_id == submission_id))


async def booking_by_ticket(tx: AsyncConnection, ticket: str) -> Booking | None:
    return await _one(tx, BOOKINGS.c.ticket == ticket)


async def taken_seats(tx: AsyncConnection, place_id: str, *, from_ms: int, until_ms: int) -> dict[int, set[int]]:
    """Seats that are taken, by the moment when their slot starts."""
    table = BOOKINGS.c
    inside = (table.starts_at_ms >= from_ms) & (table.starts_at_ms < until_ms) & table.seat.is_not(None)
    taken: dict[int, set[int]] = {}
    for starts_at_ms, seat in await tx.execute(
        select(table.starts_at_ms, table.seat).where(table.place_id == place_id, inside)
    ):
        taken.setdefault(starts_at_ms, set()).add(seat)
    return taken


async def count_bookings_of_phone(tx: AsyncConnection, phone: str, *, since_ms: int) -> int:
    """How many times this phone holds from a moment on."""
    table = BOOKINGS.c
    held = select(func.count()).where(table.phone == phone, table.starts_at_ms >= since_ms, table.seat.is_not(None))
    return int((await tx.execute(held)).scalar_one())


async def arrived_bookings(tx: AsyncConnection, *, since_ms: int) -> list[Booking]:
    """Checked in and not taken yet, earliest booked time first."""
    table = BOOKINGS.c
    here = (table.state == BookingState.CHECKED_IN, table.ended_at_ms == 0, table.starts_at_ms >= since_ms)
    found = await tx.execute(select(BOOKINGS).where(*here).order_by(table.starts_at_ms).limit(ARRIVALS_MAX))
    return [_booking(row) for row in found.mappings()]


async def end_arrival(tx: AsyncConnection, booking_id: str, *, at_ms: int) -> bool:
    """Somebody took this customer. False: he was taken already, or is not here."""
    table = BOOKINGS.c
    here = (table.booking_id == booking_id, table.state == BookingState.CHECKED_IN, table.ended_at_ms == 0)
    return bool((await tx.execute(update(BOOKINGS).where(*here).values(ended_at_ms=at_ms))).rowcount)


async def change_booking(tx: AsyncConnection, booking: Booking, **changes: Any) -> bool:
    """Changes it unless somebody else has moved it meanwhile."""
    mine = update(BOOKINGS).where(BOOKINGS.c.booking_id == booking.booking_id, BOOKINGS.c.state == booking.state)
    return bool((await tx.execute(mine.values(changes))).rowcount)


async def insert_rating(tx: AsyncConnection, values: dict[str, Any]) -> bool:
    """False: it is stored already."""
    try:
        async with tx.begin_nested():
            await tx.execute(insert(RATINGS).values(values))
    except IntegrityError:
        return False
    return True


async def insert_steps(tx: AsyncConnection, terminal_id: str, steps: Sequence[VisitStep], *, at_ms: int) -> None:
    """Stores those that are not here yet."""
    table = VISIT_EVENTS.c
    visits = {step.visit_id for step in steps}
    known = select(table.visit_id, table.sequence).where(table.terminal_id == terminal_id, table.visit_id.in_(visits))
    here = {(visit_id, sequence) for visit_id, sequence in await tx.execute(known)}
    fresh: dict[tuple[str, int], dict[str, Any]] = {}
    for step in steps:
        key = (step.visit_id, step.sequence)
        if key not in here:
            values = {name: getattr(step, name) for name in VisitStep.__struct_fields__}
            fresh.setdefault(key, values | {"terminal_id": terminal_id, "received_at_ms": at_ms})
    if fresh:
        await tx.execute(insert(VISIT_EVENTS), list(fresh.values()))


async def opened_articles(tx: AsyncConnection, *, since_ms: int, until_ms: int) -> dict[str, int]:
    """Visits that opened an article, by its id."""
    table = VISIT_EVENTS.c
    inside = (table.at_ms >= since_ms, table.at_ms < until_ms, table.article != "")
    counted = select(table.article, func.count(table.visit_id.distinct())).where(*inside).group_by(table.article)
    return {row[0]: row[1] for row in await tx.execute(counted)}


async def steps_of(
    tx: AsyncConnection,
    *,
    since_ms: int,
    until_ms: int,
    services: Collection[str],
    screens: Collection[str],
    results: Collection[str],
) -> Sequence[tuple[str, str, str, str, str]]:
    """Visit, screen, service, result and topic, in no order: the first step of every visit, and those with one
    of these services, screens or results, or about a topic.
    """
    table = VISIT_EVENTS.c
    named = table.service.in_(services) | table.screen.in_(screens) | table.result.in_(results) | (table.topic != "")
    columns = (table.visit_id, table.screen, table.service, table.result, table.topic)
    inside = (table.at_ms >= since_ms, table.at_ms < until_ms, (table.sequence == 0) | named)
    return [(*row,) for row in await tx.execute(select(*columns).where(*inside))]


async def _one(tx: AsyncConnection, condition: Any) -> Booking | None:
    row = (await tx.execute(select(BOOKINGS).where(condition))).mappings().first()
    return _booking(row) if row else None


def _booking(row: RowMapping) -> Booking:
    return Booking(**{**row, "state": BookingState(row["state"])})
