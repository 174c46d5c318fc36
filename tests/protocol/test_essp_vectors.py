"""Published SSP bytes, plain and encrypted, both ways; the driver's codec and the simulator's own one match them."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from device_drivers.essp import describe, encryption, frames, messages
from device_drivers.essp.encryption import CipherError, Key
from device_drivers.essp.frames import DamagedFrame, Frame, FrameError, FrameReader
from device_drivers.essp.messages import Event, MessageError, PollEvent
from device_drivers.simulators import essp_wire
from device_drivers.simulators.essp_wire import HostPacket, SspHostStream

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "essp.json").read_text())["vectors"]
CHECKSUMS = [vector for vector in VECTORS if vector["kind"] == "checksum"]
STREAMS = [vector for vector in VECTORS if vector["kind"] == "stream"]
VALID = [vector for vector in VECTORS if vector["kind"] == "frame" and vector["valid"]]
BAD = [vector for vector in VECTORS if not vector["valid"]]
SEALED = [vector for vector in VALID if "encryption_key" in vector.get("fields", {})]
MARKED = {"ids": lambda vector: vector["id"] if isinstance(vector, dict) else None}

ONE, ZERO = {"sequence": 1, "address": 0}, {"sequence": 0, "address": 0}
SETUP = {"firmware": "0100", "protocol_version": 5, "channels": ["GBP 500", "GBP 1000", "GBP 2000"]}
MEANT = {
    "essp-001": ("SYNC", ONE),
    "essp-002": ("OK", ONE),
    "essp-003": ("RESET", ONE),
    "essp-004": ("HOST PROTOCOL VERSION", {**ONE, "version": 8}),
    "essp-005": ("POLL", ONE),
    "essp-006": ("POLL ANSWER", {**ONE, "events": ["SLAVE RESET", "DISABLED"]}),
    "essp-007": ("POLL ANSWER", {**ONE, "events": ["CREDIT 1", "STACKED"]}),
    "essp-008": ("GET SERIAL NUMBER", ONE),
    "essp-009": ("OK", {**ONE, "data_hex": "001c962c"}),
    "essp-010": ("ENABLE", ONE),
    "essp-011": ("SET INHIBITS", {**ONE, "accepted_channels": [1, 2, 3]}),
    "essp-012": ("HOLD", ONE),
    "essp-013": ("POLL ANSWER", {**ONE, "events": ["READ 0"]}),
    "essp-014": ("POLL ANSWER", {**ONE, "events": ["READ 3"]}),
    "essp-015": ("SET GENERATOR", {**ONE, "number": 982451653}),
    "essp-016": ("SETUP REQUEST", ONE),
    "essp-017": ("SETUP", ONE | SETUP),
    "essp-045": ("SYNC", ZERO),
    "essp-046": ("OK", ZERO),
    "essp-047": ("HOST PROTOCOL VERSION", {**ZERO, "version": 6}),
    "essp-054": ("OK", {**ONE, "data_hex": "273b000000000000"}),
    "essp-055": ("OK", {**ZERO, "count": 1, "data_hex": "004a78b4"}),
    "essp-056": ("GET SERIAL NUMBER", {**ZERO, "count": 0}),
    "essp-057": ("OK", {**ZERO, "count": 1, "data_hex": "004a04f4"}),
}


def raw_of(vector: dict) -> bytes:
    return bytes.fromhex(vector["hex"])


def key_of(vector: dict) -> str:
    return vector.get("fields", {}).get("encryption_key", "")


def test_the_vectors_are_there():
    assert (len(VALID), len(CHECKSUMS), len(STREAMS), len(BAD), len(SEALED)) == (24, 2, 1, 1, 3)
    assert {vector["id"] for vector in VALID} == set(MEANT)


@pytest.mark.parametrize("vector", CHECKSUMS, **MARKED)
def test_both_codecs_make_the_published_crc(vector):
    assert frames.crc16(raw_of(vector)).hex() == vector["fields"]["crc_wire"]
    assert essp_wire.ssp_crc(raw_of(vector)).hex() == vector["fields"]["crc_wire"]


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_a_published_packet_means_what_was_published(vector):
    for direction in (vector["dir"], None):
        assert describe.decode_frame(raw_of(vector), direction, key_of(vector)) == MEANT[vector["id"]]


@pytest.mark.parametrize("vector", [vector for vector in VALID if vector not in SEALED], **MARKED)
def test_a_published_packet_is_made_again_from_its_fields(vector):
    name, fields = MEANT[vector["id"]]
    if name == "SETUP":
        name, fields = "OK", {**ONE, "data_hex": frames.decode(raw_of(vector)).data[1:].hex()}
    values = {
        key: ",".join(map(str, value)) if isinstance(value, list) else str(value) for key, value in fields.items()
    }
    assert describe.encode_frame(name, values, "").hex() == vector["hex"]


@pytest.mark.parametrize("vector", SEALED, **MARKED)
def test_a_published_encrypted_packet_is_opened_by_both_codecs_and_by_nobody_with_another_key(vector):
    data, key = frames.decode(raw_of(vector)).data, bytes.fromhex(key_of(vector))
    opened = (vector["fields"]["ecount"], bytes.fromhex(vector["fields"]["plain"]))
    assert encryption.decrypt(data, Key(key)) == essp_wire.ssp_unseal(data, key) == opened
    other = bytes((key[0] ^ 1,)) + key[1:]
    assert essp_wire.ssp_unseal(data, other) is None
    with pytest.raises(CipherError):
        encryption.decrypt(data, Key(other))
    assert key.hex() not in repr(Key(key))


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_the_simulators_own_codec_makes_the_same_bytes(vector):
    raw, frame = raw_of(vector), frames.decode(raw_of(vector))
    head = frame.sequence << 7 | frame.address
    assert essp_wire.ssp_packet(head, frame.data) == raw == frames.encode(frame)
    assert SspHostStream().split(raw) == [HostPacket(head, frame.data, True)]


@pytest.mark.parametrize("vector", BAD, **MARKED)
def test_a_packet_published_as_damaged_is_refused_by_both_codecs(vector):
    raw = raw_of(vector)
    assert FrameReader().feed(raw) == [DamagedFrame(raw[1:])]
    assert [packet.good for packet in SspHostStream().split(raw)] == [False]
    with pytest.raises(FrameError, match="CRC"):
        frames.decode(raw)


@pytest.mark.parametrize("vector", STREAMS, **MARKED)
def test_a_published_stream_gives_its_whole_packets_and_keeps_waiting_for_the_rest(vector):
    reader = FrameReader()
    found = [frames.encode(frame)[1:].hex() for frame in reader.feed(raw_of(vector))]
    assert found == vector["fields"]["expect_packets"]
    assert reader.waiting
    assert len(SspHostStream().split(raw_of(vector))) == 1


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_a_published_packet_survives_every_cut(vector):
    raw, frame = raw_of(vector), frames.decode(raw_of(vector))
    for at in range(1, len(raw)):
        reader = FrameReader()
        assert reader.feed(raw[:at]) + reader.feed(raw[at:]) == [frame]
    for size in (1, 2):
        reader = FrameReader()
        assert [found for at in range(0, len(raw), size) for found in reader.feed(raw[at : at + size])] == [frame]


def test_all_published_packets_glued_together_come_out_one_by_one():
    raws = [raw_of(vector) for vector in VALID]
    assert FrameReader().feed(b"".join(raws)) == [frames.decode(raw) for raw in raws]


@pytest.mark.parametrize(
    "junk", [b"\x00", b"\xff\x55", b"\x7f\x80", b"\x7f\x80\x05\x01", b"\x7f\x7f", b"\x7f\x00\x00\xf0"]
)
@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_junk_before_a_packet_costs_no_packet(vector, junk):
    raw = raw_of(vector)
    assert [frame for frame in FrameReader().feed(junk + raw) if isinstance(frame, Frame)] == [frames.decode(raw)]
    assert [packet.good for packet in SspHostStream().split(junk + raw)][-1:] == [True]


@pytest.mark.parametrize("vector", VALID, **MARKED)
def test_one_flipped_bit_anywhere_is_refused(vector):
    raw = raw_of(vector)
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        found = FrameReader().feed(bytes(flipped))
        assert not [frame for frame in found if isinstance(frame, Frame)], f"bit {bit}"
        with pytest.raises(FrameError):
            frames.decode(bytes(flipped))


def test_every_byte_survives_stuffing_even_the_crc():
    dice = random.Random(7)
    for _ in range(300):
        frame = Frame(dice.randint(0, 1), dice.choice([0, 0x10]), dice.randbytes(dice.randint(1, 20)) + b"\x7f" * 3)
        wire = frames.encode(frame)
        assert frames.decode(wire) == frame
        assert SspHostStream().split(wire) == [HostPacket(frame.sequence << 7 | frame.address, frame.data, True)]


def test_reading_of_events_ends_at_the_first_unknown_code_and_skips_nothing():
    answer = messages.decode_poll(bytes.fromhex("ee03 d2 ee05"))
    assert answer.events == (PollEvent(Event.CREDIT, 3),)
    assert answer.unread == bytes.fromhex("d2ee05")
    assert messages.decode_poll(b"\xee").events == ()


def test_a_set_up_of_version_8_gives_its_expanded_values():
    head = b"\x00" + b"0420" + b"RUB" + bytes(3) + b"\x02"
    data = head + b"\x32\x88" + b"\x02\x02" + b"\x00\x00\x64" + b"\x08" + b"RUBRUB"
    data += (50).to_bytes(4, "little") + (5000).to_bytes(4, "little")
    assert messages.decode_setup(data).channels == (("RUB", 5000), ("RUB", 500000))


@pytest.mark.parametrize("size", [0, 5, 11, 14])
def test_a_set_up_shorter_than_it_says_is_refused(size):
    data = frames.decode(bytes.fromhex("7f8017f0003031303047425000000103050a14020202400000056181")).data[1:]
    with pytest.raises(MessageError):
        messages.decode_setup(data[:size])


def test_both_sides_of_a_key_exchange_come_to_the_same_key_and_its_primes_are_primes():
    dice = random.Random(1)
    for _ in range(20):
        ours = encryption.new_exchange(dice.randbytes)
        assert encryption.is_prime(ours.generator)
        assert encryption.is_prime(ours.modulus)
        assert ours.generator > ours.modulus
        secret = dice.randint(1, 2**31)
        theirs = pow(ours.intermediate, secret, ours.modulus)
        key = ours.key(pow(ours.generator, secret, ours.modulus))
        assert key.raw == essp_wire.ssp_key(0x0123456701234567, theirs)
        assert key.raw[:8].hex() == "6745230167452301"
        sealed = encryption.encrypt(b"\x0c", 5, key, dice.randbytes)
        assert essp_wire.ssp_unseal(sealed, key.raw) == (5, b"\x0c")
        assert encryption.decrypt(essp_wire.ssp_seal(b"\xf0\x01", 6, key.raw), key) == (6, b"\xf0\x01")
