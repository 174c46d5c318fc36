"""Meter readings: what a customer types is judged by nine rules in their order. Pure; told the day, never asks.

Source: the payment notes, section 10 (PP RF 354: readings by the 25th of the month; p. 81(12): a meter whose
verification is over is not charged by). Readings are whole kilowatt-hours; every answer names a way on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from payment.readings.values import (
    ZONE_SETS,
    Accepted,
    Meter,
    Notice,
    Outcome,
    Question,
    Refused,
    Unsure,
    WayOn,
    Why,
)

DEADLINE_DAY = 25  # of the accounting month
HOURS_A_DAY = 24
UNUSUAL_TIMES = 3  # the monthly average, before it is asked about
UNUSUAL_KWH_MIN = 100
DAYS_A_MONTH = 30
ENTRY_SIZE_MAX = 20
_ENTRY = re.compile(r"(\d+)(?:[.,]\d*)?", re.ASCII)
_CORRECT_OR_ASK = (WayOn.CORRECT, WayOn.CONSULTANT)


class MeterError(ValueError):
    """Billing told of a meter that cannot be: the text says what."""


def judge(
    entries: Mapping[str, str], meter: Meter, today: date, confirmed: frozenset[Question] = frozenset()
) -> Outcome:
    """What becomes of readings by zone, as typed. `confirmed` is what the customer has answered with yes.

    Raises:
        MeterError: the meter itself is not one; its readings are the consultant's.
    """
    _check_meter(meter)
    read = _read(entries, meter)  # rules 1-3
    if isinstance(read, Refused):
        return read
    deltas, rolled = _deltas(read, meter)  # rule 4
    if meter.billed is None:
        return _accepted(read, {}, meter, today)
    days = max(1, (today - meter.billed_on).days)
    possible_kwh = meter.power_kw * HOURS_A_DAY * days
    if impossible := _impossible(read, deltas, rolled, possible_kwh, meter):  # rules 5 and 6
        return impossible
    questions = _questions(deltas, rolled, days, meter)  # rules 5 and 7
    if open_questions := tuple(question for question in questions if question not in confirmed):
        question = open_questions[0]
        return Unsure(question, read, sum(deltas.values()), (WayOn.CONFIRM, *_CORRECT_OR_ASK))
    return _accepted(read, deltas, meter, today)  # rules 8 and 9


def judge_zone(zone: str, typed: str, meter: Meter, today: date) -> Refused | None:
    """What is wrong with the reading of one zone alone, before the others are asked for; None: nothing so far.

    What may yet be a counter that went round is left to `judge`, as is what only all zones together tell.

    Raises:
        MeterError: as `judge`.
    """
    _check_meter(meter)
    read = _read_zone(zone, typed, meter)
    if isinstance(read, Refused):
        return read
    billed = meter.billed.get(zone) if meter.billed is not None else None
    if billed is None:
        return None
    days = max(1, (today - meter.billed_on).days)
    possible_kwh = meter.power_kw * HOURS_A_DAY * days
    if read < billed and read + meter.capacity - billed > possible_kwh:
        others = (last for other, last in (meter.billed or {}).items() if other != zone)
        of_another = any(0 <= read - last <= possible_kwh for last in others)
        return _refused(Why.ZONES_SWAPPED if of_another else Why.LESS_THAN_BILLED, zone)
    return _refused(Why.MORE_THAN_POSSIBLE, zone) if read - billed > possible_kwh else None


def _check_meter(meter: Meter) -> None:
    if meter.zones not in ZONE_SETS:
        raise MeterError(f"a meter has zones {', '.join('/'.join(zones) for zones in ZONE_SETS)}")
    if not (1 <= meter.digits <= 9 and meter.power_kw > 0):
        raise MeterError("a meter counts with 1..9 digits, and a power above zero is allowed")
    if meter.billed is not None:
        if set(meter.billed) != set(meter.zones):
            raise MeterError("the billed readings are not those of the meter's zones")
        if not all(0 <= value < meter.capacity for value in meter.billed.values()):
            raise MeterError("a billed reading does not fit on the meter")


def _read(entries: Mapping[str, str], meter: Meter) -> dict[str, int] | Refused:
    read: dict[str, int] = {}
    for zone, typed in entries.items():
        value = _read_zone(zone, typed, meter)
        if isinstance(value, Refused):
            return value
        read[zone] = value
    if set(read) != set(meter.zones):
        return _refused(Why.ZONES)
    return {zone: read[zone] for zone in meter.zones}


def _read_zone(zone: str, typed: str, meter: Meter) -> int | Refused:
    found = _ENTRY.fullmatch(typed.strip()) if len(typed) <= ENTRY_SIZE_MAX else None
    if found is None:
        return _refused(Why.FORMAT, zone)
    if len(found.group(1)) > meter.digits:
        return _refused(Why.TOO_MANY_DIGITS, zone)
    return int(found.group(1))


def _deltas(read: Mapping[str, int], meter: Meter) -> tuple[dict[str, int], tuple[str, ...]]:
    """Consumption since the last billed readings; a counter that went round has counted on from zero."""
    billed = meter.billed or {}
    deltas = {zone: read[zone] - billed.get(zone, read[zone]) for zone in meter.zones}
    rolled = tuple(zone for zone, delta in deltas.items() if delta < 0)
    return {zone: delta + meter.capacity * (delta < 0) for zone, delta in deltas.items()}, rolled


def _impossible(
    read: Mapping[str, int], deltas: Mapping[str, int], rolled: tuple[str, ...], possible_kwh: int, meter: Meter
) -> Refused | None:
    if any(deltas[zone] > possible_kwh for zone in rolled):
        swapped = _looks_swapped(read, possible_kwh, meter)
        return _refused(Why.ZONES_SWAPPED if swapped else Why.LESS_THAN_BILLED, rolled[0])
    if sum(deltas.values()) > possible_kwh:
        return _refused(Why.MORE_THAN_POSSIBLE)
    return None


def _looks_swapped(read: Mapping[str, int], possible_kwh: int, meter: Meter) -> bool:
    """Two zones exchanged make readings that can be."""
    billed = meter.billed or {}
    zones = meter.zones
    for first in range(len(zones)):
        for second in range(first + 1, len(zones)):
            other = dict(read) | {zones[first]: read[zones[second]], zones[second]: read[zones[first]]}
            deltas = [other[zone] - billed[zone] for zone in zones]
            if min(deltas) >= 0 and sum(deltas) <= possible_kwh:
                return True
    return False


def _questions(deltas: Mapping[str, int], rolled: tuple[str, ...], days: int, meter: Meter) -> list[Question]:
    asked = [Question.ROLLOVER] if rolled else []
    total = sum(deltas.values())
    average = meter.month_average_kwh
    if average is not None and total > UNUSUAL_KWH_MIN and total * DAYS_A_MONTH > UNUSUAL_TIMES * average * days:
        asked.append(Question.UNUSUAL)
    return asked


def _accepted(read: Mapping[str, int], deltas: Mapping[str, int], meter: Meter, today: date) -> Accepted:
    late = today.day > DEADLINE_DAY
    months = today.year * 12 + today.month - 1 + late
    period = f"{months // 12:04d}-{months % 12 + 1:02d}"
    notices = [Notice.NEXT_PERIOD] if late else []
    if meter.verified_until is not None and meter.verified_until < today:
        notices.append(Notice.NOT_CHARGED)
    ways = (WayOn.DONE, *((WayOn.CONSULTANT,) if Notice.NOT_CHARGED in notices else ()))
    return Accepted(dict(read), dict(deltas), period, tuple(notices), ways)


def _refused(why: Why, zone: str = "") -> Refused:
    return Refused(why, zone, _CORRECT_OR_ASK)
