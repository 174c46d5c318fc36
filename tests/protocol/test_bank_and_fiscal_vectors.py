"""Published bytes of registers and bank terminals, both ways; drivers' and simulators' codecs must both match them."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from device_drivers.atol import frames as atol
from device_drivers.inpas import frames as inpas
from device_drivers.sberbank import frames as sberbank
from device_drivers.shtrih_m import frames as shtrih_m
from device_drivers.simulators import atol_wire, inpas_wire, sberbank_wire, shtrih_m_wire, vendotek_wire
from device_drivers.tools import protocols as tools
from device_drivers.vendotek import frames as vendotek
from device_drivers.vendotek.frames import Framing

FOLDER = Path(__file__).parents[1] / "vectors"


def whole_shtrih_m(tokens: list[Any]) -> list[bytes]:
    return [token.data for token in tokens if isinstance(token, shtrih_m.Message)]


def whole_inpas(tokens: list[Any]) -> list[bytes]:
    return [token.data for token in tokens if isinstance(token, inpas.Frame)]


class SerialSberbank:
    """The reader of envelopes, fed with bare frames in envelopes."""

    def __init__(self) -> None:
        self._reader = sberbank.EnvelopeReader()

    def feed(self, wire: bytes) -> list[Any]:
        return self._reader.feed(wire)

    def give_up_waiting(self) -> list[Any]:
        self._reader.give_up_waiting()
        return []


class AtolReader(atol.FrameReader):
    def give_up_waiting(self) -> list[Any]:
        super().give_up_waiting()
        return []


@dataclass(frozen=True)
class Bench:
    """How one protocol's frames are read: from a stream, and by the simulator."""

    file: str
    reader: Callable[[dict[str, Any]], Any]
    carried: Callable[[list[Any]], list[bytes]]  # what the whole frames among the tokens carry
    inside: Callable[[bytes], bytes]  # what the frame of a vector carries
    simulated: Callable[[dict[str, Any]], bytes]  # the same bytes, made by the simulator's codec
    wire: Callable[[bytes], bytes] = bytes  # what a stream carries of a vector
    junk: tuple[bytes, ...] = (b"\x00", b"\xff\xaa")
    doubtful_junk: tuple[bytes, ...] = ()  # looks like a head: costs nothing once time has passed
    checksum: bool = True


def vendotek_reader(vector: dict[str, Any]) -> vendotek.FrameReader:
    frame, framing = vendotek.decode(bytes.fromhex(vector["hex"]))
    return vendotek.FrameReader(framing, frame.discriminator)


def vendotek_simulated(vector: dict[str, Any]) -> bytes:
    raw = bytes.fromhex(vector["hex"])
    frame, framing = vendotek.decode(raw)
    made = vendotek_wire.vtk_frame(frame.data, serial=framing is Framing.SERIAL)
    start = 1 if framing is Framing.SERIAL else 0
    made = made[: start + 2] + frame.discriminator.to_bytes(2, "big") + made[start + 4 :]
    return made if framing is Framing.TCP else made[:-2] + vendotek_wire.vtk_crc(made[:-2])


BENCHES = {
    "shtrih-m": Bench(
        "shtrih-m.json",
        lambda vector: shtrih_m.FrameReader(),
        whole_shtrih_m,
        lambda raw: raw[2:-1],
        lambda vector: shtrih_m_wire.shtrih_message(bytes.fromhex(vector["hex"])[2:-1]),
        doubtful_junk=(b"\x02\xfa", b"\x02\x30\x10"),
    ),
    "atol3": Bench(
        "atol3.json",
        lambda vector: AtolReader(),
        lambda frames: [frame.data for frame in frames],
        lambda raw: atol.decode(raw).data,
        lambda vector: atol_wire.atol_frame(
            bytes.fromhex(vector["hex"])[3], atol.decode(bytes.fromhex(vector["hex"])).data
        ),
        junk=(b"\x00", b"\xfd\xee", b"\xfe\x05\x00\x01", b"\xfe\x80"),
    ),
    "inpas": Bench(
        "inpas.json",
        lambda vector: inpas.FrameReader(),
        whole_inpas,
        lambda raw: raw[3:-2],
        lambda vector: inpas_wire.inpas_frame(bytes.fromhex(vector["hex"])[3:-2]),
        doubtful_junk=(b"\x02\x40\x00", b"\x01\x00\x01"),
    ),
    "sberbank-frame": Bench(
        "sberbank-frame.json",
        lambda vector: SerialSberbank(),
        lambda tokens: [token.data for token in tokens if isinstance(token, sberbank.Frame)],
        lambda raw: raw[2:-2],
        lambda vector: sberbank_wire.sber_frame(0, bytes.fromhex(vector["hex"])[2:-2]),
        wire=sberbank.in_envelope,
        junk=(b"\x00", b"\xff\x41", b"\x02", b"\x02#AAA", b"\x02#\x00"),
    ),
    "vendotek": Bench(
        "vendotek.json",
        vendotek_reader,
        lambda frames: [frame.data for frame in frames],
        lambda raw: vendotek.decode(raw)[0].data,
        vendotek_simulated,
        junk=(b"\x00", b"\xff\xaa", b"\x1f\x20", b"\x1f\x00\x00"),
        doubtful_junk=(b"\x1f\x00\x40\x97\xfb",),
    ),
}


