"""Plays a visit of the black box again: the production cashier is told what the journal says that it was told.

For each record the stimulus that leads to it is given: a device's event, a press, some time. What the cashier writes
then is compared with what was written. Where it writes something else the core may have been restarted in between: a
new cashier goes on over the records so far, and if that does not explain it either, the difference is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from payment.cashier import Cashier
from payment.contract import (
    AcceptorChanged,
    AcceptorPoweredUp,
    CardAnswered,
    CardOutcome,
    CardReversed,
    CashierEvent,
    CashSettings,
    CoinAccepted,
    CoinAcceptorChanged,
    CoinCounterReset,
    CoinEventsLost,
    CoinRejected,
    CoinsRemembered,
    FiscalChanged,
    FiscalDone,
    FiscalRefused,
    FiscalSale,
    JournalRecord,
    Moment,
    NoteEscrowed,
    NoteEventsLost,
    NoteMoving,
    NoteReturned,
    NoteStacked,
    PayAnswered,
    PayOutcome,
    PayRequest,
    PinpadChanged,
    PowerUpNote,
    QrAnswered,
    QrNotRegistered,
    QrRegistered,
    QrState,
    Receipt,
    ReceiptNotPrinted,
    ReceiptPrinted,
    ReversalOutcome,
)
from payment.journal.black_box import BlackBoxError, Visit
from payment.rules.pay import order_of

TIME_STEPS = 50  # seconds that are let pass until a record comes that only time brings
_COMPARED = ("value_minor", "amount_minor", "fee_minor", "decision", "outcome", "state", "account", "to", "from")
_NUMBERED = ("txn_id", "operation_id", "fiscal_id")
_READY: tuple[CashierEvent, ...] = (
    AcceptorChanged(ready=True),
    CoinAcceptorChanged(ready=True),
    PinpadChanged(ready=True),
    FiscalChanged(ready=True, shift_open=True),
)


@dataclass(slots=True)
class Replayed:
    """The visit in words, and where the replay wrote something else than the journal has."""

    trace: list[str] = field(default_factory=list)
    restarts: int = 0
    differences: list[str] = field(default_factory=list)


def replay(visit: Visit) -> Replayed:
    """Plays it from the first record to the last.

    Raises:
        BlackBoxError: a record is none that a journal writes there; its cause is what the core fell over.
    """
    return _Replay(visit).run()


class _Replay:
    """Every port of the cashier, and the hand that gives the stimuli."""

    def __init__(self, visit: Visit) -> None:
        self._records = _told_by_the_visit(visit.records)
        self._told = Replayed()
        self._written: list[JournalRecord] = []
        self._new_ids: dict[str, str] = {}  # numbers of the journal -> those of the replay
        self._now_s = 1_000.0
        self._fiscal = any(record.kind == "fiscal_intent" for record in visit.records)
        self._cashier = self._start([])

    def run(self) -> Replayed:
        for number, record in enumerate(self._records):
            try:
                self._play(number, record)
            except Exception as error:  # the core trusts its own journal, whose chain was checked; a file has no chain
                raise BlackBoxError(f"record {record.sequence} ({record.kind}) cannot be played: damaged?") from error
        return self._told

    def _play(self, number: int, record: JournalRecord) -> None:
        if self._stimulated(number, record) or self._explained_by_restart(number, record):
            return
        self._told.differences.append(f"record {record.sequence}: the journal has {_words(record)}")
        self._say(f"  the journal has {_words(record)}, the replay does not")
        self._cashier = self._start(self._records[: number + 1])

    def _stimulated(self, number: int, record: JournalRecord) -> bool:
        for stimulus in (None, *_stimuli(record)):
            if len(self._written) <= number and stimulus is not None:
                stimulus(self, self._renamed(record.data))
            if len(self._written) > number:
                return self._agrees(number, record)
        return False

    def _explained_by_restart(self, number: int, record: JournalRecord) -> bool:
        self._cashier = self._start(self._records[:number])
        self._told.restarts += 1
        self._say("  the core starts anew here")
        self.tells(*_READY)
        return self._stimulated(number, record)

    def _agrees(self, number: int, record: JournalRecord) -> bool:
        ours = self._written[number]
        if ours.kind != record.kind or any(ours.data.get(name) != record.data.get(name) for name in _COMPARED):
            return False
        for name in _NUMBERED:
            if isinstance(theirs := record.data.get(name), str):
                self._new_ids[theirs] = str(ours.data.get(name))
        return True

    def _renamed(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self._new_ids.get(value, value) if name in _NUMBERED else value for name, value in data.items()}

    def _start(self, records: Sequence[JournalRecord]) -> Cashier:
        self._written = list(records)
        self._new_ids = {}
        settings = CashSettings("replay", fiscal_required=self._fiscal, offline_total_max_minor=10**11)
        return Cashier(
            journal=self,
            acceptor=self,
            billing=self,
            printer=self,
            clock=self,
            settings=settings,
            tell=lambda snapshot: None,
            records=list(records),
            coins=self,
            pinpad=self,
            acquirer=_Bank(self),
            fiscal=_Register(self),
        )

    # --- stimuli ----------------------------------------------------------------------------------------------------

    def tells(self, *events: CashierEvent) -> None:
        for event in events:
            self._say(f"told {event}")
            self._cashier.on_event(event)

    def opens(self, data: Mapping[str, Any]) -> None:
        self.tells(*_READY)
        self._cashier.open_visit(order_of(data))

    def presses_pay(self, data: Mapping[str, Any]) -> None:
        self._cashier.pay()

    def leaves(self, data: Mapping[str, Any]) -> None:
        self._cashier.leave()

    def closes(self, data: Mapping[str, Any]) -> None:
        self._cashier.close_visit()

    def waits(self, data: Mapping[str, Any]) -> None:
        """Until time alone has brought a record."""
        known = len(self._written)
        for _ in range(TIME_STEPS):
            if len(self._written) > known:
                return
            self._now_s += 1.0
            self._cashier.on_time(self.now())

    # --- ports ------------------------------------------------------------------------------------------------------

    def now(self) -> Moment:
        second = int(self._now_s)
        return Moment(second * 1000, self._now_s, f"20251123{second % 1_000_000:06d}")

    def append(self, kind: str, data: dict[str, object], on_durable: Callable[[], None]) -> None:
        number = len(self._written) + 1
        record = JournalRecord(number, kind, data, self.now().wall_ms, 0, "", "", b"")
        self._written.append(record)
        self._say(f"  writes {_words(record)}")
        on_durable()

    def writable(self) -> bool:
        return True

    def enable(self) -> None:
        self._say("  verb enable")

    def disable(self) -> None:
        self._say("  verb disable")

    def stack(self) -> None:
        self._say("  verb stack")

    def return_note(self) -> None:
        self._say("  verb return")

    def hold(self) -> None:
        self._say("  verb hold")

    def pay(self, request: PayRequest) -> None:
        self._say(f"  verb pay {request.txn_id}")

    def cancel(self, request: PayRequest, provider_txn: str) -> None:
        self._say(f"  verb cancel {request.txn_id}")

    def print_receipt(self, receipt: Receipt) -> None:
        self._say(f"  verb print {receipt.txn_id}")

    def authorize(self, operation_id: str, amount_minor: int) -> None:
        self._say(f"  verb authorize {operation_id}")

    def last_result(self, operation_id: str) -> None:
        self._say(f"  verb last result {operation_id}")

    def reverse(self, operation_id: str, amount_minor: int) -> None:
        self._say(f"  verb reverse {operation_id}")

    def settle(self, settlement_id: str) -> None:
        self._say(f"  verb settle {settlement_id}")

    def notes(self, words: str) -> None:
        self._say(f"  {words}")

    def _say(self, words: str) -> None:
        self._told.trace.append(words)


class _Bank:
    """The acquirer's verbs; their names are taken by other ports of the replay."""

    def __init__(self, owner: _Replay) -> None:
        self._owner = owner

    def register(self, operation_id: str, amount_minor: int, account: str) -> None:
        self._owner.notes(f"verb register {operation_id}")

    def ask(self, operation_id: str) -> None:
        self._owner.notes(f"verb ask {operation_id}")

    def cancel(self, operation_id: str) -> None:
        self._owner.notes(f"verb cancel {operation_id}")

    def refund(self, operation_id: str, amount_minor: int) -> None:
        self._owner.notes(f"verb refund {operation_id}")


