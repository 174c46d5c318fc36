"""What every open thread of the journal is now: one pure answer for each record a power cut or a kill can follow.

| last record of a visit | what is done |
|---|---|
| session_open, stacked, returned | no more notes; money inside is paid to the account of the visit, else it is closed |
| escrow_seen | the note goes back; in the stacker: owed to the visit |
| decision(stack) | the device tells: stacked -> credited, returned -> back, nothing -> in doubt |
| pay_intent | the same request again: same txn_id, sum, account, date |
| pay_result, receipt_intent | the receipt once more, marked КОПИЯ where it may be on paper already |
| receipt_done | the visit is closed |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from payment.cassette import Cassette
from payment.contract import JournalRecord, PaymentOrder, PayOutcome, PayRequest
from payment.ledger import Books
from payment.transaction_values import Decided, Escrow, Phase, Transaction
from payment.visit_rules import left_behind


@dataclass(frozen=True, slots=True)
class Open:
    """What a new cashier goes on with."""

    transaction: Transaction = field(default_factory=Transaction)
    unanswered: Mapping[str, PayRequest] = field(default_factory=dict)  # by txn_id
    cassette: Cassette = field(default_factory=Cassette)
    books: Books = field(default_factory=Books)
    printed_before: bool = False  # a receipt of the open visit may be on paper already


def recover(records: Sequence[JournalRecord]) -> Open:
    """Folds the whole journal."""
    fold = _Fold()
    for record in records:
        fold.add(record.kind, record.data)
    return fold.result()


class _Fold:
    """The journal read from the top."""

    def __init__(self) -> None:
        self._state = Transaction()
        self._unanswered: dict[str, PayRequest] = {}
        self._cassette = Cassette()
        self._books = Books()
        self._printing = False

    def add(self, kind: str, data: Mapping[str, Any]) -> None:
        self._books.add(kind, data)
        self._cassette.add(kind, data)
        self._follow(kind, data)

    def result(self) -> Open:
        state = self._state
        if state.phase is Phase.IDLE and state.escrow is not None:
            state = replace(state, phase=Phase.FINISHING)
        return Open(
            transaction=replace(state, recovered=state.phase is not Phase.IDLE),
            unanswered=self._unanswered,
            cassette=self._cassette,
            books=self._books,
            printed_before=self._printing,
        )

    def _follow(self, kind: str, data: Mapping[str, Any]) -> None:
        state = self._state
        match kind:
            case "session_open":
                order = PaymentOrder(data["account"], data["service"], data["service_title"], data["asked_minor"])
                self._state = Transaction(
                    phase=Phase.FINISHING,
                    session_id=data["session_id"],
                    order=order,
                    escrow=left_behind(state.escrow),
                    last_stacked_minor=state.last_stacked_minor,
                    last_doubted_minor=state.last_doubted_minor,
                )
                self._printing = False
            case "escrow_seen":
                self._state = replace(state, escrow=Escrow(data["value_minor"]), last_stacked_minor=0)
            case "decision" if state.escrow is not None:
                self._state = replace(state, escrow=replace(state.escrow, decided=Decided(data["decision"])))
            case "stacked":
                self._state = _with_stacked(state, data)
            case "returned":
                self._state = replace(state, escrow=None)
            case "in_doubt":
                value = data["value_minor"]
                doubted = replace(state, escrow=None, last_doubted_minor=value)
                self._state = replace(doubted, in_doubt_minor=state.in_doubt_minor + value)
            case "repeat_ignored":
                self._state = replace(state, last_stacked_minor=0)
            case "pay_intent" | "pay_result" | "receipt_intent" | "receipt_done" | "session_closed":
                self._follow_pay(kind, data)

    def _follow_pay(self, kind: str, data: Mapping[str, Any]) -> None:
        state = self._state
        match kind:
            case "pay_intent":
                request = PayRequest(data["txn_id"], data["txn_date"], data["account"], data["amount_minor"])
                self._unanswered[request.txn_id] = request
                paying = replace(state, phase=Phase.PAYING, request=request, fee_minor=data["fee_minor"])
                self._state = paying
            case "pay_result":
                if data["outcome"] != PayOutcome.UNKNOWN.value:
                    self._unanswered.pop(data["txn_id"], None)
                if state.request is not None and data["txn_id"] == state.request.txn_id and state.outcome is None:
                    outcome = PayOutcome(data["outcome"])
                    answered = replace(state, phase=Phase.PRINTING, outcome=outcome)
                    self._state = replace(answered, provider_txn=data["provider_txn"])
            case "receipt_intent":
                self._printing = True
            case "receipt_done" if data["session_id"] == state.session_id:
                self._state = replace(state, phase=Phase.DONE, receipt_printed=data["printed"])
            case "session_closed":
                self._state = Transaction(
                    escrow=left_behind(state.escrow),
                    last_stacked_minor=state.last_stacked_minor,
                    last_doubted_minor=state.last_doubted_minor,
                )


def _with_stacked(state: Transaction, data: Mapping[str, Any]) -> Transaction:
    value: int = data["value_minor"]
    after = replace(state, last_stacked_minor=value)
    if data.get("from") == "in_doubt":
        after = replace(after, last_doubted_minor=0, in_doubt_minor=max(0, state.in_doubt_minor - value))
    else:
        after = replace(after, escrow=None)
    if data.get("to") == "unallocated":
        return after
    return replace(after, inserted_minor=state.inserted_minor + value)
