"""ESC/POS commands in words and back, for the tools of the field. No I/O, no clock.

Source: ESC/POS paper, "Text". Only what the driver says is known by name; a run of other bytes is text.
"""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.escpos import status
from device_drivers.escpos.commands import MARKER
from device_drivers.escpos.presenter import EJECT, PRESENT, RETRACT
from device_drivers.escpos.status import XOFF, XON, StatusError
from device_drivers.escpos.text import ENCODINGS

Fields = dict[str, object]
ENCODING = "cp866"  # how a text is shown; the bytes do not say their page
_HEADS = (0x10, 0x1B, 0x1D)  # DLE, ESC, GS begin a command
_QR = b"\x1d(k"
_QR_HEAD_SIZE = 5  # GS ( k and a length of two bytes
_RASTER = b"\x1dv0"
_RASTER_HEAD_SIZE = 8
_PRESENTER: Mapping[bytes, str] = {PRESENT[:3]: "PRESENT", RETRACT: "RETRACT", EJECT: "EJECT"}
_COMMANDS: Mapping[bytes, tuple[str, str]] = {  # with the name of their one parameter, "" for none
    b"\x10\x04": ("REAL TIME STATUS", "n"),
    b"\x1b@": ("INITIALIZE", ""),
    b"\x1bE": ("BOLD", "on"),
    b"\x1ba": ("ALIGN", "n"),
    b"\x1bd": ("FEED ROWS", "rows"),
    b"\x1bt": ("SELECT CODE PAGE", "page"),
    b"\x1d!": ("SIZE", "n"),
    b"\x1dI": ("IDENTIFY", "n"),
    b"\x1dV": ("CUT", "mode"),
    b"\x1da": ("STATUS BACK", "mask"),
    b"\x1dr": ("STATUS IN TURN", "n"),
}


def command_size(data: bytes) -> int | None:
    """Size of the command or the run of text that `data` begin with; None: its end has not come."""
    if data[0] not in _HEADS:
        return next((at for at, byte in enumerate(data) if byte in _HEADS), len(data))
    if data[:3] == _QR:
        size = _QR_HEAD_SIZE + int.from_bytes(data[3:_QR_HEAD_SIZE], "little")
        return size if len(data) >= max(size, _QR_HEAD_SIZE) else None
    if len(data) < 2 or data in (_QR[:2], _RASTER[:2], RETRACT[:2]):
        return None
    if data[:3] == _RASTER:
        size = _RASTER_HEAD_SIZE + int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little")
        return size if len(data) >= max(size, _RASTER_HEAD_SIZE) else None
    if data[:3] in _PRESENTER:
        size = 4 if data[:3] == PRESENT[:3] else 3
        return size if len(data) >= size else None
    size = 2 + bool(_COMMANDS.get(data[:2], ("", ""))[1])
    return size if len(data) >= size else None


def describe_command(data: bytes) -> tuple[str, Fields]:
    """Name and fields of one command, or of a run of text.

    Raises:
        StatusError: no command, or not exactly one.
    """
    if not data or command_size(data) != len(data):
        raise StatusError(f"{data.hex() or 'nothing'} is not exactly one command or text")
    if data[0] not in _HEADS:
        return "TEXT", {"text": data.decode(ENCODING, errors="replace"), "encoding": ENCODING}
    if data[:3] == _QR:
        return "QR", {"function": data[6], "data": data[7:].hex()} if len(data) > 6 else {"data": ""}
    if data[:3] == _RASTER:
        width, height = int.from_bytes(data[4:6], "little") * 8, int.from_bytes(data[6:8], "little")
        return "RASTER", {"width_px": width, "height_px": height, "dots": data[_RASTER_HEAD_SIZE:].hex()}
    if data[:3] in _PRESENTER:
        return _PRESENTER[data[:3]], {"steps": data[3]} if len(data) > 3 else {}
    if data[:2] not in _COMMANDS:
        raise StatusError(f"no command is {data[:2].hex()}")
    name, parameter = _COMMANDS[data[:2]]
    return name, {parameter: data[2]} if parameter else {}


def describe_answer(raw: bytes, request: bytes | None) -> tuple[str, Fields]:
    """Name and fields of what a printer said, knowing what it was asked, if it was.

    Raises:
        StatusError: no printer says so.
    """
    if raw in (bytes((XON,)), bytes((XOFF,))) and request is None:
        return "XON" if raw[0] == XON else "XOFF", {}
    if len(raw) == status.BACK_SIZE and status.is_back(raw[0]):
        return "STATUS BACK", {"online": not raw[0] & 0x08, "cover_open": bool(raw[0] & 0x20), "bytes": raw.hex()}
    if raw[:1] == b"_" and raw[-1:] == b"\x00":
        return "IDENTIFICATION", {"text": raw[1:-1].decode(ENCODING, errors="replace")}
    if request == MARKER and len(raw) == 1 and status.is_marker(raw[0]):
        return "STATUS IN TURN", {"paper": "end" if raw[0] & 0x0C else "near_end" if raw[0] & 0x03 else "ok"}
    return status.describe(raw, request)


def encode_command(name: str, values: Mapping[str, str]) -> bytes:
    """One command by its name, or `TEXT text=...`.

    Raises:
        StatusError: no such command, or a field is missing, unknown or out of its range.
    """
    word, words = name.strip().upper().replace("_", " "), dict(values)
    if word == "TEXT":
        text, encoding = words.pop("text", ""), words.pop("encoding", ENCODING)
        if encoding not in ENCODINGS:
            raise StatusError(f"encoding is one of {', '.join(sorted(ENCODINGS))}, not {encoding!r}")
        return _nothing_left(text.encode(encoding, errors="replace"), word, words)
    if word in _PRESENTER.values():
        order = next(order for order, known in _PRESENTER.items() if known == word)
        return _nothing_left(order + (_byte("steps", words) if word == "PRESENT" else b""), word, words)
    head = next((head for head, (known, _) in _COMMANDS.items() if known == word), None)
    if head is None:
        raise StatusError(f"no ESC/POS command is called {name}")
    parameter = _COMMANDS[head][1]
    if not parameter:
        return _nothing_left(head, word, words)
    return _nothing_left(head + _byte(parameter, words), word, words)


def _byte(parameter: str, words: dict[str, str]) -> bytes:
    value = words.pop(parameter, "")
    if not (value.isascii() and value.isdecimal() and int(value) <= 0xFF):
        raise StatusError(f"the field {parameter} is a number 0..255, not {value!r}")
    return bytes((int(value),))


def _nothing_left(data: bytes, word: str, words: Mapping[str, str]) -> bytes:
    if words:
        raise StatusError(f"{word} has no field {sorted(words)[0]}")
    return data
