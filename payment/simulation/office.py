"""The office: two people decide on money that lies with the terminal, and tell it until its journal has the order.

Some refused money goes to another account of its payer; now and then a credit turns out to be of a wrong one.
Which payments is decided by their numbers, so that no seed's chances are drawn for it.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

from payment.contract import CreditToCancel, JournalRecord, Means, MoveAct, MoveOrdered, PayRequest
from payment.simulation.written import payer

OTHER_ACCOUNT = "7"  # of the payer, and never a closed one
EVERY_REFUSED, EVERY_CREDITED = 10, 200  # each costs a life some rest


class Office:
    """Reads the journal as it was uploaded: only what is durable, and only what is new."""

    def __init__(self) -> None:
        self._orders: dict[str, MoveOrdered] = {}
        self._untold: dict[str, MoveOrdered] = {}  # not in the journal yet
        self._open: set[str] = set()  # not over
        self._intents: dict[str, Mapping[str, Any]] = {}
        self._seen = 0

    def core_fell(self) -> None:
        """What was not durable is gone: the journal is read anew, decisions stand."""
        self._seen = 0
        self._untold = dict(self._orders)
        self._open = set(self._orders)

    def orders(self, records: Sequence[JournalRecord]) -> list[MoveOrdered]:
        """Decides on what is new, and gives the orders that the journal does not have yet."""
        self._reads(records)
        return list(self._untold.values())

    def is_waited_for(self, records: Sequence[JournalRecord]) -> bool:
        """Something that was decided is not over."""
        if not self._open:
            return False
        self._reads(records)
        return bool(self._open)

    def _reads(self, records: Sequence[JournalRecord]) -> None:
        for record in records[self._seen :]:
            data: Mapping[str, Any] = record.data
            match record.kind:
                case "move_ordered":
                    self._untold.pop(data["order_id"], None)
                case "pay_intent" if "from" in data:
                    self._open.discard(data["session_id"])
                case "pay_intent":
                    self._intents[data["txn_id"]] = data
                case "pay_result" if data["txn_id"] in self._intents:
                    self._decides(data, self._intents[data["txn_id"]])
                case "moved" | "move_failed":
                    self._open.discard(data.get("order_id", ""))
                case "cancel_result" if data["outcome"] == "refused":
                    self._open.discard(data["order_id"])
        self._seen = len(records)

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
        order = MoveOrdered(
            order_id=order_id,
            act=MoveAct.READDRESS,
            amount_minor=amount_minor,
            account=payer(intent["account"]) + OTHER_ACCOUNT,
            means=Means(intent["means"]),
            credit=credit,
            of_txn=txn_id,
        )
        self._orders[order_id] = self._untold[order_id] = order
        self._open.add(order_id)
