"""A stream of either side cut into whole messages, whatever their meaning, for the tools of the field. Pure.

A size is believed only if the piece decodes: else the first place behind its start where one does is looked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from device_drivers.escpos.describe import command_size
from device_drivers.input_records import RECORD
from device_drivers.tools.protocols import DEVICE_TO_HOST, HOST_TO_DEVICE, TOOLS, Asked

BUFFER_SIZE_MAX = 16384
NOT_A_START = 0
NOT_ASKED_FOR = ("XON", "XOFF", "STATUS BACK")
CUT_SHORT = "the rest of it never came"
NOT_UNDERSTOOD = "no message begins so"

Size = Callable[[bytes], int | None]  # NOT_A_START, the size, or None: more must come to tell


@dataclass(frozen=True, slots=True)
class Piece:
    """A message in words, or (`error`) bytes that are none."""

    raw: bytes
    name: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    error: str = ""


class Cutter:
    """Cuts what one side says. `asked` is given to `decode` with each piece and may change between chunks."""

    def __init__(self, protocol: str, direction: str, asked: Callable[[], Asked]) -> None:
        self._tools = TOOLS[protocol]
        self._size = _size_for(protocol, direction)
        self._asked = asked
        self._buffer = b""

    @property
    def waiting(self) -> bool:
        """True while a message has begun and not ended."""
        return bool(self._buffer)

    def feed(self, chunk: bytes) -> list[Piece]:
        """Pieces that became whole with these bytes, in order."""
        self._buffer += chunk
        found = []
        while self._buffer and (piece := self._take()) is not None:
            found.append(piece)
        if len(self._buffer) > BUFFER_SIZE_MAX:
            found += self.give_up_waiting()
        return found

    def give_up_waiting(self) -> list[Piece]:
        """Time passed: what has begun will not end."""
        raw, self._buffer = self._buffer, b""
        return [Piece(raw, error=CUT_SHORT)] if raw else []

    def _take(self) -> Piece | None:
        size = self._size(self._buffer)
        if size is None or (size > len(self._buffer)):
            return None
        if size != NOT_A_START:
            piece = self._decoded(self._buffer[:size])
            if not piece.error:
                self._buffer = self._buffer[size:]
                return piece
            return self._cut_off(size, piece.error)
        return self._cut_off(len(self._buffer), NOT_UNDERSTOOD)

    def _cut_off(self, size: int, error: str) -> Piece | None:
        """The damaged bytes up to where a good message, or the end of what may be one, begins."""
        end = next((at for at in range(1, size) if self._good_at(at)), size)
        if error == NOT_UNDERSTOOD:
            end = next((at for at in range(1, end) if self._size(self._buffer[at:]) is None), end)
        raw, self._buffer = self._buffer[:end], self._buffer[end:]
        return Piece(raw, error=error)

    def _good_at(self, at: int) -> bool:
        size = self._size(self._buffer[at:])
        whole = size is not None and NOT_A_START < size <= len(self._buffer) - at
        return whole and not self._decoded(self._buffer[at : at + (size or 0)]).error

    def _decoded(self, raw: bytes) -> Piece:
        try:
            name, fields = self._tools.decode(raw, self._asked())
        except self._tools.errors as error:
            return Piece(raw, error=str(error))
        return Piece(raw, name, fields)


def _said_so(start: int, length_at: int, more: int, length_size: int = 1, *, little: bool = True) -> Size:
    """A message that begins with `start` and says its length at `length_at`; `more` bytes are not in the length."""

    def size(data: bytes) -> int | None:
        if data[0] != start:
            return NOT_A_START
        if len(data) < length_at + length_size:
            return None
        return more + int.from_bytes(data[length_at : length_at + length_size], "little" if little else "big")

    return size


def _with_controls(controls: bytes, size: Size) -> Size:
    return lambda data: 1 if data[0] in controls else size(data)


def _inpas(data: bytes) -> int | None:
    """`02 LEN16 ...` or a part of a longer message, `01 LEN16 header LEN16 ...`, each with a CRC behind it."""
    return _said_so(data[0], 1, 5, 2)(data) if data[0] in (0x01, 0x02) else NOT_A_START


def _vendotek(data: bytes) -> int | None:
    if data[0] == 0x1F:
        return _said_so(0x1F, 1, 5, 2, little=False)(data)
    return _said_so(data[0], 0, 2, 2, little=False)(data) if data[0] < 0x20 else NOT_A_START


def _cctalk(data: bytes) -> int | None:
    return None if len(data) < 2 else data[1] + 5


def _essp(data: bytes) -> int | None:
    """7F inside is doubled."""
    if data[0] != 0x7F:
        return NOT_A_START
    at, body = 1, bytearray()
    while len(body) < 2 or len(body) < body[1] + 4:
        if at >= len(data) or (data[at] == 0x7F and at + 1 >= len(data)):
            return None
        body.append(data[at])
        at += 2 if data[at : at + 2] == b"\x7f\x7f" else 1
    return at


def _atol(data: bytes) -> int | None:
    """FD escapes; the length covers the data behind the ID, a CRC follows."""
    if data[0] != 0xFE:
        return NOT_A_START
    at, body = 1, bytearray()
    while len(body) < 2 or len(body) < 4 + body[0] + (body[1] << 7):
        width = 2 if data[at : at + 1] == b"\xfd" else 1
        if at + width > len(data):
            return None
        body.append(data[at])
        at += width
    return at


def _sberbank(data: bytes) -> int | None:
    if data[0] != 0x02:
        return NOT_A_START
    end = data.find(b"\x03")
    return None if end < 0 else end + 1


def _escpos_answer(data: bytes) -> int | None:
    """One byte each, but `_name 00` for who it is, 6 bytes of a full status, 4 of a status told unasked."""
    if data[0] & 0x93 == 0x10:
        return None if len(data) < 2 else 6 if data[:2] == b"\x10\x0f" else 4
    if data[0] != 0x5F:
        return 1
    end = data.find(b"\x00")
    return None if end < 0 else end + 1


def _line(data: bytes) -> int | None:
    end = data.find(b"\n")
    return None if end < 0 else end + 1


def _record(data: bytes) -> int | None:
    return RECORD.size


def _code(data: bytes) -> int | None:
    """A scanner's code with its end mark; a mark of two bytes is taken whole if it came whole."""
    end = next((at for at, byte in enumerate(data) if byte in b"\r\n"), -1)
    if end < 0:
        return None
    return end + (2 if data[end : end + 2] == b"\r\n" else 1)


