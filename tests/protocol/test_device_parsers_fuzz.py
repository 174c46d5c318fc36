"""Any bytes at all: parsers and sessions raise only what they declare, and their memory stays bounded."""

from __future__ import annotations

import sys

from hypothesis import given, settings
from hypothesis import strategies as st

from device_drivers.catalog import make_bill_validator, make_receipt_printer
from device_drivers.ccnet import describe, frames, messages
from device_drivers.ccnet.frames import FRAME_SIZE_MAX, Frame, FrameError, FrameReader
from device_drivers.ccnet.messages import MessageError
from device_drivers.contract.bill_validator import NoteStacked
from device_drivers.contract.receipt_printer import PairLine, Slip, SlipPrinted, TextLine
from device_drivers.escpos import status
from device_drivers.escpos.status import StatusError
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.escpos_rows import TextRow
from device_drivers.simulators.virtual_time import VirtualWire

# Bytes that look like the protocol get deeper than plain noise.
near_frames = st.lists(
    st.one_of(
        st.binary(max_size=12),
        st.binary(min_size=1, max_size=40).map(lambda data: frames.encode(Frame(3, data))),
        st.sampled_from([b"\x02\x03", b"\x02\x03\xfa", b"\x02"]),
    ),
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(near_frames)
def test_the_frame_reader_takes_any_bytes_and_holds_at_most_one_frame(chunks):
    reader = FrameReader()
    for chunk in chunks:
        for frame in reader.feed(chunk):
            if isinstance(frame, Frame):
                assert frames.decode(frames.encode(frame)) == frame
        assert len(reader._buffer) < FRAME_SIZE_MAX
    reader.give_up_waiting()
    assert not reader.waiting


@settings(max_examples=60, deadline=None)
@given(near_frames, st.data())
def test_frames_come_out_the_same_however_the_stream_is_cut(chunks, data):
    stream = b"".join(chunks)
    whole = FrameReader().feed(stream)
    reader, found, at = FrameReader(), [], 0
    while at < len(stream):
        size = data.draw(st.integers(1, 7))
        found += reader.feed(stream[at : at + size])
        at += size
    assert found == whole


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([describe.HOST_TO_DEVICE, describe.DEVICE_TO_HOST]))
def test_decoding_raises_only_its_own_errors(raw, direction):
    for attempt in (raw, frames.encode(Frame(3, raw[:200] or b"\x00"))):
        try:
            name, fields = describe.describe(frames.decode(attempt).data, direction)
        except (FrameError, MessageError):
            continue
        assert name
        assert isinstance(fields, dict)


@settings(max_examples=60, deadline=None)
@given(st.binary(min_size=120, max_size=120))
def test_any_bill_table_is_read_or_refused(data):
    try:
        table = messages.decode_bill_table(data)
    except MessageError:
        return
    assert all(kind is None or kind.value_minor > 0 for kind in table.kinds)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=8), st.one_of(st.none(), st.binary(max_size=4)))
def test_any_bytes_are_a_status_or_refused(raw, request):
    try:
        _, fields = status.describe(raw, request)
    except StatusError:
        return
    assert fields


@settings(max_examples=20, deadline=None)
@given(near_frames)
def test_noise_never_stacks_a_note_nor_stops_the_validator_session(chunks):
    session = make_bill_validator("ccnet")
    wire = VirtualWire(session, CcnetSimulator(initialize_s=0.5))
    for chunk in chunks:
        # A good frame in the noise is no noise: only bytes that cannot be one are thrown in.
        session.receive(chunk.replace(b"\x02\x03", b"\x02\x02"), wire.now_s)
        wire.run(0.05)
    wire.run(20.0)
    assert not [event for event in wire.events if isinstance(event, NoteStacked)]
    assert wire.hand(do="state")["state"] == "disabled"
    assert sys.getsizeof(session._exchange._reader._buffer) < 4096


@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(max_size=30), max_size=10))
def test_noise_never_stops_the_printer_session(chunks):
    session = make_receipt_printer("escpos")
    wire = VirtualWire(session, EscposSimulator())
    for chunk in chunks:
        session.receive(chunk, wire.now_s)
        wire.run(0.1)
    wire.run(70.0)
    session.print_slip("job", Slip((TextLine("Проверка"),)))
    wire.run(10.0)
    assert wire.events[-1] == SlipPrinted("job")


@settings(max_examples=20, deadline=None)
@given(st.text(max_size=120), st.text(max_size=60), st.sampled_from(["escpos", "escpos?codepage=46&columns=32"]))
def test_any_text_reaches_the_paper_as_text_and_never_as_a_command(name, value, protocol):
    session = make_receipt_printer(protocol)
    printer = EscposSimulator()
    wire = VirtualWire(session, printer)
    wire.run(1.0)
    session.print_slip("job", Slip((PairLine(name, value), TextLine(name), TextLine("конец"))))
    wire.run(20.0)
    assert wire.events[-1] == SlipPrinted("job")
    (slip,) = printer.take_slips()
    rows = [row for row in slip.rows if isinstance(row, TextRow)]
    assert "конец" in [row.text for row in rows]
    assert {(row.align, row.bold, row.width) for row in rows} == {(0, False, 1)}
    assert max(len(row.text) for row in rows) <= (32 if "32" in protocol else 48)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.binary(max_size=40), max_size=10))
def test_the_simulators_take_any_bytes_from_a_host(chunks):
    validator, printer = CcnetSimulator(), EscposSimulator()
    for at, chunk in enumerate(chunks):
        validator.feed(chunk, at * 0.3)
        printer.feed(chunk, at * 0.3)
    assert validator.control({"do": "state"}, 100.0)["cassette"]["count"] == 0
    assert printer.control({"do": "state"}, 100.0)["ok"]
