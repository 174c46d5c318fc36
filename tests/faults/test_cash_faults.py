"""Every bill validator's session against a device that lies: a fault ends in a stated state, heals, loses no note.

One table of tests over all protocols; what only one of them does stands in a file of its own.
"""

from __future__ import annotations

import gc
import random

import pytest
from cash_stand import BENCHES, FIVE_HUNDRED, ONLINE, PLAIN, Stand

from device_drivers.contract.bill_validator import (
    CassetteInserted,
    CassetteRemoved,
    NoteEscrowed,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NoteStacked,
    PoweredUp,
    PowerUpNote,
)
from device_drivers.contract.cash import CashItem, RejectReason
from device_drivers.contract.status import DeviceState, Fault, StatusChanged

EACH_FAULT = [(bench, fault) for bench, built in BENCHES.items() for fault in built.faults]
# Each protocol in its plain form meets each fault at each command, its other forms meet each fault once.
COMMANDS = [("", 7), ("poll", 7), ("stack", 7), ("table", 2), ("reset", 7)]
FAULTS_FROM_THE_START = [
    (bench, fault, command, count)
    for bench, fault in EACH_FAULT
    for command, count in (COMMANDS if bench in PLAIN else [("", 4)])
]


@pytest.fixture(params=PLAIN)
def bench(request):
    return request.param


@pytest.fixture(params=BENCHES)
def stand_of_any_form(request):
    stand = Stand(request.param)
    stand.until_online()
    return stand


@pytest.fixture
def stand(bench):
    stand = Stand(bench)
    stand.until_online()
    return stand


@pytest.mark.parametrize(("bench", "fault", "command", "count"), FAULTS_FROM_THE_START)
def test_a_fault_from_the_start_on_heals_and_loses_no_note(bench, fault, command, count):
    stand = Stand(bench)
    stand.wire.hand(do="fault", name=fault, count=count, to=command)
    stand.wire.run(8.0)
    stand.until_online()
    stand.insert()
    stand.wire.run(14.0)
    stand.until_online()
    assert stand.told(NoteEscrowed) == [NoteEscrowed(FIVE_HUNDRED)]
    stand.assert_every_note_is_told_once()
    assert len(stand.told(NoteStacked)) + len(stand.told(NoteReturned)) == 1


@pytest.mark.parametrize(
    ("bench", "fault", "count"),
    [(bench, fault, count) for bench, fault in EACH_FAULT for count in ([1, 7] if bench in PLAIN else [3])],
)
def test_a_fault_while_a_note_is_inside_credits_it_once_or_gives_it_back(stand, fault, count):
    stand.insert()
    stand.wire.run_until(lambda: stand.told(NoteEscrowed), 5.0)
    stand.wire.hand(do="fault", name=fault, count=count)
    stand.wire.run(15.0)
    stand.until_online()
    stand.assert_every_note_is_told_once()
    assert len(stand.told(NoteStacked)) + len(stand.told(NoteReturned)) == 1
    assert stand.told(NoteMoving)[-1] == NoteMoving(False)


def test_a_note_stacked_while_the_port_was_gone_is_credited_when_it_is_back(stand_of_any_form):
    stand = stand_of_any_form
    stand.insert()
    stand.wire.run_until(lambda: stand.device()["state"] == "stacking", 5.0)
    stand.wire.cut()
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
    stand.wire.run(0.5)
    assert not stand.told(NoteStacked)
    stand.wire.mend()
    stand.until_online()
    stand.assert_every_note_is_told_once()
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]


@pytest.mark.parametrize("held", [False, True])
def test_a_note_found_in_escrow_at_the_start_is_given_back(bench, held):
    stand = Stand(bench, decide="hold" if held else None)
    stand.until_online()
    stand.insert()
    stand.wire.run(2.0)
    fresh = stand.fresh_session()
    fresh.stack()  # an order from before the start means nothing
    stand.wire.run(6.0)  # by our order, not by the device's own time-out
    assert stand.device()["returned"] == 1
    assert stand.cassette()["count"] == 0
    assert not stand.told(NoteStacked)
    assert len(stand.told(NoteReturned)) <= 1


