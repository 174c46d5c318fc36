"""«Передать показания»: an account by its number, a value a zone, judged by payment's nine rules, confirmed. Pure.

Anybody may give readings for an account: nothing of it is shown but its meters. Source: payment/readings/rules.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from payment.billing.account_values import Meters
from payment.billing.meter_readings import meter_for_rules, readings_for_billing
from payment.readings.rules import DEADLINE_DAY, judge, judge_zone
from payment.readings.values import Accepted, Question, Refused, Unsure
from terminal_app.core.tasks.asked import AGAIN, CONSULTANT, FirstAsked, Stopped, led_on
from terminal_app.core.tasks.readings_given import Given
from terminal_app.core.tasks.readings_sheet import Sheet, Values, as_on_counter, spaced, why_not, zone_title
from terminal_app.core.tasks.task import (
    AskMeters,
    BillingTold,
    Call,
    Chosen,
    Context,
    Entered,
    Event,
    KeepReadings,
    Silence,
    Step,
    Stored,
    Task,
)
from terminal_app.ipc.pages import NOTHING, Choice, Entry, EntryKind, Page, PageKind, Phrase, Tone

CORRECT = Choice("correct", Phrase("readings.correct"))


@dataclass(frozen=True, slots=True)
class MeterChoice:
    """Of an account with several."""

    sheets: tuple[Sheet, ...]

    def page(self, context: Context) -> Page:
        choices = [
            Choice(f"meter_{sheet.number}", Phrase(text=sheet.meter.title), _meter_hint(sheet, context))
            for sheet in self.sheets
        ]
        return Page("readings", PageKind.LIST, sentence=Phrase("readings.which_meter"), choices=choices)

    def step(self, event: Event, context: Context) -> Step:
        if isinstance(event, Chosen):
            return judged(self.sheets[int(event.key.removeprefix("meter_"))], context), []
        return self, []


@dataclass(frozen=True, slots=True)
class ZoneEntry:
    """What the counter shows in one zone. One sign more than it has is let in, so that a red digit can be spoken of."""

    sheet: Sheet
    zone: str
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        meter = self.sheet.meter
        return Page(
            f"readings.{self.sheet.number}.{self.zone}",
            PageKind.ENTRY,
            zone_title(meter, self.zone),
            self._before(context) if self.error == NOTHING else NOTHING,  # the error says all of it
            entry=Entry(EntryKind.DIGITS, length_max=meter.digits + 1, error=self.error),
        )

    def step(self, event: Event, context: Context) -> Step:
        if not isinstance(event, Entered):
            return self, []
        seen = judge_zone(self.zone, event.text, meter_for_rules(self.sheet.meter), context.today)
        if seen is not None:  # said before the next zone is asked for
            return replace(self, error=why_not(seen, self.sheet)), []
        return judged(self.sheet.with_value(self.zone, event.text), context), []

    def _before(self, context: Context) -> Phrase:
        """On late days that is told before the first digit, not after the last."""
        last = self.sheet.billed(self.zone)
        if last is None:
            return Phrase("readings.first_hint")
        shown = as_on_counter(last.value, self.sheet.meter)
        told = {"value": shown, "date": last.day.strftime("%d.%m.%Y")}
        if context.today.day > DEADLINE_DAY and self.zone == self.sheet.meter.zones[0]:
            return Phrase("readings.hint_late", {**told, "day": str(DEADLINE_DAY)})
        return Phrase("readings.hint", told)


@dataclass(frozen=True, slots=True)
class WhichZone:
    """One of several values is to be typed anew; the others stay."""

    sheet: Sheet
    sentence: Phrase

    def page(self, context: Context) -> Page:
        choices = [
            Choice(zone, zone_title(self.sheet.meter, zone), Phrase("readings.typed", {"value": value}))
            for zone, value in self.sheet.values
        ]
        return Page("readings.which", PageKind.LIST, sentence=self.sentence, choices=[*choices, CONSULTANT])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="consultant"):
                return self, [Call()]
            case Chosen(key=zone):
                return ZoneEntry(self.sheet, zone), []
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Sure:
    """Possible, but seldom true: is it so?"""

    sheet: Sheet
    unsure: Unsure

    def page(self, context: Context) -> Page:
        return Page(
            f"readings.{self.unsure.question.value}",
            PageKind.SUMMARY,
            Phrase("readings.sure"),
            Phrase(f"readings.ask.{self.unsure.question.value}", {"kwh": spaced(self.unsure.used_kwh)}),
            Tone.WARN,
            pairs=self.sheet.pairs(self.unsure.readings),
            choices=[Choice("yes", Phrase("readings.yes")), CORRECT],
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="yes"):
                confirmed = self.sheet.confirmed | {self.unsure.question}
                return judged(replace(self.sheet, confirmed=confirmed), context), []
            case Chosen(key="correct"):
                return _corrected(self.sheet), []
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Check:
    """All of it once more before it goes. Kept again under the same `key`, it is one parcel all the same."""

    sheet: Sheet
    accepted: Accepted
    key: str

    def page(self, context: Context) -> Page:
        pairs = self.sheet.pairs(self.accepted.readings, self.accepted.used, self.accepted.period)
        return Page("readings.check", PageKind.SUMMARY, pairs=pairs, choices=[Choice("give"), CORRECT])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="give") if self._given_already(context):
                return Given(self.sheet, self.accepted), []
            case Chosen(key="give"):
                return self, [self.keeping(context)]
            case Chosen(key="correct"):
                return _corrected(self.sheet), []
            case Stored():
                return Given(self.sheet, self.accepted), []
            case Silence():
                return NotKept(self), []
            case _:
                return self, []

    def keeping(self, context: Context) -> KeepReadings:
        sheet, account = self.sheet, self.sheet.account
        return KeepReadings(
            readings_for_billing(
                self.accepted,
                sheet.meter,
                account=account,
                taken_on=context.today,
                key=self.key,
                unusual=Question.UNUSUAL in sheet.confirmed,
            )
        )

    def _given_already(self, context: Context) -> bool:
        """The same as was given last for this meter in this visit."""
        last = self.sheet.given(context)
        return last is not None and last.values == self.keeping(context).readings.values


@dataclass(frozen=True, slots=True)
class NotKept:
    """The terminal's disk refuses."""

    check: Check

    def page(self, context: Context) -> Page:
        return Page("readings.not_kept", PageKind.SUMMARY, tone=Tone.WARN, choices=[AGAIN, CONSULTANT])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="again"):
                return self, [self.check.keeping(context)]
            case Stored():
                return self.check.step(event, context)
            case _:
                return led_on(self, event)


