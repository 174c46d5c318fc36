"""Scanners: bytes of a code reach us untouched, on a serial port and as keys; half a code is never taken for a code."""

from __future__ import annotations

import asyncio
import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_drivers.catalog import make_barcode_reader, split_device_url
from device_drivers.contract.barcode_reader import CodeDamaged, CodeRead
from device_drivers.contract.errors import CommandOrderError, DeviceUrlError, LineLostError
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.scanner.collector import CODE_SIZE_MAX, SETTLE_S, UNENDED_S, CodeCollector, Framing
from device_drivers.scanner.keyboard import KeyDecoder
from device_drivers.simulators.scanner import ScannerSimulator, typed
from device_drivers.simulators.virtual_time import VirtualWire
from device_drivers.transport.input_line import InputLine
from device_drivers.transport.open import open_line

BILL = "ST00012|Name=АО «Свет»|PersonalAcc=40702810900000000001|Sum=123456|persAcc=001234567|lastName=Ёлкина"
PAYLOADS = [BILL.encode("cp1251"), BILL.encode("utf-8"), BILL.replace("«", "(").replace("»", ")").encode("koi8-r")]
ONLINE = StatusChanged(DeviceState.ONLINE)
OFFLINE = StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)
FORMS = ["scanner", "keyboard-scanner"]


def wire_to(form: str, options: str = "", chunk_size: int = 512, prefix: bytes = b"") -> VirtualWire:
    keyboard = form == "keyboard-scanner"
    simulator = ScannerSimulator(keyboard=keyboard, suffix=b"\r" if keyboard else b"\r\n", prefix=prefix)
    return VirtualWire(make_barcode_reader(form + options), simulator, chunk_size=chunk_size)


def scan(wire: VirtualWire, payload: bytes) -> list:
    wire.hand(do="scan", hex=payload.hex())
    return [event for event in wire.run(8.0) if not isinstance(event, StatusChanged)]


@pytest.mark.parametrize("chunk_size", [1, 7, 512])
@pytest.mark.parametrize("payload", PAYLOADS, ids=["cp1251", "utf-8", "koi8-r"])
@pytest.mark.parametrize("form", FORMS)
def test_the_bytes_of_a_bill_arrive_untouched_in_each_encoding(form, payload, chunk_size):
    wire = wire_to(form, chunk_size=chunk_size)
    assert scan(wire, payload) == [CodeRead(payload)]
    assert scan(wire, payload) == [CodeRead(payload)]
    assert wire.simulator.heard == b""  # a scanner is never spoken to


@pytest.mark.parametrize("form", FORMS)
def test_every_byte_there_is_can_be_read(form):
    payload = bytes(range(256)) + b"end"
    assert scan(wire_to(form), payload) == [CodeRead(payload)]


def test_line_ends_inside_a_code_and_before_its_end_mark_are_part_of_it():
    payload = b"first\r\nsecond\n\nthird\r"
    assert scan(wire_to("scanner"), payload) == [CodeRead(payload)]


def test_prefix_and_symbology_are_taken_off_and_missed_when_they_are_not_there():
    wire = wire_to("scanner", "?prefix=02&aim=1", prefix=b"\x02")
    assert scan(wire, b"]Q1" + PAYLOADS[0]) == [CodeRead(PAYLOADS[0], "Q1")]
    assert scan(wire, PAYLOADS[0]) == [CodeDamaged("the AIM identifier is missing")]
    bare = wire_to("scanner", "?prefix=02")
    assert scan(bare, b"abc") == [CodeDamaged("the prefix is missing")]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("fault", ["no_suffix", "half"])
def test_a_code_without_its_end_is_told_as_damaged_and_the_next_one_is_read(form, fault):
    wire = wire_to(form)
    wire.hand(do="fault", name=fault)
    assert [type(event) for event in scan(wire, PAYLOADS[1])] == [CodeDamaged]
    assert scan(wire, PAYLOADS[1]) == [CodeRead(PAYLOADS[1])]


def test_a_short_pause_inside_a_code_does_not_cut_it():
    wire = wire_to("scanner")
    wire.hand(do="fault", name="pause")
    assert scan(wire, PAYLOADS[0]) == [CodeRead(PAYLOADS[0])]


def test_keys_that_the_kernel_dropped_spoil_their_code_alone():
    wire = wire_to("keyboard-scanner")
    wire.hand(do="fault", name="dropped_keys")
    events = scan(wire, b"4607001234567")
    assert events[0] == CodeDamaged("keys were lost")
    assert CodeRead(b"4607001234567") not in events
    assert scan(wire, b"4607001234567")[-1] == CodeRead(b"4607001234567")


def test_a_scanner_without_an_end_mark_ends_by_silence():
    collector = CodeCollector(Framing(suffix=b""))
    assert collector.feed(b"460", 1.0) == []
    assert collector.feed(b"700", 1.0 + SETTLE_S / 2) == []
    assert collector.feed(b"", 1.0 + SETTLE_S * 1.6) == [CodeRead(b"460700")]


