"""Booking by place, time and topic, and check-in by the ticket (clauses 3 СЭО, 6.3.3b).

A seat of a slot is one row under a unique key, so two customers never get the same one, whichever office they ask. Who
comes up to half an hour early or five minutes late is checked in; who comes later has lost his time.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, timedelta, timezone

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.clock import DAY_MS, Clock, milliseconds
from signaling_server.consents import check_read
from signaling_server.contract.front_desk import Arrival, Arrivals
from signaling_server.contract.visits import (
    BookingAsked,
    BookingCancelled,
    BookingState,
    BookingTold,
    CheckInAsked,
    PlaceKind,
    Slot,
    SlotDay,
    SlotsAsked,
    SlotsTold,
)
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import AddressError, Channel, OutgoingMessage, checked_phone
from signaling_server.messaging.templates import write_sms
from signaling_server.refusal import ServiceRefusedError
from signaling_server.schedules.places import BookingRules, PlaceEntry, Places
from signaling_server.storage import visits as rows
from signaling_server.storage.consents_read import keep_read
from signaling_server.storage.visits import Booking

EARLY_MS, LATE_MS = 30 * 60_000, 5 * 60_000
FORGOTTEN_MS = 12 * 3_600_000  # after his time nobody waits so long
PHONE_BOOKINGS_MAX = 3  # of one phone at one time
TRIES_MAX = 5  # a ticket or a seat that was taken in this moment


class Bookings:
    """Free times, bookings, check-ins."""

    def __init__(
        self,
        database: AsyncEngine,
        clock: Clock,
        *,
        places: Places,
        post: Post,
        topics: Mapping[str, str],
        consent_versions: Collection[str],
    ) -> None:
        self._database = database
        self._clock = clock
        self._places = places
        self._post = post
        self._topics = topics  # titles by their ids
        self._consent_versions = frozenset(consent_versions)

    async def slots(self, asked: SlotsAsked) -> SlotsTold:
        """Times that are still to come and have a seat. Raises ServiceRefusedError: unknown_place, unknown_topic."""
        entry, rules = self._bookable(asked.place_id)
        self._check_topic(asked.topic_id)
        days = self._days(entry, rules)
        from_ms, until_ms = days[0][1], days[-1][1] + 2 * DAY_MS
        async with self._database.begin() as tx:
            taken = await rows.taken_seats(tx, entry.place_id, from_ms=from_ms, until_ms=until_ms)
        told = []
        for day, _ in days:
            starts = self._starts(entry, rules, day)
            free = [Slot(start, rules.seats - len(taken.get(start, ()))) for start in starts]
            told.append(SlotDay(day.isoformat(), [slot for slot in free if slot.free > 0]))
        return SlotsTold(asked.request_id, entry.place_id, rules.minutes, [day for day in told if day.slots])

    async def book(self, terminal_id: str, asked: BookingAsked) -> BookingTold:
        """A ticket; the same one when asked again.

        Raises:
            ServiceRefusedError: unknown_place, unknown_topic, wrong_segment, no_such_time, taken, too_many, bad_phone,
                no_consent.
        """
        entry, rules = self._bookable(asked.place_id)
        phone = self._checked_phone(asked)
        async with self._database.begin() as tx:
            known = await rows.booking_by_submission(tx, terminal_id, asked.submission_id)
            if known is None:
                self._check_topic(asked.topic_id)
                self._check_time(entry, rules, asked)
                await self._check_phone_limit(tx, phone)
                known = await self._take_seat(tx, terminal_id, asked, rules, phone)
                key, read, at_ms = known.booking_id, asked.consent_read, self._now_ms()
                await keep_read(tx, key, asked.consent_version, read, terminal_id=terminal_id, at_ms=at_ms)
                await self._tell(tx, known, "booking_made")
        return self._told(asked.request_id, known)

    async def _take_seat(
        self, tx: AsyncConnection, terminal_id: str, asked: BookingAsked, rules: BookingRules, phone: str
    ) -> Booking:
        start = asked.starts_at_ms
        for _ in range(TRIES_MAX):
            taken = await rows.taken_seats(tx, asked.place_id, from_ms=start, until_ms=start + 1)
            free = next((seat for seat in range(rules.seats) if seat not in taken.get(start, set())), None)
            if free is None:
                break
            booking = Booking(
                booking_id=uuid.uuid4().hex,
                terminal_id=terminal_id,
                submission_id=asked.submission_id,
                place_id=asked.place_id,
                starts_at_ms=start,
                seat=free,
                topic_id=asked.topic_id,
                segment=asked.segment,
                phone=phone,
                ticket=f"{secrets.randbelow(1_000_000):06d}",
                state=BookingState.BOOKED,
                created_at_ms=self._now_ms(),
            )
            if await rows.insert_booking(tx, booking):
                return booking
        raise ServiceRefusedError("taken", "Это время только что заняли. Выберите другое")

    async def cancel(self, asked: BookingCancelled) -> BookingTold:
        """Gives the seat back. Raises ServiceRefusedError: unknown_ticket, not_booked, bad_phone."""
        async with self._database.begin() as tx:
            booking = await self._by_ticket(tx, asked.ticket)
            if booking.phone and booking.phone != _phone(asked.phone):
                raise ServiceRefusedError("unknown_ticket", "Такой записи нет. Проверьте код и телефон")
            if booking.state is not BookingState.BOOKED:
                raise ServiceRefusedError("not_booked", "Эту запись уже нельзя отменить")
            await self._end(tx, booking, BookingState.CANCELLED)
            await self._tell(tx, booking, "booking_cancelled")
            booking = await self._by_ticket(tx, asked.ticket)
        return self._told(asked.request_id, booking)

    async def check_in(self, asked: CheckInAsked) -> BookingTold:
        """Marks that the customer is here; a repeat is the same.

        Raises:
            ServiceRefusedError: unknown_ticket, not_booked, too_early, too_late.
        """
        now_ms = self._now_ms()
        async with self._database.begin() as tx:
            booking = await self._by_ticket(tx, asked.ticket)
            if booking.state not in (BookingState.BOOKED, BookingState.CHECKED_IN):
                raise ServiceRefusedError("not_booked", "Эта запись отменена или время прошло")
            if now_ms < booking.starts_at_ms - EARLY_MS:
                raise ServiceRefusedError(
                    "too_early", f"Вы рано: отметиться можно с {self._clock_of(booking, EARLY_MS)}"
                )
            too_late = booking.state is BookingState.BOOKED and now_ms > booking.starts_at_ms + LATE_MS
            if too_late:
                await self._end(tx, booking, BookingState.NO_SHOW)
            elif booking.state is BookingState.BOOKED:
                await rows.change_booking(tx, booking, state=BookingState.CHECKED_IN, checked_in_at_ms=now_ms)
            booking = await self._by_ticket(tx, asked.ticket)
        if too_late:  # after the transaction: the seat stays given back
            raise ServiceRefusedError("too_late", "Время вашей записи прошло. Запишитесь снова или встаньте в очередь")
        return self._told(asked.request_id, booking)

    async def arrivals(self) -> Arrivals:
        """Who is here by booking and was not taken yet; who was forgotten yesterday is here no more."""
        async with self._database.begin() as tx:
            here = await rows.arrived_bookings(tx, since_ms=self._now_ms() - FORGOTTEN_MS)
        return Arrivals([self._arrival(one) for one in here])

    async def take_arrival(self, booking_id: str) -> None:
        """Raises ServiceRefusedError: taken_already."""
        async with self._database.begin() as tx:
            taken = await rows.end_arrival(tx, booking_id, at_ms=self._now_ms())
        if not taken:
            raise ServiceRefusedError("taken_already", "Этого клиента уже пригласили")

    async def video_due_at_s(self, ticket: str) -> float | None:
        """For the desk's queue: the booked time of who is here for the video consultant and was not taken yet."""
        async with self._database.begin() as tx:
            booking = await rows.booking_by_ticket(tx, ticket) if ticket else None
        if booking is None or booking.state is not BookingState.CHECKED_IN or booking.ended_at_ms:
            return None
        return booking.starts_at_ms / 1_000 if self._is_video(booking) else None

    async def video_begun(self, ticket: str) -> None:
        """An agent has taken his call: he is on nobody's list any more."""
        async with self._database.begin() as tx:
            booking = await rows.booking_by_ticket(tx, ticket) if ticket else None
            if booking is not None and self._is_video(booking):
                await rows.end_arrival(tx, booking.booking_id, at_ms=self._now_ms())

    def _is_video(self, booking: Booking) -> bool:
        entry = self._places.entries.get(booking.place_id)
        return entry is not None and entry.kind is PlaceKind.DESK

    def _arrival(self, booking: Booking) -> Arrival:
        entry = self._places.entries.get(booking.place_id)
        return Arrival(
            booking.booking_id,
            booking.ticket,
            entry.title if entry is not None else booking.place_id,
            self._topics.get(booking.topic_id, booking.topic_id),
            booking.starts_at_ms,
            booking.checked_in_at_ms,
        )

    async def _end(self, tx: AsyncConnection, booking: Booking, state: BookingState) -> None:
        await rows.change_booking(tx, booking, state=state, seat=None, ended_at_ms=self._now_ms())

    # --- checks -------------------------------------------------------------------------------------------------------

    def _bookable(self, place_id: str) -> tuple[PlaceEntry, BookingRules]:
        entry = self._places.entries.get(place_id)
        if entry is None or entry.booking is None:
            raise ServiceRefusedError("unknown_place", "Сюда записаться нельзя. Выберите другое место")
        return entry, entry.booking

    def _check_topic(self, topic_id: str) -> None:
        if topic_id not in self._topics:
            raise ServiceRefusedError("unknown_topic", "Выберите тему из списка")

    def _check_time(self, entry: PlaceEntry, rules: BookingRules, asked: BookingAsked) -> None:
        if asked.segment not in entry.segments:
            raise ServiceRefusedError("wrong_segment", "Здесь обслуживают других клиентов. Выберите другое место")
        days = [day for day, _ in self._days(entry, rules)]
        if asked.starts_at_ms not in {start for day in days for start in self._starts(entry, rules, day)}:
            raise ServiceRefusedError("no_such_time", "На это время записаться нельзя. Выберите другое")

    async def _check_phone_limit(self, tx: AsyncConnection, phone: str) -> None:
        held = await rows.count_bookings_of_phone(tx, phone, since_ms=self._now_ms()) if phone else 0
        if held >= PHONE_BOOKINGS_MAX:
            raise ServiceRefusedError("too_many", "На этот телефон уже есть записи. Отмените одну из них")

    def _checked_phone(self, asked: BookingAsked) -> str:
        phone = _phone(asked.phone)
        if phone and asked.consent_version not in self._consent_versions:
            raise ServiceRefusedError("no_consent", "Нужно согласие на обработку персональных данных")
        check_read(asked.consent_read)
        return phone

    async def _by_ticket(self, tx: AsyncConnection, ticket: str) -> Booking:
        booking = await rows.booking_by_ticket(tx, ticket)
        if booking is None or booking.place_id not in self._places.entries:
            raise ServiceRefusedError("unknown_ticket", "Такой записи нет. Проверьте код")
        return booking

    # --- times --------------------------------------------------------------------------------------------------------

    def _days(self, entry: PlaceEntry, rules: BookingRules) -> list[tuple[date, int]]:
        """Days that may be booked, with the moment of their midnight."""
        hours = self._places.hours[entry.place_id]
        today = hours.local(self._clock.now_s()).date()
        days = (today + timedelta(days=n) for n in range(rules.days_ahead))
        return [(day, hours.moment_ms(day, 0)) for day in days]

    def _starts(self, entry: PlaceEntry, rules: BookingRules, day: date) -> list[int]:
        """Slots that are still to come and end before the place closes."""
        hours, now_ms = self._places.hours[entry.place_id], self._now_ms()
        starts = (
            hours.moment_ms(day, minute)
            for start, end in hours.of_day(day, self._places.calendar)
            for minute in range(start, end - rules.minutes + 1, rules.minutes)
        )
        return [start for start in starts if start > now_ms]

    def _local(self, booking: Booking, before_ms: int = 0) -> datetime:
        zone = timezone(timedelta(minutes=self._places.entries[booking.place_id].utc_offset_minutes))
        return datetime.fromtimestamp((booking.starts_at_ms - before_ms) / 1_000, UTC).astimezone(zone)

    def _clock_of(self, booking: Booking, before_ms: int) -> str:
        return self._local(booking, before_ms).strftime("%d.%m.%Y %H:%M")

    # --- told ---------------------------------------------------------------------------------------------------------

    async def _tell(self, tx: AsyncConnection, booking: Booking, name: str) -> None:
        if not booking.phone:
            return
        entry, local = self._places.entries[booking.place_id], self._local(booking)
        values = {"ticket": booking.ticket, "date": local.strftime("%d.%m.%Y"), "time": local.strftime("%H:%M")}
        if name == "booking_made":
            values["place"] = entry.title
        written = write_sms(name, **values)
        key, offset = f"{name}-{booking.booking_id}", entry.utc_offset_minutes
        await self._post.put(
            tx,
            OutgoingMessage(
                key, Channel.SMS, booking.phone, written.body, name, written.owner, utc_offset_minutes=offset
            ),
        )

    def _told(self, request_id: str, booking: Booking) -> BookingTold:
        entry, local = self._places.entries[booking.place_id], self._local(booking)
        return BookingTold(
            request_id,
            ticket=booking.ticket,
            state=booking.state,
            place_title=entry.title,
            address=entry.address,
            day=local.strftime("%d.%m.%Y"),
            time=local.strftime("%H:%M"),
            starts_at_ms=booking.starts_at_ms,
            topic_id=booking.topic_id,
            video=self._is_video(booking),
        )

    def _now_ms(self) -> int:
        return milliseconds(self._clock.now_s())


def _phone(text: str) -> str:
    try:
        return checked_phone(text) if text else ""
    except AddressError as error:
        raise ServiceRefusedError("bad_phone", str(error)) from None
