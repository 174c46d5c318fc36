"""ESC/POS commands: a slip becomes a list of whole commands. Pure.

Source: ESC/POS paper, "Text", and the published bytes of other encoders.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import segno

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.receipt_printer import Align, PairLine, QrLine, RuleLine, Slip, SlipLine, TextLine
from device_drivers.escpos import text
from device_drivers.escpos.presenter import TAKEN_S_DEFAULT, TAKEN_S_MAX, TAKEN_S_MIN, WAYS

INITIALIZE = b"\x1b@"
SELECT_CODE_PAGE = b"\x1bt"
ALIGN = b"\x1ba"
BOLD = b"\x1bE"
SIZE = b"\x1d!"
LARGE, NORMAL = b"\x11", b"\x00"  # double width and height
FEED_ROWS = b"\x1bd"
FULL_CUT = b"\x1dV\x00"
MARKER = b"\x1dr\x01"  # answered only when everything before it is on paper
STATUS_BACK = b"\x1da\x0e"  # told unasked when off-line, error or paper change
RASTER = b"\x1dv0\x00"
ASK_MODEL, ASK_SERIAL = b"\x1dI\x43", b"\x1dI\x44"
REAL_TIME_STATUS = b"\x10\x04"

ROWS_BEFORE_CUT = 4  # the knife sits this far above the head
SLIP_ROWS_MAX = 400
QR_SIZE_MAX = 1200  # bytes a printer draws at level M without shrinking below a readable module
QR_MODULE_MAX = 16
DOTS_MAX = 576  # of a line, on paper of 80 mm
BAND_SIZE = 240  # bytes of dots in one command
COLUMNS_MIN, COLUMNS_MAX = 24, 64

_ALIGNS = {Align.LEFT: b"\x00", Align.CENTER: b"\x01", Align.RIGHT: b"\x02"}


class SlipError(ValueError):
    """A slip that cannot be printed; the text says why."""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a printer's paper and letters are like."""

    code_page: int = 17
    encoding: str = "cp866"
    columns: int = 48
    qr_as_picture: bool = False  # for printers that draw no codes themselves
    presenter: str = ""  # one of `presenter.WAYS`: what becomes of a slip that nobody takes
    taken_s: int = TAKEN_S_DEFAULT


def paper_of(options: dict[str, str]) -> Paper:
    """`codepage=17&columns=48&encoding=cp866&qr=picture&presenter=retract&taken=60` of a device URL.

    Raises:
        DeviceUrlError: an option that does not exist, or a value it cannot have.
    """
    if unknown := set(options) - {"codepage", "encoding", "columns", "qr", "presenter", "taken"}:
        raise DeviceUrlError(f"an ESC/POS printer has no option {sorted(unknown)[0]}")
    code_page = _whole_number(options, "codepage", 17, 0, 255)
    encoding = options.get("encoding", text.ENCODING_OF_PAGE.get(code_page, ""))
    if encoding not in text.ENCODINGS:
        known = ", ".join(sorted(text.ENCODINGS))
        raise DeviceUrlError(f"code page {code_page} needs encoding=, one of {known}")
    qr, presenter = options.get("qr", "command"), options.get("presenter", "")
    if qr not in ("command", "picture"):
        raise DeviceUrlError(f"qr is command or picture, not {qr}")
    if presenter not in ("", *WAYS):
        raise DeviceUrlError(f"presenter is {' or '.join(WAYS)}, not {presenter}")
    columns = _whole_number(options, "columns", 48, COLUMNS_MIN, COLUMNS_MAX)
    taken_s = _whole_number(options, "taken", TAKEN_S_DEFAULT, TAKEN_S_MIN, TAKEN_S_MAX)
    return Paper(code_page, encoding, columns, qr == "picture", presenter, taken_s)


def slip_commands(slip: Slip, paper: Paper) -> list[bytes]:
    """The commands that print a slip, up to its cut.

    Raises:
        SlipError: too long, or a QR code no printer draws.
    """
    commands = [INITIALIZE, SELECT_CODE_PAGE + bytes((paper.code_page,))]
    for line in slip.lines:
        commands += _line_commands(line, paper)
        if len(commands) > SLIP_ROWS_MAX:
            raise SlipError(f"the slip is longer than {SLIP_ROWS_MAX} commands")
    return commands