def vectors(name: str) -> list[dict[str, Any]]:
    return json.loads((FOLDER / BENCHES[name].file).read_text())["vectors"]


ALL = [(name, vector) for name in BENCHES for vector in vectors(name) if "hex" in vector]
VALID = [(name, vector) for name, vector in ALL if vector["valid"]]
BAD = [(name, vector) for name, vector in ALL if not vector["valid"]]
MARKED = {"ids": lambda value: value["id"] if isinstance(value, dict) else None}
WITH_CHECKSUM = [(name, vector) for name, vector in VALID if vector.get("fields", {}).get("transport") != "tcp"]


def asked(vector: dict[str, Any]) -> tools.Asked:
    return tools.Asked(direction=None if vector["dir"] == "both" else vector["dir"])


def test_the_vectors_are_there():
    assert {name: sum(found == name for found, _ in VALID) for name in BENCHES} == {
        "shtrih-m": 8,
        "atol3": 3,
        "inpas": 2,
        "sberbank-frame": 2,
        "vendotek": 10,
    }
    assert len(BAD) == 2


@pytest.mark.parametrize(("name", "vector"), VALID, **MARKED)
def test_a_published_frame_means_what_was_published(name, vector):
    told, fields = tools.TOOLS[name].decode(bytes.fromhex(vector["hex"]), asked(vector))
    assert told
    for key, value in vector.get("fields", {}).items():
        assert fields[key] == value


@pytest.mark.parametrize(("name", "vector"), VALID, **MARKED)
def test_a_published_frame_is_made_again_from_its_fields(name, vector):
    told, fields = tools.TOOLS[name].decode(bytes.fromhex(vector["hex"]), asked(vector))
    words = {key: str(value) for key, value in fields.items()}
    assert tools.TOOLS[name].encode(told, words, asked(vector)).hex() == vector["hex"]


@pytest.mark.parametrize(("name", "vector"), VALID, **MARKED)
def test_the_simulators_own_codec_makes_the_same_bytes(name, vector):
    assert BENCHES[name].simulated(vector).hex() == vector["hex"]


@pytest.mark.parametrize(("name", "vector"), BAD, **MARKED)
def test_a_frame_published_as_damaged_is_refused(name, vector):
    with pytest.raises(tools.TOOLS[name].errors):
        tools.TOOLS[name].decode(bytes.fromhex(vector["hex"]), asked(vector))


@pytest.mark.parametrize(("name", "vector"), VALID, **MARKED)
def test_a_published_frame_survives_every_cut(name, vector):
    bench = BENCHES[name]
    wire = bench.wire(bytes.fromhex(vector["hex"]))
    carried = [bench.inside(bytes.fromhex(vector["hex"]))]
    for at in range(1, len(wire)):
        reader = bench.reader(vector)
        assert bench.carried(reader.feed(wire[:at]) + reader.feed(wire[at:])) == carried
    for size in (1, 2):
        reader = bench.reader(vector)
        assert (
            bench.carried([token for at in range(0, len(wire), size) for token in reader.feed(wire[at : at + size])])
            == carried
        )