class _Register:
    """The fiscal register's verbs."""

    def __init__(self, owner: _Replay) -> None:
        self._owner = owner

    def fiscalise(self, document: FiscalSale) -> None:
        self._owner.notes(f"verb fiscalise {document.fiscal_id}")

    def ask(self, fiscal_id: str) -> None:
        self._owner.notes(f"verb ask {fiscal_id}")

    def open_shift(self) -> None:
        self._owner.notes("verb open shift")

    def close_shift(self) -> None:
        self._owner.notes("verb close shift")


# --- what leads to a record -------------------------------------------------------------------------------------------

Data = Mapping[str, Any]
_Stimulus = Callable[[_Replay, Data], None]


def _event(make: Callable[[Data], CashierEvent]) -> _Stimulus:
    return lambda replay, data: replay.tells(make(data))


def _qr_answer(data: Data) -> CashierEvent:
    operation_id, state = data["operation_id"], data["state"]
    if state == "not_registered":
        return QrNotRegistered(operation_id, data.get("reason", ""))
    known = QrState(state) if state in {each.value for each in QrState} else QrState.EXPIRED
    return QrAnswered(operation_id, known, data["amount_minor"], data.get("provider_id", ""))


def _qr_ends(replay: _Replay, data: Data) -> None:
    if data["state"] == "abandoned":  # nobody had seen it when the core fell
        replay.waits(data)
    else:
        replay.tells(_qr_answer(data))


