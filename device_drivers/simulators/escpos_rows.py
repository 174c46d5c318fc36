"""What the simulated printer's head puts on paper: letters in their style, pictures, codes. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import groupby

from device_drivers.simulators.escpos_wire import Token

# The table of Epson, which most makers keep to.
ENCODING_OF_PAGE = {0: "cp437", 2: "cp850", 3: "cp860", 4: "cp863", 5: "cp865", 13: "cp857", 14: "cp737", 16: "cp1252"}
ENCODING_OF_PAGE |= {17: "cp866", 18: "cp852", 19: "cp858", 33: "cp775", 34: "cp855", 45: "cp1250", 46: "cp1251"}
LINE_SIZE_MAX = 72  # bytes: the head has 576 dots, more are not burnt
ROW_PX = 30  # dots of paper that a row of letters takes
QR_ROWS = 8  # and about what a QR code takes, in rows
SYMBOLOGIES = ("UPCA", "UPCE", "EAN13", "EAN8", "Code39", "ITF", "Codabar", "Code93", "Code128")
BARCODE_HEIGHT_PX, BARCODE_MODULE_PX = 162, 3


@dataclass(frozen=True, slots=True)
class TextRow:
    """One printed row, or a run of letters in it."""

    text: str
    align: int = 0  # 0 left, 1 centre, 2 right
    bold: bool = False
    width: int = 1  # how many times wider and higher the letters are
    height: int = 1


@dataclass(frozen=True, slots=True)
class MixedRow:
    """One printed row whose letters differ."""

    runs: tuple[TextRow, ...]
    align: int = 0

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class QrRow:
    """One printed QR code: the bytes it carries."""

    data: bytes
    module_px: int
    align: int = 1


@dataclass(frozen=True, slots=True)
class BarcodeRow:
    """One printed bar code: what it carries, and in which of `SYMBOLOGIES`."""

    data: bytes
    symbology: str
    module_px: int
    height_px: int
    align: int = 0


@dataclass(frozen=True, slots=True)
class PictureRow:
    """Dots: whole lines, eight dots a byte, the leftmost in the highest bit, 1 is ink."""

    dots: bytes
    line_size: int
    align: int = 0
    scale_x: int = 1
    scale_y: int = 1

    @property
    def height_px(self) -> int:
        return len(self.dots) // self.line_size * self.scale_y


Row = TextRow | MixedRow | QrRow | BarcodeRow | PictureRow


def rows_high(row: Row) -> float:
    """How much paper it takes, in rows of letters."""
    match row:
        case TextRow():
            return row.height
        case MixedRow():
            return max(run.height for run in row.runs)
        case QrRow():
            return QR_ROWS
        case _:
            return row.height_px / ROW_PX


@dataclass(slots=True)
class _Style:
    """What ESC @ resets."""

    encoding: str = "cp437"
    letters: TextRow = TextRow("")
    runs: list[TextRow] = field(default_factory=list)  # of the row begun
    columns: PictureRow | None = None  # dots of the row begun
    qr_module_px: int = 3
    qr_data: bytes = b""
    bar_module_px: int = BARCODE_MODULE_PX
    bar_height_px: int = BARCODE_HEIGHT_PX


class PrintHead:
    """Takes commands, gives what is on paper by them."""

    def __init__(self) -> None:
        self._style = _Style()
        self._picture: PictureRow | None = None  # stored, to be printed on demand
        self._dots, self._lines_left, self._raster_mode = bytearray(), 0, 0  # the picture that is coming

    def take(self, token: Token) -> list[Row]:
        """Rows that are on paper now."""
        match token.name:
            case "text":
                self._type(token.data)
            case "row_end":
                return self._row()
            case "feed":
                return [row for _ in range(token.parameter) for row in self._row()]
            case "reset":
                self._style = _Style()
            case "qr":
                return self._qr(token)
            case "barcode":
                return self._barcode(token)
            case "raster" | "raster_line":
                return self._raster(token)
            case "picture_store" | "picture_print":
                return self._stored(token)
            case "columns":
                self._columns(token)
            case _:
                self._set_style(token)
        return []

    def _type(self, data: bytes) -> None:
        """Letters keep the page and the look they were sent under, whatever comes later in the row."""
        text = data.decode(self._style.encoding, errors="replace")
        self._style.runs.append(replace(self._style.letters, text=text))

    def _set_style(self, token: Token) -> None:
        style, value = self._style, token.parameter
        if token.name == "code_page":
            style.encoding = ENCODING_OF_PAGE.get(value, "cp437")
        elif token.name == "align":
            style.letters = replace(style.letters, align=value % 3)
        elif token.name == "bold":
            style.letters = replace(style.letters, bold=bool(value & 1))
        elif token.name == "size":
            style.letters = replace(style.letters, width=(value >> 4 & 7) + 1, height=(value & 7) + 1)
        elif token.name == "mode":
            width, height = 1 + bool(value & 0x20), 1 + bool(value & 0x10)
            style.letters = replace(style.letters, bold=bool(value & 0x08), width=width, height=height)
        elif token.name == "bar_height" and value:
            style.bar_height_px = value
        elif token.name == "bar_width":
            style.bar_module_px = max(1, min(6, value))

    def _row(self) -> list[Row]:
        style = self._style
        dots, style.columns = style.columns, None
        runs = [
            replace(look, text="".join(run.text for run in same))
            for look, same in groupby(style.runs, key=lambda run: replace(run, text=""))
        ]
        style.runs = []
        if dots is not None and not runs:
            return [dots]
        row = runs[0] if len(runs) == 1 else MixedRow(tuple(runs), runs[0].align) if runs else style.letters
        return [row] if dots is None else [dots, row]

    def _qr(self, token: Token) -> list[Row]:
        style = self._style
        if token.parameter == 67 and token.data:
            style.qr_module_px = max(1, min(16, token.data[0]))
        elif token.parameter == 80:
            style.qr_data = token.data[1:]
        elif token.parameter == 81 and style.qr_data:
            return [QrRow(style.qr_data, style.qr_module_px, style.letters.align)]
        return []

    def _barcode(self, token: Token) -> list[Row]:
        style, data = self._style, token.data
        if token.parameter >= len(SYMBOLOGIES) or not data:
            return []
        symbology = SYMBOLOGIES[token.parameter]
        if symbology == "Code128" and data[:1] == b"{":
            data = data[2:]  # which set of letters it begins with
        look = (style.bar_module_px, style.bar_height_px, style.letters.align)
        return [BarcodeRow(data, symbology, *look)]

    def _raster(self, token: Token) -> list[Row]:
        """A picture comes line by line and is on paper with the last one."""
        if token.name == "raster":
            self._dots, self._lines_left, self._raster_mode = bytearray(), token.lines, token.parameter
            return []
        if not self._lines_left:
            return []
        line = token.data[:LINE_SIZE_MAX]
        self._dots += line
        self._lines_left -= 1
        if self._lines_left:
            return []
        scales = (1 + (self._raster_mode & 1), 1 + (self._raster_mode >> 1 & 1))
        return [PictureRow(bytes(self._dots), len(line), self._style.letters.align, *scales)]

    def _stored(self, token: Token) -> list[Row]:
        if token.name == "picture_store":
            size = (token.parameter + 7) // 8
            whole = len(token.data) // size * size if 1 <= size <= LINE_SIZE_MAX else 0
            self._picture = PictureRow(token.data[:whole], size) if whole else None
        elif self._picture is not None:
            picture, self._picture = self._picture, None
            return [replace(picture, align=self._style.letters.align)]
        return []

    def _columns(self, token: Token) -> None:
        """Columns from top to bottom, turned into lines."""
        high = 3 if token.parameter in (32, 33) else 1
        count = len(token.data) // high
        size = (count + 7) // 8
        lines = [bytearray(size) for _ in range(high * 8)]
        for column in range(count):
            for dot in range(high * 8):
                if token.data[column * high + dot // 8] >> 7 - dot % 8 & 1:
                    lines[dot][column // 8] |= 0x80 >> column % 8
        scale_x = 1 if token.parameter in (1, 33) else 2
        if count:
            dots = b"".join(lines)
            self._style.columns = PictureRow(dots, size, self._style.letters.align, scale_x, 1 if high == 3 else 3)
