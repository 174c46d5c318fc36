"""What a journal says of one day: its payments, fiscal documents and counters, and their totals by channel. Pure.

A payment belongs to the day of its `txn_date`, which billing keeps too. Source: payments notes, section 11.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from payment.cassette import Cassette, CassetteCount
from payment.contract import JournalRecord, Means
from payment.reconciliation.compare import Entry, Outcome

_OUTCOMES = {"credited": Outcome.DONE, "refused": Outcome.REFUSED, "unknown": Outcome.UNKNOWN}


@dataclass(frozen=True, slots=True)
class DayPayment:
    """One credit asked of billing. `outcome` is UNKNOWN until billing has answered for good."""

    txn_id: str
    txn_date: str  # YYYYMMDDHHMMSS
    account: str
    service: str
    amount_minor: int
    fee_minor: int
    means: Means
    session_id: str
    outcome: Outcome = Outcome.UNKNOWN
    provider_txn: str = ""
    moved_on: bool = False  # the office had its money paid to another account, which is a payment of its own

    @property
    def entry(self) -> Entry:
        return Entry(self.txn_id, self.account, self.amount_minor, self.txn_date[:8], self.outcome)


@dataclass(frozen=True, slots=True)
class DayDocument:
    """One fiscal document of the queue: done once the drive has closed it."""

    fiscal_id: str
    account: str
    amount_minor: int
    day: str
    outcome: Outcome = Outcome.UNKNOWN

    @property
    def entry(self) -> Entry:
        return Entry(self.fiscal_id, self.account, self.amount_minor, self.day, self.outcome)


@dataclass(frozen=True, slots=True)
class ChannelTotal:
    """Payments of one channel: all taken, and of them what billing confirmed, refused, has not answered."""

    count: int = 0
    taken_minor: int = 0
    fee_minor: int = 0
    credited_minor: int = 0
    refused_minor: int = 0
    unknown_minor: int = 0


class JournalSummary:
    """Reads a journal from the top; asked for a day afterwards."""

    def __init__(self, records: Iterable[JournalRecord] = ()) -> None:
        self._payments: dict[str, DayPayment] = {}
        self._documents: dict[str, DayDocument] = {}
        self._cassette = Cassette()
        self._local_day = ""
        for record in records:
            self.add(record.kind, record.data)

    def add(self, kind: str, data: Mapping[str, Any]) -> None:
        self._cassette.add(kind, data)
        match kind:
            case "pay_intent":
                payment = _payment(data)
                self._local_day = payment.txn_date[:8]
                self._payments[payment.txn_id] = payment
                if (before := self._payments.get(data.get("of_txn", ""))) is not None:
                    self._payments[before.txn_id] = replace(before, moved_on=True)
            case "cancel_result" if data["outcome"] == "cancelled" and data["txn_id"] in self._payments:
                cancelled = self._payments[data["txn_id"]]
                self._payments[cancelled.txn_id] = replace(cancelled, outcome=Outcome.REFUSED)
            case "pay_result" if (paid := self._payments.get(data["txn_id"])) is not None:
                outcome = _OUTCOMES.get(str(data.get("outcome")), Outcome.UNKNOWN)
                provider_txn = str(data.get("provider_txn", ""))
                self._payments[paid.txn_id] = replace(paid, outcome=outcome, provider_txn=provider_txn)
            case "fiscal_intent":
                document = self._document(data)
                self._documents[document.fiscal_id] = document
            case "fiscal_done" if (made := self._documents.get(data["fiscal_id"])) is not None:
                self._documents[made.fiscal_id] = replace(made, outcome=Outcome.DONE)
            case "fiscal_refused" if (made := self._documents.get(data["fiscal_id"])) is not None:
                self._documents[made.fiscal_id] = replace(made, outcome=Outcome.REFUSED)

    def _document(self, data: Mapping[str, Any]) -> DayDocument:
        lines = data.get("lines") or [data]
        total_minor = data.get("total_minor")
        if total_minor is None:
            total_minor = sum(line.get("amount_minor", 0) + line.get("fee_minor", 0) for line in lines)
        account = str(data.get("account") or lines[0].get("account", ""))
        day = str(data.get("sold_at", ""))[:8] or self._local_day
        return DayDocument(str(data["fiscal_id"]), account, total_minor, day)

    @property
    def inside(self) -> CassetteCount:
        """What lies in the cassette and the coin box."""
        return self._cassette.count()

    def payments(self, day: str) -> list[DayPayment]:
        """Of one day, YYYYMMDD, in the order of the journal."""
        return [payment for payment in self._payments.values() if payment.txn_date.startswith(day)]

    def documents(self, day: str) -> list[DayDocument]:
        return [document for document in self._documents.values() if document.day == day]

    def all_documents(self) -> list[DayDocument]:
        """Of every day that was read."""
        return list(self._documents.values())

    def payment(self, txn_id: str) -> DayPayment | None:
        return self._payments.get(txn_id)

    def document(self, fiscal_id: str) -> DayDocument | None:
        return self._documents.get(fiscal_id)


def totals_by_channel(payments: Iterable[DayPayment]) -> dict[Means, ChannelTotal]:
    """Cash, card and QR apart; a channel without payments is not named, and moved money counts where it went."""
    totals: dict[Means, ChannelTotal] = {}
    for payment in payments:
        if payment.moved_on:
            continue
        before = totals.get(payment.means, ChannelTotal())
        amount = payment.amount_minor
        totals[payment.means] = ChannelTotal(
            count=before.count + 1,
            taken_minor=before.taken_minor + amount + payment.fee_minor,
            fee_minor=before.fee_minor + (payment.fee_minor if payment.outcome is not Outcome.REFUSED else 0),
            credited_minor=before.credited_minor + (amount if payment.outcome is Outcome.DONE else 0),
            refused_minor=before.refused_minor
            + (amount + payment.fee_minor if payment.outcome is Outcome.REFUSED else 0),
            unknown_minor=before.unknown_minor + (amount if payment.outcome is Outcome.UNKNOWN else 0),
        )
    return totals


def _payment(data: Mapping[str, Any]) -> DayPayment:
    return DayPayment(
        txn_id=data["txn_id"],
        txn_date=data["txn_date"],
        account=data["account"],
        service=str(data.get("service", "")),
        amount_minor=data["amount_minor"],
        fee_minor=data.get("fee_minor", 0),
        means=Means(data.get("means", "cash")),
        session_id=str(data.get("session_id", "")),
    )
