"""Emptying the cassette: who, what lay there, counters reset in one record, and a removal nobody answers for."""

from __future__ import annotations

import pytest

from payment.cassette import Cassette
from payment.contract import AcceptorChanged, CashSettings, CassetteChanged, CoinAccepted, NoteEscrowed, NoteReturned
from payment.encashment.collections import collections
from payment.recovery import recover
from tests.unit.payment.till_world import ORDER
from tests.unit.payment.ways_world import WaysWorld

LOGIN = CashSettings(terminal_id="17", collection_login_required=True)


@pytest.fixture
def world() -> WaysWorld:
    return WaysWorld()


def filled(world: WaysWorld):
    """500 and 10 inside, paid."""
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    world.put_in(cashier, 500_00)
    cashier.on_event(CoinAccepted(10_00, 1))
    cashier.pay()
    world.settle(cashier, 3)
    cashier.close_visit()
    return cashier


def test_a_collection_leaves_its_records_in_order_and_says_what_lay_there(world):
    cashier = filled(world)
    before = len(world.records)
    cashier.open_collection("Иванов", "пломба 17")
    cashier.on_event(CassetteChanged(present=False))
    cashier.on_event(CassetteChanged(present=True))
    cashier.close_collection()
    assert world.kinds()[before:] == [
        *("collection_open", "cassette_out", "cassette_in", "counters_reset", "collection_closed"),
    ]
    opened, reset = world.data("collection_open"), world.data("counters_reset")
    assert (opened["number"], opened["collector"], opened["seal"], opened["authorised"]) == (
        *(1, "Иванов", "пломба 17", True),
    )
    assert (reset["notes"], reset["coins"], reset["notes_total_minor"]) == ({"50000": 1}, {"1000": 1}, 500_00)
    assert (cashier.cassette().total_minor, cashier.cassette().coins_total_minor) == (0, 0)
    (found,) = collections(world.records)
    assert (found.lay.total_minor, found.lay.coins_total_minor, found.authorised) == (500_00, 10_00, True)


def test_collections_are_numbered_in_sequence(world):
    cashier = filled(world)
    for _ in range(3):
        cashier.open_collection("Иванов")
        cashier.on_event(CassetteChanged(present=False))
        cashier.on_event(CassetteChanged(present=True))
        cashier.close_collection()
    assert [record.data["number"] for record in world.records if record.kind == "collection_open"] == [1, 2, 3]


def test_a_sign_in_that_took_nothing_resets_nothing(world):
    cashier = filled(world)
    cashier.open_collection("Иванов")
    cashier.close_collection()
    assert "counters_reset" not in world.kinds()
    assert cashier.cassette().total_minor == 500_00


def test_while_a_collector_works_notes_go_back(world):
    cashier = filled(world)
    cashier.open_collection("Иванов")
    cashier.open_visit(ORDER)
    cashier.on_event(NoteEscrowed(500_00))
    assert world.log[-1] == "RETURN"


def test_a_collector_signs_in_between_customers_only(world):
    cashier = world.cashier()
    cashier.open_visit(ORDER)
    cashier.open_collection("Иванов")
    assert "collection_open" not in world.kinds()


def test_a_removal_without_a_sign_in_is_a_collection_that_nobody_answers_for(world):
    cashier = filled(world)
    cashier.on_event(CassetteChanged(present=False))
    cashier.on_event(CassetteChanged(present=True))
    assert world.data("collection_open")["authorised"] is False
    assert world.kinds()[-2:] == ["counters_reset", "collection_closed"]
    assert cashier.cassette().total_minor == 0


def test_after_it_no_cash_is_taken_until_a_collector_signs_in_where_that_is_the_rule():
    world = WaysWorld(settings=LOGIN)
    cashier = filled(world)
    cashier.on_event(CassetteChanged(present=False))
    assert world.log[-1] == "DISABLE"
    cashier.on_event(CassetteChanged(present=True))
    cashier = world.restarted()
    cashier.open_visit(ORDER)
    world.settle(cashier, 1)
    cashier.on_event(NoteEscrowed(500_00))
    assert world.log[-1] == "RETURN"
    cashier.on_event(NoteReturned(500_00))
    cashier.leave()
    world.settle(cashier, 3)
    cashier.open_collection("Иванов")
    cashier.close_collection()
    cashier.open_visit(ORDER)
    cashier.on_event(NoteEscrowed(500_00))
    assert world.log[-1] == "STACK"


@pytest.mark.parametrize("last", ["collection_open", "cassette_out", "cassette_in", "counters_reset"])
@pytest.mark.parametrize("authorised", [True, False])
def test_the_lights_go_out_within_a_collection_and_the_counters_are_reset_once(world, last, authorised):
    cashier = filled(world)
    if authorised:
        cashier.open_collection("Иванов")
    cashier.on_event(CassetteChanged(present=False))
    cashier.on_event(CassetteChanged(present=True))
    cut = world.kinds().index(last) + 1
    del world.records[cut:]
    cashier = world.restarted()
    if authorised and last == "collection_open":
        cashier.on_event(CassetteChanged(present=False))
        cashier.on_event(CassetteChanged(present=True))
    cashier.on_event(AcceptorChanged(ready=True))
    cashier.close_collection()
    assert world.kinds().count("counters_reset") == 1
    assert cashier.cassette().total_minor == 0
    assert recover(world.records).transaction.collection is None
    cashier.open_visit(ORDER)
    cashier.on_event(NoteEscrowed(500_00))
    assert world.log[-1] == "STACK"


def test_a_device_that_tells_of_the_cassette_twice_makes_one_collection(world):
    cashier = filled(world)
    for present in (True, False, False, True, True):
        cashier.on_event(CassetteChanged(present=present))
    assert world.kinds().count("cassette_out") == 1
    assert world.kinds().count("counters_reset") == 1


def test_a_journal_older_than_collections_counts_from_the_last_removal():
    cassette = Cassette()
    for kind, data in (
        ("stacked", {"value_minor": 500_00}),
        ("in_doubt", {"value_minor": 100_00}),
        ("cassette_out", {"session_id": ""}),
        ("stacked", {"value_minor": 50_00}),
    ):
        cassette.add(kind, data)
    assert (dict(cassette.count().notes), cassette.count().in_doubt_minor) == ({50_00: 1}, 0)
