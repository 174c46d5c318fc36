"""Printed slips as pictures and text: what a person would hold in the hand."""

from __future__ import annotations

import io
import os
import tempfile
from functools import cache
from pathlib import Path

import numpy as np
import segno
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from device_drivers.simulators.escpos import PrintedSlip
from device_drivers.simulators.escpos_rows import ROW_PX, BarcodeRow, MixedRow, PictureRow, QrRow, Row, TextRow

COLUMNS = 48
CELL_WIDTH, CELL_HEIGHT = 12, ROW_PX  # dots of one letter at 576 dots of print width, with the line's spacing
LETTER_PX = 20  # DejaVu Sans Mono of this size is one cell wide
MARGIN_PX = 32
EDGE_PX = 6  # teeth of the knife
PAPER, INK = (253, 252, 248), (38, 38, 42)
FONTS = Path("/usr/share/fonts/truetype/dejavu")
REGULAR, BOLD = "DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf"


class PaperError(OSError):
    """Slips cannot be drawn or kept; the text says why."""


def slip_text(slip: PrintedSlip) -> str:
    """The slip in letters, aligned as on paper; a QR code by what it carries."""
    return "\n".join(_row_text(row) for row in slip.rows).rstrip("\n") + "\n"


def slip_picture(slip: PrintedSlip) -> Image.Image:
    """The slip as it lies in the hand: white paper, margins, a toothed edge where the knife went."""
    pieces = [_row_picture(row) for row in slip.rows]
    width = COLUMNS * CELL_WIDTH
    height = sum(piece.height for piece in pieces)
    picture = Image.new("RGB", (width + 2 * MARGIN_PX, height + 2 * MARGIN_PX), PAPER)
    top = MARGIN_PX
    for piece in pieces:
        picture.paste(piece, (MARGIN_PX, top))
        top += piece.height
    _cut_edges(picture)
    return picture


def keep_slip(slip: PrintedSlip, folder: Path) -> Path:
    """Writes `slip-0001.png` and `slip-0001.txt`; the picture appears last and whole.

    Raises:
        PaperError: the folder cannot be written.
    """
    name = f"slip-{slip.number:04d}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.txt").write_text(slip_text(slip), encoding="utf-8")
        fresh = folder / f".{name}.png"
        slip_picture(slip).save(fresh, format="PNG")
        os.replace(fresh, folder / f"{name}.png")
    except OSError as error:
        raise PaperError(f"the slip cannot be kept in {folder}: {error.strerror or error}") from error
    return folder / f"{name}.png"


def check_paper(folder: Path) -> None:
    """Makes the folder, before the first slip needs it.

    Raises:
        PaperError: no slip could be drawn, or kept there.
    """
    for name in (REGULAR, BOLD):
        _font(name, LETTER_PX)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise PaperError(f"slips cannot be kept in {folder}: {error.strerror}") from error


def next_slip_number(folder: Path) -> int:
    """The running number goes on where an earlier simulator stopped."""
    numbers = [int(path.stem[5:]) for path in folder.glob("slip-*.png") if path.stem[5:].isdecimal()]
    return max(numbers, default=0) + 1


def _row_text(row: Row) -> str:
    match row:
        case QrRow():
            return f"[QR: {row.data.decode('utf-8', errors='backslashreplace')}]"
        case BarcodeRow():
            return f"[{row.symbology}: {row.data.decode('ascii', errors='backslashreplace')}]"
        case PictureRow():
            return f"[{row.line_size * 8 * row.scale_x} x {row.height_px} dots]"
        case _:
            columns = COLUMNS // max(run.width for run in (row.runs if isinstance(row, MixedRow) else (row,)))
            return {0: row.text, 1: row.text.center(columns).rstrip(), 2: row.text.rjust(columns)}[row.align]


def _row_picture(row: Row) -> Image.Image:
    match row:
        case QrRow():
            return _on_paper(_qr_picture(row), row.align)
        case BarcodeRow():
            return _on_paper(_barcode_picture(row), row.align)
        case PictureRow():
            return _on_paper(_dots_picture(row), row.align)
        case MixedRow():
            return _text_picture(row.runs, row.align)
        case TextRow():
            return _text_picture((row,), row.align)