def cut_commands() -> bytes:
    """Moves the slip past the knife and cuts it."""
    return FEED_ROWS + bytes((ROWS_BEFORE_CUT,)) + FULL_CUT


def _line_commands(line: SlipLine, paper: Paper) -> list[bytes]:
    if isinstance(line, TextLine):
        width = paper.columns // 2 if line.large else paper.columns
        rows = text.wrap(text.on_page(line.text, paper.encoding), width)
        return _styled(_rows(rows, paper), align=line.align, bold=line.bold, large=line.large)
    if isinstance(line, PairLine):
        name, value = text.on_page(line.name, paper.encoding), text.on_page(line.value, paper.encoding)
        return _styled(_rows(text.pair_rows(name, value, paper.columns), paper), bold=line.bold)
    if isinstance(line, RuleLine):
        return _rows([text.on_page("─", paper.encoding) * paper.columns], paper)
    _check_qr(line)
    return _styled(_qr_picture(line) if paper.qr_as_picture else _qr_commands(line), align=Align.CENTER)


def _rows(rows: list[str], paper: Paper) -> list[bytes]:
    return [text.encode(row, paper.encoding) + b"\n" for row in rows]


def _styled(body: list[bytes], *, align: Align = Align.LEFT, bold: bool = False, large: bool = False) -> list[bytes]:
    """A style is set before its rows and taken back after them, so that no row depends on another."""
    before, after = b"", b""
    if align is not Align.LEFT:
        before, after = before + ALIGN + _ALIGNS[align], ALIGN + _ALIGNS[Align.LEFT] + after
    if bold:
        before, after = before + BOLD + b"\x01", BOLD + b"\x00" + after
    if large:
        before, after = before + SIZE + LARGE, SIZE + NORMAL + after
    return [before, *body, after] if before else body


def _check_qr(line: QrLine) -> None:
    if not 1 <= len(line.data) <= QR_SIZE_MAX:
        raise SlipError(f"a QR code carries 1..{QR_SIZE_MAX} bytes, not {len(line.data)}")
    if not 1 <= line.module_px <= QR_MODULE_MAX:
        raise SlipError(f"a QR module is 1..{QR_MODULE_MAX} dots, not {line.module_px}")


def _qr_picture(line: QrLine) -> list[bytes]:
    """The code as lines of dots, in bands that are whole commands of a slice each."""
    matrix = segno.make_qr(line.data, error="m", mode="byte", boost_error=False).matrix_iter(line.module_px, border=4)
    rows = [_packed(row) for row in matrix]
    if len(rows) > DOTS_MAX:
        raise SlipError(f"a QR code of {len(rows)} dots is wider than {DOTS_MAX}")
    size, band = len(rows[0]), max(1, BAND_SIZE // len(rows[0]))
    bands = [rows[at : at + band] for at in range(0, len(rows), band)]
    return [RASTER + size.to_bytes(2, "little") + len(one).to_bytes(2, "little") + b"".join(one) for one in bands]


def _packed(row: Iterable[int]) -> bytes:
    """Eight dots a byte, the leftmost in the highest bit."""
    bits = "".join("1" if dot else "0" for dot in row)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def _qr_commands(line: QrLine) -> list[bytes]:
    return [
        _qr_function(65, b"2\x00"),  # model 2
        _qr_function(67, bytes((line.module_px,))),
        _qr_function(69, b"1"),  # level M
        _qr_function(80, b"0" + line.data),
        _qr_function(81, b"0"),
    ]


def _qr_function(function: int, parameters: bytes) -> bytes:
    body = b"1" + bytes((function,)) + parameters
    return b"\x1d(k" + len(body).to_bytes(2, "little") + body


def _whole_number(options: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    value = options.get(name, str(default))
    if not (value.isascii() and value.isdecimal() and low <= int(value) <= high):
        raise DeviceUrlError(f"{name} is a number from {low} to {high}, not {value}")
    return int(value)