def _alert(data: Data) -> CashierEvent:
    """What an alert of a note that nobody knows was about."""
    if data.get("what") == "unknown_note_in_stacker":
        return AcceptorPoweredUp(PowerUpNote.IN_STACKER)
    if data.get("what") == "unknown_note_stacked":
        return NoteStacked(0)
    if data.get("what") == "note_events_lost":
        return NoteEventsLost(data["count"])
    return AcceptorChanged(ready=False, fault=data.get("fault", "validator_jammed"))


def _slip_end(data: Data) -> CashierEvent:
    if data["printed"]:
        return ReceiptPrinted(data["txn_id"])
    return ReceiptNotPrinted(data["txn_id"], may_be_on_paper=False, reason=data.get("reason", ""))


def _fiscal_numbers(data: Data) -> CashierEvent:
    numbers = (data[name] for name in FiscalDone.__struct_fields__[1:])
    return FiscalDone(data["fiscal_id"], *numbers)


def _card_answer(data: Data) -> CashierEvent:
    amount = data["amount_minor"]
    return CardAnswered(data["operation_id"], CardOutcome(data.get("outcome", "approved")), amount)


def _card_unknown(data: Data) -> CashierEvent:
    return CardAnswered(data["operation_id"], CardOutcome.UNKNOWN)


def _pay_answer(data: Data) -> CashierEvent:
    outcome = PayOutcome(data["outcome"])
    return PayAnswered(data["txn_id"], outcome, data.get("provider_txn", ""), data.get("result_code"))


_UNKNOWN_AGAIN: tuple[_Stimulus, ...] = (_Replay.waits, _event(_card_unknown)) * 4
_STIMULI: dict[str, tuple[_Stimulus, ...]] = {
    "session_open": (_Replay.opens,),
    "escrow_seen": (_event(lambda data: NoteEscrowed(data["value_minor"])),),
    "stacked": (_event(lambda data: NoteStacked(data.get("reported_minor", data["value_minor"]))),),
    "cash_unidentified": (_event(lambda data: NoteStacked(data["value_minor"])),),
    "returned": (
        _event(lambda data: NoteReturned(data["value_minor"])),
        _event(lambda data: AcceptorPoweredUp(PowerUpNote.IN_VALIDATOR)),
    ),
    "in_doubt": (_event(lambda data: NoteMoving(False)), _Replay.waits),
    "repeat_ignored": (_event(lambda data: NoteStacked(data["value_minor"])),),
    "incident": (_event(_alert),),
    "coin_counter_reset": (_event(lambda data: CoinCounterReset()),),
    "coins_lost": (_event(lambda data: CoinEventsLost(data["count"], data.get("counter"))),),
    "coin_rejected": (_event(lambda data: CoinRejected(data["counter"], data.get("device", ""))),),
    "coins_remembered": (
        _event(lambda data: CoinsRemembered(tuple(data["values_minor"]), data["counter"], data.get("device", ""))),
    ),
    "coin_in": (_event(lambda data: CoinAccepted(data["value_minor"], data["counter"], data.get("device", ""))),),
    "pay_intent": (_Replay.presses_pay, _Replay.leaves, _Replay.waits),
    "pay_result": (_event(_pay_answer),),
    "card_result": (_event(_card_answer),),
    "card_review": (_event(_card_answer),),
    "card_reversal": (_event(_card_unknown), *_UNKNOWN_AGAIN, _Replay.waits),
    "card_reversed": (_event(lambda data: CardReversed(data["operation_id"], ReversalOutcome(data["outcome"]))),),
    "qr_registered": (_event(lambda data: QrRegistered(data["operation_id"], data["qrc_id"], data["qrc_id"])),),
    "qr_result": (_qr_ends,),
    "fiscal_intent": (_Replay.waits,),
    "fiscal_done": (_event(_fiscal_numbers),),
    "fiscal_refused": (
        _event(lambda data: FiscalRefused(data["fiscal_id"], data.get("reason", ""), final=data["final"])),
    ),
    "receipt_intent": (_Replay.leaves, _Replay.waits),
    "receipt_done": (_event(_slip_end),),
    "session_closed": (_Replay.closes, _Replay.leaves, _Replay.waits),
}


def _told_by_the_visit(records: Sequence[JournalRecord]) -> list[JournalRecord]:
    """Without what it does not explain: a counter's reset before its first coin, what the office ordered later."""
    own = [record for record in records if "order_id" not in record.data]
    first_coin = next((at for at, record in enumerate(own) if record.kind == "coin_in"), len(own))
    return [record for at, record in enumerate(own) if at > first_coin or record.kind != "coin_counter_reset"]


def _stimuli(record: JournalRecord) -> tuple[_Stimulus, ...]:
    """None for a record that an earlier one brings along."""
    return _STIMULI.get(record.kind, ())


def _words(record: JournalRecord) -> str:
    told = " ".join(f"{name}={record.data[name]}" for name in _COMPARED if name in record.data)
    return f"{record.kind} {told}".rstrip()
