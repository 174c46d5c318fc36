"""Any bytes at any place: every tool, every session and every simulator takes them, refuses them in declared words,
and keeps no more of them than one message needs.
"""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_drivers.catalog import DEVICE_CLASSES
from device_drivers.simulators.atol import AtolSimulator
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_bills import CctalkBillSimulator
from device_drivers.simulators.cctalk_coins import CctalkCoinSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.inpas import InpasSimulator
from device_drivers.simulators.nut import UpsdSimulator
from device_drivers.simulators.osmp_watchdog import OsmpWatchdogSimulator
from device_drivers.simulators.sberbank import SberbankSimulator
from device_drivers.simulators.scanner import ScannerSimulator
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from device_drivers.simulators.switches import SwitchBoardSimulator
from device_drivers.simulators.vendotek import VendotekSimulator
from device_drivers.tools.cutting import BUFFER_SIZE_MAX, Dialogue
from device_drivers.tools.protocols import DIRECTIONS, HOST_TO_DEVICE, TOOLS, Asked

OPTIONS = {"nut": {"ups": "kiosk"}, "switches": {"sos": "key148", "door": "sw0"}}
SESSIONS = {
    f"{device_class} {protocol}": (make, OPTIONS.get(protocol, {}))
    for device_class, protocols in DEVICE_CLASSES.items()
    for protocol, make in protocols.items()
}
SIMULATORS = {
    "atol3": AtolSimulator,
    "ccnet": CcnetSimulator,
    "cctalk bills": CctalkBillSimulator,
    "cctalk coins": CctalkCoinSimulator,
    "escpos": EscposSimulator,
    "essp": EsspSimulator,
    "id003": Id003Simulator,
    "inpas": InpasSimulator,
    "nut": UpsdSimulator,
    "osmp-watchdog 1": lambda: OsmpWatchdogSimulator(generation="1"),
    "osmp-watchdog 2.5": OsmpWatchdogSimulator,
    "sberbank": SberbankSimulator,
    "scanner": ScannerSimulator,
    "shtrih-m": ShtrihMSimulator,
    "switches": SwitchBoardSimulator,
    "vendotek": VendotekSimulator,
}
NAMES = ["POLL", "RESET", "TEXT", "CODE", "KEY", "GET VAR", "START TIMER", "SALE", "ANSWER", "IDL", "ADD TASK", "ACK"]
WORDS = ["n", "text", "code", "value", "ups", "name", "timeout_s", "data", "page", "encoding", "end", "payload"]
NOISE_SIZE = 120_000
HELD_SIZE_MAX = 90_000  # of everything an object holds; one message of any protocol is at most 64 KiB
COMMAND_HEADS = [
    b"\x1dv0\x00\xff\xff\xff\xff",
    b"\x1d(k\xff\xff",
    b"\x1b*\x21\xff\xff",
    b"\x1dk\x04",
    b'VAR a b "',
    b"OSP",
]


def weight(held: object, seen: set[int] | None = None) -> int:
    """How much an object and all it refers to hold: bytes, letters, and entries of containers."""
    seen = set() if seen is None else seen
    if id(held) in seen or isinstance(held, type) or callable(held):
        return 0
    seen.add(id(held))
    if isinstance(held, bytes | bytearray | str):
        return len(held)
    if isinstance(held, dict):
        return sum(1 + weight(key, seen) + weight(value, seen) for key, value in held.items())
    if isinstance(held, list | tuple | set | frozenset) or hasattr(held, "popleft"):
        return sum(1 + weight(value, seen) for value in held)
    slots = {name for kind in type(held).__mro__ for name in getattr(kind, "__slots__", ())}
    values = [getattr(held, name, None) for name in slots] + list(getattr(held, "__dict__", {}).values())
    return sum(weight(value, seen) for value in values)


def noise(seed: int) -> list[bytes]:
    """Random bytes in random pieces, some of them beginnings of the longest messages there are; then one long word."""
    chance, chunks = random.Random(seed), []
    while sum(map(len, chunks)) < NOISE_SIZE:
        head = chance.choice([b"", b"", chance.choice(COMMAND_HEADS), b"\x02\x03\xfa", b"\x7f\x80\xff", b"\xfc\xff"])
        chunks.append(head + chance.randbytes(chance.choice([1, 7, 300, 4000])))
    return chunks + [b"A" * 4000] * 50


@pytest.mark.parametrize("protocol", TOOLS)
@settings(max_examples=40, deadline=None)
@given(
    st.one_of(st.binary(max_size=60), st.sampled_from(COMMAND_HEADS)),
    st.sampled_from([None, *DIRECTIONS]),
    st.binary(max_size=6),
    st.data(),
)
def test_bytes_are_told_or_refused_in_declared_words(protocol, raw, direction, request, data):
    row = TOOLS[protocol]
    asked = Asked(direction, data.draw(st.sampled_from(["", *row.variants])), request=request)
    try:
        name, fields = row.decode(raw, asked)
    except row.errors:
        return
    assert name
    assert isinstance(fields, dict)


@pytest.mark.parametrize("protocol", TOOLS)
@settings(max_examples=40, deadline=None)
@given(
    st.one_of(st.sampled_from(NAMES), st.text(max_size=10)),
    st.dictionaries(st.sampled_from(WORDS), st.one_of(st.text(max_size=8), st.integers().map(str)), max_size=3),
)
def test_words_are_made_bytes_or_refused_in_declared_words(protocol, name, values):
    row = TOOLS[protocol]
    assert row.encode is not None
    try:
        wire = row.encode(name, values, Asked())
    except row.errors:
        return
    assert isinstance(wire, bytes)


@pytest.mark.parametrize("protocol", TOOLS)
@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(DIRECTIONS), st.binary(max_size=40)), max_size=12))
def test_a_trace_of_any_bytes_loses_none_of_them(protocol, chunks):
    dialogue = Dialogue(protocol)
    for side in DIRECTIONS:
        wire = b"".join(data for direction, data in chunks if direction == side)
        pieces = [piece for direction, data in chunks if direction == side for piece in dialogue.feed(side, data)]
        pieces += dialogue.give_up_waiting(side)
        assert b"".join(piece.raw for piece in pieces) == wire


@pytest.mark.parametrize("protocol", TOOLS)
def test_a_trace_holds_no_more_than_one_message(protocol):
    dialogue = Dialogue(protocol)
    for chunk in noise(1):
        dialogue.feed(HOST_TO_DEVICE, chunk[:500])
        assert weight(dialogue) < 3 * BUFFER_SIZE_MAX


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_goes_on_over_noise_and_holds_no_more_than_a_message(name):
    make, options = SESSIONS[name]
    session, now_s = make(dict(options)), 1000.0
    for at, chunk in enumerate(noise(2)):
        session.bytes_to_send(now_s)
        session.receive(chunk, now_s)
        now_s += (0.002, 0.3, 2.0)[at % 3]
        session.receive(b"", now_s)
        session.take_events()
        assert session.wakes_at_s() >= 0.0
        assert weight(session) < HELD_SIZE_MAX
    session.line_lost(now_s)


@pytest.mark.parametrize("name", SIMULATORS)
def test_a_simulator_goes_on_over_noise_and_holds_no_more_than_a_message(name):
    simulator = SIMULATORS[name]()
    for at, chunk in enumerate(noise(3)):
        simulator.feed(chunk, at * 0.7)
        if hasattr(simulator, "take_slips"):
            simulator.take_slips()
        assert weight(simulator) < 3 * HELD_SIZE_MAX, name
    assert simulator.control({"do": "state"}, 1e6)["ok"] is True
