"""The office: two people decide on money that lies with the terminal, and tell it until its journal has the order.

Some refused money goes to another account of its payer, back by СБП, or out of a person's hand; now and then a credit
turns out to be of a wrong account. Some orders are withdrawn, behind the order or ahead of a late copy of it, and the
same money is then decided on anew: that is where it could be given twice. What happens to which payment is decided by
its number, so that no seed's chances are drawn for it.
"""

from __future__ import annotations

import enum
import zlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from payment.contract import (
    CreditToCancel,
    JournalRecord,
    Means,
    MoveAct,
    MoveOrdered,
    MoveWithdrawn,
    PayRequest,
)
from payment.simulation.written import payer

OTHER_ACCOUNT = "7"  # of the payer, and never a closed one
EVERY = {  # so many payments one is decided on, by (refused, a whole QR); each costs a life some rest
    (True, False): 10,
    (True, True): 1,
    (False, False): 200,
    (False, True): 10,
}
BACK_TO_ACCOUNT_OF_QR = 5  # of so many refused payments by QR one goes to another account
_KINDS = frozenset(  # what the office reads
    {"qr_result", "pay_intent", "pay_result", "move_ordered", "cancel_intent", "cancel_result", "refund_intent"}
    | {"moved", "move_failed", "move_withdrawn"}
)

Told = MoveOrdered | MoveWithdrawn


class Withdrawn(enum.Enum):
    """Whether people think better of it."""

    NEVER = enum.auto()
    BEHIND = enum.auto()  # told behind the order
    AHEAD = enum.auto()  # the order comes late, behind its withdrawal


WITHDRAWN_IN_TURN = (Withdrawn.NEVER, Withdrawn.BEHIND, Withdrawn.AHEAD, Withdrawn.BEHIND)


@dataclass(slots=True)
class Given:
    """One order, and what the journal has told of it."""

    order: MoveOrdered
    withdrawn: Withdrawn
    in_journal: bool = False
    begun: bool = False  # or over: there is nothing to withdraw
    over: bool = False

    def core_fell(self) -> None:
        self.in_journal = self.begun = self.over = False

    def to_tell(self) -> list[Told]:
        withdrawal = MoveWithdrawn(self.order.order_id)
        if self.withdrawn is Withdrawn.NEVER or self.begun:
            return [] if self.in_journal or self.over else [self.order]
        if self.withdrawn is Withdrawn.AHEAD:
            return [withdrawal, self.order]
        return [withdrawal] if self.in_journal else [self.order, withdrawal]


