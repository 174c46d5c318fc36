"""What went over a wire, drawn with times and in words; kept in a file and drawn again from it. Pure but for the file.

A file is one JSON object a line: first the protocol, then chunks `{"at_s": 1.25, "from": "host", "hex": "..."}`. Of a
bank terminal and of a scanner no bytes are drawn and none are kept: they may hold what of a card must not be kept, or
who the customer is and what he owes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from device_drivers.contract.payment_card_reader import without_pans
from device_drivers.tools.cutting import Dialogue, Piece
from device_drivers.tools.protocols import DEVICE_TO_HOST, HOST_TO_DEVICE, TOOLS, UsageError

GAP_S = 1.0  # a side silent so long inside a message has broken off
HEX_MAX = 64  # bytes drawn of one message
SIDES = {"host": HOST_TO_DEVICE, "device": DEVICE_TO_HOST}
ARROWS = {HOST_TO_DEVICE: "→", DEVICE_TO_HOST: "←"}
_BANK_FIELDS = frozenset(
    {"amount", "amount_minor", "frame", "more", "number", "operation", "request", "result", "text", "transport"}
)
# What is said here is somebody's own: only these fields are shown.
PRIVATE: Mapping[str, frozenset[str]] = {
    "inpas": _BANK_FIELDS,
    "sberbank-frame": _BANK_FIELDS,
    "vendotek": _BANK_FIELDS,
    "scanner": frozenset({"size", "end"}),
    "keyboard-scanner": frozenset(),
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Bytes as they came; seconds since the trace began."""

    at_s: float
    direction: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """What the chunks of a trace are read as."""

    protocol: str
    variant: str = ""
    key: str = ""


class Drawing:
    """Chunks become lines of text."""

    def __init__(self, head: Head) -> None:
        self._protocol = head.protocol
        self._wire = Dialogue(head.protocol, variant=head.variant, key=head.key)
        self._last_s = dict.fromkeys(ARROWS, 0.0)

    def draw(self, chunk: Chunk) -> list[str]:
        """The lines of what became whole with this chunk."""
        lines = self.silence(chunk.at_s)
        self._last_s[chunk.direction] = chunk.at_s
        return lines + [
            self._line(chunk.at_s, chunk.direction, piece) for piece in self._wire.feed(chunk.direction, chunk.data)
        ]

    def silence(self, at_s: float) -> list[str]:
        """What a side began and did not end before `at_s`."""
        return [
            self._line(last_s, direction, piece)
            for direction, last_s in self._last_s.items()
            if at_s >= last_s + GAP_S
            for piece in self._wire.give_up_waiting(direction)
        ]

    def _line(self, at_s: float, direction: str, piece: Piece) -> str:
        words = f"?? {piece.error}" if piece.error else piece.name
        fields = "" if piece.error else _fields(self._protocol, piece.fields)
        wire = f"{len(piece.raw)} bytes" if self._protocol in PRIVATE else _hex(piece.raw)
        return f"{at_s:12.6f} {ARROWS[direction]} {words}{fields}   [{wire}]"


def shown(protocol: str, fields: Mapping[str, object]) -> dict[str, object]:
    """The fields of a message that a person may see who is no party to it."""
    return {name: value for name, value in fields.items() if name in PRIVATE.get(protocol, fields)}


def _fields(protocol: str, fields: Mapping[str, object]) -> str:
    return "".join(f" {name}={without_pans(str(value))}" for name, value in shown(protocol, fields).items())


def _hex(raw: bytes) -> str:
    return raw.hex() if len(raw) <= HEX_MAX else f"{raw[:HEX_MAX].hex()}… {len(raw)} bytes"


def write_head(out: TextIO, head: Head) -> None:
    """The first line of a file, of no protocol of `PRIVATE`. A key is not kept."""
    assert head.protocol not in PRIVATE
    out.write(json.dumps({"protocol": head.protocol, "variant": head.variant}) + "\n")


def write_chunk(out: TextIO, chunk: Chunk) -> None:
    """One more line."""
    side = next(side for side, direction in SIDES.items() if direction == chunk.direction)
    out.write(json.dumps({"at_s": round(chunk.at_s, 6), "from": side, "hex": chunk.data.hex()}) + "\n")
    out.flush()


def read_trace(path: Path, key: str = "") -> tuple[Head, list[Chunk]]:
    """A whole file.

    Raises:
        UsageError: it cannot be read, or a line of it is no part of a trace.
    """
    try:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from None
    except ValueError:
        raise UsageError(f"{path} is no trace: it is not one JSON object a line") from None
    if not rows or not isinstance(rows[0], dict) or rows[0].get("protocol") not in TOOLS:
        raise UsageError(f"{path} is no trace: its first line names no protocol")
    return Head(str(rows[0]["protocol"]), str(rows[0].get("variant", "")), key), list(_chunks(path, rows[1:]))


def _chunks(path: Path, rows: Iterable[object]) -> Iterator[Chunk]:
    for number, row in enumerate(rows, start=2):
        if not isinstance(row, dict):
            raise UsageError(f"{path} is no trace: line {number} is no chunk")
        try:
            yield Chunk(float(row["at_s"]), SIDES[row["from"]], bytes.fromhex(row["hex"]))
        except (KeyError, TypeError, ValueError):
            raise UsageError(f"{path} is no trace: line {number} is no chunk") from None


def drawn(head: Head, chunks: Iterable[Chunk]) -> Iterator[str]:
    """The lines of a whole trace."""
    drawing, last_s = Drawing(head), 0.0
    for chunk in chunks:
        yield from drawing.draw(chunk)
        last_s = chunk.at_s
    yield from drawing.silence(last_s + 2 * GAP_S)
