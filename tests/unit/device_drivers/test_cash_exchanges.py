"""One request and its answer on each cash protocol: what is taken for an answer and what never is."""

from __future__ import annotations

import pytest

from device_drivers.cctalk import exchange as cctalk
from device_drivers.cctalk import frames as cctalk_frames
from device_drivers.cctalk.frames import Form, Frame
from device_drivers.cctalk.messages import Header
from device_drivers.essp import encryption, frames
from device_drivers.essp import exchange as essp
from device_drivers.essp.encryption import Key
from device_drivers.essp.messages import Reply
from device_drivers.id003 import exchange as id003
from device_drivers.id003 import frames as id003_frames
from device_drivers.id003.messages import Status, StatusReport
from device_drivers.tries import Tries

KEY = Key(bytes(range(16)))
POLL = cctalk.Request(Header.READ_BILL_EVENTS, sizes=frozenset({11}))
ACCEPT = cctalk.Request(Header.MASTER_INHIBIT, b"\x01", frozenset({0}))
EVENTS, ACK = bytes(11), b""


def said_by_device(data):
    return cctalk_frames.encode(Frame(1, 0, data, 40), Form())


def essp_answer(sequence, data):
    return frames.encode(frames.Frame(sequence, 0, data))


@pytest.fixture
def plain():
    """An SSP exchange whose next command has sequence bit 0."""
    return essp.Exchange(0, bytes)


# --- tries -----------------------------------------------------------------------------------------------------------


def test_a_request_is_sent_so_often_and_no_more():
    tries = Tries()
    tries.start(b"x", answer_s=1.0, tries_max=2)
    assert tries.bytes_to_send(0.0) == b"x"
    assert tries.bytes_to_send(0.5) == b""
    assert not tries.is_late(0.9)
    assert tries.is_late(1.0)
    assert tries.again(1.0, pause_s=0.2)
    assert tries.bytes_to_send(1.1) == b""
    assert tries.bytes_to_send(1.2) == b"x"
    assert not tries.again(2.2)
    assert tries.free


# --- ccTalk ----------------------------------------------------------------------------------------------------------


def test_cctalk_an_answer_to_an_earlier_try_is_never_taken_for_one_to_the_next_request():
    exchange = cctalk.Exchange(Form(), 40)
    exchange.start(POLL)
    exchange.bytes_to_send(0.0)
    exchange.receive(b"", cctalk.ANSWER_S)
    again_s = cctalk.ANSWER_S + cctalk.REPEAT_PAUSE_S
    assert exchange.bytes_to_send(again_s)
    (first,) = exchange.receive(said_by_device(EVENTS), again_s + 0.01)
    assert first == cctalk.Answered(POLL, EVENTS, tries=2)
    exchange.start(ACCEPT)
    assert exchange.bytes_to_send(again_s + 0.1) == b""  # the other answer may still come
    assert exchange.receive(said_by_device(EVENTS), again_s + 0.2) == []
    assert exchange.receive(said_by_device(ACK), again_s + 0.2) == []
    assert exchange.bytes_to_send(again_s + 0.02 + cctalk.ANSWER_S)


def test_cctalk_an_answer_of_another_size_is_no_answer():
    exchange = cctalk.Exchange(Form(), 40)
    exchange.start(ACCEPT)
    exchange.bytes_to_send(0.0)
    assert exchange.receive(said_by_device(EVENTS), 0.01) == []
    assert exchange.receive(said_by_device(ACK), 0.02) == [cctalk.Answered(ACCEPT, ACK)]


@pytest.mark.parametrize("cut", [1, 3, 100])
@pytest.mark.parametrize("echo", [False, True])
def test_cctalk_the_echo_is_stripped_if_there_is_one_however_it_comes(echo, cut):
    exchange = cctalk.Exchange(Form(), 40)
    exchange.start(POLL)
    stream = (exchange.bytes_to_send(0.0) if echo else exchange.bytes_to_send(0.0)[:0]) + said_by_device(EVENTS)
    outcomes = []
    for at in range(0, len(stream), cut):
        outcomes += exchange.receive(stream[at : at + cut], 0.001 * at)
    assert outcomes == [cctalk.Answered(POLL, EVENTS)]


