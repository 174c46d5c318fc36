"""A drawing as a picture that the office takes."""

from __future__ import annotations

import io

from PIL import Image

from signaling_server.cases.attachments import media_type_of
from signaling_server.contract.notes import POINTS_MAX, SIDE, Drawing
from terminal_app.core.drawn import PREVIEW_PX, WIDTH_PX, pictures_of


def test_ink_lies_where_the_finger_was_and_paper_elsewhere():
    content, preview = pictures_of(Drawing(500, [[0, 250, SIDE, 250], [900, 20]]))
    picture = Image.open(io.BytesIO(content)).convert("L")
    assert picture.size == (WIDTH_PX, WIDTH_PX // 2)
    assert picture.getpixel((WIDTH_PX // 2, WIDTH_PX // 4)) < 40
    assert picture.getpixel((round(WIDTH_PX * 0.9), round(WIDTH_PX * 0.02))) < 40  # a dot
    assert picture.getpixel((WIDTH_PX // 2, WIDTH_PX // 10)) > 240
    assert Image.open(io.BytesIO(preview)).width == PREVIEW_PX


def test_the_fullest_sheet_is_a_small_picture_of_a_kind_that_the_office_takes():
    stroke = [part for n in range(POINTS_MAX) for part in (n * 37 % SIDE, n * 91 % 600)]
    content, preview = pictures_of(Drawing(600, [stroke]))
    assert media_type_of(content) == "image/png"
    assert len(content) < 400_000
    assert len(preview) < 120_000
