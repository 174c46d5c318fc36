"""Journals that are wrong on purpose: each takes one write away or puts it behind the next one.

The checker must see it: that is how the checker is checked.

The cashier believes what it is told, so a spoilt journal shows only when it is read again, after a crash.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

Written = tuple[str, dict[str, object]]


class Sabotage(Protocol):
    def spoil(self, kind: str, data: dict[str, object]) -> list[Written]:
        """What really gets onto the disk when this record is written."""

    def fall(self) -> None:
        """A cut: what was held back is lost."""


@dataclass(frozen=True, slots=True)
class Target:
    """Which records are meant: a kind, and a field's value where the kind alone says too little."""

    kind: str
    name: str = ""
    value: object = None

    def is_meant(self, kind: str, data: dict[str, object]) -> bool:
        return kind == self.kind and (not self.name or data.get(self.name) == self.value)


class Dropped:
    """The record is told durable and never written."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def spoil(self, kind: str, data: dict[str, object]) -> list[Written]:
        return [] if self._target.is_meant(kind, data) else [(kind, data)]

    def fall(self) -> None:
        pass


class Late:
    """The record is told durable and written only behind the next one."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._held: list[Written] = []

    def spoil(self, kind: str, data: dict[str, object]) -> list[Written]:
        if self._target.is_meant(kind, data):
            self._held.append((kind, data))
            return []
        written, self._held = [(kind, data), *self._held], []
        return written

    def fall(self) -> None:
        self._held = []


SABOTAGES: dict[str, tuple[type[Dropped] | type[Late], Target]] = {
    "drop-session-open": (Dropped, Target("session_open")),
    "drop-escrow-seen": (Dropped, Target("escrow_seen")),
    "drop-decision-to-stack": (Dropped, Target("decision", "decision", "stack")),
    "drop-stacked": (Dropped, Target("stacked")),
    "drop-in-doubt": (Dropped, Target("in_doubt")),
    "drop-coin": (Dropped, Target("coin_in")),
    "drop-coin-counter-reset": (Dropped, Target("coin_counter_reset")),
    "drop-pay-intent": (Dropped, Target("pay_intent")),
    "drop-refusal": (Dropped, Target("pay_result", "outcome", "refused")),
    "drop-card-intent": (Dropped, Target("card_intent")),
    "drop-card-approval": (Dropped, Target("card_result", "outcome", "approved")),
    "drop-qr-intent": (Dropped, Target("qr_intent")),
    "drop-qr-registered": (Dropped, Target("qr_registered")),
    "drop-qr-paid": (Dropped, Target("qr_result", "state", "paid")),
    "drop-fiscal-intent": (Dropped, Target("fiscal_intent")),
    "drop-receipt-intent": (Dropped, Target("receipt_intent")),
    "drop-move-ordered": (Dropped, Target("move_ordered")),
    "drop-refund-intent": (Dropped, Target("refund_intent")),
    "drop-refund-done": (Dropped, Target("moved")),
    "drop-withdrawal": (Dropped, Target("move_withdrawn")),
    "late-stacked": (Late, Target("stacked")),
    "late-decision-to-stack": (Late, Target("decision", "decision", "stack")),
    "late-pay-intent": (Late, Target("pay_intent")),
    "late-card-intent": (Late, Target("card_intent")),
    "late-fiscal-intent": (Late, Target("fiscal_intent")),
}


def make_sabotage(name: str) -> Sabotage:
    maker, target = SABOTAGES[name]
    return maker(target)
