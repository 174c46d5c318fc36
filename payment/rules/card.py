"""Rules of a card operation, from its intent to a sure end. Pure.

An unknown outcome is never a second sale: the last result is asked, else the operation is reversed, else the settlement
or a person decides. An approved operation is reversed only when billing surely credited nothing of it.

| stage | event | what is done |
|---|---|---|
| asked, unknown | APPROVED, the amount asked | `card_result`, the lines are paid |
| asked, unknown | APPROVED, another amount | `card_review`: kept for a person, not paid |
| asked, unknown | DECLINED | `card_result`: nothing was taken |
| asked | UNKNOWN | `card_result` unknown; the last result is asked |
| unknown | UNKNOWN | asked again; after the last time `card_reversal` and the reversal |
| reversing | DONE | `card_reversed`: nothing is taken |
| reversing | REFUSED | `card_reversed`: the settlement or a person decides |
| reversing | UNKNOWN | the reversal again |
| asked, after a restart | - | the last result is asked |
| approved, after a restart | - | lines that have no intent yet are paid |
| approved, all lines refused | - | `card_reversal`, the reversal |
| settled by the totals of the day | - | `card_result`, see rules/settlement.py |
| returning | DONE | `card_reversed`: refunded |
| returning | REFUSED | `card_reversed`: unallocated, for a person |
| returning | REFUSED, after a reversal nobody answered | `card_reversed` unknown: a person asks the bank |
"""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from payment.contract import (
    CardAnswered,
    CardOutcome,
    CardReversed,
    CardSlip,
    PaymentOrder,
    PayOutcome,
    PinpadChanged,
    ReversalOutcome,
)
from payment.effects import AskCard, Authorize, Effect, Record, ReverseCard
from payment.rules.fiscal import may_take_money
from payment.rules.pay import amount_asked_minor, ask_billing, order_data, order_of, paid_lines, pays_of
from payment.transaction_values import Context, MoneyTaken, OperationEnded, Phase, Step, TakenAside, Transaction
from payment.work import Reaction, Work

ASK_FIRST_S = 2
ASK_MAX_S = 900
ASKS_MAX = 3  # last results asked for before the operation is reversed
SLIP_LENGTH_MAX = 4_000
FIELD_LENGTH_MAX = 32
# What may be a card number, written in groups too, its check digit good or not: a bank's own number (RRN) has twelve.
_DIGITS = re.compile(r"[0-9](?:[ -]?[0-9]){12,}", re.ASCII)


class Stage(enum.Enum):
    ASKED = "asked"
    UNKNOWN = "unknown"
    REVERSING = "reversing"
    SETTLEMENT = "settlement"  # waits for the day's totals or a person
    CHARGED = "charged"  # the totals say that it was approved
    NOT_CHARGED = "not_charged"
    APPROVED = "approved"  # until billing has answered for every line
    REFUSED = "refused"  # billing credited nothing: the money goes back to the card
    RETURNING = "returning"


class CardWork(Work):
    """One operation. `lines` is what billing said of its lines, by txn_id; None: not yet."""

    operation_id: str = ""
    session_id: str = ""
    order: PaymentOrder = PaymentOrder("")
    amount_minor: int = 0
    stage: Stage = Stage.ASKED
    asks: int = 0
    repeats_reversal: bool = False  # an earlier one may have been done: a refusal of the next proves nothing
    lines: dict[str, PayOutcome | None] = msgspec.field(default_factory=dict)

    def lines_due(self) -> int:
        """How many credits an approval is divided into."""
        return len(paid_lines(self.order, self.amount_minor))

    @property
    def holds_the_pinpad(self) -> bool:
        """Its last result may still be asked for, so no other sale may follow."""
        return self.stage in (Stage.ASKED, Stage.UNKNOWN, Stage.REVERSING, Stage.RETURNING)


# --- the visit's side -----------------------------------------------------------------------------------------------


def begin(state: Transaction, opened: Record, context: Context) -> Step:
    """The intent is durable before the pinpad is asked. A visit that cannot be paid by card ends at once."""
    assert state.order is not None
    amount = amount_asked_minor(state.order)
    fits = 0 < amount <= context.settings.amount_max_minor
    if not (
        state.card_ready
        and context.card_free
        and context.disk_writable
        and may_take_money(state, context.settings)
        and fits
    ):
        return replace(state, phase=Phase.DONE, failed=True, card_outcome=CardOutcome.DECLINED), [opened]
    operation_id = context.txn_id
    intent = Record("card_intent", {**_naming(operation_id, state.session_id, amount), **order_data(state.order)})
    asked = replace(state, phase=Phase.AUTHORIZING, operation_id=operation_id, operation_minor=amount)
    return asked, [opened, intent, Authorize(operation_id, amount)]


