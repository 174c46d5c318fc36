"""What the journal must say of money that is neither given back nor credited, read by the judge's own eyes.

Lines of doubt, of unknown card operations, of money that is nobody's, of fees, and the alerts about money that no
record can name. The cashier's books are not asked. A line covers money only if a person who reads it can find the
money by it: with an amount and whose it is, or as an alert that sends him to the box.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from payment.contract import JournalRecord

PAYER_LENGTH = 4  # accounts of one customer begin alike


def payer(account: str) -> str:
    """All accounts that one customer pays for."""
    return account[:PAYER_LENGTH]


@dataclass(slots=True)
class Account:
    """One customer's money, in kopecks."""

    taken: int = 0  # what lies in our boxes and what the hosts hold for us
    held: int = 0  # of it, on cards
    credited: int = 0
    nobodys: int = 0  # written down as unallocated, or as our fee
    doubted: int = 0  # written down as in doubt
    unknown: int = 0  # written down as asked of a card, and not surely answered
    untold: int = 0  # notes whose end no device told
    unnamed: int = 0  # of notes that a device can only tell of without naming their value
    forgotten: int = 0  # of coins whose events a power cut wiped out


@dataclass(slots=True)
class Written:
    """By payer; sessions, payments and operations lead to him."""

    accounts: dict[str, Account] = field(default_factory=dict)
    operations: dict[str, str] = field(default_factory=dict)
    unfiscalised: set[str] = field(default_factory=set)  # refused by the register for good: a person corrects it
    incidents: int = 0  # alerts of a note that nobody knows
    coin_alerts: int = 0
    refunds: Counter[str] = field(default_factory=Counter)  # kopecks that went back by СБП, by operation
    collected: int = 0  # kopecks of notes that the counters were reset of
    _sessions: dict[str, str] = field(default_factory=dict)
    _payments: dict[str, str] = field(default_factory=dict)
    _orders: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    _doubts: list[tuple[str, int]] = field(default_factory=list)
    _documents: dict[str, list[str]] = field(default_factory=dict)

    def of(self, account: str) -> Account:
        return self.accounts.setdefault(payer(account), Account())

    def read(self, record: JournalRecord) -> None:
        reader = getattr(self, f"_{record.kind}", None)
        if reader is not None:
            reader(record.data)

    def _whose(self, data: Mapping[str, Any]) -> Account:
        return self.of(self._sessions.get(data.get("session_id", ""), ""))

    # --- sessions and payments --------------------------------------------------------------------------------------

    def _session_open(self, data: Mapping[str, Any]) -> None:
        self._sessions[data["session_id"]] = data["account"]

    def _pay_intent(self, data: Mapping[str, Any]) -> None:
        self._payments[data["txn_id"]] = data["account"]
        if data.get("from") == "unallocated":
            self.of(data["account"]).nobodys -= data["amount_minor"]
            if not data.get("fiscal"):  # its cancelled credit has a document, which a person corrects
                self.unfiscalised.add(data["txn_id"])

    def _cancel_result(self, data: Mapping[str, Any]) -> None:
        if data["outcome"] == "cancelled":
            self.of(self._payments.get(data["txn_id"], "")).nobodys += data["amount_minor"]

    def _move_ordered(self, data: Mapping[str, Any]) -> None:
        self._orders[data["order_id"]] = data

    def _moved(self, data: Mapping[str, Any]) -> None:
        """Out of what lay with us, into the customer's hands."""
        order = self._orders.get(data["order_id"], {})
        operation_id = order.get("operation_id", "")
        whose = self._payments.get(data["txn_id"]) or self.operations.get(operation_id, "")
        self.of(whose).nobodys -= data["amount_minor"]
        if order.get("act") == "refund_qr":
            self.refunds[operation_id] += data["amount_minor"]

    def _pay_result(self, data: Mapping[str, Any]) -> None:
        account = self.of(self._payments.get(data["txn_id"], ""))
        if data["outcome"] == "refused":
            account.nobodys += data["amount_minor"] + data["fee_minor"]
        elif data["outcome"] == "credited":
            account.nobodys += data["fee_minor"]

    # --- notes and coins --------------------------------------------------------------------------------------------

    def _in_doubt(self, data: Mapping[str, Any]) -> None:
        whose = self._sessions.get(data.get("session_id", ""), "")
        self.of(whose).doubted += data["value_minor"]
        self._doubts.append((whose, data["value_minor"]))

    def _doubt_cleared(self, data: Mapping[str, Any]) -> None:
        self._settles(data["value_minor"])

    def _stacked(self, data: Mapping[str, Any]) -> None:
        whose = self._sessions.get(data.get("session_id", ""), "")
        if data.get("from") == "in_doubt":  # told while the next customer stands there: it is the doubt's own
            whose = self._settles(data["value_minor"]) or whose
        if data.get("to") == "unallocated":
            self.of(whose).nobodys += data["value_minor"]

    def _cash_unidentified(self, data: Mapping[str, Any]) -> None:
        self._whose(data).nobodys += data["value_minor"]

    def _incident(self, data: Mapping[str, Any]) -> None:
        self.incidents += 1

    def _counters_reset(self, data: Mapping[str, Any]) -> None:
        self.collected += data["notes_total_minor"]

    def _coin_in(self, data: Mapping[str, Any]) -> None:
        if data.get("to") == "unallocated":
            self._whose(data).nobodys += data["value_minor"]

    def _coins_lost(self, data: Mapping[str, Any]) -> None:
        self.coin_alerts += 1

    def _coin_counter_reset(self, data: Mapping[str, Any]) -> None:
        self.coin_alerts += 1

    def _settles(self, value_minor: int) -> str:
        """The doubt that is settled is the last one of this value, whoever stands at the terminal now.

        Of two doubts of one value it does not matter which: each has its own account, and one of them stays open.
        """
        for at in range(len(self._doubts) - 1, -1, -1):
            whose, doubted_minor = self._doubts[at]
            if doubted_minor == value_minor:
                self.of(whose).doubted -= value_minor
                del self._doubts[at]
                return whose
        return ""

    # --- cards, QRs, documents --------------------------------------------------------------------------------------

    def _card_intent(self, data: Mapping[str, Any]) -> None:
        self.operations[data["operation_id"]] = data["account"]
        self.of(data["account"]).unknown += data["amount_minor"]

    def _card_result(self, data: Mapping[str, Any]) -> None:
        if data["outcome"] != "unknown":
            self._operation(data).unknown -= data["amount_minor"]

    def _card_review(self, data: Mapping[str, Any]) -> None:
        self._operation(data).unknown -= data["asked_minor"]
        self._operation(data).nobodys += data["amount_minor"]

    def _card_reversed(self, data: Mapping[str, Any]) -> None:
        if data["of"] == "approved" and data["outcome"] == "unknown":
            self._operation(data).nobodys -= data["amount_minor"]  # with us or on the card again: a person asks
            self._operation(data).unknown += data["amount_minor"]
        if data["outcome"] != "done":
            return
        if data["of"] == "approved":
            self._operation(data).nobodys -= data["amount_minor"]
        else:
            self._operation(data).unknown -= data["amount_minor"]

    def _operation(self, data: Mapping[str, Any]) -> Account:
        return self.of(self.operations.get(data["operation_id"], ""))

    def _qr_intent(self, data: Mapping[str, Any]) -> None:
        self.operations[data["operation_id"]] = data["account"]

    def _qr_result(self, data: Mapping[str, Any]) -> None:
        if data.get("to") == "unallocated":
            self._whose(data).nobodys += data["amount_minor"]

    def _fiscal_intent(self, data: Mapping[str, Any]) -> None:
        self._documents[data["fiscal_id"]] = [line["txn_id"] for line in data["lines"]]

    def _fiscal_refused(self, data: Mapping[str, Any]) -> None:
        self.unfiscalised.update(self._documents.get(data["fiscal_id"], ()))
