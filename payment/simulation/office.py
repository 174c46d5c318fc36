"""The office: two people decide on money that lies with the terminal, and tell it until its journal has the order.

Half of the refused money goes to another account of its payer; now and then a credit turns out to be of a wrong one.
Which payments is decided by their numbers, so that no seed's chances are drawn for it.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from payment.contract import CreditToCancel, JournalRecord, Means, MoveAct, MoveOrdered, PayRequest
from payment.simulation.written import payer

OTHER_ACCOUNT = "7"  # of the payer, and never a closed one
EVERY_REFUSED, EVERY_CREDITED = 2, 23
ENDED = frozenset({"moved", "move_failed", "cancel_result"})


class Office:
    """Reads the journal as it was uploaded: only what is durable."""

    def __init__(self) -> None:
        self._orders: dict[str, MoveOrdered] = {}

    def reads(self, records: Iterable[JournalRecord]) -> list[MoveOrdered]:
        """Decides anew, and gives the orders that the journal does not have yet."""
        known: set[str] = set()
        intents: dict[str, Mapping[str, Any]] = {}
        for record in records:
            data: Mapping[str, Any] = record.data
            if record.kind == "move_ordered":
                known.add(data["order_id"])
            elif record.kind == "pay_intent" and "from" not in data:
                intents[data["txn_id"]] = data
            elif record.kind == "pay_result" and data["txn_id"] in intents:
                self._decides(data, intents[data["txn_id"]])
        return [order for order_id, order in self._orders.items() if order_id not in known]

    def is_waited_for(self, records: Iterable[JournalRecord]) -> bool:
        """Something that was decided is not over."""
        open_orders = set(self._orders)
        for record in records:
            data: Mapping[str, Any] = record.data
            if record.kind in ENDED and not (record.kind == "cancel_result" and data["outcome"] == "cancelled"):
                open_orders.discard(data.get("order_id", ""))
            elif record.kind == "pay_intent":
                open_orders.discard(data["session_id"])
        return bool(open_orders)

    def _decides(self, result: Mapping[str, Any], intent: Mapping[str, Any]) -> None:
        txn_id = result["txn_id"]
        refused, number = result["outcome"] == "refused", zlib.crc32(txn_id.encode())
        order_id = f"order-{txn_id}"
        if order_id in self._orders or result["outcome"] == "unknown":
            return
        if number % (EVERY_REFUSED if refused else EVERY_CREDITED):
            return
        credit = None
        amount_minor = result["amount_minor"] + (result["fee_minor"] if refused else 0)
        if not refused:
            request = PayRequest(txn_id, intent["txn_date"], intent["account"], intent["amount_minor"])
            credit = CreditToCancel(request, result["provider_txn"], intent["session_id"])
        self._orders[order_id] = MoveOrdered(
            order_id=order_id,
            act=MoveAct.READDRESS,
            amount_minor=amount_minor,
            account=payer(intent["account"]) + OTHER_ACCOUNT,
            means=Means(intent["means"]),
            credit=credit,
            of_txn=txn_id,
        )