def pinpad_changed(state: Transaction, event: PinpadChanged, context: Context) -> Step:
    return replace(state, card_ready=event.ready), []


def _naming(operation_id: str, session_id: str, amount_minor: int) -> dict[str, object]:
    return {"session_id": session_id, "operation_id": operation_id, "amount_minor": amount_minor}


# --- what records make of an operation --------------------------------------------------------------------------------


def work_of(data: Mapping[str, Any]) -> CardWork:
    """The work that a `card_intent` begins."""
    return CardWork(
        operation_id=data["operation_id"],
        session_id=data["session_id"],
        order=order_of(data),
        amount_minor=data["amount_minor"],
    )


def stage_after(work: CardWork, kind: str, data: Mapping[str, Any]) -> Stage | None:
    """The stage behind a durable record; None: the operation is over."""
    match kind, data.get("outcome"):
        case "card_result", "approved":
            return Stage.APPROVED
        case "card_result", "unknown":
            return Stage.UNKNOWN
        case "card_reversal", _:
            return Stage.RETURNING if data["of"] == "approved" else Stage.REVERSING
        case "card_reversed", "refused" if work.stage is Stage.REVERSING:
            return Stage.SETTLEMENT
        case _:
            return None


def stage_after_line(work: CardWork) -> Stage | None:
    """Billing has answered for a line for good."""
    outcomes = set(work.lines.values())
    if None in outcomes or len(work.lines) < work.lines_due():
        return work.stage
    return Stage.REFUSED if outcomes == {PayOutcome.REFUSED} else None


def stage_after_settlement(found: str) -> Stage:
    """The stage of an operation that waited for the day's totals."""
    match found:
        case "approved":
            return Stage.CHARGED
        case "declined":
            return Stage.NOT_CHARGED
        case _:
            return Stage.SETTLEMENT


# --- the table --------------------------------------------------------------------------------------------------------


def react(work: CardWork, event: CardAnswered | CardReversed, context: Context) -> Reaction:
    """An answer of the pinpad; one with no row changes nothing."""
    row = _TABLE.get((work.stage, event.outcome))
    return row(work, event, context) if row is not None else Reaction()


def due(work: CardWork, context: Context) -> Reaction:
    """What the operation's stage asks for when its time has come."""
    if not work.is_due(context.now.monotonic_s):
        return Reaction()
    match work.stage:
        case Stage.ASKED | Stage.UNKNOWN:
            work.asked(context.now.monotonic_s)
            return Reaction([AskCard(work.operation_id)])
        case Stage.REVERSING | Stage.RETURNING:
            work.asked(context.now.monotonic_s)
            work.repeats_reversal = True  # the first one left with the record of it
            return Reaction([ReverseCard(work.operation_id, work.amount_minor)])
        case Stage.APPROVED if len(work.lines) < work.lines_due():  # the lights went out between the records
            return _pay_lines(work, CardSlip(), context)
        case Stage.REFUSED:
            return Reaction(_reversal(work, "approved"))
        case Stage.CHARGED:
            return approve(work, _by_settlement(work, CardOutcome.APPROVED), CardSlip(), context)
        case Stage.NOT_CHARGED:
            return Reaction([Record("card_result", _by_settlement(work, CardOutcome.DECLINED))])
        case _:
            return Reaction()


def _approved(work: CardWork, event: CardAnswered, context: Context) -> Reaction:
    if event.amount_minor != work.amount_minor:
        review = {**_result(work, event), "asked_minor": work.amount_minor, "amount_minor": event.amount_minor}
        return Reaction([Record("card_review", review)], [TakenAside(work.operation_id, event.amount_minor)])
    return approve(work, _result(work, event), _slip(event), context)


def approve(work: CardWork, result: dict[str, object], slip: CardSlip, context: Context) -> Reaction:
    """The money is ours: the lines are paid, whether the customer still stands there or not."""
    paid = _pay_lines(work, slip, context)
    return Reaction([Record("card_result", result), *paid.effects], paid.told)


def _pay_lines(work: CardWork, slip: CardSlip, context: Context) -> Reaction:
    """All lines, or those that an earlier run did not come to."""
    pays = pays_of(work.order, work.session_id, work.amount_minor, context, asked_already=len(work.lines))
    return Reaction(ask_billing(pays), [MoneyTaken(work.operation_id, work.amount_minor, pays, card=slip)])


def _declined(work: CardWork, event: CardAnswered, context: Context) -> Reaction:
    ended = OperationEnded(work.operation_id, CardOutcome.DECLINED)
    return Reaction([Record("card_result", _result(work, event))], [ended])


def _unknown_first(work: CardWork, event: CardAnswered, context: Context) -> Reaction:
    return Reaction([Record("card_result", _result(work, event))])


