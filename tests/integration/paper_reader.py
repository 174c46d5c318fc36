"""Reads a slip back from its picture, letter by letter, as an eye does."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt
from PIL import Image

from device_drivers.simulators.escpos import PrintedSlip
from device_drivers.simulators.escpos_rows import Row, TextRow
from device_drivers.simulators.paper import CELL_HEIGHT, CELL_WIDTH, COLUMNS, MARGIN_PX, slip_picture

PAPER_PX = COLUMNS * CELL_WIDTH


def read_back(picture: Image.Image, rows: Iterable[Row]) -> list[str]:
    """The rows of letters of a picture. `rows` say where letters stand; which they are, the dots say.

    Of letters of one shape, Latin and Cyrillic, the expected one is taken.
    """
    pixels, top, lines = _grey(picture), MARGIN_PX, []
    for row in rows:
        if isinstance(row, TextRow):
            lines.append("".join(_letters(pixels, top, row)).rstrip())
            top += CELL_HEIGHT * row.height
        else:
            top += slip_picture(PrintedSlip(1, (row,))).height - 2 * MARGIN_PX
    return lines


def _letters(pixels: npt.NDArray[np.int_], top: int, row: TextRow) -> Iterable[str]:
    known, cells = _templates(row.bold, row.width)
    width, free = CELL_WIDTH * row.width, PAPER_PX - CELL_WIDTH * row.width * len(row.text)
    left = MARGIN_PX + {0: 0, 1: free // 2, 2: free}[row.align]
    for at, letter in enumerate(row.text):
        cell = pixels[top : top + CELL_HEIGHT * row.height, left + at * width : left + (at + 1) * width]
        nearest = cells[np.abs(cells - cell).sum(axis=(1, 2)).argmin()]
        alike = [known[one] for one in np.flatnonzero(np.abs(cells - nearest).sum(axis=(1, 2)) == 0)]
        yield letter if letter in alike else alike[0]


@cache
def _templates(bold: bool, size: int) -> tuple[str, npt.NDArray[np.int_]]:
    """Every letter of the page as its cell looks alone on paper."""
    known = "".join(letter for letter in bytes(range(0x20, 0x100)).decode("cp866") if letter.isprintable())
    rows = tuple(TextRow(letter, 0, bold, size, size) for letter in known)
    pixels, height, width = _grey(slip_picture(PrintedSlip(1, rows))), CELL_HEIGHT * size, CELL_WIDTH * size
    tops = range(MARGIN_PX, MARGIN_PX + height * len(known), height)
    return known, np.stack([pixels[top : top + height, MARGIN_PX : MARGIN_PX + width] for top in tops])


def _grey(picture: Image.Image) -> npt.NDArray[np.int_]:
    return np.asarray(picture.convert("L")).astype(int)