def _text_picture(runs: tuple[TextRow, ...], align: int) -> Image.Image:
    """Runs of letters side by side, standing on one line."""
    width, height = COLUMNS * CELL_WIDTH, CELL_HEIGHT * max(run.height for run in runs)
    picture = Image.new("RGB", (width, height), PAPER)
    left = _left(width, sum(len(run.text) * CELL_WIDTH * run.width for run in runs), align)
    for run in runs:
        _draw_run(ImageDraw.Draw(picture), run, left, height - CELL_HEIGHT * run.height // 2)
        left += len(run.text) * CELL_WIDTH * run.width
    return picture


def _draw_run(draw: ImageDraw.ImageDraw, run: TextRow, left: int, middle: int) -> None:
    cell_width = CELL_WIDTH * run.width
    font = _font(BOLD if run.bold else REGULAR, LETTER_PX * min(run.width, run.height))
    for at, letter in enumerate(run.text):
        if letter == "─":  # box drawing joins on a real printer
            draw.line([(left + at * cell_width, middle), (left + (at + 1) * cell_width, middle)], INK, 2)
        elif letter != " ":
            draw.text((left + at * cell_width, middle), letter, INK, font, anchor="lm")


def _dots_picture(row: PictureRow) -> Image.Image:
    lines = np.frombuffer(row.dots, dtype=np.uint8).reshape(-1, row.line_size)
    ink = np.unpackbits(lines, axis=1).repeat(row.scale_x, axis=1).repeat(row.scale_y, axis=0)
    return _ink_picture(ink)


def _barcode_picture(row: BarcodeRow) -> Image.Image:
    """Bars; a code that its symbology cannot carry leaves the paper white, as a printer's does."""
    try:
        code = zxingcpp.create_barcode(row.data.decode("ascii"), zxingcpp.barcode_format_from_str(row.symbology))
    except ValueError:
        return Image.new("RGB", (row.module_px, row.height_px), PAPER)
    bars = np.array(zxingcpp.write_barcode_to_image(code, scale=1))[:1] < 128
    return _ink_picture(bars.repeat(row.module_px, axis=1).repeat(row.height_px, axis=0))


def _ink_picture(ink: np.ndarray) -> Image.Image:
    colours = np.array([PAPER, INK], dtype=np.uint8)
    return Image.fromarray(colours[ink.astype(np.intp)])


def _qr_picture(row: QrRow) -> Image.Image:
    buffer = io.BytesIO()
    # Bytes as they are: the printer was given bytes, not text.
    segno.make_qr(row.data, error="m", mode="byte", boost_error=False).save(
        buffer, kind="png", scale=row.module_px, border=4, dark=INK, light=PAPER
    )
    return Image.open(buffer).convert("RGB")


def _on_paper(piece: Image.Image, align: int) -> Image.Image:
    width = max(COLUMNS * CELL_WIDTH, piece.width)
    picture = Image.new("RGB", (width, piece.height), PAPER)
    picture.paste(piece, (_left(width, piece.width, align), 0))
    return picture


def _left(width: int, used: int, align: int) -> int:
    return {0: 0, 1: max(0, (width - used) // 2), 2: max(0, width - used)}[align]


def _cut_edges(picture: Image.Image) -> None:
    """The background behind the teeth is the desk the slip lies on."""
    draw = ImageDraw.Draw(picture)
    desk = (214, 214, 218)
    for left in range(0, picture.width, 2 * EDGE_PX):
        middle, right = left + EDGE_PX, left + 2 * EDGE_PX
        draw.polygon([(left, 0), (middle, EDGE_PX), (right, 0)], fill=desk)
        bottom = picture.height - 1
        draw.polygon([(left, bottom), (middle, bottom - EDGE_PX), (right, bottom)], fill=desk)


@cache
def _font(name: str, size_px: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(str(FONTS / name), size_px)
    except OSError as error:
        raise PaperError(f"there is no {FONTS / name}: install fonts-dejavu-core") from error
