"""Whatever stands at the port and whatever it says: every byte a probe writes is one of the few that may be written.

The list is written by hand from the protocol papers, message by message: nothing in it moves a note or a coin, takes
a sale, prints, feeds, resets, or takes away an event that somebody waits for.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_drivers.catalog import DEVICE_CLASSES
from device_drivers.tools.probe import ProbeSession, plan_for

SERIAL, TCP, INPUT = "+serial:///dev/ttyS9", "+tcp://127.0.0.1:3493", "+input:///dev/input/event3"
PRINTER_THERE = "100401"  # DLE EOT 1, real-time status: is it a printer that would print our question?
ALLOWED = {
    "ccnet" + SERIAL: ["02030637fec7", "02030600c282", PRINTER_THERE],  # IDENTIFICATION, and the ACK of its answer
    "id003" + SERIAL: ["fc05886f5f", PRINTER_THERE],  # VERSION REQUEST
    # SIMPLE POLL 254, REQUEST EQUIPMENT CATEGORY 245, PRODUCT CODE 244, SERIAL NUMBER 242, to 40 and to 2
    "cctalk" + SERIAL: [
        *("280001fed9", "280001f5e2", "280001f4e3", "280001f2e5"),
        *("020001feff", "020001f508", "020001f409", "020001f20b"),
        PRINTER_THERE,
    ],
    "cctalk" + SERIAL + "?variant=crc16&address=2": [
        "0200b1fe60",
        "0200daf5d1",
        "0200fbf4c1",
        "02003df2a1",
        PRINTER_THERE,
    ],
    # SYNC with either bit, SETUP REQUEST, GET SERIAL NUMBER
    "essp" + SERIAL: ["7f0001116608", "7f8001116582", "7f0001051e08", "7f80010c2b82", PRINTER_THERE],
    "escpos" + SERIAL: ["100401", "100402", "100403", "100404"],
    "shtrih-m" + SERIAL: ["05", "0205111e0000000a", "06"],  # ENQ, 11h state, ACK of the answer
    # ask for task 222; add it: A5h, the type of the register, asks nothing of the drive; take its result away
    "atol3" + SERIAL: ["fe020001c3de91", "fe060002c101de0000a5a8", "fe020003c2dee9"],
    "vendotek" + SERIAL: ["1f000796fb010349444c714e"],  # IDL, the terminal's own idle message
    "vendotek" + TCP: ["000796fb010349444c"],
    "inpas" + SERIAL: ["0208001b000019020032361afa", "06"],  # operation 26, link check; ACK
    "sberbank" + SERIAL: [
        "0223414250414441414241414141675141414141414141414142414141416269633d03",
        "04",
    ],  # device state
    "osmp-watchdog" + SERIAL: ["a500005b", "4f535001", "4f535009", PRINTER_THERE],  # version; identify, both ways
    "nut" + TCP: [b"LIST UPS\n".hex()],
    "nut" + TCP + "?ups=kiosk": [b"LIST UPS\n".hex(), b"GET VAR kiosk ups.status\n".hex()],
    "scanner" + SERIAL: [],
    "keyboard-scanner" + INPUT: [],
    "switches" + INPUT + "?sos=key148": [],
}
VECTORS = {
    file.stem: [bytes.fromhex(row["hex"]) for row in json.loads(file.read_text())["vectors"] if "hex" in row]
    for file in (Path(__file__).parents[2] / "vectors").glob("*.json")
}


def said_by_probe(url: str, answers: list[bytes]) -> bytes:
    """All that a probe writes while something at the port answers its questions with these bytes, in turn."""
    probe, now_s, said, turn = ProbeSession(plan_for(url)), 100.0, b"", 0
    while not probe.done:
        if wire := probe.bytes_to_send(now_s):
            said += wire
            if answers:
                probe.receive(answers[turn % len(answers)], now_s)
                turn += 1
        now_s += 0.05
        probe.receive(b"", now_s)
        probe.take_events()
        assert now_s < 200.0
    return said + probe.bytes_to_send(now_s)


def without_allowed(said: bytes, allowed: list[str]) -> bytes:
    """What is left when the allowed messages are taken off the front, one by one."""
    messages = sorted((bytes.fromhex(message) for message in allowed), key=len, reverse=True)
    while said and (found := next((one for one in messages if said.startswith(one)), b"")):
        said = said[len(found) :]
    return said


def test_every_protocol_has_its_list():
    known = {protocol for protocols in DEVICE_CLASSES.values() for protocol in protocols}
    assert {url.partition("+")[0] for url in ALLOWED} == known


@pytest.mark.parametrize("url", ALLOWED)
def test_at_a_silent_port_only_what_is_allowed_is_said(url):
    assert without_allowed(said_by_probe(url, []), ALLOWED[url]) == b""


@pytest.mark.parametrize("url", ALLOWED)
def test_at_a_device_of_any_protocol_only_what_is_allowed_is_said(url):
    for frames in VECTORS.values():
        assert without_allowed(said_by_probe(url, frames), ALLOWED[url]) == b""


@pytest.mark.parametrize("url", [url for url in ALLOWED if "input" not in url])
@settings(max_examples=15, deadline=None)
@given(st.data())
def test_whatever_is_answered_only_what_is_allowed_is_said(url, data):
    name = url.partition("+")[0]
    own = VECTORS.get({"sberbank": "sberbank-frame", "atol3": "atol3"}.get(name, name), [b"VAR a b c\n", b"ERR X\n"])
    answer = st.one_of(st.sampled_from(own), st.binary(min_size=1, max_size=40))
    answers = data.draw(st.lists(answer, min_size=1, max_size=6))
    assert without_allowed(said_by_probe(url, answers), ALLOWED[url]) == b""


def test_the_check_sees_a_byte_too_many():
    assert without_allowed(bytes.fromhex("02030637fec7" + "02030633da81"), ALLOWED["ccnet" + SERIAL]) != b""
