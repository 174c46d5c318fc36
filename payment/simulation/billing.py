"""The far end of a pay request: a network that loses, delays and repeats, and a billing that credits once a txn_id."""

from __future__ import annotations

from functools import partial

from payment.contract import CancelAnswered, CancelOutcome, PayAnswered, PayOutcome, PayRequest
from payment.simulation.stage import Line, Stage, Wire

NET_S = (0.02, 0.6)
DEADLINE_S = 60.0  # of the port: then the outcome is unknown
LATE_S = (DEADLINE_S, 600.0)
REFUSED_S = (0.01, 0.1)  # the connection is refused at once
OUTAGE_S = (60.0, 7_200.0)


class Billing:
    """The cashier's `BillingPort` and what stands behind it. The oracle counts `credits`."""

    def __init__(self, stage: Stage, wire: Wire) -> None:
        self.credits: dict[str, PayRequest] = {}
        self.closed_accounts: set[str] = set()  # a pay to them is refused for good
        self.cancelled: dict[str, PayRequest] = {}
        self.conflicts: list[str] = []  # one txn_id with different values: an error of the cashier
        self._known: dict[str, PayRequest] = {}
        self._stage = stage
        self._wire = wire
        self._down = False

    def pay(self, request: PayRequest) -> None:
        stage = self._stage
        stage.knife.passes("pay")
        stage.say("pay {}: {} to {}", request.txn_id, request.amount_minor, request.account)
        self._sends(request)
        stage.knife.passes("pay")

    def cancel(self, request: PayRequest, provider_txn: str) -> None:
        stage = self._stage
        stage.knife.passes("cancel")
        stage.say(f"cancel {request.txn_id}")
        stage.later(stage.chance.between_s(*NET_S), partial(self._cancels, request), Line.FAR)
        stage.knife.passes("cancel")

    def _cancels(self, request: PayRequest) -> None:
        """At billing: undone once, and a repeat says the same; the network may lose either way."""
        self._stage.knife.passes("a cancel arrives at billing")
        if self._down or self._stage.chance.happens(0.05):
            self._wire.tell(CancelAnswered(request.txn_id, CancelOutcome.UNKNOWN), REFUSED_S)
            return
        credit = self.credits.pop(request.txn_id, None)
        if credit is not None:
            self.cancelled[request.txn_id] = credit
        known = request.txn_id in self.cancelled
        lost = self._stage.chance.happens(0.05)
        outcome = CancelOutcome.CANCELLED if known else CancelOutcome.REFUSED
        told = CancelAnswered(request.txn_id, CancelOutcome.UNKNOWN if lost else outcome)
        self._wire.tell(told, NET_S)

    def goes_down(self) -> None:
        self._down = True
        self._stage.say("billing is down")
        self._stage.later(self._stage.chance.between_s(*OUTAGE_S), self._comes_up, Line.FAR)

    def _comes_up(self) -> None:
        self._down = False

    def _sends(self, request: PayRequest) -> None:
        chance = self._stage.chance
        if self._down:
            self._wire.tell(PayAnswered(request.txn_id, PayOutcome.UNKNOWN, comment="no connection"), REFUSED_S)
            return
        if chance.happens(0.03):
            self._no_answer(request)  # lost on the way there
            return
        late = chance.happens(0.02)
        self._stage.later(
            chance.between_s(*(LATE_S if late else NET_S)), partial(self._arrives, request, late), Line.FAR
        )
        if late:
            self._no_answer(request)
        elif chance.happens(0.02):  # the network or a proxy sends it twice
            self._stage.later(chance.between_s(*LATE_S), partial(self._arrives, request, True), Line.FAR)

    def _no_answer(self, request: PayRequest) -> None:
        unknown = PayAnswered(request.txn_id, PayOutcome.UNKNOWN, comment="deadline")
        self._stage.later(DEADLINE_S, partial(self._wire.tell, unknown, REFUSED_S), Line.CORE)

    def _arrives(self, request: PayRequest, unheard: bool) -> None:
        """At billing: the money is credited here, whatever becomes of the answer."""
        self._stage.knife.passes("a pay arrives at billing")
        answer = self._answers(request)
        self._stage.say("billing: {} {}", request.txn_id, answer.outcome.value)
        chance = self._stage.chance
        if unheard:
            return
        if chance.happens(0.03):
            self._no_answer(request)  # lost on the way back
            return
        self._wire.tell(answer, NET_S)
        if chance.happens(0.02):
            self._wire.tell(answer, NET_S)

    def _answers(self, request: PayRequest) -> PayAnswered:
        known = self._known.setdefault(request.txn_id, request)
        if known != request:
            self.conflicts.append(request.txn_id)
            return PayAnswered(request.txn_id, PayOutcome.REFUSED, result_code=300, comment="other values")
        if request.account in self.closed_accounts:
            return PayAnswered(request.txn_id, PayOutcome.REFUSED, result_code=79)
        if request.txn_id in self.cancelled:
            return PayAnswered(request.txn_id, PayOutcome.REFUSED, result_code=7)
        self.credits[request.txn_id] = request
        return PayAnswered(request.txn_id, PayOutcome.CREDITED, f"P{len(self._known)}", 0)