def test_an_order_given_while_the_port_was_gone_is_not_carried_out(stand):
    stand.decide = None
    stand.insert()
    stand.wire.run_until(lambda: stand.told(NoteEscrowed), 5.0)
    stand.wire.cut()
    stand.session.stack()
    stand.wire.run(1.0)
    stand.wire.mend()
    stand.wire.run(14.0)
    stand.assert_every_note_is_told_once()
    assert stand.told(NoteReturned) == [NoteReturned(FIVE_HUNDRED)]


def test_an_order_that_never_left_is_not_carried_over_a_broken_line(stand):
    stand.decide = None
    stand.insert()
    stand.wire.run_until(lambda: stand.told(NoteEscrowed), 5.0)
    stand.session.stack()
    stand.wire.cut()
    stand.wire.run(1.0)
    stand.wire.mend()
    stand.wire.run(14.0)
    assert not stand.told(NoteStacked)
    assert stand.told(NoteReturned) == [NoteReturned(FIVE_HUNDRED)]
    stand.assert_every_note_is_told_once()


@pytest.mark.parametrize(
    ("step", "note"),
    [
        ("accepting", PowerUpNote.IN_VALIDATOR),
        ("escrow", PowerUpNote.IN_VALIDATOR),
        ("stacking", PowerUpNote.IN_STACKER),
    ],
)
def test_a_power_cut_tells_where_the_note_lay_and_the_device_serves_again(stand_of_any_form, step, note):
    stand = stand_of_any_form
    stand.decide = "stack" if step == "stacking" else None
    before = len(stand.told(PoweredUp))
    stand.insert()
    stand.wire.run_until(lambda: stand.device()["state"] == step, 5.0)
    stand.wire.hand(do="power_cut", off_s=2.0)
    stand.wire.run(4.0)
    stand.until_online()
    assert stand.told(PoweredUp)[before:] == [PoweredUp(note)]
    in_stacker = 1 if note is PowerUpNote.IN_STACKER else 0
    assert stand.cassette()["count"] == len(stand.told(NoteStacked)) + in_stacker == in_stacker
    stand.decide = "stack"
    stand.insert(20000)
    stand.wire.run(5.0)
    assert stand.told(NoteStacked) == [NoteStacked(CashItem(20000))]


def test_a_long_power_cut_is_told_as_offline_and_then_as_a_power_up(stand):
    before = len(stand.told(PoweredUp))
    stand.wire.hand(do="power_cut", off_s=40.0)
    stand.wire.run(38.0)
    assert stand.status() == StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER)
    stand.until_online()
    assert stand.told(PoweredUp)[before:] == [PoweredUp(PowerUpNote.NONE)]