def _watchdog_command(data: bytes) -> int | None:
    return 4 if data[:1] == b"O" else _FRAMED_WATCHDOG(data)


def _watchdog_answer(data: bytes) -> int | None:
    """A frame, a name, four bytes of sensors, or one byte after a restart."""
    if data[0] == 0xA5:
        return _FRAMED_WATCHDOG(data)
    if data[0] == 0x06:
        return 1
    if (name := _WATCHDOG_NAME.match(data)) is not None:
        return name.end()
    letters = all(0x20 <= byte < 0x7F for byte in data[:_SENSORS_SIZE])
    return None if letters and len(data) < _WATCHDOG_NAME_SIZE_MAX else _SENSORS_SIZE


_FRAMED_WATCHDOG = _said_so(0xA5, 2, 4)
_WATCHDOG_NAME = re.compile(rb"[ -~]*?(WDT[ -~]*?v[12]\.\d\d|STODSIM)(\r?\n)?")
_WATCHDOG_NAME_SIZE_MAX, _SENSORS_SIZE = 64, 4
_SIZES: Mapping[str, Size] = {
    "ccnet": _said_so(0x02, 2, 0),
    "id003": _said_so(0xFC, 1, 0),
    "cctalk": _cctalk,
    "essp": _essp,
    "atol3": _atol,
    "shtrih-m": _with_controls(b"\x05\x06\x15", _said_so(0x02, 1, 3)),
    "inpas": _with_controls(b"\x04\x05\x06\x15", _inpas),
    "sberbank-frame": _with_controls(b"\x04\x06\x07\x15", _sberbank),
    "vendotek": _vendotek,
    "nut": _line,
    "scanner": _code,
    "keyboard-scanner": _record,
    "switches": _record,
}
_SIZES_BY_SIDE: Mapping[str, tuple[Size, Size]] = {
    "escpos": (command_size, _escpos_answer),
    "osmp-watchdog": (_watchdog_command, _watchdog_answer),
}


def _size_for(protocol: str, direction: str) -> Size:
    if protocol in _SIZES_BY_SIDE:
        return _SIZES_BY_SIDE[protocol][0 if direction == HOST_TO_DEVICE else 1]
    return _SIZES[protocol]


class Dialogue:
    """Both sides of one wire: an answer is read with the question it answers."""

    def __init__(self, protocol: str, *, variant: str = "", key: str = "") -> None:
        self._protocol, self._variant, self._key = protocol, variant, key
        self._questions: list[bytes] = []
        self._sides = {
            HOST_TO_DEVICE: Cutter(protocol, HOST_TO_DEVICE, lambda: Asked(HOST_TO_DEVICE, variant, key)),
            DEVICE_TO_HOST: Cutter(protocol, DEVICE_TO_HOST, self._answering),
        }

    def feed(self, direction: str, chunk: bytes) -> list[Piece]:
        """What became whole of this side."""
        parts = [bytes((byte,)) for byte in chunk] if self._one_by_one(direction) else [chunk]
        return [piece for part in parts for piece in self._fed(direction, part)]

    def give_up_waiting(self, direction: str) -> list[Piece]:
        """This side has been silent inside a message."""
        return self._sides[direction].give_up_waiting()

    def _one_by_one(self, direction: str) -> bool:
        """A printer's answers come in the order of its questions, one byte each."""
        return self._protocol == "escpos" and direction == DEVICE_TO_HOST

    def _fed(self, direction: str, chunk: bytes) -> list[Piece]:
        pieces = self._sides[direction].feed(chunk)
        for piece in pieces:
            self._remember(direction, piece)
        return pieces

    def _remember(self, direction: str, piece: Piece) -> None:
        if direction == DEVICE_TO_HOST:
            if not piece.error and piece.name not in NOT_ASKED_FOR:
                del self._questions[:1]
        elif self._protocol == "essp" and not piece.error:
            self._questions = [piece.raw[3:-2]]
        elif self._protocol == "osmp-watchdog" and not piece.error:
            self._questions = [piece.raw]
        elif self._protocol == "escpos" and piece.name in ("REAL TIME STATUS", "STATUS IN TURN"):
            self._questions = [*self._questions, piece.raw][-16:]

    def _answering(self) -> Asked:
        request = self._questions[0] if self._questions else b""
        return Asked(DEVICE_TO_HOST, self._variant, self._key, request)
