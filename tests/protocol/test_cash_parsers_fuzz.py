"""Any bytes at all at the cash protocols: only declared errors, bounded memory, no note or coin out of noise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_drivers.catalog import make_bill_validator, make_coin_acceptor
from device_drivers.cctalk import frames as cctalk
from device_drivers.cctalk import messages as cctalk_messages
from device_drivers.cctalk.cipher import decipher, encipher, key_of
from device_drivers.cctalk.frames import Form, Frame, Variant
from device_drivers.contract.bill_validator import NoteStacked
from device_drivers.contract.coin_acceptor import CoinAccepted
from device_drivers.essp import encryption, messages
from device_drivers.essp import frames as essp
from device_drivers.essp.encryption import CipherError, Key
from device_drivers.id003 import frames as id003
from device_drivers.id003 import messages as id003_messages
from device_drivers.simulators.cctalk_bills import CctalkBillSimulator
from device_drivers.simulators.cctalk_coins import CctalkCoinSimulator
from device_drivers.simulators.cctalk_wire import CctalkForm, bnv_hide, bnv_show
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.virtual_time import VirtualWire
from device_drivers.tools.protocols import DIRECTIONS, TOOLS, Asked


@dataclass(frozen=True)
class Codec:
    """One protocol's frames, and bytes that look like their beginning."""

    tool: str
    frame: Callable[[bytes], bytes]
    reader: Callable[[], Any]
    heads: tuple[bytes, ...]
    size_max: int
    key: str = ""


CODECS = {
    "id003": Codec("id003", id003.encode, id003.FrameReader, (b"\xfc", b"\xfc\x05", b"\xfc\xff"), 255),
    "cctalk": Codec(
        "cctalk",
        lambda data: cctalk.encode(Frame(1, 0, data, 40), Form()),
        lambda: cctalk.FrameReader(Form(), 1, 40),
        (b"\x01", b"\x01\xfc\x28", b"\x01\x02"),
        257,
    ),
    "cctalk crc": Codec(
        "cctalk",
        lambda data: cctalk.encode(Frame(1, 0, data), Form(Variant.CRC16)),
        lambda: cctalk.FrameReader(Form(Variant.CRC16)),
        (b"\x01", b"\x01\xfc", b"\x01\x02"),
        257,
    ),
    "essp": Codec(
        "essp",
        lambda data: essp.encode(essp.Frame(0, 0, data)),
        essp.FrameReader,
        (b"\x7f", b"\x7f\x80\xff", b"\x7f\x7f"),
        260,
        key="00" * 16,
    ),
}
KEPT = {"id003": "_buffer", "cctalk": "_buffer", "cctalk crc": "_buffer", "essp": "_body"}


def streams(codec: Codec) -> st.SearchStrategy[list[bytes]]:
    frame = st.binary(min_size=1, max_size=40).map(codec.frame)
    return st.lists(st.one_of(st.binary(max_size=12), frame, st.sampled_from(codec.heads)), max_size=12)


@pytest.mark.parametrize("name", CODECS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_reader_takes_any_bytes_and_holds_at_most_one_frame(name, data):
    codec, reader = CODECS[name], CODECS[name].reader()
    for chunk in data.draw(streams(codec)):
        reader.feed(chunk)
        assert len(getattr(reader, KEPT[name]) or b"") <= codec.size_max
    reader.give_up_waiting()
    assert not reader.waiting


@pytest.mark.parametrize("name", CODECS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_frames_come_out_the_same_however_the_stream_is_cut(name, data):
    codec = CODECS[name]
    stream = b"".join(data.draw(streams(codec)))
    whole = codec.reader().feed(stream)
    reader, found, at = codec.reader(), [], 0
    while at < len(stream):
        size = data.draw(st.integers(1, 7))
        found += reader.feed(stream[at : at + size])
        at += size
    assert found == whole


@pytest.mark.parametrize("name", CODECS)
@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80), st.sampled_from([None, *DIRECTIONS]), st.binary(max_size=1))
def test_decode_raises_only_what_its_protocol_declares(name, raw, direction, request):
    codec = CODECS[name]
    tools = TOOLS[codec.tool]
    for attempt in (raw, codec.frame(raw or b"\x00"), codec.frame(b"\x7e" + bytes(16))):
        for key in ("", codec.key):
            try:
                found, fields = tools.decode(attempt, Asked(direction, request=request, key=key))
            except tools.errors:
                continue
            assert found
            assert isinstance(fields, dict)


