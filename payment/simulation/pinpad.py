"""The far end of a card: a pinpad that loses answers, and the bank's host behind it, which knows.

DECLINED and a reversal DONE are promises: from then on the host takes nothing for this operation, a request that is
still on its way included.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from payment.contract import (
    CardAnswered,
    CardOutcome,
    CardReversed,
    CardSettled,
    PinpadChanged,
    ReversalOutcome,
)
from payment.simulation.stage import Line, Stage, Wire

CUSTOMER_S = (2.0, 9.0)  # until the card is presented
NET_S = (0.2, 2.0)
TELL_S = (0.02, 0.2)
DEADLINE_S = 40.0


@dataclass(slots=True)
class Operation:
    """What the host knows of one operation. The oracle counts what is held."""

    asked_minor: int
    approved_minor: int = 0
    dead: bool = False  # declined or reversed: nothing of it is ever taken
    settled: bool = False

    @property
    def held_minor(self) -> int:
        return 0 if self.dead else self.approved_minor


class Pinpad:
    """The cashier's `PinpadPort` and the host."""

    def __init__(self, stage: Stage, wire: Wire) -> None:
        self.operations: dict[str, Operation] = {}
        self.double_sales: list[str] = []  # one number sold twice: an error of the cashier
        self._stage = stage
        self._wire = wire

    # --- verbs ------------------------------------------------------------------------------------------------------

    def authorize(self, operation_id: str, amount_minor: int) -> None:
        self._verb(f"authorize {operation_id} {amount_minor}", partial(self._begins, operation_id, amount_minor))

    def last_result(self, operation_id: str) -> None:
        self._verb(f"last result {operation_id}", lambda: self._over_net(partial(self._tells_last, operation_id)))

    def reverse(self, operation_id: str, amount_minor: int) -> None:
        self._verb(f"reverse {operation_id}", lambda: self._over_net(partial(self._reverses, operation_id)))

    def settle(self, settlement_id: str) -> None:
        self._verb(f"settle {settlement_id}", lambda: self._over_net(partial(self._settles, settlement_id)))

    def _verb(self, what: str, effect: Callable[[], None]) -> None:
        self._stage.knife.passes("pinpad")
        self._stage.say(f"verb to the pinpad: {what}")
        effect()
        self._stage.knife.passes("pinpad")

    def greets(self) -> None:
        self._wire.tell(PinpadChanged(ready=True), TELL_S)

    # --- a sale -----------------------------------------------------------------------------------------------------

    def _begins(self, operation_id: str, amount_minor: int) -> None:
        if operation_id in self.operations:
            self.double_sales.append(operation_id)
        if self._stage.chance.happens(0.05):  # the customer takes no card out
            self._wire.tell(CardAnswered(operation_id, CardOutcome.DECLINED, reason="no card"), CUSTOMER_S)
            self.operations[operation_id] = Operation(amount_minor, dead=True)
            return
        wait_s = self._stage.chance.between_s(*CUSTOMER_S)
        self._stage.later(wait_s, partial(self._presented, operation_id, amount_minor), Line.MAINS)

    def _presented(self, operation_id: str, amount_minor: int) -> None:
        self._stage.knife.passes("a card is presented")
        chance = self._stage.chance
        if chance.happens(0.03):  # lost on the way there
            self._unknown(operation_id)
            return
        late = chance.happens(0.02)
        wait_s = DEADLINE_S + 20.0 if late else chance.between_s(*NET_S)
        self._stage.later(wait_s, partial(self._at_host, operation_id, amount_minor), Line.FAR)
        if late:
            self._unknown(operation_id)

    def _at_host(self, operation_id: str, amount_minor: int) -> None:
        self._stage.knife.passes("the host decides")
        chance = self._stage.chance
        known = self.operations.get(operation_id)
        if known is not None and known.dead:
            return
        operation = self.operations[operation_id] = Operation(amount_minor)
        if chance.happens(0.1):
            operation.dead = True
        else:
            operation.approved_minor = amount_minor - 100 if chance.happens(0.005) else amount_minor
        self._stage.say(f"host: {operation_id} holds {operation.held_minor}")
        if chance.happens(0.04):  # lost on the way back
            self._unknown(operation_id)
        else:
            self._stage.later(0.0, partial(self._tell_result, operation_id, operation), Line.CORE)

    def _unknown(self, operation_id: str) -> None:
        unknown = CardAnswered(operation_id, CardOutcome.UNKNOWN, reason="time-out")
        self._stage.later(DEADLINE_S, partial(self._wire.tell, unknown, TELL_S), Line.CORE)

    def _tell_result(self, operation_id: str, operation: Operation) -> None:
        answer = _answer(operation_id, operation)
        self._wire.tell(answer, TELL_S)
        if self._stage.chance.happens(0.02):
            self._wire.tell(answer, TELL_S)

    # --- afterwards -------------------------------------------------------------------------------------------------

    def _over_net(self, act: Callable[[], None]) -> None:
        self._stage.later(self._stage.chance.between_s(*NET_S), act, Line.MAINS)

    def _tells_last(self, operation_id: str) -> None:
        self._stage.knife.passes("the host is asked")
        if self._stage.chance.happens(0.2):
            self._wire.tell(CardAnswered(operation_id, CardOutcome.UNKNOWN), TELL_S)
            return
        operation = self.operations.setdefault(operation_id, Operation(0, dead=True))
        self._wire.tell(_answer(operation_id, operation), TELL_S)

    def _reverses(self, operation_id: str) -> None:
        self._stage.knife.passes("the host reverses")
        chance = self._stage.chance
        if chance.happens(0.1):  # lost on the way there
            self._wire.tell(CardReversed(operation_id, ReversalOutcome.UNKNOWN), TELL_S)
            return
        operation = self.operations.setdefault(operation_id, Operation(0, dead=True))
        if operation.held_minor and (operation.settled or chance.happens(0.05)):
            self._wire.tell(CardReversed(operation_id, ReversalOutcome.REFUSED), TELL_S)
            return
        operation.dead = True
        self._stage.say(f"host: {operation_id} is reversed")
        outcome = ReversalOutcome.UNKNOWN if chance.happens(0.1) else ReversalOutcome.DONE
        self._wire.tell(CardReversed(operation_id, outcome), TELL_S)

    def _settles(self, settlement_id: str) -> None:
        self._stage.knife.passes("the host settles")
        if self._stage.chance.happens(0.1):
            self._wire.tell(CardSettled(settlement_id, agreed=None), TELL_S)
            return
        day = [operation for operation in self.operations.values() if operation.held_minor and not operation.settled]
        for operation in day:
            operation.settled = True
        total_minor = sum(operation.held_minor for operation in day)
        self._wire.tell(CardSettled(settlement_id, agreed=True, count=len(day), total_minor=total_minor), TELL_S)


def _answer(operation_id: str, operation: Operation) -> CardAnswered:
    if operation.dead:
        return CardAnswered(operation_id, CardOutcome.DECLINED)
    return CardAnswered(
        operation_id,
        CardOutcome.APPROVED,
        operation.approved_minor,
        rrn="526000000001",
        auth_code="A12345",
        masked_pan="220000******0000",
    )
