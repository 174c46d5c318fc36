"""What a finger wrote, as a picture: black on white, small, sharp enough to be printed. Pure."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

from signaling_server.contract.notes import SIDE, Drawing

WIDTH_PX, PREVIEW_PX = 1_400, 700
FINER = 2  # drawn larger, then made smaller: soft edges
INK = 7  # the line's width in the drawing's units
WHITE, BLACK = 255, 0
GREYS = 16


def pictures_of(drawing: Drawing) -> tuple[bytes, bytes]:
    """PNG for the office, and a smaller one for a page."""
    scale = WIDTH_PX * FINER / SIDE
    size = (WIDTH_PX * FINER, max(FINER, round(drawing.height * scale)))
    sheet = Image.new("L", size, WHITE)
    pen, radius = ImageDraw.Draw(sheet), INK * scale / 2
    for stroke in drawing.strokes:
        dots = [(x * scale, y * scale) for x, y in zip(stroke[::2], stroke[1::2], strict=True)]
        pen.line(dots, fill=BLACK, width=round(2 * radius), joint="curve")
        for x, y in (dots[0], dots[-1]):  # round ends; a dot is both
            pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=BLACK)
    return _png(sheet, WIDTH_PX), _png(sheet, PREVIEW_PX)


def _png(sheet: Image.Image, width_px: int) -> bytes:
    height_px = max(1, round(sheet.height * width_px / sheet.width))
    small = sheet.resize((width_px, height_px), Image.Resampling.LANCZOS).quantize(GREYS)
    stored = io.BytesIO()
    small.save(stored, "PNG", optimize=True)
    return stored.getvalue()
