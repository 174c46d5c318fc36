"""The collector's way through an encashment, in order and in any other order; his sign-in by card and PIN."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.encashment.collector import (
    ATTEMPTS_MAX,
    LOCK_S,
    Collector,
    PinError,
    SignInRefusedError,
    SignIns,
    check_new_pin,
    pin_hash,
    sign_in,
)
from payment.encashment.steps import (
    CassetteMoved,
    CloseCollection,
    CopyAsked,
    Encashment,
    Left,
    OpenCollection,
    PrintSlip,
    SealGiven,
    SignedIn,
    SignOut,
    SlipEnded,
    Stage,
    Which,
    step,
)

SALT = b"16 bytes of salt"
COLLECTOR = Collector("k-17", "Петров П. П.", "04A1B2C3", SALT, pin_hash("4821", SALT))
BY_CARD = {COLLECTOR.card_id: COLLECTOR}
WHOLE_WAY = [
    SignedIn(COLLECTOR),
    SealGiven(" А 0012345 "),
    SlipEnded(printed=True),
    CassetteMoved(present=False),
    CassetteMoved(present=True),
    SlipEnded(printed=True),
]


def go(events, state=None):
    state = state or Encashment()
    done = []
    for event in events:
        state, effects = step(state, event)
        done += effects
    return state, done


def test_the_whole_way_in_its_order():
    state, done = go(WHOLE_WAY)
    assert state.stage is Stage.DONE
    assert done == [
        OpenCollection("k-17", "А 0012345"),
        PrintSlip(Which.BEFORE),
        CloseCollection(),
        PrintSlip(Which.AFTER),
    ]


def test_a_printer_without_paper_does_not_stop_the_change_and_the_next_print_is_no_copy():
    state, _ = go([*WHOLE_WAY[:2], SlipEnded(printed=False)])
    assert state.stage is Stage.REMOVE
    assert step(state, CopyAsked())[1] == [PrintSlip(Which.BEFORE, copy=False)]


def test_the_second_print_is_a_copy():
    removing, _ = go(WHOLE_WAY[:3])
    assert step(removing, CopyAsked())[1] == [PrintSlip(Which.BEFORE, copy=True)]
    done, _ = go(WHOLE_WAY)
    assert step(done, CopyAsked())[1] == [PrintSlip(Which.AFTER, copy=True)]


def test_a_cassette_that_is_out_already_is_only_to_be_put_in():
    state, done = go([CassetteMoved(present=False), *WHOLE_WAY[:3]])
    assert state.stage is Stage.INSERT
    assert step(state, CassetteMoved(present=True))[1] == [CloseCollection(), PrintSlip(Which.AFTER)]
    assert CloseCollection() not in done


def test_nobody_leaves_while_the_cassette_is_out():
    out, _ = go(WHOLE_WAY[:4])
    assert step(out, Left()) == (out, [])


@pytest.mark.parametrize("length", range(len(WHOLE_WAY) + 1))
def test_who_leaves_has_closed_what_he_opened(length):
    state, done = go(WHOLE_WAY[:length])
    after, more = step(state, Left())
    if state.stage is Stage.INSERT:
        return
    assert after == Encashment(cassette_present=state.cassette_present)
    everything = [*done, *more]
    opened = sum(isinstance(each, OpenCollection) for each in everything)
    assert opened == everything.count(CloseCollection())
    assert (SignOut() in more) == (length > 0)


@pytest.mark.parametrize("seal", ["", "   ", "x" * 31, "a\nb", "\x1b[2J"])
def test_an_impossible_seal_opens_nothing(seal):
    state, done = go([SignedIn(COLLECTOR), SealGiven(seal)])
    assert state.stage is Stage.SEAL
    assert done == []


EVENTS = st.sampled_from([*WHOLE_WAY, SlipEnded(printed=False), CopyAsked(), Left()])


@given(st.lists(EVENTS, max_size=40))
def test_in_any_order_collections_are_opened_and_closed_in_turn(events):
    opened = False
    state = Encashment()
    for event in events:
        state, effects = step(state, event)
        for effect in effects:
            if isinstance(effect, OpenCollection):
                assert not opened
                opened = True
            elif isinstance(effect, CloseCollection):
                assert opened
                opened = False
    assert opened == (state.stage in (Stage.BEFORE, Stage.REMOVE, Stage.INSERT))


# --- the sign-in ------------------------------------------------------------------------------------------------------


def test_the_right_card_and_pin_let_the_collector_in():
    assert sign_in(BY_CARD, "04A1B2C3", "4821", SignIns(), 0.0)[0] == COLLECTOR


@pytest.mark.parametrize(("card", "pin"), [("04A1B2C3", "4822"), ("04A1B2C3", ""), ("00000000", "4821"), ("", "٤٨٢١")])
def test_a_wrong_half_lets_nobody_in_and_counts(card, pin):
    found, kept = sign_in(BY_CARD, card, pin, SignIns(), 5.0)
    assert found is None
    assert kept.wrong[card] == (1, 5.0)


def test_too_many_wrong_pins_lock_the_card_for_a_while_even_for_the_right_one():
    kept = SignIns()
    for attempt in range(ATTEMPTS_MAX):
        found, kept = sign_in(BY_CARD, "04A1B2C3", "0000", kept, float(attempt))
        assert found is None
    last_s = float(ATTEMPTS_MAX - 1)
    with pytest.raises(SignInRefusedError, match="15 минут"):
        sign_in(BY_CARD, "04A1B2C3", "4821", kept, last_s + LOCK_S - 1)
    found, kept = sign_in(BY_CARD, "04A1B2C3", "4821", kept, last_s + LOCK_S)
    assert found == COLLECTOR
    assert kept.wrong == {}


def test_another_card_is_not_locked_with_it():
    locked = SignIns({"04A1B2C3": (ATTEMPTS_MAX, 0.0)})
    other = Collector("k-18", "Иванов И. И.", "0499", SALT, pin_hash("777777", SALT))
    assert sign_in({"0499": other}, "0499", "777777", locked, 1.0)[0] == other


@pytest.mark.parametrize("pin", ["1234", "4321", "7890", "0987", "1111", "1212", "7337", "582345", "777777"])
def test_a_pin_that_a_stranger_would_try_first_is_not_given_out(pin):
    with pytest.raises(PinError, match="слишком простой"):
        check_new_pin(pin)


@pytest.mark.parametrize("pin", ["7351", "4821", "135792", "900128"])
def test_any_other_pin_is(pin):
    check_new_pin(pin)


@pytest.mark.parametrize("pin", ["", "123", "1" * 13, "12a4", "١٢٣٤"])
def test_a_bad_pin_is_not_given_out(pin):
    with pytest.raises(PinError):
        pin_hash(pin, SALT)
