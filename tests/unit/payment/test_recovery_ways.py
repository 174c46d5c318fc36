"""The lights go out behind every record of every way to pay, and again during recovery: one answer each.

The far ends (bank, acquirer, billing, fiscal drive) remember what they did and are the judges: what they took is
credited once, has one document, or lies where a record says that it waits for a person.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from payment.contract import (
    CardOutcome,
    CoinAccepted,
    Means,
    OrderLine,
    PaymentOrder,
    PayOutcome,
    Purpose,
    ReversalOutcome,
)
from payment.ledger import Place
from payment.recovery import recover
from tests.unit.payment.till_world import check_books
from tests.unit.payment.ways_world import WaysWorld

MORE = (OrderLine("200000028", "meter", "Поверка счётчика", 200_00, Purpose.COMMERCIAL),)
ASKED = 500_00


def cash(world: WaysWorld) -> None:
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017", asked_minor=300_00, more=MORE))
    world.put_in(cashier, 500_00)
    cashier.on_event(CoinAccepted(10_00, 1))
    cashier.pay()
    world.settle(cashier, 12)
    cashier.close_visit()


def card(world: WaysWorld) -> None:
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017", asked_minor=300_00, more=MORE, means=Means.CARD))
    world.settle(cashier, 5)
    cashier.close_visit()


def card_unknown(world: WaysWorld) -> None:
    world.bank.lost = 2
    card(world)


def card_reversed(world: WaysWorld) -> None:
    world.bank.lost = 4
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017", asked_minor=300_00, more=MORE, means=Means.CARD))
    world.settle(cashier, 60)
    cashier.close_visit()


def card_refused(world: WaysWorld) -> None:
    world.next_outcomes = [PayOutcome.UNKNOWN]
    world.billing = PayOutcome.REFUSED
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017", asked_minor=500_00, means=Means.CARD))
    world.settle(cashier, 60)
    cashier.close_visit()


def card_declined(world: WaysWorld) -> None:
    world.bank.says = CardOutcome.DECLINED
    card(world)


def card_for_review(world: WaysWorld) -> None:
    world.bank.amount_off = 1_00
    card(world)


def card_settled(world: WaysWorld) -> None:
    world.bank.lost, world.bank.reversal = 4, ReversalOutcome.REFUSED
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017", asked_minor=300_00, more=MORE, means=Means.CARD))
    world.settle(cashier, 60)
    cashier.close_visit()
    cashier.settle()
    world.settle(cashier, 5)


def qr(world: WaysWorld) -> None:
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017", asked_minor=300_00, more=MORE, means=Means.QR))
    world.settle(cashier, 1)
    world.acquirer.pay(ASKED)
    world.settle(cashier, 5)
    cashier.close_visit()


def qr_expired(world: WaysWorld) -> None:
    cashier = world.cashier()
    cashier.open_visit(PaymentOrder("100000017", asked_minor=300_00, more=MORE, means=Means.QR))
    world.settle(cashier, 250)
    cashier.close_visit()


def document_unknown(world: WaysWorld) -> None:
    world.register.lost = 1
    cash(world)


def document_absent(world: WaysWorld) -> None:
    world.register.absent = 1
    cash(world)


WAYS: tuple[Callable[[WaysWorld], None], ...] = (
    *(cash, card, card_unknown, card_reversed, card_refused, card_declined, card_for_review, card_settled),
    *(qr, qr_expired, document_unknown, document_absent),
)


class PowerCutError(BaseException):
    """The lights went out. Not an Exception: nothing may catch it by accident."""


class CutWorld(WaysWorld):
    """Cut behind the record with this number: nothing that stands behind it happens."""

    cut_at = 0

    def append(self, kind, data, on_durable):
        super().append(kind, data, _nothing)
        if len(self.records) == self.cut_at:
            raise PowerCutError(kind)
        on_durable()


def _nothing() -> None:
    pass


def length_of(way) -> int:
    world = CutWorld()
    way(world)
    return len(world.records)


def bring_to_its_end(world: CutWorld) -> None:
    cashier = world.restarted()
    world.settle(cashier, 120)
    cashier.leave()
    world.settle(cashier, 300)
    assert cashier.undelivered() == 0


def check(world: CutWorld, told: str) -> None:
    books = check_books(world)
    taken = sum(world.bank.charges.values()) + sum(
        answer.amount_minor for answer in world.acquirer.states.values() if answer.state.value == "paid"
    )
    credited = sum(world.credited().values())
    apart = books.balance(Place.UNALLOCATED) + books.balance(Place.CARD_UNKNOWN)
    box = books.balance(Place.CASSETTE) + books.balance(Place.COIN_BOX)
    assert credited == books.balance(Place.CREDITED), told
    assert credited + apart + books.balance(Place.IN_DOUBT) >= taken + box, told
    assert credited <= taken + box, told
    assert books.balance(Place.PAYABLE) == books.balance(Place.ESCROW) == 0, told
    documents = [line.txn_id for sale in world.register.documents.values() for line in sale.lines]
    incomes = [
        line.txn_id for sale in world.register.documents.values() if sale.kind.value == "income" for line in sale.lines
    ]
    assert set(world.credits) <= set(incomes), told
    assert len(incomes) == len(set(incomes)), told
    assert len(documents) - len(incomes) <= 1, told
    assert world.log.count("AUTHORIZE") <= 1, told


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_after_every_record_of_every_way_nothing_is_lost_and_nothing_doubled(way):
    for at in range(1, length_of(way) + 1):
        world = CutWorld()
        world.cut_at = at
        with pytest.raises(PowerCutError):
            way(world)
        last = world.records[-1].kind
        world.cut_at = 0
        bring_to_its_end(world)
        check(world, f"cut behind record {at}, {last}: {world.kinds()}")


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_second_cut_within_the_recovery_changes_nothing_of_its_answer(way):
    second_cuts = 0
    for at in range(1, length_of(way) + 1):
        for later in (1, 3):
            world = CutWorld()
            world.cut_at = at
            with pytest.raises(PowerCutError):
                way(world)
            world.cut_at = at + later
            try:
                bring_to_its_end(world)
            except PowerCutError:
                second_cuts += 1
                world.cut_at = 0
                bring_to_its_end(world)
            check(world, f"cuts behind {at} and {at + later}: {world.kinds()}")
    assert second_cuts > 0


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_new_run_over_a_whole_journal_has_the_works_and_the_books_of_the_last_one(way):
    world = WaysWorld()
    way(world)
    found = recover(world.records)
    assert found.books.balances() == check_books(world).balances()
    assert not found.outstanding.pays
    assert found.outstanding.undelivered_minor() == 0
    assert len(found.outstanding.fiscal) == 0
