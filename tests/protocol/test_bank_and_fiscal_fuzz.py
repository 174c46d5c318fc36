"""Any bytes at all: parsers of registers and bank terminals raise what they declare, and their memory stays bounded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_drivers import layout, tlv
from device_drivers.atol import frames as atol
from device_drivers.atol.session import AtolSession
from device_drivers.contract.fiscal_printer import FiscalTag
from device_drivers.contract.payment_card_reader import mask_pan, without_pans
from device_drivers.inpas import frames as inpas
from device_drivers.inpas.session import InpasSession
from device_drivers.layout import Field, Kind, LayoutError
from device_drivers.sberbank import frames as sberbank
from device_drivers.sberbank.session import SberbankSession
from device_drivers.shtrih_m import frames as shtrih_m
from device_drivers.shtrih_m.session import ShtrihMSession
from device_drivers.tlv import TlvError
from device_drivers.tools import protocols as tools
from device_drivers.vendotek import frames as vendotek
from device_drivers.vendotek.frames import Framing
from device_drivers.vendotek.session import VendotekSession

EXAMPLES = settings(max_examples=30, deadline=None)
data = st.binary(min_size=1, max_size=60)
FRAMES = {
    "shtrih-m": data.map(shtrih_m.encode),
    "atol3": st.builds(lambda number, body: atol.encode(atol.Frame(number, body)), st.integers(0, 0xDF), data),
    "inpas": st.builds(
        lambda body, part: inpas.encode(inpas.Frame(body, part)), data, st.one_of(st.none(), st.integers(0, 9))
    ),
    "sberbank-frame": st.builds(
        lambda number, body, more: sberbank.in_envelope(sberbank.encode(sberbank.Frame(number, body, more))),
        st.integers(0, 5),
        data,
        st.booleans(),
    ),
    "vendotek": data.map(lambda body: vendotek.encode(vendotek.Frame(vendotek.TERMINAL, body), Framing.SERIAL)),
    "vendotek over tcp": data.map(lambda body: vendotek.encode(vendotek.Frame(vendotek.TERMINAL, body), Framing.TCP)),
}
READERS = {
    "shtrih-m": (shtrih_m.FrameReader, 300),
    "atol3": (atol.FrameReader, atol.DATA_SIZE_MAX + 8),
    "inpas": (inpas.FrameReader, inpas.DATA_SIZE_MAX + 8),
    "sberbank-frame": (sberbank.EnvelopeReader, sberbank.ENVELOPE_SIZE_MAX + 8),
    "vendotek": (lambda: vendotek.FrameReader(Framing.SERIAL), vendotek.BODY_SIZE_MAX + 8),
    "vendotek over tcp": (lambda: vendotek.FrameReader(Framing.TCP), vendotek.BODY_SIZE_MAX + 8),
}
SESSIONS = {
    "shtrih-m": ShtrihMSession,
    "atol3": AtolSession,
    "inpas": InpasSession,
    "sberbank-frame": SberbankSession,
    "vendotek": VendotekSession,
    "vendotek over tcp": lambda: VendotekSession(Framing.TCP),
}
WORDS = [
    "SHORT STATUS",
    "SHORT STATUS ANSWER",
    "OPERATION V2",
    "COMMAND 99",
    "COMMAND ZZ",
    "VRP",
    "NFC READER",
    "SALE",
    "PART",
    "TRANSACTION",
    "ANSWER",
    "ADD TASK",
    "CLEAR BUFFER",
    "RESULT",
    "ACK",
    "",
]
KEYS = [
    "password",
    "amount",
    "operation",
    "frame",
    "more",
    "data",
    "tag_zz",
    "tag_99",
    "flags",
    "task",
    "command",
    "id",
    "error",
    "discriminator",
    "transport",
    "mode_status",
    "ops_in_receipt",
    "part",
    "result",
    "number",
]
HEADS = [b"\x02\xff", b"\x02", b"\x01\x00\x0f", b"\xfe\x7f\x07", b"\x1f\x1f\xff\x97\xfb", b"\x1f\xff\x97\xfb", b"\x02#"]


def streams(name):
    """Bytes that look like the protocol get deeper than plain noise."""
    return st.lists(st.one_of(st.binary(max_size=12), FRAMES[name], st.sampled_from(HEADS)), max_size=10)


def held(reader) -> int:
    body = vars(reader).get("_buffer", vars(reader).get("_body"))
    return len(body or b"")


@pytest.mark.parametrize("name", READERS)
@EXAMPLES
@given(st.data())
def test_a_reader_takes_any_bytes_and_holds_at_most_one_frame(name, data):
    make, size_max = READERS[name]
    reader = make()
    for chunk in data.draw(streams(name)):
        reader.feed(chunk)
        assert held(reader) <= size_max
    reader.give_up_waiting()
    assert not reader.waiting


@pytest.mark.parametrize("name", READERS)
@EXAMPLES
@given(st.data())
def test_frames_come_out_the_same_however_the_stream_is_cut(name, data):
    stream = b"".join(data.draw(streams(name)))
    make = READERS[name][0]
    whole = make().feed(stream)
    reader, found, at = make(), [], 0
    while at < len(stream):
        size = data.draw(st.integers(1, 7))
        found += reader.feed(stream[at : at + size])
        at += size
    assert found == whole


@pytest.mark.parametrize("name", ["atol3", "inpas", "sberbank-frame", "shtrih-m", "vendotek"])
@EXAMPLES
@given(st.data())
def test_decoding_raises_only_what_the_tools_declare(name, data):
    row = tools.TOOLS[name]
    raw = data.draw(st.one_of(st.binary(max_size=80), FRAMES[name]))
    direction = data.draw(st.sampled_from([None, *tools.DIRECTIONS]))
    variant = data.draw(st.sampled_from(["", *row.variants]))
    try:
        told, fields = row.decode(raw, tools.Asked(direction=direction, variant=variant))
    except row.errors:
        return
    assert told
    assert isinstance(fields, dict)


@pytest.mark.parametrize("name", ["atol3", "inpas", "sberbank-frame", "shtrih-m", "vendotek"])
@EXAMPLES
@given(st.data())
def test_encoding_raises_only_what_the_tools_declare(name, data):
    row = tools.TOOLS[name]
    words, keys = st.sampled_from(WORDS), st.sampled_from(KEYS)
    values = st.one_of(st.text(max_size=6), st.integers(-5, 10**12).map(str), st.sampled_from(["00", "0x1f", "ff01"]))
    try:
        wire = row.encode(data.draw(words), data.draw(st.dictionaries(keys, values, max_size=4)), tools.Asked())
    except row.errors:
        return
    assert wire


@pytest.mark.parametrize("name", SESSIONS)
@settings(max_examples=12, deadline=None)
@given(st.data())
def test_a_session_takes_any_bytes_and_goes_on(name, data):
    session, now_s = SESSIONS[name](), 1000.0
    for chunk in data.draw(streams(name)):
        session.bytes_to_send(now_s)
        session.receive(chunk, now_s)
        session.take_events()
        now_s += data.draw(st.sampled_from([0.001, 0.3, 5.0, 70.0]))
        session.receive(b"", now_s)
        assert session.wakes_at_s() >= 0.0
    session.line_lost(now_s)
    session.take_events()


tags = st.recursive(
    st.builds(FiscalTag, st.integers(1, 0xFFFF), st.one_of(st.text(max_size=40), st.integers(0, 2**40))),
    lambda inner: st.builds(FiscalTag, st.integers(1, 0xFFFF), st.lists(inner, max_size=3).map(tuple)),
    max_leaves=5,
)


@EXAMPLES
@given(tags)
def test_any_tag_is_written_and_read_again_or_refused(tag):
    try:
        raw = tlv.encode(tag)
    except TlvError:
        return
    (found,) = tlv.decode(raw)
    assert found.tag == tag.number
    if isinstance(tag.value, int):
        assert found.number == tag.value
    elif isinstance(tag.value, str):
        assert found.text == tlv.in_cp866(tag.value)
    else:
        assert len(tlv.decode(found.value)) == len(tag.value)


@EXAMPLES
@given(st.binary(max_size=60))
def test_any_bytes_are_tlv_or_refused(raw):
    try:
        found = tlv.decode(raw)
    except TlvError:
        return
    assert sum(4 + len(element.value) for element in found) == len(raw)


@EXAMPLES
@given(st.binary(max_size=30))
def test_any_bytes_fit_a_layout_both_ways_or_are_refused(raw):
    fields = (
        Field("number", 3),
        Field("big", 2, Kind.BIG),
        Field("signed", 2, Kind.SIGNED),
        Field("digits", 2, Kind.BCD),
        Field("bytes", 2, Kind.HEX),
        Field("day", 3, Kind.BACK_DATE),
        Field("rest", 0, Kind.HEX),
    )
    try:
        values = layout.decode(fields, raw)
    except LayoutError:
        return
    if all(byte < 100 for byte in raw[11:14]):  # a dead clock tells more than two digits
        assert layout.encode(fields, values) == raw


@EXAMPLES
@given(st.text(alphabet="0123456789*x ", max_size=24), st.text(alphabet="абв RUB\n", max_size=60))
def test_no_more_than_ten_digits_of_a_card_get_through(card, text):
    assert sum(letter.isdecimal() for letter in mask_pan(card)) <= 10
    assert len(mask_pan(card)) <= 24
    slip = without_pans(f"{text}\n2202201234561234 {text}\n2202 2012 3456 1234 {text}")
    assert "2202201234561234" not in slip
    assert "2202 2012 3456 1234" not in slip
    assert slip.count("220220******1234") == 2
