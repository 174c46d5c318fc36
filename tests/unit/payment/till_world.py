"""A cashier among ports that write down what they are told, over a disk that syncs when the test says so."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from payment.cashier import Cashier
from payment.contract import (
    AcceptorChanged,
    CashInSnapshot,
    CashSettings,
    JournalRecord,
    Moment,
    NoteEscrowed,
    NoteMoving,
    NoteReturned,
    NoteStacked,
    PayAnswered,
    PaymentOrder,
    PayOutcome,
    PayRequest,
    Receipt,
    ReceiptPrinted,
)
from payment.ledger import Books

ORDER = PaymentOrder("100000017", asked_minor=500_00)
OTHER_ORDER = PaymentOrder("200000028")


@dataclass
class TillWorld:
    """`log` has everything in the order it happened: records when they are handed to the disk, verbs, requests."""

    settings: CashSettings = field(default_factory=lambda: CashSettings(terminal_id="17"))
    held: bool = False  # True: records wait for `sync`
    good_disk: bool = True
    now_s: float = 5_000.0
    log: list[str] = field(default_factory=list)
    records: list[JournalRecord] = field(default_factory=list)
    unsynced: deque[tuple[JournalRecord, Callable[[], None]]] = field(default_factory=deque)
    requests: list[PayRequest] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    told: list[CashInSnapshot] = field(default_factory=list)

    def cashier(self, *, ready: bool = True, records: Sequence[JournalRecord] = ()) -> Cashier:
        cashier = Cashier(
            journal=self,
            acceptor=self,
            billing=self,
            printer=self,
            clock=self,
            settings=self.settings,
            tell=self.told.append,
            records=records,
        )
        if ready:
            cashier.on_event(AcceptorChanged(ready=True))
        return cashier

    def opened(self) -> Cashier:
        """A cashier that takes money for `ORDER`."""
        cashier = self.cashier()
        cashier.open_visit(ORDER)
        return cashier

    # --- ports ------------------------------------------------------------------------------------------------------

    def now(self) -> Moment:
        second = int(self.now_s)
        return Moment(second * 1000, self.now_s, f"20261123{second % 1_000_000:06d}")

    def append(self, kind: str, data: dict[str, object], on_durable: Callable[[], None]) -> None:
        self.log.append(kind)
        number = len(self.records) + len(self.unsynced) + 1
        wall_ms = self.now().wall_ms
        record = JournalRecord(number, kind, json.loads(json.dumps(data)), wall_ms, 0, "", "", b"")
        if self.held:
            self.unsynced.append((record, on_durable))
        else:
            self.records.append(record)
            on_durable()

    def sync(self) -> None:
        """What waits for the disk is durable now; what that leads to waits again."""
        for _ in range(len(self.unsynced)):
            record, on_durable = self.unsynced.popleft()
            self.records.append(record)
            on_durable()

    def writable(self) -> bool:
        return self.good_disk

    def enable(self) -> None:
        self.log.append("ENABLE")

    def disable(self) -> None:
        self.log.append("DISABLE")

    def stack(self) -> None:
        self.log.append("STACK")

    def return_note(self) -> None:
        self.log.append("RETURN")

    def hold(self) -> None:
        self.log.append("HOLD")

    def pay(self, request: PayRequest) -> None:
        self.log.append("PAY")
        self.requests.append(request)

    def cancel(self, request: PayRequest, provider_txn: str) -> None:
        self.log.append("CANCEL PAY")

    def print_receipt(self, receipt: Receipt) -> None:
        self.log.append("PRINT")
        self.receipts.append(receipt)

    # --- what the devices and billing do ------------------------------------------------------------------------------

    def put_in(self, cashier: Cashier, *values_minor: int) -> None:
        """Whole notes, one after the other, into the cassette."""
        for value_minor in values_minor:
            cashier.on_event(NoteMoving(True))
            cashier.on_event(NoteEscrowed(value_minor))
            ended = NoteStacked if self.log[-1] == "STACK" else NoteReturned
            cashier.on_event(ended(value_minor))
            cashier.on_event(NoteMoving(False))

    def answer(self, cashier: Cashier, outcome: PayOutcome, provider_txn: str = "77") -> None:
        """Billing's answer to the newest request."""
        cashier.on_event(PayAnswered(self.requests[-1].txn_id, outcome, provider_txn))

    def print_out(self, cashier: Cashier) -> None:
        cashier.on_event(ReceiptPrinted(self.receipts[-1].txn_id))

    def wait(self, cashier: Cashier, seconds: int) -> None:
        for _ in range(seconds):
            self.now_s += 1
            cashier.on_time(self.now())

    def kinds(self) -> list[str]:
        return [record.kind for record in self.records]

    def data(self, kind: str) -> dict[str, Any]:
        """The newest record of this kind."""
        return next(record.data for record in reversed(self.records) if record.kind == kind)


def check_books(world: TillWorld) -> Books:
    """The books of what is on disk; they must be sound."""
    books = Books((record.kind, record.data) for record in world.records)
    assert books.faults() == []
    return books
