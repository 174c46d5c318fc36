"""The bank's totals of the day against our approvals; they decide what nobody could tell of an operation. Pure.

| totals of the bank | what is done |
|---|---|
| ours | operations that wait were not approved: `settlement_done`, `card_result` declined |
| ours and all that wait | they were approved: `settlement_done`, `card_result`, the lines are paid |
| anything else | `settlement_done` says so; a person looks |
| no answer, a restart in between | `settlement_done` without a verdict; the day goes on |

A failed settlement does not stop cash.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from payment.contract import CardOutcome, CardSettled
from payment.effects import Effect, Record, Settle
from payment.rules.card import CardWork, Stage
from payment.transaction_values import Context, SettlementOpened, Step, Transaction
from payment.work import Reaction, Work


class Settlement(Work):
    settlement_id: str = ""


class CardDay:
    """Our approvals since the last settlement that the bank answered, and the settlement under way."""

    def __init__(self) -> None:
        self.count = 0
        self.total_minor = 0
        self.settlement: Settlement | None = None
        self.settled_on = ""  # day of the last settlement that was begun, YYYYMMDD

    def enter(self, kind: str, data: Mapping[str, Any]) -> None:
        if data.get("by") == "settlement":
            return  # of the day that was settled
        match kind, data.get("outcome"):
            case ("card_result", "approved") | ("card_review", _):
                self.count, self.total_minor = self.count + 1, self.total_minor + data["amount_minor"]
            case "card_reversed", "done" if data["of"] == "approved":
                self.count, self.total_minor = self.count - 1, self.total_minor - data["amount_minor"]
            case "settlement_intent", _:
                self.settlement = Settlement(settlement_id=data["settlement_id"])
                self.settled_on = data.get("day", "")
            case "settlement_done", _:
                self.settlement = None
                if data["agreed"] is not None:
                    self.count = self.total_minor = 0

    def react(self, event: CardSettled, cards: Sequence[CardWork]) -> Reaction:
        if self.settlement is None or event.settlement_id != self.settlement.settlement_id:
            return Reaction()
        return Reaction(self._settled(event, [card for card in cards if card.stage is Stage.SETTLEMENT]))

    def due(self, context: Context) -> list[Effect]:
        """No answer: the day goes on, and the next settlement compares both days."""
        if self.settlement is None or not self.settlement.is_due(context.now.monotonic_s):
            return []
        none = CardSettled(self.settlement.settlement_id, agreed=None)
        return self._settled(none, [])

    def _settled(self, event: CardSettled, waiting: Sequence[CardWork]) -> list[Effect]:
        return [
            Record(
                "settlement_done",
                {
                    "settlement_id": event.settlement_id,
                    "agreed": event.agreed,
                    "count": event.count,
                    "total_minor": event.total_minor,
                    "own_count": self.count,
                    "own_total_minor": self.total_minor,
                    "waited": [card.operation_id for card in waiting],
                    "found": self._found(event, waiting),
                },
            )
        ]

    def _found(self, event: CardSettled, waiting: Sequence[CardWork]) -> str:
        """What the totals say of the operations that waited for them; "" when they say nothing."""
        told = (event.count, event.total_minor)
        if event.agreed is None:
            return ""
        if told == (self.count, self.total_minor):
            return CardOutcome.DECLINED.value
        with_all = (self.count + len(waiting), self.total_minor + sum(card.amount_minor for card in waiting))
        return CardOutcome.APPROVED.value if told == with_all else ""


def open_settlement(state: Transaction, event: SettlementOpened, context: Context) -> Step:
    """Once a day by schedule, with no customer inside. Without a pinpad at rest it is not begun."""
    if not (state.card_ready and context.card_free and context.disk_writable):
        return state, []
    settlement_id = context.txn_id
    intent = Record("settlement_intent", {"settlement_id": settlement_id, "day": context.now.local[:8]})
    return state, [intent, Settle(settlement_id)]
