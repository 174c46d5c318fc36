"""Published ID-003 bytes, both ways; the driver's codec and the simulator's own one must both match them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from device_drivers.id003 import describe, frames, messages
from device_drivers.id003.frames import FrameError, FrameReader
from device_drivers.id003.messages import Denomination, MessageError
from device_drivers.simulators import id003_wire
from device_drivers.sized_frames import DamagedFrame

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "id003.json").read_text())["vectors"]
VALID = [vector for vector in VECTORS if vector["valid"]]
BAD = [vector for vector in VECTORS if not vector["valid"]]
MARKED = {"ids": lambda vector: vector["id"] if isinstance(vector, dict) else None}

# What each means in the words of the driver: name and fields.
MEANT = {
    "id003-001": ("STATUS REQUEST", {}),
    "id003-002": ("RESET", {}),
    "id003-003": ("SET INHIBIT", {"inhibit": 0}),
    "id003-004": ("STACK 1", {}),
    "id003-007": ("ACK", {}),
    "id003-008": ("ACCEPTING", {"status": "0x12"}),
    "id003-009": ("ESCROW", {"status": "0x13", "denomination": 0x63}),
    "id003-010": ("VEND VALID", {"status": "0x15"}),
    "id003-011": ("STACKED", {"status": "0x16"}),
    "id003-012": ("REJECTING", {"status": "0x17", "reason": 0x76, "reason_text": "denomination"}),
    "id003-013": ("CURRENCY ASSIGN REQUEST", {}),
    "id003-014": ("VERSION REQUEST", {}),
    "id003-015": ("SET ENABLE", {"enabled": [f"{code:02x}" for code in range(0x61, 0x71)]}),
    "id003-022": ("POWER UP WITH BILL IN ACCEPTOR", {"status": "0x41"}),
}
# The same bytes said from the other side.
OTHER_WAY = {
    "id003-001": ("IDLING", {"status": "0x11"}),
    "id003-002": ("POWER UP", {"status": "0x40"}),
    "id003-003": ("SET INHIBIT", {"inhibit": 0}),
    "id003-004": ("POWER UP WITH BILL IN ACCEPTOR", {"status": "0x41"}),
    "id003-022": ("STACK 1", {}),
}


def raw_of(vector: dict) -> bytes:
    return bytes.fromhex(vector["hex"])


def direction_of(vector: dict) -> str:
    return describe.HOST_TO_DEVICE if vector["dir"] in ("both", "host->device") else describe.DEVICE_TO_HOST


def test_the_vectors_are_there():
    assert len(VALID) == 14
    assert len(BAD) == 1
    assert {vector["id"] for vector in VALID} == set(MEANT)


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_a_published_frame_means_what_was_published(vector):
    assert describe.describe(frames.decode(raw_of(vector)), direction_of(vector)) == MEANT[vector["id"]]


@pytest.mark.parametrize("vector_id", OTHER_WAY)
def test_the_same_bytes_mean_another_thing_in_the_other_direction(vector_id):
    (vector,) = [vector for vector in VALID if vector["id"] == vector_id]
    back = {describe.HOST_TO_DEVICE: describe.DEVICE_TO_HOST, describe.DEVICE_TO_HOST: describe.HOST_TO_DEVICE}
    assert describe.describe(frames.decode(raw_of(vector)), back[direction_of(vector)]) == OTHER_WAY[vector_id]


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_a_published_frame_is_made_again_from_its_fields(vector):
    name, fields = describe.describe(frames.decode(raw_of(vector)), direction_of(vector))
    given = {key: ",".join(value) if isinstance(value, list) else str(value) for key, value in fields.items()}
    wanted = {key: text for key, text in given.items() if key not in ("status", "reason_text")}
    assert frames.encode(describe.encode_data(name, wanted)).hex() == vector["hex"]


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_the_simulators_own_codec_makes_the_same_bytes(vector):
    raw = raw_of(vector)
    assert id003_wire.id003_frame(raw[2:-2]) == raw
    assert id003_wire.Id003HostStream().split(raw) == [raw[2:-2]]


@pytest.mark.parametrize("vector", BAD, **MARKED)
def test_a_frame_published_as_damaged_is_refused_by_both_codecs(vector):
    raw = raw_of(vector)
    assert FrameReader().feed(raw) == [DamagedFrame(raw)]
    assert id003_wire.Id003HostStream().split(raw) == [None]
    with pytest.raises(FrameError, match="CRC"):
        frames.decode(raw)


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_a_published_frame_survives_every_cut(vector):
    raw = raw_of(vector)
    for at in range(1, len(raw)):
        reader = FrameReader()
        assert reader.feed(raw[:at]) + reader.feed(raw[at:]) == [raw[2:-2]]
    for size in (1, 2):
        reader = FrameReader()
        assert [frame for at in range(0, len(raw), size) for frame in reader.feed(raw[at : at + size])] == [raw[2:-2]]


def test_all_published_frames_glued_together_come_out_one_by_one():
    raws = [raw_of(vector) for vector in VALID]
    assert FrameReader().feed(b"".join(raws)) == [raw[2:-2] for raw in raws]


@pytest.mark.parametrize("junk", [b"\x00", b"\xff\x55", b"\xfc", b"\xfc\xfc\x04", b"\xfc\x02", b"\x02\x03\x06"])
@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_junk_before_a_frame_costs_no_frame_once_time_has_passed(vector, junk):
    raw = raw_of(vector)
    reader = FrameReader()
    found = reader.feed(junk + raw) + reader.give_up_waiting()
    assert [frame for frame in found if isinstance(frame, bytes)] == [raw[2:-2]]
    assert reader.noise_bytes == len(junk)
    assert not reader.waiting


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_one_flipped_bit_anywhere_is_refused(vector):
    raw = raw_of(vector)
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        reader = FrameReader()
        found = reader.feed(bytes(flipped)) + reader.give_up_waiting()
        assert not [frame for frame in found if isinstance(frame, bytes)], f"bit {bit}"
        with pytest.raises(FrameError):
            frames.decode(bytes(flipped))


def test_a_currency_assignment_is_read_to_its_last_whole_quadruple_and_unused_codes_are_left_out():
    data = bytes.fromhex("612a0101 622a0501 632a0000 642a0503") + b"\x20B01"
    table = messages.decode_denominations(data)
    assert table == {0x61: Denomination(0x2A, 1000), 0x62: Denomination(0x2A, 5000), 0x64: Denomination(0x2A, 500000)}
    assert messages.decode_denominations(messages.encode_denominations(table)) == table


@pytest.mark.parametrize("data", [b"", b"\x61", b"\x20\x01\x05\x02", b"\x61\x2a\x05\xff"])
def test_a_currency_assignment_nobody_can_read_is_refused(data):
    with pytest.raises(MessageError):
        messages.decode_denominations(data)
