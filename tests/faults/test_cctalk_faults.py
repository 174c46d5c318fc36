"""What only a ccTalk bill validator does: a ring of five events, a past nobody told, resets that show in nothing."""

from __future__ import annotations

import pytest
from cash_stand import FIVE_HUNDRED, ONLINE, Stand

from device_drivers.cctalk.bill_path import BillPath
from device_drivers.cctalk.events import Event, News
from device_drivers.contract.bill_validator import (
    NoteEscrowed,
    NoteEventsLost,
    NoteReturned,
    NotesRemembered,
    NoteStacked,
    PoweredUp,
    PowerUpNote,
)
from device_drivers.contract.cash import UNKNOWN_CASH_ITEM, CashItem
from device_drivers.contract.status import DeviceState, Fault

FORMS = ["cctalk", "cctalk on a line with echo", "cctalk with crc", "cctalk enciphered"]
TABLE = {4: CashItem(10000), 5: FIVE_HUNDRED}


@pytest.fixture(params=FORMS)
def stand(request):
    stand = Stand(request.param)
    stand.until_online()
    return stand


@pytest.fixture
def path():
    path = BillPath()
    path.teller.table_read(TABLE)
    path.take_events()
    return path


def told_notes(path):
    kinds = (NoteEscrowed, NoteStacked, NoteReturned, NoteEventsLost)
    return [event for event in path.take_events() if isinstance(event, kinds)]


def test_what_was_stacked_before_this_session_is_remembered_and_not_credited(stand):
    for value in (50000, 20000):
        stand.insert(value)
        stand.wire.run(4.0)
    stand.wire.events.clear()
    stand.fresh_session()
    stand.wire.run(5.0)
    assert stand.told(NotesRemembered) == [NotesRemembered((CashItem(20000), FIVE_HUNDRED))]
    assert not stand.told(NoteStacked)


def test_a_note_stacked_while_the_host_was_dead_is_told_when_its_event_is_new(stand):
    stand.insert()
    stand.wire.run_until(lambda: stand.device()["state"] == "stacking", 5.0)
    stand.fresh_session()
    stand.wire.run(10.0)
    assert stand.told(NoteStacked) == [NoteStacked(UNKNOWN_CASH_ITEM)] or stand.told(NoteStacked) == [
        NoteStacked(FIVE_HUNDRED)
    ]
    assert stand.cassette()["count"] == 1


def test_a_short_power_cut_before_the_first_event_is_noticed_by_the_mask_that_is_gone(stand):
    before = len(stand.told(PoweredUp))
    stand.wire.hand(do="power_cut", off_s=0.4)
    stand.wire.run(10.0)
    stand.until_online()
    assert stand.told(PoweredUp)[before:] == [PoweredUp(PowerUpNote.NONE)]


def test_a_device_that_was_not_polled_long_accepts_again_when_it_is(stand):
    stand.wire.cut()
    stand.wire.run(5.0)
    assert stand.device()["enabled_minor"] == []
    stand.wire.mend()
    stand.until_online()
    stand.insert()
    stand.wire.run(5.0)
    assert stand.told(NoteStacked) == [NoteStacked(FIVE_HUNDRED)]


def test_escrow_is_on_before_money_is_let_in(stand):
    said = [data for _, side, data in stand.wire.wire_log if side == "host"]
    if stand.bench.url == "cctalk":
        mode = next(at for at, data in enumerate(said) if data[3] == 153)
        accept = next(at for at, data in enumerate(said) if data[3] == 228 and data[4] == 1)
        assert mode < accept
    stand.insert()
    stand.wire.run_until(lambda: stand.told(NoteEscrowed), 5.0)
    assert stand.cassette()["count"] == 0


def test_two_credits_of_one_kind_in_one_reading_are_two_notes(path):
    path.heard(News((Event(1, 5, 1), Event(2, 5, 0), Event(3, 5, 1), Event(4, 5, 0))), 0.0)
    assert told_notes(path) == [NoteEscrowed(FIVE_HUNDRED), NoteStacked(FIVE_HUNDRED)] * 2


def test_credits_without_their_escrow_events_are_credits_all_the_same(path):
    path.heard(News((Event(1, 5, 0), Event(2, 5, 0))), 0.0)
    assert told_notes(path) == [NoteStacked(FIVE_HUNDRED)] * 2


def test_lost_events_are_an_alert_and_the_note_inside_is_in_doubt(path):
    path.heard(News((Event(1, 5, 1),)), 0.0)
    path.heard(News((Event(9, 0, 2),), lost=3), 1.0)
    assert told_notes(path) == [NoteEscrowed(FIVE_HUNDRED), NoteEventsLost(3)]


def test_an_unknown_note_stacked_is_the_one_announced_or_unknown(path):
    path.heard(News((Event(1, 5, 1), Event(2, 0, 21))), 0.0)
    path.heard(News((Event(3, 0, 21),)), 0.0)
    assert told_notes(path) == [NoteEscrowed(FIVE_HUNDRED), NoteStacked(FIVE_HUNDRED), NoteStacked(UNKNOWN_CASH_ITEM)]


@pytest.mark.parametrize("code", [6, 16])
def test_a_jam_gives_no_credit_be_it_safe_or_not(path, code):
    path.heard(News((Event(1, 5, 1),)), 0.0)
    path.teller.note.order_sent_s = 0.0
    path.heard(News((Event(2, 0, code), Event(3, 0, 22))), 0.0)
    assert told_notes(path) == [NoteEscrowed(FIVE_HUNDRED)]


def test_a_credit_for_a_type_without_an_id_stops_the_service(stand):
    stand.session._path.heard(News((Event(1, 9, 0),)), stand.wire.now_s)
    stand.wire.run(0.5)
    assert (stand.status().state, stand.status().fault) == (DeviceState.HARDWARE_ERROR, Fault.FAILED)
    assert stand.status() != ONLINE


def test_a_reset_between_two_settings_does_not_let_money_in_without_the_escrow():
    """Counter 0 before and after, and the mask is taken by the device that has forgotten its operating mode."""
    stand = Stand("cctalk", decide="return_note")
    stand.wire.hand(do="fault", name="lost_answer", to="enable")
    stand.wire.run_until(lambda: stand.device()["faults"] == {}, 60.0)
    stand.wire.hand(do="power_cut", off_s=0.3)
    stand.until_online()
    stand.insert()
    stand.wire.run(6.0)
    assert stand.told(NoteEscrowed) == [NoteEscrowed(FIVE_HUNDRED)]
    assert stand.cassette()["count"] == 0
