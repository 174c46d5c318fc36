"""Who stands before the terminal: what he came with, and how he behaves. He knows only the screen and the slot."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from payment.contract import CashInSnapshot, CashPhase, Means, OrderLine, PaymentOrder, Purpose
from payment.fees import FeeRule
from payment.simulation.chance import Chance
from payment.simulation.coin_acceptor import Coin
from payment.simulation.far_ends import Equipment
from payment.simulation.stage import Line
from payment.simulation.validator import Note
from payment.simulation.world import World

NO_FEE = FeeRule()
LOOK_S = (0.5, 2.5)  # how often he looks at the screen and does something
PATIENCE_LOOKS = 30
DESERTED_S = 60.0  # the screen's own patience with who has walked away
NOTES_MINOR = (10_00, 50_00, 100_00, 100_00, 500_00, 500_00, 1000_00, 2000_00, 5000_00)
COINS_MINOR = (1_00, 2_00, 5_00, 10_00, 10_00)
ASKED_MINOR = (10_00, 123_45, 500_00, 1_234_56)
QR_LOOKS_MAX = 40
REFUSED_BY_QR = 0.3  # often: the way back by СБП is what a simulated office takes


class Plan(msgspec.Struct, frozen=True):
    """What a customer came to do."""

    account: str
    notes: tuple[int, ...] = ()
    coins: tuple[int, ...] = ()
    means: Means = Means.CASH
    asked: tuple[int, ...] = (0,)  # a line each; 0: any amount
    fee: FeeRule = NO_FEE
    closed_account: bool = False  # billing will refuse it
    closed_second: bool = False  # and the second line's
    pays: bool = True  # False: presses Cancel at the end
    walks_away: bool = False  # after the last note, without a word
    hasty: bool = False  # presses Pay while a note is still moving
    calls_consultant: bool = False  # something lies over the payment for a while
    runs_off: bool = False  # leaves while the payment is being made, and the next one is there at once
    stays_after_crash: bool = False

    def order(self) -> PaymentOrder:
        more = tuple(
            OrderLine(f"{self.account}{number}", "other", asked_minor=asked, purpose=Purpose.OTHER)
            for number, asked in enumerate(self.asked[1:], 1)
        )
        return PaymentOrder(self.account, asked_minor=self.asked[0], fee=self.fee, more=more, means=self.means)


def draw_plan(chance: Chance, account: str, equipment: Equipment) -> Plan:
    """A customer as they come."""
    means = _draw_means(chance, equipment)
    cash = means is Means.CASH
    split = chance.happens(0.1)
    count = 1 if chance.happens(0.7) else chance.whole(0, 4)
    coins = chance.whole(1, 3) if cash and equipment.coins and chance.happens(0.2) else 0
    return Plan(
        account=account,
        notes=tuple(chance.pick(NOTES_MINOR) for _ in range(count)) if cash else (),
        coins=tuple(chance.pick(COINS_MINOR) for _ in range(coins)),
        means=means,
        asked=tuple(chance.pick(ASKED_MINOR) for _ in range(2 if split else 1)) if split or not cash else (0,),
        fee=FeeRule(rate_bp=150, min_minor=5_00) if chance.happens(0.05) else NO_FEE,
        closed_second=split and chance.happens(0.1),
        closed_account=chance.happens(REFUSED_BY_QR if means is Means.QR else 0.06),
        pays=not chance.happens(0.05),
        walks_away=chance.happens(0.04),
        hasty=chance.happens(0.05),
        calls_consultant=chance.happens(0.03),
        runs_off=chance.happens(0.03),
        stays_after_crash=chance.happens(0.3),
    )


def _draw_means(chance: Chance, equipment: Equipment) -> Means:
    if equipment.pinpad and chance.happens(0.2):
        return Means.CARD
    return Means.QR if equipment.acquirer and chance.happens(0.2) else Means.CASH


class Customer:
    """Follows a plan; `gone` is called once, when he has left."""

    def __init__(self, world: World, plan: Plan, gone: Callable[[], None]) -> None:
        self._world = world
        self._plan = plan
        self._gone = gone
        self._left = list(plan.notes)
        self._coins = list(plan.coins)
        self._looks = 0
        self._seen = False  # the screen has shown his payment
        self._pressed = False
        self._paused = False
        self._shown = False  # his QR

    def arrives(self) -> None:
        if self._plan.closed_account:
            self._world.billing.closed_accounts.add(self._plan.account)
        if self._plan.closed_second:
            self._world.billing.closed_accounts.add(f"{self._plan.account}1")
        self._world.open_visit(self._plan.order())
        self._looks_again()

    def core_fell(self) -> bool:
        """Does he try again when the screen is back?"""
        self._seen = self._pressed = self._paused = False
        return self._plan.stays_after_crash and bool(self._left)

    # --- his eyes ---------------------------------------------------------------------------------------------------

    def _looks_again(self, after_s: float = 0.0) -> None:
        stage = self._world.stage
        stage.later(after_s or stage.chance.between_s(*LOOK_S), self._looks_at_it, Line.CORE)

    def _looks_at_it(self) -> None:
        snapshot = self._world.snapshot
        self._looks += 1
        mine = snapshot.order is not None and snapshot.order.account == self._plan.account
        act = _BY_PHASE.get(snapshot.phase, Customer._waits)
        if mine or act is Customer._sees_nothing:
            act(self, snapshot)
        else:
            self._waits(snapshot)

    def _sees_nothing(self, snapshot: CashInSnapshot) -> None:
        if self._seen:
            self._gone()
        else:
            self._waits(snapshot)

    def _sees_the_end(self, snapshot: CashInSnapshot) -> None:
        self._world.close_visit()
        self._gone()

    def _is_served(self, snapshot: CashInSnapshot) -> None:
        if self._plan.runs_off:
            self._gone()
        else:
            self._waits(snapshot)

    def _waits(self, snapshot: CashInSnapshot) -> None:
        if self._looks > PATIENCE_LOOKS and not self._pressed:
            self._presses(self._world.leave)
        elif self._looks > 4 * PATIENCE_LOOKS:
            self._gone()
        else:
            self._looks_again()

    def _while_accepting(self, snapshot: CashInSnapshot) -> None:
        self._seen = True
        if self._paused:
            self._paused = False
            self._world.resume()
            self._looks_again()
        elif self._plan.calls_consultant and self._looks == 3:
            self._paused = True
            self._world.pause()
            self._looks_again()
        elif self._looks > PATIENCE_LOOKS:
            self._presses(self._world.leave)
        elif snapshot.note_moving and not (self._plan.hasty and not self._left):
            self._looks_again()
        elif self._coins and snapshot.coins_ready:
            self._drops_coin()
            self._looks_again()
        elif self._left and snapshot.acceptor_ready:
            self._pushes_note()
            self._looks_again()
        elif self._left:
            self._looks_again()
        else:
            self._ends(snapshot)

    def _while_qr_is_shown(self, snapshot: CashInSnapshot) -> None:
        """Some pay and stay, some pay and go, some go and never pay."""
        self._seen, chance = True, self._world.stage.chance
        if snapshot.qr_payload and not self._shown:
            self._shown = True
            if self._plan.pays:
                think_s = chance.between_s(2.0, 30.0)
                self._world.stage.later(think_s, lambda: self._world.acquirer.is_paid(snapshot.qr_payload), Line.FAR)
        if self._shown and (self._plan.walks_away or self._looks > QR_LOOKS_MAX):
            self._presses(self._world.leave)
        else:
            self._looks_again()

    # --- his hands --------------------------------------------------------------------------------------------------

    def _pushes_note(self) -> None:
        if self._world.validator.draws_in(Note(self._left[0], self._plan.account)):
            del self._left[0]

    def _drops_coin(self) -> None:
        if self._world.coins.takes(Coin(self._coins[0], self._plan.account)):
            del self._coins[0]
        elif self._world.stage.chance.happens(0.1):
            self._coins.clear()  # it falls through again and again

    def _ends(self, snapshot: CashInSnapshot) -> None:
        if self._plan.walks_away:
            self._world.stage.say("the customer walks away")
            self._world.stage.later(DESERTED_S, lambda: self._presses(self._world.leave), Line.CORE)
        elif self._plan.pays and (snapshot.may_pay or self._plan.hasty):
            self._presses(self._world.pay)
        else:
            self._presses(self._world.leave)

    def _presses(self, button: Callable[[], None]) -> None:
        self._pressed = True
        button()
        self._looks_again()


_BY_PHASE: dict[CashPhase, Callable[[Customer, CashInSnapshot], None]] = {
    CashPhase.IDLE: Customer._sees_nothing,
    CashPhase.ACCEPTING: Customer._while_accepting,
    CashPhase.QR_SHOWN: Customer._while_qr_is_shown,
    CashPhase.PAYING: Customer._is_served,
    CashPhase.PRINTING: Customer._is_served,
    CashPhase.DONE: Customer._sees_the_end,
}
