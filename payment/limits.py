"""May this note be stacked? Section 2 of the payment notes as one pure function."""

from __future__ import annotations

import enum

from payment.contract import CashSettings


class NoteDecision(enum.Enum):
    STACK = "stack"
    RETURN_OVER_LIMIT = "over_limit"
    RETURN_NOT_ACCEPTED = "not_accepted"


def decide_note(value_minor: int, inserted_minor: int, settings: CashSettings, *, disk_writable: bool) -> NoteDecision:
    """A note is taken only when it may be owed to somebody and can be written down."""
    if value_minor not in settings.denominations_minor or not disk_writable:
        return NoteDecision.RETURN_NOT_ACCEPTED
    if inserted_minor + value_minor > settings.amount_max_minor:
        return NoteDecision.RETURN_OVER_LIMIT
    return NoteDecision.STACK


def may_pay(inserted_minor: int, settings: CashSettings) -> bool:
    """Less than the amount asked may be paid, down to the service's minimum."""
    return settings.amount_min_minor <= inserted_minor <= settings.amount_max_minor