TROUBLES = {
    "jam": ({"do": "jam"}, DeviceState.HARDWARE_ERROR, Fault.JAMMED),
    "cassette jam": ({"do": "jam", "where": "cassette"}, DeviceState.HARDWARE_ERROR, Fault.CASSETTE_JAMMED),
    "full": ({"do": "full"}, DeviceState.USER_ERROR, Fault.CASSETTE_FULL),
    "failed": ({"do": "fail"}, DeviceState.HARDWARE_ERROR, Fault.FAILED),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_a_trouble_is_told_once_and_the_device_serves_again_when_it_is_cleared(stand, name):
    hand, state, fault = TROUBLES[name]
    stand.wire.hand(**hand)
    events = stand.wire.run(50.0)
    told = [event for event in events if isinstance(event, StatusChanged)]
    assert [(event.state, event.fault) for event in told] == [(state, fault)]
    assert told[0].detail
    stand.wire.hand(do="clear")
    stand.wire.run(0.5)
    stand.until_online()
    stand.insert()
    stand.wire.run(5.0)
    stand.assert_every_note_is_told_once()
    assert len(stand.told(NoteStacked)) == 1


def test_a_jam_over_a_note_in_the_path_ends_without_a_guess_about_its_money(stand):
    stand.insert()
    stand.wire.run_until(lambda: stand.device()["state"] == "stacking", 5.0)
    stand.wire.run(0.2)
    stand.wire.hand(do="jam", where="cassette")
    stand.wire.run(5.0)
    stand.wire.hand(do="clear")
    stand.wire.run(0.5)
    stand.until_online()
    assert not stand.told(NoteStacked)
    assert not stand.told(NoteReturned)
    assert stand.told(NoteMoving)[-1] == NoteMoving(False)


def test_a_jam_over_an_undecided_note_is_no_return_either(stand):
    stand.decide = None
    stand.insert()
    stand.wire.run_until(lambda: stand.told(NoteEscrowed), 5.0)
    stand.wire.hand(do="jam")
    stand.wire.run(5.0)
    stand.wire.hand(do="clear")
    stand.wire.run(0.5)
    stand.until_online()
    assert not stand.told(NoteStacked)
    assert not stand.told(NoteReturned)
    assert stand.told(NoteMoving)[-1] == NoteMoving(False)


def test_a_cheat_is_told_and_clears_by_itself(stand):
    stand.wire.hand(do="cheat")
    told = [event for event in stand.wire.run(8.0) if isinstance(event, StatusChanged)]
    assert [(event.state, event.fault) for event in told] == [
        (DeviceState.FRAUD_ATTEMPT, Fault.CHEATED),
        (DeviceState.ONLINE, Fault.NONE),
    ]


def test_the_cassette_taken_out_and_put_back_is_told_and_money_is_taken_again(stand):
    stand.wire.hand(do="cassette", present=False)
    stand.wire.run(60.0)
    assert (stand.status().state, stand.status().fault) == (DeviceState.USER_ERROR, Fault.CASSETTE_REMOVED)
    stand.wire.hand(do="cassette", present=True)
    stand.wire.run(0.5)
    stand.until_online()
    assert stand.told(CassetteRemoved) == [CassetteRemoved()]
    assert stand.told(CassetteInserted) == [CassetteInserted()]
    stand.insert()
    stand.wire.run(5.0)
    assert len(stand.told(NoteStacked)) == 1


def test_a_full_cassette_takes_the_last_note_and_then_says_so(bench):
    stand = Stand(
        bench,
        memory={"cassette": {"50000": 599}, "cassette_present": True, "note": None}
        | dict.fromkeys(("returned", "rejected", "taken_out"), 0),
    )
    stand.until_online()
    stand.insert()
    stand.wire.run(5.0)
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]
    assert stand.told(NoteMoving)[-1] == NoteMoving(False)
    assert (stand.status().state, stand.status().fault) == (DeviceState.USER_ERROR, Fault.CASSETTE_FULL)


def test_unknown_paper_and_a_disabled_note_are_rejected_with_their_reasons(stand):
    stand.insert(0)
    stand.wire.run(3.0)
    stand.insert(1000)  # ten rubles are not among those enabled
    stand.wire.run(3.0)
    reasons = [event.reason for event in stand.told(NoteRejected)]
    assert reasons == [RejectReason.NOT_RECOGNISED, RejectReason.INHIBITED]
    assert all(event.detail for event in stand.told(NoteRejected))
    assert not stand.told(NoteEscrowed)
    assert stand.told(NoteMoving)[-1:] in ([], [NoteMoving(False)])  # events tell of no note before it is recognised


def test_a_note_nobody_decides_about_goes_back_after_ten_seconds(stand):
    stand.decide = None
    stand.insert()
    stand.wire.run(14.0)
    assert stand.told(NoteReturned) == [NoteReturned(FIVE_HUNDRED)]
    stand.assert_every_note_is_told_once()
    assert not stand.told(NoteStacked)