class Office:
    """Reads the journal as it was uploaded: only what is durable, and only what is new."""

    def __init__(self) -> None:
        self.paid_out: Counter[str] = Counter()  # by account, out of a person's hand, in kopecks
        self._given: dict[str, Given] = {}
        self._intents: dict[str, Mapping[str, Any]] = {}
        self._qrs: dict[str, tuple[str, int]] = {}  # by visit: operation and kopecks
        self._seen = 0

    def core_fell(self) -> None:
        """What was not durable is gone: the journal is read anew, decisions stand."""
        self._seen = 0
        for given in self._given.values():
            given.core_fell()

    def has_decided(self) -> bool:
        return bool(self._given)

    def orders(self, records: Sequence[JournalRecord]) -> list[Told]:
        """Decides on what is new, and gives what the journal does not show yet."""
        self._reads(records)
        return [told for given in self._given.values() for told in given.to_tell()]

    def is_waited_for(self, records: Sequence[JournalRecord]) -> bool:
        """Something that was decided is not over."""
        self._reads(records)
        return not all(given.over for given in self._given.values())

    def _reads(self, records: Sequence[JournalRecord]) -> None:
        for at in range(self._seen, len(records)):
            record = records[at]
            if record.kind in _KINDS:
                self._read(record.kind, record.data)
        self._seen = len(records)

    def _read(self, kind: str, data: Mapping[str, Any]) -> None:
        match kind:
            case "qr_result" if data["state"] == "paid":
                self._qr_paid(data)
            case "pay_intent" if "from" in data:
                self._goes_on(data["session_id"], over=True)
            case "pay_intent":
                self._intents[data["txn_id"]] = data
            case "pay_result" if data["txn_id"] in self._intents:
                self._decides(data, self._intents[data["txn_id"]])
            case "move_ordered" if data["order_id"] in self._given:
                self._given[data["order_id"]].in_journal = True
            case "cancel_intent" | "refund_intent":
                self._goes_on(data["order_id"], over=False)
            case "cancel_result":
                self._cancelled(data)
            case "moved" | "move_failed":
                self._goes_on(data.get("order_id", ""), over=True)
            case "move_withdrawn":
                self._goes_on(data["order_id"], over=True)
                self._decides_anew(self._given[data["order_id"]].order)

    def _goes_on(self, order_id: str, *, over: bool) -> None:
        if (given := self._given.get(order_id)) is not None:
            given.begun, given.over = True, given.over or over

    # --- what is decided --------------------------------------------------------------------------------------------

    def _qr_paid(self, data: Mapping[str, Any]) -> None:
        self._qrs[data["session_id"]] = data["operation_id"], data["amount_minor"]
        if data.get("to") == "unallocated":  # another sum than was asked
            order_id, account = f"order-{data['operation_id']}", payer(data["account"]) + OTHER_ACCOUNT
            order = MoveOrdered(order_id, MoveAct.REFUND_QR, data["amount_minor"], account, means=Means.QR)
            self._gives(replace(order, operation_id=data["operation_id"]))

    def _decides(self, result: Mapping[str, Any], intent: Mapping[str, Any]) -> None:
        if result["outcome"] == "unknown":
            return
        order = _readdressing(result, intent)
        operation_id, paid_minor = self._qrs.get(intent["session_id"], ("", 0))
        whole_qr = order.means is Means.QR and paid_minor == order.amount_minor
        refused, number = order.credit is None, zlib.crc32(order.of_txn.encode())
        every = EVERY[refused, whole_qr]
        if number % every:
            return
        in_turn = number // every
        if whole_qr and in_turn % BACK_TO_ACCOUNT_OF_QR:
            self._gives(replace(order, act=MoveAct.REFUND_QR, operation_id=operation_id))
        elif order.means is not Means.CASH or in_turn % 2 == 0:
            self._gives(order)
        elif refused:
            self._pays_out(order, intent["account"])
        else:
            self._gives(replace(order, act=MoveAct.FREE))

    def _cancelled(self, data: Mapping[str, Any]) -> None:
        given = self._given.get(data["order_id"])
        if given is None:
            return
        freed = data["outcome"] == "cancelled"
        given.begun, given.over = True, given.order.act is MoveAct.FREE or not freed
        if freed and given.order.act is MoveAct.FREE:
            order = replace(given.order, order_id=f"{given.order.order_id}-2", credit=None)
            self._pays_out(order, self._intents[data["txn_id"]]["account"])

    def _decides_anew(self, withdrawn: MoveOrdered) -> None:
        """The same money once more, and this time it stays decided."""
        again = replace(withdrawn, order_id=f"{withdrawn.order_id}-2", act=MoveAct.READDRESS)
        self._gives(again, Withdrawn.NEVER)

    def _pays_out(self, order: MoveOrdered, account: str) -> None:
        """A person has given the money back; the order that follows takes it out of the books."""
        if order.order_id not in self._given:
            self.paid_out[account] += order.amount_minor
            self._gives(replace(order, act=MoveAct.GIVEN_BACK), Withdrawn.NEVER)

    def _gives(self, order: MoveOrdered, withdrawn: Withdrawn | None = None) -> None:
        if order.order_id in self._given:
            return
        in_turn = zlib.crc32(f"withdrawn {order.order_id}".encode()) % len(WITHDRAWN_IN_TURN)
        self._given[order.order_id] = Given(order, withdrawn or WITHDRAWN_IN_TURN[in_turn])


def _readdressing(result: Mapping[str, Any], intent: Mapping[str, Any]) -> MoveOrdered:
    """All of a payment to another account of its payer; its credit is cancelled first, where there is one."""
    txn_id, refused = result["txn_id"], result["outcome"] == "refused"
    credited = PayRequest(txn_id, intent["txn_date"], intent["account"], intent["amount_minor"])
    return MoveOrdered(
        order_id=f"order-{txn_id}",
        act=MoveAct.READDRESS,
        amount_minor=result["amount_minor"] + (result["fee_minor"] if refused else 0),
        account=payer(intent["account"]) + OTHER_ACCOUNT,
        means=Means(intent["means"]),
        credit=None if refused else CreditToCancel(credited, result["provider_txn"], intent["session_id"]),
        of_txn=txn_id,
    )
