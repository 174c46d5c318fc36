"""Readings as they are being given: one meter, what was typed for its zones, how they are shown. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from payment.billing.account_values import BilledReading, Meter, Readings
from payment.readings.values import Question, Refused
from terminal_app.core.tasks.history import month_phrase
from terminal_app.core.tasks.task import Context
from terminal_app.ipc.pages import Pair, Phrase

Values = tuple[tuple[str, str], ...]  # zone and what was typed for it, in the order of the meter


@dataclass(frozen=True, slots=True)
class Sheet:
    """`number`: of the meter among those of the account, of which there may be `several`."""

    account: str
    meter: Meter
    number: int = 0
    several: bool = False
    values: Values = ()
    confirmed: frozenset[Question] = frozenset()  # of these very values

    @property
    def missing(self) -> str:
        """The first zone without a value; empty: there is none."""
        known = dict(self.values)
        return next((zone for zone in self.meter.zones if zone not in known), "")

    def with_value(self, zone: str, typed: str) -> Sheet:
        """In place of what was typed for it before."""
        known = {**dict(self.values), zone: typed}
        values = tuple((each, known[each]) for each in self.meter.zones if each in known)
        return replace(self, values=values, confirmed=frozenset())

    def billed(self, zone: str) -> BilledReading | None:
        """None: a new meter."""
        return next((reading for reading in self.meter.last_billed if reading.zone == zone), None)

    def given(self, context: Context) -> Readings | None:
        """What was given last for this meter in this visit."""
        same = (self.account, self.meter.meter_id)
        return next(
            (given for given in reversed(context.readings_given) if (given.account, given.meter_id) == same), None
        )

    def pairs(self, readings: Mapping[str, int], used: Mapping[str, int] | None = None, period: str = "") -> list[Pair]:
        """What it was and is, how much that makes, and the month that it counts for."""
        rows = [self._row(zone, readings[zone], used.get(zone) if used else None) for zone in self.meter.zones]
        if not period:
            return rows
        which = [Pair(Phrase("readings.meter"), Phrase(text=self.meter.meter_id))] if self.several else []
        return [*which, *rows, Pair(Phrase("readings.period"), month_phrase(period))]

    def _row(self, zone: str, value: int, kwh: int | None) -> Pair:
        now, last = as_on_counter(value, self.meter), self.billed(zone)
        if last is None:
            return Pair(zone_title(self.meter, zone), Phrase(text=now))
        was = Phrase(
            f"readings.was_{len(self.meter.zones)}_{zone.lower()}", {"was": as_on_counter(last.value, self.meter)}
        )
        if kwh is None:
            return Pair(was, Phrase("readings.now", {"now": now}))
        return Pair(was, Phrase("readings.now_used", {"now": now, "kwh": spaced(kwh)}))


def zone_title(meter: Meter, zone: str) -> Phrase:
    return Phrase(f"readings.zone_{len(meter.zones)}_{zone.lower()}")


def as_on_counter(value: int, meter: Meter) -> str:
    """With the zeros that the counter shows."""
    return f"{value:0{meter.digits}d}"


def spaced(kwh: int) -> str:
    return f"{kwh:,}".replace(",", "\u00a0")


def why_not(refused: Refused, sheet: Sheet) -> Phrase:
    """What is wrong with a value, and what to do about it."""
    values = {"digits": str(sheet.meter.digits)}
    if last := sheet.billed(refused.zone):
        values |= {"value": as_on_counter(last.value, sheet.meter), "date": last.day.strftime("%d.%m.%Y")}
    return Phrase(f"readings.why.{refused.why.value}", values)
