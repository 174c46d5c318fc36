"""Bridges that are wrong on purpose: each spoils one event of a driver on its way. The judge must see each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from device_drivers.contract.bill_validator import NoteReturned, NoteStacked
from device_drivers.contract.fiscal_printer import DocumentRefused, DocumentUnknown
from device_drivers.contract.payment_card_reader import CardAnswered, CardOutcome

Spoil = Callable[[Any], list[Any]]


def honest(event: Any) -> list[Any]:
    """Nothing is spoilt."""
    return [event]


def _returned_is_stacked(event: Any) -> list[Any]:
    return [NoteStacked(event.cash_item)] if isinstance(event, NoteReturned) else [event]


def _unknown_is_declined(event: Any) -> list[Any]:
    if isinstance(event, CardAnswered) and event.outcome is CardOutcome.UNKNOWN:
        return [replace(event, outcome=CardOutcome.DECLINED)]
    return [event]


def _unknown_is_refused(event: Any) -> list[Any]:
    if isinstance(event, DocumentUnknown):
        return [DocumentRefused(event.fiscal_id, event.reason, final=True)]
    return [event]


SABOTAGES: dict[str, Spoil] = {
    "note-returned-is-stacked": _returned_is_stacked,
    "card-unknown-is-declined": _unknown_is_declined,
    "document-unknown-is-refused": _unknown_is_refused,
}
