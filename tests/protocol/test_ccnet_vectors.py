"""Published CCNET bytes, both ways; the driver's codec and the simulator's own one must both match them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from device_drivers.ccnet import describe, frames, messages
from device_drivers.ccnet.frames import Frame, FrameError, FrameReader
from device_drivers.simulators import wire
from device_drivers.sized_frames import DamagedFrame

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "ccnet.json").read_text())["vectors"]
VALID = [vector for vector in VECTORS if vector["valid"]]
BAD = [vector for vector in VECTORS if not vector["valid"]]
MARKED = {"ids": lambda vector: vector["id"] if isinstance(vector, dict) else None}

# The published meaning in the words of the driver, where they differ.
NAMES = {
    "ENABLE BILL TYPES: all disabled": "ENABLE BILL TYPES",
    "ENABLE BILL TYPES: types 0-23 enabled, no escrow (bills are stacked at once)": "ENABLE BILL TYPES",
    "ENABLE BILL TYPES: types 2..7 enabled, no escrow (3rd mask byte = types 0-7)": "ENABLE BILL TYPES",
    "IDENTIFICATION answer": "IDENTIFICATION",
    "ILLEGAL COMMAND (same bytes as RESET in the other direction)": "ILLEGAL COMMAND",
}


def expected_name(vector: dict) -> str:
    meaning = vector["meaning"].removeprefix("poll answer ")
    return NAMES.get(meaning, meaning.split(",")[0])


def directions(vector: dict) -> list[str]:
    return [describe.HOST_TO_DEVICE, describe.DEVICE_TO_HOST] if vector["dir"] == "both" else [vector["dir"]]


def test_the_vectors_are_there():
    assert len(VALID) == 24
    assert len(BAD) == 1


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_a_published_frame_means_what_was_published(vector):
    frame = frames.decode(bytes.fromhex(vector["hex"]))
    for direction in directions(vector):
        name, fields = describe.describe(frame.data, direction)
        assert name == expected_name(vector)
        for key, value in vector.get("fields", {}).items():
            assert fields[key] == value


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_a_published_frame_is_made_again_from_its_fields(vector):
    data = frames.decode(bytes.fromhex(vector["hex"])).data
    for direction in directions(vector):
        name, fields = describe.describe(data, direction)
        if name == "IDENTIFICATION" and len(data) > 1:
            who = messages.Identification(fields["part"], fields["serial"], bytes.fromhex(fields["asset_hex"]))
            again = messages.encode_identification(who)
        else:
            wanted = {key: text_of(value) for key, value in fields.items() if key not in ("state", "reason_text")}
            again = describe.encode_data(name, wanted)
        assert frames.encode(Frame(frames.BILL_VALIDATOR, again)).hex() == vector["hex"]


def text_of(value: object) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_the_simulators_own_codec_makes_the_same_bytes(vector):
    raw = bytes.fromhex(vector["hex"])
    assert wire.ccnet_frame(raw[3:-2]) == raw
    assert wire.CcnetHostStream().split(raw) == [raw[3:-2]]


@pytest.mark.parametrize("vector", BAD, **MARKED)
def test_a_frame_published_as_damaged_is_refused_by_both_codecs(vector):
    raw = bytes.fromhex(vector["hex"])
    assert FrameReader().feed(raw) == [DamagedFrame(raw)]
    assert wire.CcnetHostStream().split(raw) == [None]
    with pytest.raises(FrameError, match="CRC"):
        frames.decode(raw)


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_a_published_frame_survives_every_cut(vector):
    raw = bytes.fromhex(vector["hex"])
    for at in range(1, len(raw)):
        reader = FrameReader()
        assert reader.feed(raw[:at]) + reader.feed(raw[at:]) == [Frame(3, raw[3:-2])]
    for size in (1, 2):
        reader = FrameReader()
        found = [frame for at in range(0, len(raw), size) for frame in reader.feed(raw[at : at + size])]
        assert found == [Frame(3, raw[3:-2])]


def test_all_published_frames_glued_together_come_out_one_by_one():
    raws = [bytes.fromhex(vector["hex"]) for vector in VALID]
    assert FrameReader().feed(b"".join(raws)) == [Frame(3, raw[3:-2]) for raw in raws]


@pytest.mark.parametrize("junk", [b"\x00", b"\xff\x55", b"\x02", b"\x02\x02", b"\x02\x03\x05", b"\x02\x01\x06\x33"])
@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_junk_before_a_frame_is_skipped_and_counted(vector, junk):
    raw = bytes.fromhex(vector["hex"])
    reader = FrameReader()
    assert reader.feed(junk + raw) == [Frame(3, raw[3:-2])]
    assert reader.noise_bytes == len(junk)


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_noise_that_looks_like_a_head_costs_no_frame_once_time_has_passed(vector):
    raw = bytes.fromhex(vector["hex"])
    reader = FrameReader()
    found = reader.feed(b"\x02\x03\xfa" + raw) + reader.give_up_waiting()
    assert [frame for frame in found if isinstance(frame, Frame)] == [Frame(3, raw[3:-2])]
    assert not reader.waiting


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_one_flipped_bit_anywhere_is_refused(vector):
    raw = bytes.fromhex(vector["hex"])
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        reader = FrameReader()
        found = reader.feed(bytes(flipped)) + reader.give_up_waiting()
        assert not [frame for frame in found if isinstance(frame, Frame)], f"bit {bit}"
        with pytest.raises(FrameError):
            frames.decode(bytes(flipped))