def test_cctalk_busy_is_asked_again_after_a_second_three_times_in_all():
    exchange = cctalk.Exchange(Form(), 40)
    exchange.start(POLL)
    now_s, sent = 0.0, 0
    outcomes = []
    while not outcomes:
        if exchange.bytes_to_send(now_s):
            sent += 1
            outcomes = exchange.receive(cctalk_frames.encode(Frame(1, 6, b"", 40), Form()), now_s + 0.01)
        now_s += 0.1
    assert sent == 3
    assert 2.0 <= now_s <= 2.5
    assert outcomes == [cctalk.NoAnswer(POLL, heard=True)]


# --- SSP -------------------------------------------------------------------------------------------------------------


def test_ssp_an_answer_with_the_other_sequence_bit_is_one_to_an_earlier_command(plain):
    plain.start(b"\x07")
    plain.bytes_to_send(0.0)
    assert plain.receive(essp_answer(1, b"\xf0\xee\x03"), 0.1) == []
    assert plain.receive(essp_answer(0, b"\xf0"), 0.2) == [essp.Answered(b"\x07", Reply.OK, b"")]


def test_ssp_its_own_echo_is_no_answer(plain):
    plain.start(b"\x07")
    echo = plain.bytes_to_send(0.0)
    assert plain.receive(echo, 0.01) == []
    assert plain.receive(essp_answer(0, b"\xf0"), 0.02) == [essp.Answered(b"\x07", Reply.OK, b"")]


def test_ssp_an_encrypted_answer_counts_one_further_or_is_dropped(plain):
    plain.use_key(KEY)
    plain.start(b"\x07")
    plain.bytes_to_send(0.0)
    replayed = encryption.encrypt(b"\xf0\xee\x03", 9, KEY, bytes)
    assert plain.receive(essp_answer(0, replayed), 0.1) == []
    assert plain.receive(essp_answer(0, b"\xf0\xee\x03"), 0.2) == []  # a plain word is nobody's under a key
    good = encryption.encrypt(b"\xf0", 1, KEY, bytes)
    assert plain.receive(essp_answer(0, good), 0.3) == [essp.Answered(b"\x07", Reply.OK, b"")]
    plain.start(b"\x0c")
    sealed = frames.decode(plain.bytes_to_send(0.4)).data
    assert encryption.decrypt(sealed, KEY) == (1, b"\x0c")


def test_ssp_the_same_packet_again_twenty_times_and_then_the_slave_is_dead(plain):
    plain.start(b"\x07")
    wires, now_s, outcomes = [], 0.0, []
    while not outcomes:
        if wire := plain.bytes_to_send(now_s):
            wires.append(wire)
        outcomes = plain.receive(b"", now_s)
        now_s += 0.05
    assert len(wires) == 20
    assert len(set(wires)) == 1
    assert outcomes == [essp.NoAnswer(b"\x07")]


# --- ID-003 ----------------------------------------------------------------------------------------------------------


def test_id003_on_a_line_with_echo_only_the_second_idling_is_the_devices_word():
    exchange = id003.Exchange()
    exchange.start(b"\x88")
    echo = exchange.bytes_to_send(0.0)
    version = id003_frames.encode(b"\x88i(RUS)100")
    assert exchange.receive(echo + version, 0.01) == [id003.ValueGiven(b"\x88", b"i(RUS)100")]
    exchange.start(b"\x11")
    echo = exchange.bytes_to_send(0.1)
    assert exchange.receive(echo, 0.11) == []
    assert exchange.receive(echo, 0.12) == [id003.Reported(StatusReport(Status.IDLING))]


def test_id003_a_setting_that_comes_back_changed_was_not_taken():
    exchange = id003.Exchange()
    exchange.start(b"\x88")
    exchange.bytes_to_send(0.0)
    exchange.receive(id003_frames.encode(b"\x4b"), 0.01)
    exchange.start(b"\xc3\x00")
    exchange.bytes_to_send(0.1)
    assert exchange.receive(id003_frames.encode(b"\xc3\x01"), 0.11) == []
    assert exchange.bytes_to_send(0.2)
    assert exchange.receive(id003_frames.encode(b"\xc3\x00"), 0.21) == [id003.Done(b"\xc3\x00")]
