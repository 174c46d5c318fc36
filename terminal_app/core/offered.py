"""Which services may begin now, by the schedule of this terminal. Pure: told the time of the place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from signaling_server.contract.visits import PlacesTold
from terminal_app.core.tasks import menu
from terminal_app.core.visit_events import CodeScanned, Event
from terminal_app.core.visit_tasks import PAY
from terminal_app.ipc.messages import StartBillScan, StartPayment
from terminal_app.ipc.offer import ClosedPlace, ClosedService, Offer, Opening
from terminal_app.ipc.pages import OpenService
from terminal_app.schedule import OFFERED, Schedule, Times, clock

CONSULTANTS = "consultants"


def offer_at(schedule: Schedule, now: datetime, *, without: Sequence[str] = ()) -> Offer:
    """`now` is local time of the place; `without`: services that this terminal's settings say nothing for."""
    left_out = [*schedule.left_out, *without]
    closed = [
        ClosedService(name, _opening(times, now))
        for name, times in sorted(schedule.services.items())
        if not times.open_at(now)
    ]
    if schedule.place.open_at(now):
        return Offer(_with_menus(left_out), closed)
    left_out += [name for name in OFFERED if name not in {*schedule.while_closed, *left_out}]
    closed = [each for each in closed if each.name not in left_out]
    opens = schedule.place.opens_after(now)
    hours = [(clock(start), clock(end)) for start, end in schedule.place.of_day(opens[0])] if opens is not None else []
    return Offer(_with_menus(left_out), closed, ClosedPlace(hours, _opening(schedule.place, now)))


def consultants_closed(told: PlacesTold | None, now: datetime) -> ClosedService | None:
    """By the hours that the office told last; what changes after them it tells anew."""
    if told is None:
        return None
    changes = datetime.fromtimestamp(told.video_changes_at_ms / 1_000, now.tzinfo)
    changed = told.video_changes_at_ms > 0 and changes <= now
    if told.video_open is not changed:
        return None
    if changed or not told.video_changes_at_ms:
        return ClosedService(CONSULTANTS)
    day, minute = changes.date(), changes.hour * 60 + changes.minute
    return ClosedService(CONSULTANTS, Opening((day - now.date()).days, clock(minute), _short(day)))


def _with_menus(left_out: list[str]) -> list[str]:
    """A menu is offered while anything in it is."""
    office_gone = all(name in left_out for name in menu.OFFICE)
    gone = [*left_out, "office"] if office_gone else left_out
    menus = {"menu": menu.HOUSEHOLDS, "organisations": menu.ORGANISATIONS}
    return gone + [name for name, services in menus.items() if all(service in gone for service in services)]


def refused(event: Event, offer: Offer) -> bool:
    """The event would begin what is not offered now. What was begun goes on to its end, however long it takes."""
    match event:
        case StartPayment() | StartBillScan() | CodeScanned():
            return not offer.serves(PAY)
        case OpenService(service=service):
            return not offer.serves(service)
        case _:
            return False


def _opening(times: Times, now: datetime) -> Opening | None:
    found = times.opens_after(now)
    if found is None:
        return None
    day, minute = found
    return Opening((day - now.date()).days, clock(minute), _short(day))


def _short(day: date) -> str:
    return f"{day.day:02}.{day.month:02}"
