"""The queue «to fiscalise»: one document for every payment, made when the register can, never twice. Pure.

| what is known | what is done |
|---|---|
| all lines of a payment answered, register ready | `fiscal_intent`, the document |
| document sent, or its outcome unknown, or a restart | the register is asked; nothing is repeated blindly |
| surely not in the drive | the same document again, when the register is ready |
| refused for good | `fiscal_refused`: a person makes a correction |
| done | `fiscal_done` |
| a fiscalised card payment went back to the card | a document of return, by the same rules |

A line that billing refused for good before its document was begun is in no document: its money is unallocated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from payment.contract import (
    CashSettings,
    FiscalChanged,
    FiscalDone,
    FiscalKind,
    FiscalRefused,
    FiscalSale,
    FiscalUnknown,
    Means,
    PayOutcome,
    Purpose,
    SaleLine,
)
from payment.effects import AskFiscal, Effect, Fiscalise, Record, Verb
from payment.fiscal.shift import ShiftAction, may_begin_visit, may_make_document, new_warnings, shift_action
from payment.rules.pay import pay_of, sale_line
from payment.transaction_values import Context, FiscalEnded, Phase, Step, Transaction
from payment.work import Reaction, Work

ASK_FIRST_S = 2
ASK_MAX_S = 60
RETURN_SUFFIX = "R"
ID_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Document(Work):
    """The one document under way. `absent`: it is surely not in the drive."""

    sale: FiscalSale = FiscalSale("", FiscalKind.INCOME, Means.CASH, (), "")
    session_id: str = ""
    absent: bool = False


@dataclass(slots=True)
class _Debt:
    """Lines of one payment for which a document is due, as their `pay_intent` says, and which billing answered for."""

    intents: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    answered: set[str] = field(default_factory=set)

    def ripe(self) -> bool:
        return len(self.answered) == len(self.intents)


class FiscalQueue:
    """Follows the durable records."""

    def __init__(self) -> None:
        self.document: Document | None = None
        self._debts: dict[str, _Debt] = {}
        self._sold: dict[str, FiscalSale] = {}  # documents of card payments that may still go back to the card
        self._returns: dict[str, FiscalSale] = {}
        self._shift_asked_of: FiscalChanged | None = None

    def __len__(self) -> int:
        return len(self._debts) + len(self._returns) + (self.document is not None)

    # --- what records make of it --------------------------------------------------------------------------------------

    def enter(self, kind: str, data: Mapping[str, Any], *, live: bool) -> None:
        match kind:
            case "pay_intent" if data.get("fiscal"):
                self._debts.setdefault(data["session_id"], _Debt()).intents[data["txn_id"]] = data
            case "pay_result":
                refused = data["outcome"] == PayOutcome.REFUSED
                self._line_answered(data.get("session_id", ""), data["txn_id"], refused=refused)
            case "fiscal_intent":
                sale = sale_of(data)
                self._debts.pop(data["session_id"], None)
                self._returns.pop(sale.fiscal_id, None)
                self.document = Document(sale=sale, session_id=data["session_id"], sent=live)
            case "fiscal_done":
                self._end(done=True)
            case "fiscal_refused":
                self._end(done=False)
            case "card_reversed" if data["of"] == "approved" and data["outcome"] == "done":
                self._owe_return(data["session_id"])

    def _line_answered(self, session_id: str, txn_id: str, *, refused: bool) -> None:
        debt = self._debts.get(session_id)
        if debt is None or txn_id not in debt.intents:
            return
        if not refused:
            debt.answered.add(txn_id)
            return
        debt.answered.discard(txn_id)
        del debt.intents[txn_id]
        if not debt.intents:
            del self._debts[session_id]

    def _end(self, *, done: bool) -> None:
        document = self.document
        assert document is not None
        self.document = None
        if done and document.sale.means is Means.CARD and document.sale.kind is FiscalKind.INCOME:
            self._sold[document.session_id] = document.sale

    def _owe_return(self, session_id: str) -> None:
        sale = self._sold.pop(session_id, None)
        if sale is None and self.document is not None and self.document.session_id == session_id:
            sale = self.document.sale
        if sale is not None and sale.kind is FiscalKind.INCOME:
            fiscal_id = sale.fiscal_id + RETURN_SUFFIX
            self._returns[fiscal_id] = replace(sale, fiscal_id=fiscal_id, kind=FiscalKind.INCOME_RETURN)

    def forget_sale(self, session_id: str) -> None:
        """Its card operation is over: it cannot go back to the card by itself any more."""
        self._sold.pop(session_id, None)

    # --- what is to be done -----------------------------------------------------------------------------------------

    def due(self, state: Transaction, context: Context) -> list[Effect]:
        """The next document, or the next question about the one under way."""
        document = self.document
        if (document is None or document.absent) and not state.register.shift_open and (opened := self._shift(state)):
            return opened
        if document is None:
            return (self._next_document(state, context) if state.fiscal_ready else []) or self._shift(state)
        if not document.is_due(context.now.monotonic_s):
            return []
        if document.absent and not state.fiscal_ready:
            return self._shift(state)  # a shift that is over is what it may be waiting for
        document.asked(context.now.monotonic_s)
        if document.absent:
            document.absent = False
            return [Fiscalise(document.sale)]
        return [AskFiscal(document.sale.fiscal_id)]

    def _next_document(self, state: Transaction, context: Context) -> list[Effect]:
        found = self._next_sale(state, context)
        if found is None:
            return []
        session_id, sale = found
        return [Record("fiscal_intent", sale_data(session_id, sale)), Fiscalise(sale)]

    def _shift(self, state: Transaction) -> list[Effect]:
        """A shift is opened and closed by itself when nobody stands there; once for each word of the register."""
        if self.shift_rests(state):
            return []
        self._shift_asked_of = state.register
        match shift_action(state.register, visit_open=False):
            case ShiftAction.OPEN:
                return [Verb.OPEN_SHIFT]
            case ShiftAction.CLOSE:
                return [Verb.CLOSE_SHIFT]
            case ShiftAction.NONE:
                return []

    def shift_rests(self, state: Transaction) -> bool:
        """Nothing is to be asked of the shift: somebody stands there, or it was looked at since the last word."""
        return state.phase is not Phase.IDLE or state.register is self._shift_asked_of

    def _next_sale(self, state: Transaction, context: Context) -> tuple[str, FiscalSale] | None:
        """The customer who waits is served first."""
        for session_id in (state.session_id, *self._debts):
            debt = self._debts.get(session_id)
            if debt is not None and debt.ripe():
                return session_id, _sale(debt)
        for sale in self._returns.values():
            return "", replace(sale, sold_at=context.now.local)
        return None

    def react(self, event: FiscalDone | FiscalRefused | FiscalUnknown, context: Context) -> Reaction:
        document = self.document
        if document is None or event.fiscal_id != document.sale.fiscal_id:
            return Reaction()
        match event:
            case FiscalDone():
                done = Record(
                    "fiscal_done", {**_naming(document), "total_minor": document.sale.total_minor, **_numbers(event)}
                )
                return Reaction([done], [FiscalEnded(document.session_id, event, document.sale.total_minor)])
            case FiscalRefused(final=True):
                refused = Record("fiscal_refused", {**_naming(document), "final": True, "reason": event.reason[:200]})
                return Reaction([refused], [FiscalEnded(document.session_id, None)])
            case FiscalRefused():
                document.absent = True
            case FiscalUnknown():
                document.absent = False
        document.ask_again(context.now.monotonic_s, ASK_FIRST_S, ASK_MAX_S)
        return Reaction()


def _sale(debt: _Debt) -> FiscalSale:
    pays = [pay_of(data) for data in debt.intents.values()]
    first = pays[0]
    return FiscalSale(
        fiscal_id_of(first.request.txn_id),
        FiscalKind.INCOME,
        first.means,
        tuple(sale_line(pay) for pay in pays),
        first.request.txn_date,
        first.contact,
    )


def fiscal_id_of(txn_id: str) -> str:
    """A payment's number in at most 13 letters and digits: tag 1192 holds 16 characters, and a return adds one.

    20 decimal digits are below 36 ** 13, so no two payments share an id.
    """
    number, letters = int(txn_id), ""
    while number or not letters:
        number, digit = divmod(number, len(ID_DIGITS))
        letters = ID_DIGITS[digit] + letters
    return letters


# --- as the journal keeps it ------------------------------------------------------------------------------------------


def _naming(document: Document) -> dict[str, object]:
    return {"session_id": document.session_id, "fiscal_id": document.sale.fiscal_id}


def _numbers(done: FiscalDone) -> dict[str, object]:
    return {
        "fn": done.fn[:16],
        "fd": done.fd,
        "fpd": done.fpd,
        "at": done.at[:14],
        "shift": done.shift,
        "number_in_shift": done.number_in_shift,
    }


def done_of(data: Mapping[str, Any]) -> FiscalDone:
    """The numbers of a `fiscal_done` record."""
    return FiscalDone(*(data[name] for name in FiscalDone.__struct_fields__))


def sale_data(session_id: str, sale: FiscalSale) -> dict[str, object]:
    """A document as the journal keeps it: a repeat says exactly the same."""
    return {
        "session_id": session_id,
        "fiscal_id": sale.fiscal_id,
        "kind": sale.kind.value,
        "means": sale.means.value,
        "sold_at": sale.sold_at,
        "contact": sale.contact,
        "total_minor": sale.total_minor,
        "lines": [
            {
                **{name: getattr(line, name) for name in SaleLine.__struct_fields__},
                "purpose": line.purpose.value,
            }
            for line in sale.lines
        ],
    }


def sale_of(data: Mapping[str, Any]) -> FiscalSale:
    """The document of a `fiscal_intent` record."""
    lines = (SaleLine(**{**line, "purpose": Purpose(line["purpose"])}) for line in data["lines"])
    return FiscalSale(
        data["fiscal_id"],
        FiscalKind(data["kind"]),
        Means(data["means"]),
        tuple(lines),
        data["sold_at"],
        data["contact"],
    )


# --- the register and its shift ---------------------------------------------------------------------------------------


def may_take_money(state: Transaction, settings: CashSettings) -> bool:
    """Where a document is due, money is taken only when it can be made; a visit goes on to the end of the shift."""
    if not settings.fiscal_required:
        return True
    may = may_make_document if state.phase is Phase.ACCEPTING else may_begin_visit
    return may(state.register)


def fiscal_changed(state: Transaction, event: FiscalChanged, context: Context) -> Step:
    """What the drive wants of a person is written down when it is worse: the office sees it with the journal."""
    worse = new_warnings(state.register, event)
    written: list[Effect] = [
        Record("fiscal_warning", {"what": each.what, "severity": int(each.severity), "words": each.words})
        for each in worse
    ]
    return replace(state, register=event), written
