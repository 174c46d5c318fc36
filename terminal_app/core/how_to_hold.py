"""How a sheet is held before the camera, as a picture for a page: flat, whole, with both hands. Drawn once."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw

WIDTH_PX, HEIGHT_PX = 720, 380
FINER = 3  # drawn larger, then made smaller: soft edges
PAPER, LINE, INK, HAND, CASE, GOOD = "#FFFFFF", "#10243E", "#8A97A8", "#E8B98F", "#5B6B80", "#0A6B2D"


def _drawn() -> bytes:
    picture = Image.new("RGB", (WIDTH_PX * FINER, HEIGHT_PX * FINER), "#EEF3F9")
    pen = ImageDraw.Draw(picture)

    def box(left: float, top: float, right: float, bottom: float, radius: float, fill: str, line: str = "") -> None:
        place = tuple(FINER * side for side in (left, top, right, bottom))
        pen.rounded_rectangle(place, FINER * radius, fill=fill, outline=line or None, width=FINER * 4)

    box(310, 14, 410, 66, 14, CASE)  # the camera
    pen.ellipse(tuple(FINER * side for side in (341, 21, 379, 59)), fill=LINE)
    pen.ellipse(tuple(FINER * side for side in (352, 32, 368, 48)), fill=PAPER)
    for side in (-1, 1):  # what it sees
        ends = (360 + side * 16, 70, 360 + side * 190, 108)
        pen.line(tuple(FINER * end for end in ends), fill=GOOD, width=FINER * 3)
    box(190, 112, 530, 352, 6, PAPER, LINE)  # the sheet, its long side along the picture
    for row in range(7):
        box(222, 144 + 27 * row, 498 if row % 3 < 2 else 396, 152 + 27 * row, 4, INK)
    for side in (-1, 1):  # a hand at each side, over the edge
        middle = 360 + side * 196
        box(middle - 46, 196, middle + 46, 276, 36, HAND, LINE)
        thumb = 360 + side * 158
        box(thumb - 32, 220, thumb + 32, 248, 14, HAND, LINE)
    small = picture.resize((WIDTH_PX, HEIGHT_PX), Image.Resampling.LANCZOS).quantize(64)
    stored = io.BytesIO()
    small.save(stored, "PNG", optimize=True)
    return stored.getvalue()


HOW_TO_HOLD = _drawn()