@dataclass(frozen=True, slots=True)
class Unheard:
    """Billing does not tell of the meters: without them nobody knows what may be a reading."""

    account: str

    def page(self, context: Context) -> Page:
        return Page("readings.unheard", PageKind.SUMMARY, tone=Tone.WARN, choices=[AGAIN, CONSULTANT])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="again"):
                return self, [AskMeters(self.account)]
            case BillingTold():
                return _told(event, context)
            case _:
                return led_on(self, event)


def begin(context: Context) -> Step:
    """Only when the account is known (registry.py)."""
    return FirstAsked("readings", _told), [AskMeters(_account(context))]


def judged(sheet: Sheet, context: Context) -> Task:
    """What comes after a value: the next zone, or the judgement of all of them."""
    if zone := sheet.missing:
        return ZoneEntry(sheet, zone)
    match judge(dict(sheet.values), meter_for_rules(sheet.meter), context.today, sheet.confirmed):
        case Accepted() as accepted:
            return Check(sheet, accepted, context.fresh_id)
        case Unsure() as unsure:
            return Sure(sheet, unsure)
        case Refused(zone="") as refused if len(sheet.values) > 1:
            return WhichZone(sheet, why_not(refused, sheet))
        case Refused(zone=zone) as refused:
            zone = zone or sheet.meter.zones[0]
            return ZoneEntry(sheet, zone, why_not(refused, sheet))


def typed_in(task: Task) -> Values:
    """What a call takes along of readings not given yet: zones and what was typed, nothing that billing told."""
    match task:
        case ZoneEntry(sheet=sheet) | WhichZone(sheet=sheet) | Sure(sheet=sheet) | Check(sheet=sheet):
            return sheet.values
        case NotKept(check=check):
            return check.sheet.values
        case _:
            return ()


def _told(event: Event, context: Context) -> Step:
    match event:
        case BillingTold(answer=Meters(meters=meters)) if meters:
            account, several = _account(context), len(meters) > 1
            sheets = tuple(Sheet(account, meter, number, several) for number, meter in enumerate(meters))
            return (MeterChoice(sheets) if several else judged(sheets[0], context)), []
        case BillingTold():
            return Stopped("readings.stopped", Phrase("readings.none")), []
        case _:
            return Unheard(_account(context)), []


def _corrected(sheet: Sheet) -> Task:
    if len(sheet.values) > 1:
        return WhichZone(sheet, Phrase("readings.which_value"))
    return ZoneEntry(sheet, sheet.meter.zones[0])


def _account(context: Context) -> str:
    return context.account.account if context.account is not None else ""


def _meter_hint(sheet: Sheet, context: Context) -> Phrase:
    key = "readings.meter_number" if sheet.given(context) is None else "readings.meter_given"
    return Phrase(key, {"number": sheet.meter.meter_id})