def test_hold_keeps_the_note_and_a_later_stack_takes_it(stand):
    stand.decide = "hold"
    stand.insert()
    stand.wire.run(9.0)
    stand.session.hold()
    stand.wire.run(9.0)
    assert stand.device()["note_minor"] == 50000
    stand.session.stack()
    stand.wire.run(3.0)
    assert stand.told(NoteEscrowed) == [NoteEscrowed(FIVE_HUNDRED)]
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]


def test_hold_is_bounded_however_long_the_owner_asks(stand):
    stand.decide = None
    stand.insert()
    for _ in range(30):
        stand.session.hold()
        stand.wire.run(1.0)
    stand.wire.run(120.0)
    assert stand.told(NoteReturned) == [NoteReturned(FIVE_HUNDRED)]
    stand.assert_every_note_is_told_once()


def test_disable_finishes_the_note_inside_and_takes_no_other(stand):
    stand.decide = None
    stand.insert()
    stand.wire.run_until(lambda: stand.told(NoteEscrowed), 5.0)
    stand.session.disable()
    stand.wire.run(2.0)
    stand.session.stack()
    stand.wire.run(3.0)
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]
    assert stand.device()["state"] == "disabled"


def test_reset_waits_for_the_note_and_the_denominations_are_enabled_again(stand):
    stand.decide = None
    stand.insert()
    stand.wire.run_until(lambda: stand.told(NoteEscrowed), 5.0)
    stand.session.reset()
    stand.session.stack()
    stand.wire.run_until(lambda: stand.device()["state"] == "initialize", 5.0)
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]
    stand.until_online()
    assert 20000 in stand.device()["enabled_minor"]


def test_return_gives_the_note_back_at_once(stand):
    stand.decide = "return_note"
    stand.insert()
    stand.wire.run(4.0)
    assert stand.told(NoteReturned) == [NoteReturned(FIVE_HUNDRED)]
    assert stand.told(NoteMoving) == [NoteMoving(True), NoteMoving(False)]
    assert stand.status() == ONLINE


@pytest.mark.parametrize("bench", BENCHES)
def test_a_storm_of_faults_over_many_notes_loses_none_and_doubles_none(bench):
    dice = random.Random(20261125)
    stand = Stand(bench, chunk_size=3)
    stand.until_online()
    inserted, notes = 0, 40 if bench in PLAIN else 15
    while inserted < notes:
        stand.wire.hand(do="fault", name=dice.choice(stand.bench.faults), count=dice.randint(1, 5))
        stand.decide = dice.choice(["stack", "stack", "return_note", None])
        if stand.idles():
            stand.insert(dice.choice([50000, 20000, 200000, 0]))
            inserted += 1
        stand.wire.run(dice.uniform(0.2, 8.0))
        if dice.random() < 0.1:
            stand.wire.cut()
            stand.wire.run(dice.uniform(0.1, 12.0))
            stand.wire.mend()
    stand.wire.run(60.0)
    stand.until_online()
    assert stand.cassette()["count"] > notes // 10
    stand.assert_every_note_is_told_once()


def test_a_decision_is_on_the_wire_as_soon_as_the_protocol_allows(stand):
    escrowed_s = []
    stand.wire.react = lambda event: (
        (escrowed_s.append(stand.wire.now_s), stand.session.stack()) if isinstance(event, NoteEscrowed) else None
    )
    stand.insert()
    stand.wire.run_until(lambda: escrowed_s, 5.0)
    seen = len(stand.wire.wire_log)
    stand.wire.run(1.0)
    said = [(at_s, data) for at_s, side, data in stand.wire.wire_log[seen:] if side == "host"]
    ordered_s = next(at_s for at_s, data in said if data != stand.bench.acknowledges)
    assert ordered_s - escrowed_s[0] <= stand.bench.decides_in_s


def test_polling_leaves_nothing_behind(stand):
    def objects_after(for_s):
        stand.wire.run(for_s)
        stand.wire.wire_log.clear()
        stand.wire.events.clear()
        gc.collect()
        return len(gc.get_objects())

    before = objects_after(30.0)
    assert objects_after(300.0) - before < 50
