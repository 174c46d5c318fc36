"""Rows of the table that notes and visits do not tread: coins, collections, settlement. Whole states, all effects."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from payment.cassette import CassetteCount
from payment.contract import (
    AcceptorChanged,
    CassetteChanged,
    CoinAccepted,
    CoinAcceptorChanged,
    CoinCounterReset,
    CoinEventsLost,
    CoinRejected,
    CoinsRemembered,
)
from payment.effects import Record, Verb
from payment.transaction import step
from payment.transaction_values import (
    COIN_RESOLVE_S,
    Collection,
    CollectionClosed,
    CollectionOpened,
    Phase,
    SettlementOpened,
    TimePassed,
    Transaction,
)
from tests.unit.payment.rule_steps import ORDER, TXN, VISIT, at, record, went

# --- coins -----------------------------------------------------------------------------------------------------------

AFTER_COIN = replace(VISIT, coin_counter=7)


def coin(counter: int, value_minor: int = 5_00, **more: object) -> Record:
    return record("coin_in", value_minor=value_minor, counter=counter, account=ORDER.account, **more)


def test_a_coin_is_credited_by_its_report():
    went(VISIT, CoinAccepted(5_00, 1), {"coin_counter": 1, "inserted_minor": 505_00}, [coin(1)])
    went(AFTER_COIN, CoinAccepted(5_00, 8), {"coin_counter": 8, "inserted_minor": 505_00}, [coin(8)])


@pytest.mark.parametrize(("last", "counter"), [(255, 1), (254, 255)])
def test_after_255_the_counter_goes_on_with_1(last, counter):
    changes = {"coin_counter": counter, "inserted_minor": 505_00}
    went(replace(VISIT, coin_counter=last), CoinAccepted(5_00, counter), changes, [coin(counter)])


@pytest.mark.parametrize("counter", [7, 6, 3])
def test_a_coin_told_again_credits_nothing(counter):
    went(AFTER_COIN, CoinAccepted(5_00, counter), {}, [])


def test_coins_that_were_missed_are_told_and_not_guessed():
    lost = record("coins_lost", count=2, counter=9)
    went(AFTER_COIN, CoinAccepted(5_00, 10), {"coin_counter": 10, "inserted_minor": 505_00}, [lost, coin(10)])


@pytest.mark.parametrize("phase", [Phase.IDLE, Phase.PAYING, Phase.PRINTING])
def test_a_coin_of_nobody_is_kept_for_a_person(phase):
    went(replace(VISIT, phase=phase), CoinAccepted(5_00, 1), {"coin_counter": 1}, [coin(1, to="unallocated")])
    nobody = Transaction()
    _, (written,) = step(nobody, CoinAccepted(5_00, 1), at())
    assert "account" not in written.data


@pytest.mark.parametrize(("inserted", "full"), [(14_985_00, False), (14_985_01, True)])
def test_the_coin_slot_is_shut_when_the_largest_coin_would_not_fit(inserted, full):
    _, effects = step(replace(VISIT, inserted_minor=inserted), CoinAccepted(5_00, 1), at(coins=True))
    assert effects[1:] == ([Verb.DISABLE_COINS] if full else [])
    finishing = replace(VISIT, inserted_minor=inserted, phase=Phase.FINISHING)
    assert Verb.DISABLE_COINS not in step(finishing, CoinAccepted(5_00, 1), at(coins=True))[1]


@pytest.mark.parametrize(
    ("event", "counter", "written"),
    [
        (CoinEventsLost(3), 10, {"count": 3, "counter": 10}),
        (CoinEventsLost(250), 2, {"count": 250, "counter": 2}),
        (CoinEventsLost(3, 40), 40, {"count": 3, "counter": 40}),
        (CoinEventsLost(0), 7, {"count": 0}),
    ],
)
def test_lost_coins_move_the_counter_on(event, counter, written):
    went(AFTER_COIN, event, {"coin_counter": counter}, [record("coins_lost", **written)])


def test_lost_coins_of_an_unknown_counter_leave_it_unknown():
    went(VISIT, CoinEventsLost(3), {}, [record("coins_lost", count=3)])


@pytest.mark.parametrize(("last", "told"), [(None, False), (0, False), (7, True)])
def test_a_reset_of_the_counter_is_told_when_there_was_something_to_forget(last, told):
    effects = [record("coin_counter_reset")] if told else []
    went(replace(VISIT, coin_counter=last), CoinCounterReset(), {"coin_counter": 0}, effects)


def test_a_rejected_coin_is_counted_and_owed_to_nobody():
    went(AFTER_COIN, CoinRejected(8), {"coin_counter": 8}, [record("coin_rejected", counter=8)])
    went(AFTER_COIN, CoinRejected(7), {}, [])
    lost = record("coins_lost", count=1, counter=8)
    went(AFTER_COIN, CoinRejected(9), {"coin_counter": 9}, [lost, record("coin_rejected", counter=9)])


def test_the_counter_of_another_device_says_nothing_of_ours():
    ours = replace(AFTER_COIN, coin_device="111")
    changes = {"coin_counter": 5, "coin_device": "222", "inserted_minor": 505_00}
    went(ours, CoinAccepted(5_00, 5, "222"), changes, [coin(5, device="222")])
    went(ours, CoinAccepted(5_00, 5, "111"), {}, [])
    went(AFTER_COIN, CoinAccepted(5_00, 5, "111"), {}, [])  # who counted before is not known: the same, as it seems


def test_coins_that_a_device_remembers_are_written_down_and_never_credited():
    ours = replace(AFTER_COIN, coin_device="111")
    written = record("coins_remembered", counter=2, device="222", values_minor=[5_00, 10_00])
    changes = {"coin_counter": 2, "coin_device": "222"}
    went(ours, CoinsRemembered((5_00, 10_00), 2, "222"), changes, [written])
    known, _ = step(ours, CoinsRemembered((5_00, 10_00), 2, "222"), at())
    went(known, CoinsRemembered((5_00, 10_00), 2, "222"), {}, [])


def test_coins_that_are_ready_after_a_restart_end_the_wait_for_them():
    waiting = replace(VISIT, phase=Phase.FINISHING, recovered=True, since_s=99.0)
    went(waiting, TimePassed(), {}, [], at(coins=True, now_s=99.0 + COIN_RESOLVE_S - 1))
    after, _ = step(waiting, CoinAcceptorChanged(True), at(coins=True))
    assert (after.coins_ready, after.phase) == (True, Phase.PAYING)
    went(replace(VISIT, coins_ready=True), CoinAcceptorChanged(False), {"coins_ready": False}, [])


# --- the cassette ----------------------------------------------------------------------------------------------------

COUNT = CassetteCount({500_00: 2, 100_00: 1}, {10_00: 3}, 50_00, 4)
FULL = at(cassette=COUNT)
LIES = {
    "notes": {"10000": 1, "50000": 2},
    "coins": {"1000": 3},
    "notes_total_minor": 1_100_00,
    "coins_total_minor": 30_00,
    "in_doubt_minor": 50_00,
}
IDLE = Transaction(session_id="s1", ready=True, greeted=True)
SIGNED_IN = Collection(TXN, 5, authorised=True)
ALONE = Collection(TXN, 5, authorised=False)
NAMED = {"collection_id": TXN, "number": 5, "authorised": True}
NAMED_ALONE = {**NAMED, "authorised": False}


def test_a_collector_signs_in_between_customers_and_ends_the_alarm():
    written = Record("collection_open", {**NAMED, "collector": "Петров", "seal": "B-17", **LIES})
    changes = {"collection": SIGNED_IN, "alarm": False}
    went(replace(IDLE, alarm=True), CollectionOpened("Петров", "B-17"), changes, [written], FULL)


@pytest.mark.parametrize(
    ("before", "context"),
    [(replace(IDLE, collection=ALONE), FULL), (IDLE, at(cassette=COUNT, disk_writable=False)), (VISIT, FULL)],
)
def test_nobody_signs_in_twice_in_a_visit_or_on_a_full_disk(before, context):
    went(before, CollectionOpened("Петров"), {}, [], context)


@pytest.mark.parametrize("cassette_out", [False, True])
def test_a_collector_signs_out_when_the_cassette_is_back(cassette_out):
    before = replace(IDLE, collection=replace(SIGNED_IN, cassette_out=cassette_out))
    changes = {} if cassette_out else {"collection": None}
    went(before, CollectionClosed(), changes, [] if cassette_out else [Record("collection_closed", NAMED)])
    went(IDLE, CollectionClosed(), {}, [])


@pytest.mark.parametrize(("required", "alarm"), [(False, False), (True, True)])
def test_a_cassette_taken_without_a_login_is_written_down_and_may_stop_cash(required, alarm):
    opened = Record("collection_open", {**NAMED_ALONE, "collector": "", "seal": "", **LIES})
    out = record("cassette_out", alarm=alarm, **NAMED_ALONE)
    changes = {"collection": replace(ALONE, cassette_out=True), "alarm": alarm}
    context = at(cassette=COUNT, collection_login_required=required)
    went(VISIT, CassetteChanged(False), changes, [opened, out, *([Verb.DISABLE] if alarm else [])], context)


def test_a_collector_s_own_removal_is_no_alarm_and_is_told_once():
    before = replace(IDLE, collection=SIGNED_IN)
    out = replace(SIGNED_IN, cassette_out=True)
    context = at(cassette=COUNT, collection_login_required=True)
    written = record("cassette_out", alarm=False, **NAMED)
    went(before, CassetteChanged(False), {"collection": out}, [written], context)
    went(replace(before, collection=out), CassetteChanged(False), {}, [], context)


BACK = [record("cassette_in", **NAMED), Record("counters_reset", {**NAMED, **LIES})]
BACK_ALONE = [record("cassette_in", **NAMED_ALONE), Record("counters_reset", {**NAMED_ALONE, **LIES})]


@pytest.mark.parametrize("event", [CassetteChanged(True), AcceptorChanged(True)])
def test_a_cassette_that_is_back_resets_the_counters(event):
    out = replace(IDLE, collection=replace(SIGNED_IN, cassette_out=True))
    went(out, event, {"collection": SIGNED_IN}, BACK, FULL)
    alone = replace(IDLE, collection=replace(ALONE, cassette_out=True))
    went(alone, event, {"collection": None}, [*BACK_ALONE, Record("collection_closed", NAMED_ALONE)], FULL)


@pytest.mark.parametrize("collection", [None, SIGNED_IN])
def test_a_cassette_that_was_not_out_is_not_back(collection):
    went(replace(IDLE, collection=collection), CassetteChanged(True), {}, [], FULL)
    went(replace(IDLE, collection=collection), AcceptorChanged(True), {}, [], FULL)


# --- the day's totals ------------------------------------------------------------------------------------------------


def test_totals_of_the_day_are_asked_for_between_customers_only():
    ready = replace(IDLE, card_ready=True)
    _, effects = step(ready, SettlementOpened(), at())
    assert [effect.kind for effect in effects if isinstance(effect, Record)] == ["settlement_intent"]
    went(replace(VISIT, card_ready=True), SettlementOpened(), {}, [])
