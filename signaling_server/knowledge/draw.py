"""Draws the pictures of the articles: `python -m signaling_server.knowledge.draw` writes `content/pictures`.

Words are left to the article's text, so a picture needs no translation and is readable at any size.
"""

from __future__ import annotations

import segno
from PIL import Image, ImageDraw, ImageFont

from signaling_server.knowledge.content import SHIPPED

SIZE = (720, 360)
INK, PAPER, LINE, BLUE, RED = "#1A1A1A", "#FFFFFF", "#8A8A8A", "#0B4F9E", "#B00020"
_FONT = ImageFont.load_default


def meter_reading() -> Image.Image:
    """A meter: the digits to write down in a frame, the one after the comma in red."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((60, 30, 660, 330), 24, outline=INK, width=6)
    for place, digit in enumerate("0123457"):
        wanted = place < 6
        left = 84 + place * 74 + (0 if wanted else 36)
        pen.rectangle((left, 90, left + 64, 190), fill=INK if wanted else RED)
        pen.text((left + 32, 140), digit, fill=PAPER, font=_FONT(64), anchor="mm")
    pen.text((548, 176), ",", fill=INK, font=_FONT(64), anchor="mm")
    pen.rounded_rectangle((70, 76, 532, 204), 10, outline=BLUE, width=6)
    pen.text((560, 284), "kWh", fill=INK, font=_FONT(40), anchor="mm")
    return picture


def bill_account() -> Image.Image:
    """A bill: 1 the account, 2 the sum, 3 the QR code."""
    picture = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(picture)
    pen.rectangle((170, 12, 560, 348), outline=INK, width=4)
    for top in (120, 150, 180, 210):
        pen.line((200, top, 530, top), fill=LINE, width=4)
    pen.rectangle((196, 36, 366, 84), outline=BLUE, width=5)
    pen.text((281, 60), "100 000 017", fill=INK, font=_FONT(24), anchor="mm")
    pen.rectangle((404, 36, 534, 84), outline=BLUE, width=5)
    pen.text((469, 60), "900,00", fill=INK, font=_FONT(28), anchor="mm")
    modules = segno.make("ST00012|PersAcc=100000017", error="m").matrix
    for row, bits in enumerate(modules):
        for column, bit in enumerate(bits):
            if bit:
                pen.rectangle((200 + column * 4, 230 + row * 4, 203 + column * 4, 233 + row * 4), fill=INK)
    for number, place in (("1", (110, 60)), ("2", (620, 60)), ("3", (110, 282))):
        pen.ellipse((place[0] - 32, place[1] - 32, place[0] + 32, place[1] + 32), fill=BLUE)
        pen.text(place, number, fill=PAPER, font=_FONT(40), anchor="mm")
    return picture


if __name__ == "__main__":
    folder = SHIPPED / "pictures"
    folder.mkdir(exist_ok=True)
    for draw in (meter_reading, bill_account):
        draw().quantize(16).save(folder / f"{draw.__name__}.png", optimize=True)
