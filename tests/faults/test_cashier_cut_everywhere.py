"""The lights go out before and after everything the cashier does, and again during recovery: every kopeck is found."""

from __future__ import annotations

import itertools

import pytest

from payment.contract import AcceptorChanged, PaymentOrder, PayOutcome
from payment.ledger import Books, Place
from tests.faults.cash_world import Cut, PowerCutError, World

ORDER = PaymentOrder("100000017", asked_minor=600_00)


def visit(world: World) -> None:
    """Two notes, pay, receipt, end."""
    cashier = world.cashier()
    world.tell(cashier, AcceptorChanged(ready=True))
    cashier.open_visit(ORDER)
    for value in (100_00, 500_00):
        world.put_in(cashier, value)
        world.settle(cashier)
    cashier.pay()
    world.settle(cashier)
    cashier.close_visit()


def refused(world: World) -> None:
    """Billing refuses for good: the money is nobody's but written down."""
    world.answer = PayOutcome.REFUSED
    visit(world)


def unanswered(world: World) -> None:
    """The first answer is lost: the same request again."""
    world.lose_answers = 1
    visit(world)


def returned(world: World) -> None:
    """A note over the limit goes back."""
    cashier = world.cashier()
    world.tell(cashier, AcceptorChanged(ready=True))
    cashier.open_visit(ORDER)
    for value in (5000_00, 5000_00, 5000_00, 5000_00):
        world.put_in(cashier, value)
        world.settle(cashier)
    cashier.leave()
    world.settle(cashier)
    cashier.close_visit()


VISITS = {"paid": visit, "refused": refused, "unanswered": unanswered, "returned": returned}


def length_of(name: str) -> int:
    world = World()
    VISITS[name](world)
    return world.done


def check(world: World, told: str) -> None:
    """The oracle: what lies in the cassette is credited, unallocated or in doubt; nothing else and nothing twice."""
    books = Books((record.kind, record.data) for record in world.records)
    assert books.faults() == [], told
    credited = sum(request.amount_minor for request in world.credits.values())
    apart = books.balance(Place.UNALLOCATED) + books.balance(Place.IN_DOUBT)
    lies = sum(world.cassette)
    assert credited == books.balance(Place.CREDITED), told
    assert credited <= lies <= credited + apart, told
    assert lies >= books.balance(Place.CASSETTE), told
    assert lies - books.balance(Place.CASSETTE) <= books.balance(Place.IN_DOUBT), told
    assert books.balance(Place.PAYABLE) == 0, told
    assert books.balance(Place.ESCROW) == 0, told
    assert len({request.txn_id for request in world.asked}) <= 1, told


def bring_to_its_end(world: World, cut: Cut) -> None:
    cashier = world.start_again(cut)
    world.wait(cashier, 120)
    assert cashier.undelivered() == 0


@pytest.mark.parametrize("cut", Cut, ids=lambda cut: cut.value)
@pytest.mark.parametrize("name", VISITS)
def test_a_single_cut_anywhere_loses_and_doubles_nothing(name: str, cut: Cut):
    for at, after in itertools.product(range(1, length_of(name) + 1), (False, True)):
        world = World(cut_at=at, cut_after=after)
        with pytest.raises(PowerCutError):
            VISITS[name](world)
        world.cut_at = 0
        bring_to_its_end(world, cut)
        check(world, f"cut {'after' if after else 'before'} step {at}: {world.steps}")


@pytest.mark.parametrize("cut", Cut, ids=lambda cut: cut.value)
def test_a_second_cut_during_recovery_loses_and_doubles_nothing(cut: Cut):
    recoveries = 0
    for first, after in itertools.product(range(1, length_of("paid") + 1), (False, True)):
        for second in range(1, 12):
            world = World(cut_at=first, cut_after=after)
            with pytest.raises(PowerCutError):
                visit(world)
            world.cut_at = world.done + second
            try:
                bring_to_its_end(world, cut)
            except PowerCutError:
                recoveries += 1
                world.cut_at = 0
                bring_to_its_end(world, cut)
            check(world, f"cuts at {first} and {second} later: {world.steps}")
    assert recoveries > 50


def test_without_a_cut_the_visit_is_credited_whole_and_the_slip_printed_once():
    world = World()
    visit(world)
    check(world, "no cut")
    assert sum(world.cassette) == 600_00
    assert [request.amount_minor for request in world.credits.values()] == [600_00]
    assert [(slip.paid_minor, slip.copy) for slip in world.slips] == [(600_00, False)]
    assert [record.kind for record in world.records] == [
        "session_open",
        *["escrow_seen", "decision", "stacked"] * 2,
        "pay_intent",
        "pay_result",
        "receipt_intent",
        "receipt_done",
        "session_closed",
    ]


def test_a_cut_between_the_slip_and_its_record_prints_a_marked_copy():
    whole = World()
    visit(whole)
    at = whole.steps.index("print") + 1
    world = World(cut_at=at, cut_after=True)
    with pytest.raises(PowerCutError):
        visit(world)
    world.cut_at = 0
    bring_to_its_end(world, Cut.POWER_LOST)
    assert [slip.copy for slip in world.slips] == [False, True]


def test_a_terminal_that_was_dark_for_long_prints_no_strangers_slip():
    whole = World()
    visit(whole)
    world = World(cut_at=whole.steps.index("pay") + 1, cut_after=True)
    with pytest.raises(PowerCutError):
        visit(world)
    world.cut_at = 0
    world.now_s += 3_600
    bring_to_its_end(world, Cut.POWER_LOST)
    check(world, "dark for an hour")
    assert world.slips == []
    assert [record.data["printed"] for record in world.records if record.kind == "receipt_done"] == [False]
