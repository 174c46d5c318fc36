"""Draws a paper bill with its payment QR, large enough for a camera."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import segno
from PIL import Image, ImageDraw, ImageFont

from payment.money import rubles

SIZE = (1100, 700)
MARGIN = 44
QR_SIDE = 546  # the largest square left for the code with its quiet zone
QUIET_MODULES = 4
MODULE_PX_MIN = 6
_INK, _GREY, _LINE = "#16212b", "#5a6873", "#c9d1d8"


class BillPictureError(Exception):
    """The picture cannot be drawn."""


@dataclass(frozen=True, slots=True)
class BillText:
    """What the paper says in words."""

    title: str
    payee: str
    requisites: str
    bank: str
    account: str
    customer: str
    address: str
    period: str
    sum_minor: int


def draw_bill(text: BillText, payload: bytes) -> Image.Image:
    """Words on the left, the code on the right.

    Raises:
        BillPictureError: the code would be too fine for a camera, or DejaVu fonts are not installed.
    """
    picture = Image.new("RGB", SIZE, "white")
    pen = ImageDraw.Draw(picture)
    code = _code(payload)
    left = SIZE[0] - MARGIN - code.width
    picture.paste(code, (left, 66))
    _words(pen, text, left - MARGIN)
    pen.text((left + code.width // 2, 66 + code.height), "Оплата по QR-коду", _GREY, _font(20), anchor="ma")
    pen.rectangle((12, 12, SIZE[0] - 13, SIZE[1] - 13), outline=_LINE, width=2)
    return picture


def save_bill(picture: Image.Image, path: Path) -> None:
    try:
        picture.save(path, format="PNG")
    except OSError as error:
        raise BillPictureError(f"cannot write {path}: {error.strerror or error}") from error


def _code(payload: bytes) -> Image.Image:
    symbol = segno.make(payload, error="m", mode="byte", micro=False, boost_error=False)
    modules = int(symbol.symbol_size(border=QUIET_MODULES)[0])
    module_px = QR_SIDE // modules
    if module_px < MODULE_PX_MIN:
        raise BillPictureError(f"a code of {len(payload)} bytes is too fine for a camera: shorten the texts")
    code = Image.new("1", (modules, modules), 1)
    for y, row in enumerate(symbol.matrix_iter(border=QUIET_MODULES)):
        for x, dark in enumerate(row):
            code.putpixel((x, y), 0 if dark else 1)
    return code.resize((modules * module_px, modules * module_px), Image.Resampling.NEAREST).convert("RGB")


def _words(pen: ImageDraw.ImageDraw, text: BillText, width: int) -> None:
    pen.text((MARGIN, 36), text.title, _INK, _font(34, bold=True))
    pen.text((MARGIN, 82), f"за {text.period}", _GREY, _font(24))
    y = 136
    lines = (
        ("Лицевой счёт", text.account, 34, True),
        ("Плательщик", text.customer, 22, False),
        ("Адрес", text.address, 22, False),
        ("Получатель", f"{text.payee}, {text.requisites}", 20, False),
        ("Банк получателя", text.bank, 20, False),
    )
    for title, value, size, bold in lines:
        pen.text((MARGIN, y), title, _GREY, _font(16))
        y += 22
        for row in _wrapped(pen, value, _font(size, bold=bold), width):
            pen.text((MARGIN, y), row, _INK, _font(size, bold=bold))
            y += size + 6
        y += 12
    pen.line((MARGIN, SIZE[1] - 116, MARGIN + width, SIZE[1] - 116), _LINE, 2)
    pen.text((MARGIN, SIZE[1] - 102), "К оплате", _GREY, _font(18))
    pen.text((MARGIN, SIZE[1] - 78), rubles(text.sum_minor), _INK, _font(38, bold=True))


def _wrapped(pen: ImageDraw.ImageDraw, text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    rows = [""]
    for word in text.split(" "):
        longer = f"{rows[-1]} {word}".strip()
        if pen.textlength(longer, font) <= width or not rows[-1]:
            rows[-1] = longer
        else:
            rows.append(word)
    return rows


def _font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    try:
        return ImageFont.truetype(name, size)
    except OSError as error:
        raise BillPictureError("DejaVu fonts are not installed (package fonts-dejavu-core)") from error
