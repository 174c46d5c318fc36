"""What a technician reads of the day: takings by channel, what is inside, what waits, what is wrong. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from payment.contract import JournalRecord
from payment.money import rubles
from payment.receipt import Heading, ReceiptLine, Rule
from payment.receipt import Pair as SlipPair
from payment.reconciliation.daily_totals import JournalSummary, totals_by_channel
from payment.reports.values import CHANNEL_WORDS
from signaling_server.contract.messages import AlarmReport
from terminal_app.ipc.pages import Pair, Phrase

TITLE = "Отчёт техника за день"
_NAMES = {"cassette": "В кассете", "waiting": "Ждут ответа биллинга", "unfiscalised": "Ждут чека ККТ"}


@dataclass(frozen=True, slots=True)
class Standing:
    """What the till says of itself now."""

    cassette_minor: int
    undelivered: int
    unfiscalised: int
    alarms: Sequence[AlarmReport]


@dataclass(frozen=True, slots=True)
class DayReport:
    pairs: tuple[Pair, ...]
    lines: tuple[ReceiptLine, ...]


def day_report(records: Iterable[JournalRecord], day: str, now: Standing) -> DayReport:
    """`day` is YYYYMMDD, in the office's zone."""
    totals = totals_by_channel(JournalSummary(records).payments(day))
    named = [
        (Phrase(text=CHANNEL_WORDS[means]), CHANNEL_WORDS[means], f"{total.count} · {rubles(total.taken_minor)}")
        for means, total in totals.items()
    ]
    waiting = {"waiting": str(now.undelivered), "unfiscalised": str(now.unfiscalised)}
    for key, value in {"cassette": rubles(now.cassette_minor), **waiting}.items():
        named.append((Phrase(f"service.report.{key}"), _NAMES[key], value))
    pairs = [Pair(name, Phrase(text=value)) for name, _, value in named]
    pairs += [Pair(Phrase("service.report.alarm"), Phrase(f"service.alarm.{alarm.kind}")) for alarm in now.alarms]
    date = f"{day[6:]}.{day[4:6]}.{day[:4]}"
    lines: list[ReceiptLine] = [Heading(TITLE, large=False), SlipPair("День", date), Rule()]
    lines += [SlipPair(name, value) for _, name, value in named]
    lines.append(SlipPair("Открытых тревог", str(len(now.alarms))))
    return DayReport(tuple(pairs), tuple(lines))
