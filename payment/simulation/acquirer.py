"""The far end of a QR of СБП: the acquirer that registers it, and the bank app that pays it, often late."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from payment.contract import QrAnswered, QrNotRegistered, QrRefundAnswered, QrRegistered, QrState
from payment.simulation.stage import Line, Stage, Wire

NET_S = (0.05, 1.0)
PAY_S = (0.5, 5.0)
LATE_PAY_S = (60.0, 3_600.0)
EXPIRES_S = 900.0
REFUND_S = (1.0, 15.0)  # the bank takes its time, and a customer stands at the terminal meanwhile
LATE_S = (60.0, 600.0)  # behind the port's own deadline
REFUSES_EVERY = 12  # refunds are refused for good, by the number of the order


@dataclass(slots=True)
class Qr:
    """What the acquirer knows of one QR. The oracle counts what is paid and what is given back."""

    amount_minor: int
    account: str
    state: QrState = QrState.NEW
    paid_minor: int = 0
    refunded_minor: int = 0


class Acquirer:
    """The cashier's `AcquirerPort` and the bank."""

    def __init__(self, stage: Stage, wire: Wire) -> None:
        self.qrs: dict[str, Qr] = {}
        self.conflicts: list[str] = []  # one number with different values: an error of the cashier
        self._stage = stage
        self._wire = wire

    # --- verbs ------------------------------------------------------------------------------------------------------

    def register(self, operation_id: str, amount_minor: int, account: str) -> None:
        what = f"register {operation_id} {amount_minor}"
        self._verb(what, partial(self._registers, operation_id, Qr(amount_minor, account)))

    def ask(self, operation_id: str) -> None:
        self._verb(f"ask {operation_id}", partial(self._answers, operation_id))

    def cancel(self, operation_id: str) -> None:
        self._verb(f"cancel {operation_id}", partial(self._cancels, operation_id))

    def refund(self, operation_id: str, amount_minor: int) -> None:
        """The network may lose it, bring it twice, or bring it when nobody waits for it any more."""
        self._verb(
            f"refund {operation_id} {amount_minor}", partial(self._is_under_way, operation_id, amount_minor), REFUND_S
        )

    def _is_under_way(self, operation_id: str, amount_minor: int) -> None:
        chance = self._stage.chance
        if chance.happens(0.05):
            self._tell(QrRefundAnswered(operation_id, None))  # lost, or late
            if chance.happens(0.5):
                return
            arrives = partial(self._refunds, operation_id, amount_minor, unheard=True)
            self._stage.later(chance.between_s(*LATE_S), arrives, Line.FAR)
            return
        self._refunds(operation_id, amount_minor)
        if chance.happens(0.05):
            self._refunds(operation_id, amount_minor)

    def _refunds(self, operation_id: str, amount_minor: int, *, unheard: bool = False) -> None:
        """All that was paid, once; the number of the order keeps a repeat from being a second one."""
        self._stage.knife.passes("the acquirer refunds")
        qr = self.qrs[operation_id]
        if qr.paid_minor != amount_minor or qr.state not in (QrState.PAID, QrState.REFUNDED):
            self.conflicts.append(operation_id)
        elif qr.state is QrState.PAID and zlib.crc32(operation_id.encode()) % REFUSES_EVERY:
            qr.state, qr.refunded_minor = QrState.REFUNDED, amount_minor
            self._stage.say(f"bank: {operation_id} is given back, {amount_minor}")
        if not unheard:
            done = qr.state is QrState.REFUNDED
            self._tell(QrRefundAnswered(operation_id, None if self._stage.chance.happens(0.05) else done))

    def _verb(self, what: str, act: Callable[[], None], span_s: tuple[float, float] = NET_S) -> None:
        self._stage.knife.passes("acquirer")
        self._stage.say(f"verb to the acquirer: {what}")
        self._stage.later(self._stage.chance.between_s(*span_s), act, Line.FAR)
        self._stage.knife.passes("acquirer")

    def at_rest(self) -> bool:
        """Every QR has its final state."""
        return not any(qr.state in (QrState.NEW, QrState.IN_PROGRESS) for qr in self.qrs.values())

    # --- the bank app -----------------------------------------------------------------------------------------------

    def is_paid(self, payload: str) -> None:
        """The customer confirms in his bank's app; the money moves a little later, sometimes much later."""
        qr = self.qrs[payload]
        if qr.state is not QrState.NEW:
            return
        qr.state = QrState.IN_PROGRESS
        span_s = LATE_PAY_S if self._stage.chance.happens(0.08) else PAY_S
        self._stage.later(self._stage.chance.between_s(*span_s), partial(self._money_moves, payload), Line.FAR)

    def _money_moves(self, operation_id: str) -> None:
        self._stage.knife.passes("a QR is paid")
        qr = self.qrs[operation_id]
        if qr.state is not QrState.IN_PROGRESS:
            return
        if self._stage.chance.happens(0.05):
            qr.state = QrState.DECLINED
            return
        qr.state = QrState.PAID
        qr.paid_minor = qr.amount_minor + (100 if self._stage.chance.happens(0.005) else 0)
        self._stage.say(f"bank: {operation_id} is paid, {qr.paid_minor}")

    # --- the acquirer -----------------------------------------------------------------------------------------------

    def _registers(self, operation_id: str, qr: Qr) -> None:
        self._stage.knife.passes("the acquirer registers")
        chance = self._stage.chance
        if chance.happens(0.03):
            self._tell(QrNotRegistered(operation_id, "no connection"))
            return
        known = self.qrs.setdefault(operation_id, qr)
        if (known.amount_minor, known.account) != (qr.amount_minor, qr.account):
            self.conflicts.append(operation_id)
        self._stage.later(EXPIRES_S, partial(self._expires, operation_id), Line.FAR)
        if chance.happens(0.02):
            self._tell(QrNotRegistered(operation_id, "time-out"))
        else:
            self._tell(QrRegistered(operation_id, f"AD{operation_id}", operation_id))

    def _expires(self, operation_id: str) -> None:
        if self.qrs[operation_id].state is QrState.NEW:
            self.qrs[operation_id].state = QrState.EXPIRED

    def _answers(self, operation_id: str) -> None:
        self._stage.knife.passes("the acquirer is asked")
        qr = self.qrs.get(operation_id)
        if self._stage.chance.happens(0.05):
            self._tell(QrAnswered(operation_id, QrState.UNKNOWN))
        elif qr is None:
            self._tell(QrAnswered(operation_id, QrState.EXPIRED))
        else:
            self._tell(QrAnswered(operation_id, qr.state, qr.paid_minor, "SBP1"))

    def _cancels(self, operation_id: str) -> None:
        qr = self.qrs.get(operation_id)
        if qr is not None and qr.state is QrState.NEW:
            qr.state = QrState.DECLINED
        self._answers(operation_id)

    def _tell(self, event: QrRegistered | QrNotRegistered | QrAnswered | QrRefundAnswered) -> None:
        self._wire.tell(event, NET_S)
