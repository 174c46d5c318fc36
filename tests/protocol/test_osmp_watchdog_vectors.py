"""Published bytes of OSMP watchdog boards, both ways; the driver's codec and the simulator's own must both match."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_drivers.contract.watchdog import WatchdogSensors
from device_drivers.osmp_watchdog import describe, frames, messages
from device_drivers.osmp_watchdog.frames import Frame, FrameError, FrameReader
from device_drivers.osmp_watchdog.messages import Generation, MessageError
from device_drivers.simulators.osmp_watchdog import framed
from device_drivers.tools.protocols import DIRECTIONS

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "osmp-watchdog.json").read_text())["vectors"]
RAWS = [bytes.fromhex(vector["hex"]) for vector in VECTORS]
NAMES = {"version request": "VERSION", "ping": "PING", "start the timer": "START TIMER", "stop the timer": "STOP TIMER"}
ANSWER = frames.encode(Frame(0, b"OSMP WDT 2.5.07"))


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_a_published_frame_is_read_and_made_again_by_both_codecs(vector):
    raw = bytes.fromhex(vector["hex"])
    name, fields = describe.decode_message(raw, None, "", b"")
    assert name == NAMES[vector["meaning"]]
    assert describe.encode_message(name, fields, "") == raw
    assert framed(raw[1], raw[3:-1]) == raw


@pytest.mark.parametrize("raw", [*RAWS, ANSWER], ids=lambda raw: raw.hex())
def test_a_frame_survives_every_cut_and_junk_before_it(raw):
    whole = [frames.decode(raw)]
    for at in range(1, len(raw)):
        reader = FrameReader()
        assert reader.feed(raw[:at]) + reader.feed(raw[at:]) == whole
    for junk in (b"\x00", b"\xff\x55", b"\xa5", b"\xa5\x05", b"\xa5\xa5\xff"):
        reader = FrameReader()
        assert reader.feed(junk + raw) + reader.give_up_waiting() == whole
        assert reader.noise_bytes == len(junk)
    assert FrameReader().feed(b"".join(RAWS)) == [frames.decode(one) for one in RAWS]


@pytest.mark.parametrize("raw", [*RAWS, ANSWER], ids=lambda raw: raw.hex())
def test_one_flipped_bit_anywhere_is_refused(raw):
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(FrameError):
            frames.decode(bytes(flipped))


@given(st.lists(st.binary(max_size=40), max_size=20))
def test_any_bytes_are_either_frames_or_noise_and_are_not_kept(chunks):
    reader = FrameReader()
    found = [frame for chunk in chunks for frame in reader.feed(chunk)]
    found += reader.give_up_waiting()
    total = sum(len(chunk) for chunk in chunks)
    assert reader.noise_bytes + sum(frames.FRAME_SIZE_MIN + len(frame.data) for frame in found) == total
    for chunk in chunks:
        messages.board_of(chunk)


WORDS = ["START TIMER", "RESET PC", "READ KEY", "SERIAL NUMBER", "VERSION", "IDENTIFY", "WAKE UP", "DANCE", ""]
FIELDS = ["timeout_s", "pause_s", "number", "type", "key", "serial", "text", "data", "half_hours"]


@given(
    st.one_of(st.binary(max_size=20), st.binary(max_size=9).map(lambda data: frames.encode(Frame(0x12, data)))),
    st.sampled_from([None, *DIRECTIONS]),
    st.sampled_from(["", *describe.VARIANTS]),
    st.sampled_from([b"", b"OSP\x07", b"OSP\xae"]),
    st.sampled_from(WORDS),
    st.dictionaries(st.sampled_from(FIELDS), st.one_of(st.text(max_size=6), st.integers().map(str)), max_size=2),
)
def test_words_and_bytes_of_any_kind_are_told_or_refused(raw, direction, variant, request, name, values):
    try:
        told, fields = describe.decode_message(raw, direction, variant, request)
        assert told
        assert isinstance(fields, dict)
    except (FrameError, MessageError):
        pass
    with contextlib.suppress(FrameError, MessageError):
        assert describe.encode_message(name, values, variant)


# Everything the paper names, with the generation that says it.
SAID = [
    ("a50202021e37", "", "RESET MODEM", {"hold_s": 30}),
    ("a50302021e36", "", "START TIMER", {"timeout_s": 30}),
    ("a50c02020348", "2.5", "RESET PC", {"pause_s": 3}),
    ("a5060055", "", "RESET CLOCK", {}),
    ("a512010543", "", "READ KEY", {"number": 5}),
    ("a512090a010203040506070812", "", "READ KEY", {"type": 10, "key": "0102030405060708"}),
    ("a515013015", "", "WAKE UP", {"half_hours": 48}),
    ("a515010045", "", "WAKE UP", {"half_hours": 0}),
    ("a50104010212340d", "", "SERIAL NUMBER", {"type": "0102", "serial": "1234"}),
    ("4f535001", "1", "IDENTIFY", {}),
    ("4f535002", "1", "RESET MODEM", {}),
    ("4f535003", "2", "START TIMER", {}),
    ("4f535004", "2", "STOP TIMER", {}),
    ("4f535005", "1", "PING", {}),
    ("4f535007", "2", "SENSORS", {}),
    ("4f5350ae", "2", "RESET PC", {}),
    ("4f535009", "stod", "IDENTIFY STOD", {}),
    ("4f535452", "stod", "RESET PC", {}),
]


@pytest.mark.parametrize(("raw", "variant", "name", "fields"), SAID, ids=lambda value: str(value)[:24])
def test_what_every_generation_hears_is_told_and_made_again(raw, variant, name, fields):
    wire = bytes.fromhex(raw)
    assert describe.decode_message(wire, None, variant, b"") == (name, fields)
    assert describe.decode_message(wire, DIRECTIONS[0], "", b"") == (name, fields)
    words = {field: str(value) for field, value in fields.items()}
    assert describe.encode_message(name, words, variant) == wire


@pytest.mark.parametrize(
    ("raw", "request_hex", "name", "fields"),
    [
        (b"WDT OSMP v1.00".hex(), "", "IDENTIFY", {"generation": "1", "text": "WDT OSMP v1.00"}),
        (b"WDT OSMP v2.00".hex(), "4f535001", "IDENTIFY", {"generation": "2", "text": "WDT OSMP v2.00"}),
        (b"STODSIM".hex(), "4f535009", "IDENTIFY", {"generation": "stod", "text": "STODSIM"}),
        ("06", "4f5350ae", "RESET PC", {"data": "06"}),
        (
            "601a0000",
            "4f535007",
            "SENSORS",
            {
                "door_open": True,
                "too_hot": False,
                "ups_battery_low": False,
                "ups_voltage": True,
                "computer_voltage": True,
            },
        ),
    ],
)
def test_what_old_boards_answer_is_told(raw, request_hex, name, fields):
    found = describe.decode_message(bytes.fromhex(raw), DIRECTIONS[1], "", bytes.fromhex(request_hex))
    assert found == (name, fields)


@pytest.mark.parametrize(
    ("raw", "direction", "variant"),
    [
        ("a5050056", None, "1"),
        ("4f535005", None, "2.5"),
        ("4f535006", DIRECTIONS[0], ""),
        ("4f5350", None, ""),
        ("601a0000", DIRECTIONS[1], ""),
        ("", None, ""),
    ],
)
def test_what_a_generation_does_not_say_is_refused(raw, direction, variant):
    with pytest.raises((FrameError, MessageError)):
        describe.decode_message(bytes.fromhex(raw), direction, variant, b"")


@pytest.mark.parametrize(
    ("text", "generation"),
    [
        (b"WDT OSMP v1.00", Generation.OSMP_1),
        (b"\x00WDT v2.00\r\n", Generation.OSMP_2),
        (b"OSMP 2.5.12", Generation.OSMP_2_5),
        (b"STODSIM", Generation.STOD),
    ],
)
def test_each_generation_is_known_by_its_name(text, generation):
    assert messages.board_of(text).generation is generation


@pytest.mark.parametrize("text", [b"", b"OSP\x01", b"WDT v1.", b"WDT v3.00", b"\xa5\x00\x00\x5b"])
def test_half_a_name_or_an_echo_is_no_board(text):
    assert messages.board_of(text) is None


@pytest.mark.parametrize(
    ("raw", "sensors"),
    [
        ("601a0000", WatchdogSensors(True, False, False, True, True)),
        ("201a0000", WatchdogSensors(False, False, False, True, True)),
        ("40080000", WatchdogSensors(None, None, False, False, True)),  # neither sensor is valid
        ("681a0000", WatchdogSensors(None, None, False, True, True)),  # no block of sensors
        ("20100000", WatchdogSensors(False, True, False, False, True)),
        ("201dc000", WatchdogSensors(False, False, None, None, None)),  # no block of voltages
        ("201d0000", WatchdogSensors(False, False, True, False, False)),
    ],
)
def test_sensor_bits_mean_what_the_paper_says(raw, sensors):
    assert messages.sensors_of(bytes.fromhex(raw)) == sensors


@pytest.mark.parametrize("raw", [b"", b"\x60\x1a\x00", bytes(5)])
def test_other_than_four_sensor_bytes_are_refused(raw):
    with pytest.raises(MessageError):
        messages.sensors_of(raw)
