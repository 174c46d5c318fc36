"""История: what the last months were charged, paid and consumed, for the one whose account it is. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from payment.billing.account_values import History, HistoryMonth
from payment.money import rubles
from payment.readings.words import month as month_in_words
from terminal_app.core.tasks.asked import CONSULTANT, MENU, FirstAsked, Stopped, led_on, stopped
from terminal_app.core.tasks.task import (
    AskHistory,
    BillingTold,
    Chosen,
    Context,
    Event,
    Printed,
    PrintPairs,
    Step,
)
from terminal_app.ipc.pages import Choice, Page, PageKind, Pair, Phrase

MONTHS_ASKED = 12
MONTHS_SHOWN = 4  # at a time: what one glass holds
STOPPED = "history.stopped"


@dataclass(frozen=True, slots=True)
class Months:
    """A tile a month, the newest first. `printed` is None before the slip was asked for."""

    history: History
    first: int = 0
    printed: bool | None = None

    def page(self, context: Context) -> Page:
        shown = self.history.months[self.first : self.first + MONTHS_SHOWN]
        more = (
            [Choice("earlier", Phrase("history.earlier"))]
            if self.first + MONTHS_SHOWN < len(self.history.months)
            else []
        )
        slip = [Choice("print", Phrase("history.print"))] if context.availability.printer and not self.printed else []
        return Page(
            "history" if not self.first else f"history.from_{self.first}",
            PageKind.LIST,
            Phrase("history.title"),
            self._sentence(),
            choices=[*(_tile(month) for month in shown), *more, *slip],
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="earlier"):
                return replace(self, first=self.first + MONTHS_SHOWN), []
            case Chosen(key="print"):
                return self, [slip_of(self.history)]
            case Printed(done=done):
                return replace(self, printed=done), []
            case Chosen(key=key):
                (month,) = (month for month in self.history.months if month.month == key)
                return OneMonth(month), []
            case _:
                return self, []

    def _sentence(self) -> Phrase:
        if self.printed is None:
            return Phrase("history.sentence")
        return Phrase("page.slip_printed" if self.printed else "page.slip_failed")


@dataclass(frozen=True, slots=True)
class OneMonth:
    month: HistoryMonth

    def page(self, context: Context) -> Page:
        month = self.month
        over = month.balance_minor < 0
        pairs = [
            _pair("history.charged", rubles(month.charged_minor)),
            _pair("history.paid", rubles(month.paid_minor)),
            _pair("history.over" if over else "history.owed", rubles(abs(month.balance_minor))),
            _pair("history.consumed", f"{month.consumption_kwh} кВт·ч"),
        ]
        return Page(
            "history.month", PageKind.SUMMARY, month_phrase(month.month), pairs=pairs, choices=[CONSULTANT, MENU]
        )

    def step(self, event: Event, context: Context) -> Step:
        return led_on(self, event)


def begin(context: Context) -> Step:
    """Only for an identified customer (registry.py)."""
    account = context.account.account if context.account else ""
    return FirstAsked("history", _answered), [AskHistory(account, MONTHS_ASKED)]


def _answered(event: Event, context: Context) -> Step:
    match event:
        case BillingTold(answer=History() as history) if history.months:
            return Months(history), []
        case BillingTold():
            return Stopped(STOPPED, Phrase("history.none")), []
        case _:
            return stopped(STOPPED, event)


def month_phrase(month: str) -> Phrase:
    """2026-11 -> «Ноябрь 2026»."""
    return Phrase(f"month.{int(month[5:7])}", {"year": month[:4]})


def slip_of(history: History) -> PrintPairs:
    pairs = []
    for month in history.months:
        pairs.append((month_in_words(month.month).capitalize(), f"{month.consumption_kwh} кВт·ч"))
        pairs.append(("начислено", rubles(month.charged_minor)))
        pairs.append(("оплачено", rubles(month.paid_minor)))
    owed = history.months[0].balance_minor
    pairs.append(("Переплата" if owed < 0 else "К оплате", rubles(abs(owed))))
    return PrintPairs("История счёта", (("Лицевой счёт", history.account), *pairs))


def _tile(month: HistoryMonth) -> Choice:
    charged = Phrase("history.sum", {"amount": rubles(month.charged_minor)})
    return Choice(month.month, month_phrase(month.month), charged)


def _pair(key: str, value: str) -> Pair:
    return Pair(Phrase(key), Phrase(text=value))