def _unknown_again(work: CardWork, event: CardAnswered, context: Context) -> Reaction:
    if not work.sent:
        return Reaction()  # the answer of an earlier question
    work.asks += 1
    if work.asks < ASKS_MAX:
        work.ask_again(context.now.monotonic_s, ASK_FIRST_S, ASK_MAX_S)
        return Reaction()
    return Reaction(_reversal(work, "unknown"))


def _reversal(work: CardWork, of: str) -> list[Effect]:
    named = _naming(work.operation_id, work.session_id, work.amount_minor)
    return [Record("card_reversal", {**named, "of": of}), ReverseCard(work.operation_id, work.amount_minor)]


def _reversed(work: CardWork, event: CardReversed, context: Context) -> Reaction:
    of = "approved" if work.stage is Stage.RETURNING else "unknown"
    named = _naming(work.operation_id, work.session_id, work.amount_minor)
    outcome_told = event.outcome
    if of == "approved" and outcome_told is ReversalOutcome.REFUSED and work.repeats_reversal:
        outcome_told = ReversalOutcome.UNKNOWN
    written = Record("card_reversed", {**named, "of": of, "outcome": outcome_told.value})
    if of == "approved":
        return Reaction([written])
    done = event.outcome is ReversalOutcome.DONE
    outcome = CardOutcome.DECLINED if done else CardOutcome.UNKNOWN
    return Reaction([written], [OperationEnded(work.operation_id, outcome)])


def _reverse_again(work: CardWork, event: CardReversed, context: Context) -> Reaction:
    work.ask_again(context.now.monotonic_s, ASK_FIRST_S, ASK_MAX_S)
    return Reaction()


_TABLE: dict[tuple[Stage, CardOutcome | ReversalOutcome], Callable[[CardWork, Any, Context], Reaction]] = {
    (Stage.ASKED, CardOutcome.APPROVED): _approved,
    (Stage.ASKED, CardOutcome.DECLINED): _declined,
    (Stage.ASKED, CardOutcome.UNKNOWN): _unknown_first,
    (Stage.UNKNOWN, CardOutcome.APPROVED): _approved,
    (Stage.UNKNOWN, CardOutcome.DECLINED): _declined,
    (Stage.UNKNOWN, CardOutcome.UNKNOWN): _unknown_again,
    (Stage.REVERSING, ReversalOutcome.DONE): _reversed,
    (Stage.REVERSING, ReversalOutcome.REFUSED): _reversed,
    (Stage.REVERSING, ReversalOutcome.UNKNOWN): _reverse_again,
    (Stage.RETURNING, ReversalOutcome.DONE): _reversed,
    (Stage.RETURNING, ReversalOutcome.REFUSED): _reversed,
    (Stage.RETURNING, ReversalOutcome.UNKNOWN): _reverse_again,
}


# --- what is kept of the bank's answer ------------------------------------------------------------------------------


def _result(work: CardWork, event: CardAnswered) -> dict[str, object]:
    result: dict[str, object] = {
        **_naming(work.operation_id, work.session_id, work.amount_minor),
        "account": work.order.account,
        "outcome": event.outcome.value,
    }
    if event.outcome is CardOutcome.APPROVED:
        slip = _slip(event)
        result |= {
            "rrn": slip.rrn,
            "auth_code": slip.auth_code,
            "masked_pan": slip.masked_pan,
            "terminal_id": slip.terminal_id,
            "slip": slip.slip,
        }
    elif event.reason:
        result["reason"] = _without_long_numbers(event.reason)[:200]
    return result


def _by_settlement(work: CardWork, outcome: CardOutcome) -> dict[str, object]:
    result = _result(work, CardAnswered(work.operation_id, outcome))
    return {**result, "by": "settlement"}


def slip_of(data: Mapping[str, Any]) -> CardSlip:
    """The slip of a `card_result` record."""
    return CardSlip(*(data.get(name, "") for name in ("rrn", "auth_code", "masked_pan", "terminal_id", "slip")))


def _slip(event: CardAnswered) -> CardSlip:
    """Whatever a pinpad puts where: no card number gets past this."""
    return CardSlip(
        _without_long_numbers(event.rrn)[:FIELD_LENGTH_MAX],
        _without_long_numbers(event.auth_code)[:FIELD_LENGTH_MAX],
        _without_long_numbers(event.masked_pan)[:FIELD_LENGTH_MAX],
        _without_long_numbers(event.terminal_id)[:FIELD_LENGTH_MAX],
        _without_long_numbers(event.slip)[:SLIP_LENGTH_MAX],
    )


def _without_long_numbers(text: str) -> str:
    """Of a run of digits long enough for a card number the first six and the last four stay."""
    return _DIGITS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    digits = re.sub(r"[^0-9]", "", found.group())
    return f"{digits[:6]}{'*' * (len(digits) - 10)}{digits[-4:]}"