def test_a_flood_is_dropped_whole_and_keeps_no_memory():
    collector = CodeCollector(Framing(b"\r"))
    for at in range(1000):
        assert collector.feed(b"x" * 100, 1.0 + at * 0.001) == []
        assert len(collector._bytes) <= CODE_SIZE_MAX
    assert collector.feed(b"", 3.0) == [CodeDamaged(f"longer than {CODE_SIZE_MAX} bytes")]
    assert collector.feed(b"ok\r", 4.0) == []
    assert collector.feed(b"", 5.0) == [CodeRead(b"ok")]


def test_an_end_mark_alone_is_no_code():
    collector = CodeCollector(Framing(b"\r"))
    collector.feed(b"\r", 1.0)
    assert collector.feed(b"", 2.0) == []


@pytest.mark.parametrize("form", FORMS)
def test_a_pulled_scanner_is_stated_with_the_half_code_and_heals(form):
    wire = wire_to(form)
    assert wire.run(1.0) == [ONLINE]
    wire.hand(do="scan", hex=PAYLOADS[0].hex())
    wire.run(0.05)
    wire.cut()
    assert wire.events[-2:] == [CodeDamaged("the port was lost"), OFFLINE]
    wire.run(UNENDED_S + 3.0)
    wire.mend()
    assert wire.run(1.0) == [ONLINE]
    assert scan(wire, PAYLOADS[0]) == [CodeRead(PAYLOADS[0])]


def test_no_text_shows_what_was_read():
    assert "4607" not in repr(CodeRead(b"4607"))


# --- keys -------------------------------------------------------------------------------------------------------


def press(*codes: int) -> bytes:
    return b"".join(struct.pack("@llHHi", 0, 0, 1, abs(code), int(code > 0)) for code in codes)


@pytest.mark.parametrize(
    ("records", "bytes_typed"),
    [
        (press(2, -2, 11, -11), b"10"),
        (press(42, 30, -30, -42, 30, -30), b"Aa"),
        (press(54, 3, -3, -54), b"@"),
        (press(29, 27, -27, -29), b"\x1d"),  # Ctrl+]: GS between the parts of a marking code
        (press(56, 79, -79, 75, -75, 76, -76, -56), b"\x91"),  # Alt+145
        (press(100, 82, 79, 73, 80, -100), b"\xc0"),  # Alt+0192
        (press(56, 79, 82, 75, 82, -56), "А".encode()),  # Alt+1040
        (press(56, 73, 73, 73, 73, 73, 73, 73, -56), "\U000f423f".encode()),  # never more than six digits
        (press(79, -79, 83, 82), b"1.0"),
        (press(28, -28, 96, -96), b"\r\r"),
        (press(59, -59, 125, -125), b""),  # F1 and the logo key type nothing
        (struct.pack("@llHHi", 0, 0, 1, 30, 2), b""),  # held, repeated
    ],
)
def test_keys_become_the_bytes_they_stand_for(records, bytes_typed):
    decoder = KeyDecoder()
    assert b"".join(decoder.feed(records[at : at + 5]) for at in range(0, len(records), 5)) == bytes_typed


@given(st.binary(max_size=2000))
def test_any_records_give_bytes_and_no_exception(raw):
    decoder = KeyDecoder()
    decoder.feed(raw)
    decoder.take_lost()
    assert len(decoder._buffer) < 24


# --- the port ---------------------------------------------------------------------------------------------------


async def test_an_input_line_reads_records_and_knows_when_the_device_is_gone():
    out, into = os.pipe2(os.O_NONBLOCK)
    line = InputLine(out, "event3")
    assert await line.read(512, timeout_s=0.01) == b""
    asyncio.get_running_loop().call_later(0.01, os.write, into, typed(0x41))
    assert KeyDecoder().feed(await line.read(512, timeout_s=5.0)) == b"A"
    with pytest.raises(CommandOrderError):
        await line.write(b"x")
    os.close(into)
    with pytest.raises(LineLostError):
        await line.read(512, timeout_s=1.0)
    line.close()
    line.close()


async def test_what_is_no_input_device_is_refused(tmp_path):
    (tmp_path / "event3").write_bytes(b"")
    for path in (tmp_path / "event3", tmp_path / "event4"):
        with pytest.raises(LineLostError):
            await open_line(f"input://{path}")
    for url in ("input://event3", "input:///dev/input/event3?baud=9600"):
        with pytest.raises(DeviceUrlError):
            await open_line(url)


def test_scanner_urls_are_split_and_nonsense_is_refused():
    assert split_device_url("scanner+serial:///dev/ttyACM0?suffix=lf") == (
        "scanner?suffix=lf",
        "serial:///dev/ttyACM0?baud=9600",
    )
    assert split_device_url("keyboard-scanner+input:///dev/input/event3") == (
        "keyboard-scanner",
        "input:///dev/input/event3",
    )
    for wrong in ("scanner?suffix=tab", "scanner?aim=yes", "scanner?prefix=2", "scanner?beep=1", "ccnet"):
        with pytest.raises(DeviceUrlError):
            make_barcode_reader(wrong)