WORDS = ["POLL", "EVENTS", "ANSWER", "HEADER 999", "ACK", "SET ENABLE", "SET INHIBIT", "ROUTE BILL", "INHIBIT MASK"]
WORDS += [
    "SET INHIBITS",
    "POLL ANSWER",
    "KEY EXCHANGE",
    "OK",
    "ESCROW",
    "VERSION",
    "SET OPTIONS",
    "HOST PROTOCOL VERSION",
]
KEYS = ["destination", "source", "counter", "events", "data_hex", "inhibit", "enabled", "route", "accepted_types"]
KEYS += ["accepted_channels", "number", "version", "denomination", "text", "sequence", "address"]


@pytest.mark.parametrize("tool", ["id003", "cctalk", "essp"])
@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.sampled_from(WORDS), st.text(max_size=8)),
    st.dictionaries(st.sampled_from(KEYS), st.one_of(st.text(max_size=12), st.integers().map(str)), max_size=3),
)
def test_encode_raises_only_what_its_protocol_declares(tool, name, values):
    tools = TOOLS[tool]
    assert tools.encode is not None
    try:
        wire = tools.encode(name, values, Asked())
    except tools.errors:
        return
    assert wire


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=80))
def test_answers_of_any_bytes_are_read_or_refused(data):
    messages.decode_poll(data)
    parsers = [messages.decode_setup, messages.decode_serial, id003_messages.decode_denominations]
    parsers += [cctalk_messages.decode_events, cctalk_messages.decode_coin_id, cctalk_messages.decode_bill_id]
    for parser in parsers:
        try:
            parser(data)
        except (messages.MessageError, id003_messages.MessageError, cctalk_messages.MessageError):
            continue
    try:
        encryption.decrypt(data, Key(bytes(16)))
    except CipherError:
        return


@settings(max_examples=40, deadline=None)
@given(st.binary(min_size=1, max_size=40), st.text("0123456789abcdef", min_size=6, max_size=6))
def test_both_bnv_ciphers_agree_under_any_key(plain, digits):
    wire = encipher(plain, key_of(digits))
    assert wire == bnv_hide(plain, digits)
    assert decipher(wire, key_of(digits)) == bnv_show(wire, digits) == plain


FAR_ENDS = {
    "id003": lambda: Id003Simulator(initialize_s=0.5),
    "cctalk": lambda: CctalkBillSimulator(initialize_s=0.5),
    "cctalk?key=123456": lambda: CctalkBillSimulator(initialize_s=0.5, form=CctalkForm("crc16", "123456")),
    "essp": lambda: EsspSimulator(initialize_s=0.5),
    "essp?encrypted=1": lambda: EsspSimulator(initialize_s=0.5),
}


@pytest.mark.parametrize("url", FAR_ENDS)
@settings(max_examples=12, deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=10))
def test_noise_never_stacks_a_note_nor_stops_a_session(url, chunks):
    session = make_bill_validator(url)
    wire = VirtualWire(session, FAR_ENDS[url]())
    for chunk in chunks:
        # The checksum of ccTalk lets every 256th noise through: bytes that cannot be a frame are thrown in.
        session.receive(bytes(byte for byte in chunk if byte not in (0x01, 0xFC, 0x7F)), wire.now_s)
        wire.run(0.05)
    wire.run(15.0)
    assert not [event for event in wire.events if isinstance(event, NoteStacked)]
    assert wire.hand(do="state")["state"] == "disabled"


@settings(max_examples=12, deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=10))
def test_noise_never_makes_a_coin(chunks):
    wire = VirtualWire(make_coin_acceptor("cctalk"), CctalkCoinSimulator())
    for chunk in chunks:
        wire.session.receive(chunk.replace(b"\x01", b"\x02"), wire.now_s)
        wire.run(0.05)
    wire.run(20.0)
    assert not [event for event in wire.events if isinstance(event, CoinAccepted)]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=10))
def test_the_simulators_take_any_bytes_from_a_host(chunks):
    far_ends = [make() for make in FAR_ENDS.values()]
    coins = CctalkCoinSimulator()
    for at, chunk in enumerate(chunks):
        for device in (*far_ends, coins):
            device.feed(chunk, at * 0.3)
    assert all(device.control({"do": "state"}, 100.0)["cassette"]["count"] == 0 for device in far_ends)
    assert coins.control({"do": "state"}, 100.0)["box"]["count"] == 0
