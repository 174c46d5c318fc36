"""When the register's shift is closed and opened, and what the state of its drive means. Pure: told, never asks.

Source: the payment notes, section 8: a shift lasts 24 hours at most; documents that the OFD has not got are kept for 30
days, then the drive refuses; a drive has a term and a memory.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from payment.contract import FiscalChanged

SHIFT_HOURS_MAX = 24
SHIFT_CLOSE_HOURS = 23  # a visit that begins before lasts less than the hour that is left
UNSENT_DAYS_STOP = 29
UNSENT_DAYS_LEVELS = (3, 10, 20, 29)
DRIVE_DAYS_WARN = 30
MEMORY_PERCENT_WARN = 90


class ShiftAction(enum.Enum):
    NONE = "none"
    OPEN = "open"
    CLOSE = "close"  # and open the next one, when its end is told


class DriveTerm(enum.IntEnum):
    """Days that a drive of 13, 15 or 36 months may be used from its activation."""

    MONTHS_13 = 410
    MONTHS_15 = 470
    MONTHS_36 = 1110


class Severity(enum.IntEnum):
    NOTICE = 1
    WARNING = 2
    URGENT = 3
    STOPPED = 4  # no money is taken


@dataclass(frozen=True, slots=True)
class FiscalWarning:
    """One thing that a person must do; Russian words for the office's page."""

    what: str  # unsent, term, memory
    severity: Severity
    words: str


def shift_action(state: FiscalChanged, *, visit_open: bool) -> ShiftAction:
    """Shifts change between customers only; a receipt that an expired shift refuses waits in the queue till then."""
    if visit_open or not (state.ready or state.shift_open):
        return ShiftAction.NONE
    if not state.shift_open:
        return ShiftAction.OPEN
    return ShiftAction.CLOSE if state.shift_hours >= SHIFT_CLOSE_HOURS else ShiftAction.NONE


def may_begin_visit(state: FiscalChanged) -> bool:
    """A shift that is soon over is changed first."""
    return may_make_document(state) and (not state.shift_open or state.shift_hours < SHIFT_CLOSE_HOURS)


@lru_cache(maxsize=64)  # asked at every change of the screen, and a register says the same for an hour
def may_make_document(state: FiscalChanged) -> bool:
    """Money is taken only where a receipt can be made: by a shift that is not over and a drive that may go on."""
    in_time = not state.shift_open or state.shift_hours < SHIFT_HOURS_MAX
    return state.ready and in_time and all(w.severity < Severity.STOPPED for w in fiscal_warnings(state))


def fiscal_warnings(state: FiscalChanged) -> tuple[FiscalWarning, ...]:
    """What the office is told of the drive, the worst first."""
    found = [_unsent(state.unsent_days), _days_left(state.drive_days_left), _memory(state.memory_percent)]
    return tuple(sorted((w for w in found if w is not None), key=lambda w: -w.severity))


def new_warnings(before: FiscalChanged, after: FiscalChanged) -> list[FiscalWarning]:
    """What has become worse."""
    known = {(warning.what, warning.severity) for warning in fiscal_warnings(before)}
    return [each for each in fiscal_warnings(after) if (each.what, each.severity) not in known]


def drive_expires_on(activated_on: date, term: DriveTerm) -> date:
    """The last day on which the drive makes documents."""
    return activated_on + timedelta(days=term.value)


def _unsent(days: int) -> FiscalWarning | None:
    reached = sum(days >= level for level in UNSENT_DAYS_LEVELS)
    if reached == 0:
        return None
    left = max(0, UNSENT_DAYS_STOP - days)
    words = f"Чеки не уходят в ОФД {days}\u00a0дн. Проверьте связь кассы: приём денег остановится через {left}\u00a0дн."
    if days >= UNSENT_DAYS_STOP:
        words = f"Чеки не уходят в ОФД {days}\u00a0дн. Приём денег остановлен. Восстановите связь кассы."
    return FiscalWarning("unsent", Severity(reached), words)


def _days_left(days: int | None) -> FiscalWarning | None:
    if days is None or days > DRIVE_DAYS_WARN:
        return None
    if days <= 0:
        return FiscalWarning(
            "term", Severity.STOPPED, "Срок фискального накопителя истёк. Приём денег остановлен. Замените накопитель."
        )
    severity = Severity.URGENT if days <= UNSENT_DAYS_LEVELS[0] else Severity.WARNING
    return FiscalWarning("term", severity, f"Фискальный накопитель надо заменить: осталось {days}\u00a0дн.")


def _memory(percent: int) -> FiscalWarning | None:
    if percent < MEMORY_PERCENT_WARN:
        return None
    if percent >= 100:
        return FiscalWarning(
            "memory",
            Severity.STOPPED,
            "Память фискального накопителя полна. Приём денег остановлен. Замените накопитель.",
        )
    return FiscalWarning(
        "memory", Severity.WARNING, f"Память фискального накопителя занята на {percent}\u00a0%. Замените его."
    )