@pytest.mark.parametrize("name", BENCHES)
def test_published_frames_glued_together_come_out_one_by_one(name):
    bench = BENCHES[name]
    own = [vector for found, vector in VALID if found == name]
    kinds = {}  # VTK: one reader hears one speaker in one framing
    for vector in own:
        reader = bench.reader(vector)
        kinds.setdefault(str(vars(reader).get("_speaker")) + str(vars(reader).get("_serial")), []).append(vector)
    for kind in kinds.values():
        raws = [bytes.fromhex(vector["hex"]) for vector in kind]
        reader = bench.reader(kind[0])
        assert bench.carried(reader.feed(b"".join(map(bench.wire, raws)))) == [bench.inside(raw) for raw in raws]


@pytest.mark.parametrize(("name", "vector"), VALID, **MARKED)
def test_junk_before_a_frame_is_skipped(name, vector):
    bench = BENCHES[name]
    raw = bytes.fromhex(vector["hex"])
    for junk in bench.junk:
        reader = bench.reader(vector)
        found = reader.feed(junk + bench.wire(raw)) + reader.give_up_waiting()
        assert bench.inside(raw) in bench.carried(found), junk.hex()


@pytest.mark.parametrize(("name", "vector"), WITH_CHECKSUM, **MARKED)
def test_noise_that_looks_like_a_head_costs_no_frame_once_time_has_passed(name, vector):
    bench = BENCHES[name]
    raw = bytes.fromhex(vector["hex"])
    for junk in bench.doubtful_junk:
        reader = bench.reader(vector)
        found = reader.feed(junk + bench.wire(raw)) + reader.give_up_waiting()
        assert bench.carried(found) == [bench.inside(raw)], junk.hex()


@pytest.mark.parametrize(("name", "vector"), WITH_CHECKSUM, **MARKED)
def test_one_flipped_bit_anywhere_is_refused(name, vector):
    bench = BENCHES[name]
    raw = bytes.fromhex(vector["hex"])
    for bit in range(len(raw) * 8):
        flipped = bytearray(raw)
        flipped[bit // 8] ^= 1 << bit % 8
        reader = bench.reader(vector)
        found = reader.feed(bench.wire(bytes(flipped))) + reader.give_up_waiting()
        assert bench.inside(raw) not in bench.carried(found), f"bit {bit}"
        assert not bench.carried(found), f"bit {bit}"
        with pytest.raises(tools.TOOLS[name].errors):
            tools.TOOLS[name].decode(bytes(flipped), asked(vector))


@pytest.mark.parametrize("vector", [vector for name, vector in VALID if name == "sberbank-frame"], **MARKED)
def test_one_flipped_bit_anywhere_in_an_envelope_is_refused(vector):
    wire = sberbank.in_envelope(bytes.fromhex(vector["hex"]))
    for bit in range(len(wire) * 8):
        flipped = bytearray(wire)
        flipped[bit // 8] ^= 1 << bit % 8
        reader = sberbank.EnvelopeReader()
        found = reader.feed(bytes(flipped))
        reader.give_up_waiting()
        assert not BENCHES["sberbank-frame"].carried(found), f"bit {bit}"


@pytest.mark.parametrize("name", ["shtrih-m", "vendotek", "inpas", "sberbank-frame"])
def test_control_bytes_and_variants_are_told(name):
    cases = {
        "shtrih-m": ("05", "ENQ", ""),
        "inpas": ("06", "ACK", ""),
        "vendotek": ("1f000f96fb010356525003013104033130301f46", "VRP", "serial"),
        "sberbank-frame": (sberbank.in_envelope(bytes.fromhex("0007500000e4df03001067")).hex(), "COMMAND 50", "serial"),
    }
    raw, told, variant = cases[name]
    assert tools.TOOLS[name].decode(bytes.fromhex(raw), tools.Asked(variant=variant))[0] == told


def test_the_published_exchange_is_what_our_exchange_says():
    from device_drivers.fiscal_session import Answered, Request
    from device_drivers.shtrih_m.exchange import ShtrihMExchange

    (vector,) = [vector for vector in vectors("shtrih-m") if vector["kind"] == "exchange"]
    exchange = ShtrihMExchange()
    exchange.start(Request(bytes.fromhex("101e000000")))
    outcomes = []
    for side, told in vector["fields"]["steps"] if "fields" in vector else vector["steps"]:
        if side == "host":
            assert exchange.bytes_to_send(1.0).hex() == told
        else:
            outcomes.append(exchange.receive(bytes.fromhex(told), 1.0))
    assert [outcome for outcome in outcomes if outcome is not None] == [
        Answered(bytes.fromhex("10001e92020200009fe5180100890800"))
    ]
