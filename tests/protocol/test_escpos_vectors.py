"""Published ESC/POS bytes: the driver reads them and makes them, the simulated printer says and understands them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from device_drivers.contract.receipt_printer import Slip, TextLine
from device_drivers.escpos import commands, status
from device_drivers.escpos.commands import Paper
from device_drivers.escpos.status import StatusError
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.escpos_rows import TextRow
from device_drivers.tools.cutting import Dialogue
from device_drivers.tools.protocols import DEVICE_TO_HOST, HOST_TO_DEVICE, TOOLS, Asked

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "escpos.json").read_text())["vectors"]
STATUSES = [vector for vector in VECTORS if vector["kind"] == "status"]
COMMANDS = {vector["id"]: bytes.fromhex(vector["hex"]) for vector in VECTORS if vector["kind"] == "command"}

# How the simulated printer gets into the published state. Its own "off-line" and "paper end" set every bit of a cause.
HANDS = {
    "escpos-001": {},
    "escpos-002": {"do": "cover", "open": True},
    "escpos-003": {},
    "escpos-004": {"do": "cover", "open": True},
    "escpos-005": {"do": "paper", "state": "out"},
    "escpos-006": {},
    "escpos-007": {"do": "paper", "state": "low"},
    "escpos-008": {"do": "paper", "state": "out"},
}


def test_the_vectors_are_there():
    assert len(STATUSES) == 11
    assert len(COMMANDS) == 4


@pytest.mark.parametrize("vector", STATUSES, ids=lambda vector: vector["id"])
def test_a_published_status_means_what_was_published(vector):
    fields = dict(vector["fields"])
    request = bytes.fromhex(fields.pop("request"))
    _, found = status.describe(bytes.fromhex(vector["hex"]), request)
    for key, value in fields.items():
        assert found[key] == value
    if request == b"\x10\x04\x14":
        paper = "end" if "paper end" in vector["meaning"] else "near_end" if "near end" in vector["meaning"] else "ok"
        assert found["paper"] == paper


@pytest.mark.parametrize("vector", STATUSES[:8], ids=lambda vector: vector["id"])
def test_the_simulated_printer_says_the_published_status(vector):
    printer = EscposSimulator()
    if hand := HANDS[vector["id"]]:
        printer.control(hand, 0.0)
    assert printer.feed(bytes.fromhex(vector["fields"]["request"]), 0.0).hex() == vector["hex"]


@pytest.mark.parametrize("byte", sorted(set(range(256)) - {0x12 | a << 2 | b << 5 for a in range(4) for b in range(4)}))
def test_any_other_byte_is_no_status(byte):
    with pytest.raises(StatusError):
        status.describe(bytes((byte,)), b"\x10\x04\x01")


def test_the_driver_makes_the_published_commands_in_a_slip():
    made = b"".join(commands.slip_commands(Slip((TextLine("Привет"),)), Paper())) + commands.cut_commands()
    initialise, code_page, hello, cut = (COMMANDS[f"escpos-{number}"] for number in ("025", "026", "027", "028"))
    assert made == initialise + code_page + hello + b"\n" + b"\x1bd\x04" + cut


@pytest.mark.parametrize("raw", COMMANDS.values(), ids=COMMANDS)
def test_a_published_command_is_told_and_made_again_from_its_words(raw):
    name, fields = TOOLS["escpos"].decode(raw, Asked(HOST_TO_DEVICE))
    assert TOOLS["escpos"].encode(name, {field: str(value) for field, value in fields.items()}, Asked()) == raw


def told(pieces):
    """Names and fields; letters that follow one another are one text, which has no end of its own."""
    words = []
    for piece in pieces:
        assert not piece.error
        text = piece.fields.get("text", "")
        if piece.name == "TEXT" and words and words[-1][0] == "TEXT":
            text = words.pop()[1] + text
        words.append((piece.name, text if piece.name == "TEXT" else dict(piece.fields)))
    return words


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1000])
def test_published_commands_glued_together_are_told_one_by_one_however_they_are_cut(size):
    wire = b"".join(COMMANDS.values()) * 2
    dialogue = Dialogue("escpos")
    pieces = [
        piece for at in range(0, len(wire), size) for piece in dialogue.feed(HOST_TO_DEVICE, wire[at : at + size])
    ]
    once = [("INITIALIZE", {}), ("SELECT CODE PAGE", {"page": 17}), ("TEXT", "Привет"), ("CUT", {"mode": 0})]
    assert told(pieces) == once * 2


@pytest.mark.parametrize("junk", [b"", b"\xff", b"\x00\x81"], ids=["none", "one byte", "two bytes"])
def test_published_statuses_glued_together_are_told_with_their_questions_and_junk_costs_none(junk):
    asked = [vector for vector in STATUSES if vector["fields"]["request"] != "100414"]
    dialogue = Dialogue("escpos")
    dialogue.feed(HOST_TO_DEVICE, bytes.fromhex("".join(vector["fields"]["request"] for vector in asked)))
    pieces = dialogue.feed(DEVICE_TO_HOST, junk + bytes.fromhex("".join(vector["hex"] for vector in asked)))
    assert [piece.raw for piece in pieces if piece.error] == [junk[at : at + 1] for at in range(len(junk))]
    for piece, vector in zip([piece for piece in pieces if not piece.error], asked, strict=True):
        assert {name: piece.fields[name] for name in vector["fields"] if name != "request"} == {
            name: value for name, value in vector["fields"].items() if name != "request"
        }


def test_the_simulated_printer_understands_the_published_commands():
    printer = EscposSimulator()
    wire = b"".join(COMMANDS[f"escpos-{number}"] for number in ("025", "026", "027")) + b"\n" + COMMANDS["escpos-028"]
    for at, byte in enumerate(wire):
        printer.feed(bytes((byte,)), at * 0.1)
    printer.feed(b"", 60.0)
    (slip,) = printer.take_slips()
    assert slip.rows == (TextRow("Привет"),)
