"""Published ccTalk bytes in all three forms, both ways; driver, simulator and an independent parser must all agree."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from device_drivers.cctalk import cipher, describe, frames
from device_drivers.cctalk.frames import Form, Frame, FrameError, FrameReader, Variant
from device_drivers.cctalk.place import form_of
from device_drivers.simulators import cctalk_wire
from device_drivers.simulators.cctalk_wire import CctalkForm, CctalkHostStream
from device_drivers.sized_frames import DamagedFrame

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "cctalk.json").read_text())["vectors"]
CHECKSUMS = [vector for vector in VECTORS if vector["kind"] == "checksum"]
WIRE = [vector for vector in VECTORS if vector["kind"] != "checksum" and vector["valid"]]
BAD = [vector for vector in VECTORS if not vector["valid"]]
MARKED = {"ids": lambda vector: vector["id"] if isinstance(vector, dict) else None}
DEVICE = {"destination": 1, "source": 40}
TO_BILLS = {"destination": 40, "source": 1}

MEANT = {
    "cctalk-001": ("SIMPLE POLL", TO_BILLS),
    "cctalk-002": ("HEADER 127", DEVICE),
    "cctalk-003": ("RESET", {"destination": 40}),
    "cctalk-004": ("ANSWER", {"destination": 1, "data_hex": b"AST".hex()}),
    "cctalk-019": ("ACK", DEVICE),
    "cctalk-020": ("NAK", DEVICE),
    "cctalk-021": ("BUSY", DEVICE),
    "cctalk-022": ("MASTER INHIBIT", {**TO_BILLS, "accept": 1}),
    "cctalk-023": ("INHIBIT MASK", {**TO_BILLS, "accepted_types": list(range(1, 17))}),
    "cctalk-024": ("ROUTE BILL", {**TO_BILLS, "route": 1}),
    "cctalk-025": ("EVENTS", {**DEVICE, "counter": 0, "events": [[0, 0]] * 5}),
    "cctalk-026": ("EVENTS", {**DEVICE, "counter": 1, "events": [[4, 1], *[[0, 0]] * 4]}),
    "cctalk-027": ("EVENTS", {**DEVICE, "counter": 2, "events": [[4, 0], [4, 1], *[[0, 0]] * 3]}),
    "cctalk-028": ("READ COIN EVENTS", {"destination": 2, "source": 1}),
    "cctalk-029": (
        "EVENTS",
        {"destination": 1, "source": 2, "counter": 3, "events": [[5, 1], [5, 1], [0, 2], [0, 0], [0, 0]]},
    ),
    "cctalk-046": ("SIMPLE POLL", {"destination": 40}),
    "cctalk-048": ("ROUTE BILL", {"destination": 40, "route": 1}),
}


def raw_of(vector: dict) -> bytes:
    return bytes.fromhex(vector["hex"])


def form_of_vector(vector: dict) -> Form:
    fields = vector.get("fields", {})
    return form_of(fields.get("variant", ""), fields.get("key", ""))


def own_form(vector: dict) -> CctalkForm:
    fields = vector.get("fields", {})
    return CctalkForm(fields.get("variant", "crc16"), fields.get("key", ""))


def text_of(value: object) -> str:
    if isinstance(value, list):
        return ",".join(":".join(map(str, item)) if isinstance(item, list) else str(item) for item in value)
    return str(value)


def test_the_vectors_are_there():
    assert (len(WIRE), len(CHECKSUMS), len(BAD)) == (17, 5, 1)
    assert {vector["id"] for vector in WIRE} == set(MEANT)


@pytest.mark.parametrize("vector", CHECKSUMS, **MARKED)
def test_both_codecs_make_the_published_crc(vector):
    crc = int(vector["fields"]["crc"], 16)
    assert frames.crc16(raw_of(vector)) == cctalk_wire.cctalk_crc(raw_of(vector)) == crc


@pytest.mark.parametrize("vector", WIRE, **MARKED)
def test_a_published_message_means_what_was_published(vector):
    fields = vector["fields"]
    found = describe.decode_frame(raw_of(vector), None, fields.get("variant", ""), fields.get("key", ""))
    assert found == MEANT[vector["id"]]


@pytest.mark.parametrize("vector", WIRE, **MARKED)
def test_a_published_message_is_made_again_from_its_fields(vector):
    name, fields = MEANT[vector["id"]]
    values = {key: text_of(value) for key, value in fields.items()}
    form = vector["fields"]
    assert describe.encode_frame(name, values, form.get("variant", ""), form.get("key", "")).hex() == vector["hex"]


@pytest.mark.parametrize("vector", WIRE, **MARKED)
def test_the_simulators_own_codec_reads_and_makes_the_same_bytes(vector):
    raw, frame = raw_of(vector), frames.decode(raw_of(vector), form_of_vector(vector))
    assert CctalkHostStream(own_form(vector), frame.destination).split(raw) == [(frame.header, frame.data)]
    if frame.destination == frames.HOST:
        assert own_form(vector).message(frame.source or 0, frame.header, frame.data) == raw


@pytest.mark.parametrize("vector", [vector for vector in WIRE if vector["kind"] == "encrypted-frame"], **MARKED)
def test_both_ciphers_hide_and_show_as_published(vector):
    plain, wire, digits = bytes.fromhex(vector["fields"]["plain"]), raw_of(vector), vector["fields"]["key"]
    assert cipher.encipher(plain[2:], cipher.key_of(digits)) == cctalk_wire.bnv_hide(plain[2:], digits) == wire[2:]
    assert cipher.decipher(wire[2:], cipher.key_of(digits)) == cctalk_wire.bnv_show(wire[2:], digits) == plain[2:]
    assert digits not in repr(cipher.key_of(digits))


@pytest.mark.parametrize("vector", BAD, **MARKED)
def test_a_message_published_as_damaged_is_refused_by_both_codecs(vector):
    raw = raw_of(vector)
    for variant in Variant:
        assert FrameReader(Form(variant)).feed(raw)[:1] == [DamagedFrame(raw)]
        with pytest.raises(FrameError):
            frames.decode(raw, Form(variant))
    assert CctalkHostStream(CctalkForm("crc16"), 1).split(raw) == [None]


@pytest.mark.parametrize("vector", WIRE, **MARKED)
def test_a_published_message_survives_every_cut(vector):
    raw, form = raw_of(vector), form_of_vector(vector)
    frame = frames.decode(raw, form)
    for at in range(1, len(raw)):
        reader = FrameReader(form, frame.destination)
        assert reader.feed(raw[:at]) + reader.feed(raw[at:]) == [frame]
    for size in (1, 2):
        reader = FrameReader(form, frame.destination)
        assert [found for at in range(0, len(raw), size) for found in reader.feed(raw[at : at + size])] == [frame]


@pytest.mark.parametrize("destination", [1, 40])
def test_all_published_messages_to_one_address_glued_together_come_out_one_by_one(destination):
    raws = [raw_of(vector) for vector in WIRE if form_of_vector(vector) == Form()]
    raws = [raw for raw in raws if raw[0] == destination]
    assert FrameReader(Form(), destination).feed(b"".join(raws)) == [frames.decode(raw, Form()) for raw in raws]


@pytest.mark.parametrize("junk", [b"\x00", b"\xff\x55", b"\x01\xff", b"\x01\x02", b"\x28\x01", b"\x01\x01\x05\x05"])
@pytest.mark.parametrize("vector", WIRE, **MARKED)
def test_junk_before_a_message_costs_no_message_once_time_has_passed(vector, junk):
    raw, form = raw_of(vector), form_of_vector(vector)
    frame = frames.decode(raw, form)
    reader = FrameReader(form, frame.destination)
    found = reader.feed(junk + raw) + reader.give_up_waiting()
    assert [message for message in found if isinstance(message, Frame)] == [frame]
    assert reader.noise_bytes == len(junk)
    assert not reader.waiting


@pytest.mark.parametrize("vector", WIRE, **MARKED)
def test_one_flipped_bit_anywhere_is_refused(vector):
    raw, form = raw_of(vector), form_of_vector(vector)
    frame = frames.decode(raw, form)
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        with pytest.raises(FrameError):
            frames.decode(bytes(flipped), form)
        reader = FrameReader(form, frame.destination, frame.source)
        found = reader.feed(bytes(flipped)) + reader.give_up_waiting()
        assert not [message for message in found if isinstance(message, Frame)], f"bit {bit}"


PEER = Path(__file__).parents[2] / "agent_web" / "node_modules" / "@serialport" / "parser-cctalk"
ASK_PEER = """
const { CCTalkParser } = require(process.argv[1]);
const parser = new CCTalkParser(60000); // a busy machine may pause between two pieces
parser.on("data", (message) => console.log(message.toString("hex")));
for (const piece of process.argv.slice(2)) parser.write(Buffer.from(piece, "hex"));
"""


def test_an_independent_parser_cuts_what_we_and_the_simulator_say_into_the_same_messages():
    node = shutil.which("node", path=str(Path(__file__).parents[2] / ".venv" / "bin"))
    assert node is not None, "node is installed by make setup"
    assert PEER.is_dir(), "the peer is installed by make setup"
    said = [raw_of(vector) for vector in WIRE if vector["id"] != "cctalk-002"]
    said += [frames.encode(Frame(40, 231, bytes((at, 255 - at)), 1), Form()) for at in range(0, 250, 50)]
    said += [CctalkForm().message(40, 0, bytes(range(size))) for size in (0, 1, 11, 100)]
    stream = b"".join(said).hex()
    pieces = [stream[at : at + 14] for at in range(0, len(stream), 14)]
    heard = subprocess.run([node, "-e", ASK_PEER, str(PEER), *pieces], check=True, capture_output=True, timeout=60)
    assert heard.stdout.decode().split() == [raw.hex() for raw in said]
