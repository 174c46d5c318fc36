"""The customer pays while he talks (clause 6.1.1). Pure.

His own touch on the consultant's card brings the visit's payment beside the talk. Until it is over nothing of the call
lies over it: no card, no hold, not even the end of the talk. What became of it is told to the agent.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from payment.contract import CashInSnapshot, PayOutcome
from signaling_server.contract.notes import CallNote, CardAnswer, NoteAuthor
from terminal_app.core.visit_tasks import ON_PAGE
from terminal_app.core.visit_values import Visit
from terminal_app.ipc.messages import Screen

# The way of a payment, from whose account it is to the receipt; not the balance, where other services begin.
BESIDE = frozenset(
    {
        Screen.ACCOUNT_ENTRY,
        Screen.ACCOUNT_CONFIRM,
        Screen.SECOND_ATTRIBUTE,
        Screen.AMOUNT,
        Screen.BASKET,
        Screen.MEANS,
        Screen.CASH_IN,
        Screen.CARD_PAYMENT,
        Screen.QR_PAYMENT,
        Screen.PAYING,
        Screen.RECEIPT,
        Screen.NOTICE,
    }
) | (ON_PAGE - {Screen.PAGE_PHOTO})  # what for, where the electronic receipt goes; the camera is the talk's
_ELSEWHERE = (Screen.PAYING, Screen.CARD_PAYMENT, Screen.QR_PAYMENT)  # the bank's terminal, the customer's phone


class PayStage(enum.Enum):
    NONE = "none"
    ASKED = "asked"  # he has touched «Оплатить»; the visit is on its way
    BEGUN = "begun"
    PAID = "paid"  # the receipt stands there, or goes on to one more account


class VisitPays(enum.Enum):
    """Where the visit is, as the call is told with time."""

    AWAY = "away"
    IN_HAND = "in_hand"
    MONEY = "money"  # inside, or on its way
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Paying:
    stage: PayStage = PayStage.NONE
    card_id: str = ""  # of the consultant
    held: bool = False  # money lies inside: he finishes first


NO_PAYING = Paying()


def pays_now(visit: Visit) -> VisitPays:
    cash = visit.cash
    if visit.screen is Screen.RECEIPT and _is_paid(cash):
        return VisitPays.PAID
    if visit.screen not in BESIDE or (visit.screen in ON_PAGE and not visit.proposed_minor):
        return VisitPays.AWAY
    if visit.screen is Screen.RECEIPT:
        return VisitPays.IN_HAND
    moves = visit.money_inside or _moves(cash) or visit.screen in _ELSEWHERE
    return VisitPays.MONEY if moves else VisitPays.IN_HAND


def followed(paying: Paying, pays: VisitPays) -> tuple[Paying, CardAnswer | None]:
    """As time passes; and what the agent is told of it, once."""
    held = pays is VisitPays.MONEY
    match paying.stage, pays:
        case PayStage.NONE, _:
            return paying, None
        case ((PayStage.ASKED | PayStage.BEGUN), VisitPays.PAID):
            return replace(paying, stage=PayStage.PAID, held=False), CardAnswer.PAID
        case PayStage.ASKED, VisitPays.AWAY:
            return paying, None
        case PayStage.ASKED, _:
            return replace(paying, stage=PayStage.BEGUN, held=held), None
        case PayStage.BEGUN, VisitPays.AWAY:
            return NO_PAYING, CardAnswer.NOT_PAID
        case PayStage.PAID, VisitPays.AWAY:
            return NO_PAYING, None
        case _:
            return replace(paying, held=held), None


def told(paying: Paying, call_id: str, answer: CardAnswer, now_s: float) -> CallNote:
    """The terminal's word to the agent, never the customer's."""
    note_id = f"{paying.card_id[:40]}-{answer}-{round(now_s)}"
    return CallNote(call_id, note_id, NoteAuthor.TERMINAL, answer_to=paying.card_id, answer=answer)


def _is_paid(cash: CashInSnapshot | None) -> bool:
    """Or will be: what billing has not answered yet is on the receipt too."""
    receipt = cash.receipt if cash is not None else None
    return receipt is not None and receipt.outcome in (PayOutcome.CREDITED, PayOutcome.UNKNOWN)


def _moves(cash: CashInSnapshot | None) -> bool:
    return cash is not None and cash.note_moving
