"""Draws the icons, the logo and the picture of the first screen: `python -m terminal_app.ui.assets.draw`.

Icons lie on a 24 x 24 grid with strokes of 2 and round ends, white on nothing: the screen tints them.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

from terminal_app.ui.assets.draw_services import SERVICE_ICONS
from terminal_app.ui.assets.pen import Pen

HERE = Path(__file__).parent
ICON_SIZE = 192  # pixels; the largest icon on a 1080 x 1920 panel is about 190


def back(p: Pen) -> None:
    p.line((20, 12), (4.5, 12))
    p.line((11, 5.5), (4.5, 12), (11, 18.5))


def forward(p: Pen) -> None:
    p.line((9, 5.5), (15.5, 12), (9, 18.5))


def home(p: Pen) -> None:
    p.line((3.5, 11.5), (12, 4), (20.5, 11.5))
    p.line((5.8, 10), (5.8, 20), (18.2, 20), (18.2, 10))
    p.line((10, 20), (10, 14.5), (14, 14.5), (14, 20))


def house(p: Pen) -> None:
    p.box(5, 3.5, 19, 20.5, 1.5)
    for x in (9, 15):
        for y in (8, 12):
            p.dot(x, y, 1.25)
    p.line((10, 20.5), (10, 16.5), (14, 16.5), (14, 20.5))


def headset(p: Pen) -> None:
    p.arc(12, 12.5, 8, 180, 360)
    p.box(3.2, 12.5, 6.8, 18.5, 1.5)
    p.box(17.2, 12.5, 20.8, 18.5, 1.5)
    p.arc(15.5, 18, 3.6, 10, 90)
    p.line((15.5, 21.6), (12.6, 21.6))


def phone(p: Pen) -> None:
    points = [(6.5, 3.5), (9.5, 4), (10.8, 8.2), (8.7, 10.2)]
    p.line(*points)
    p.arc(17.3, 6.7, 9.3, 158, 112)
    p.line((13.8, 15.3), (15.8, 13.2), (20, 14.5), (20.5, 17.5))
    p.arc(18, 18, 2.5, 350, 430)
    p.arc(18.6, 5.4, 15.1, 92, 178)
    p.arc(6, 6, 2.5, 180, 280)


def hang_up(p: Pen) -> None:
    p.arc(12, 20.5, 11.2, 222, 318)
    p.arc(12, 20.5, 6.4, 232, 308)
    p.line((3.7, 13), (3.2, 16.2), (7.6, 17.1), (8.1, 15.4))
    p.line((20.3, 13), (20.8, 16.2), (16.4, 17.1), (15.9, 15.4))


def wallet(p: Pen) -> None:
    p.box(3, 6.5, 21, 20, 2.2)
    p.line((4.2, 6.4), (16.2, 3.6), (17, 6.4))
    p.box(14.5, 11, 21, 15.5, 1.6)
    p.dot(17.4, 13.25, 0.95)


def ruble(p: Pen) -> None:
    p.circle(12, 12, 9)
    p.line((10.2, 17.2), (10.2, 7), (13, 7))
    p.arc(13, 9.6, 2.6, -90, 90)
    p.line((13, 12.2), (8.3, 12.2))
    p.line((8.3, 14.9), (13.2, 14.9))


def qr(p: Pen) -> None:
    for x, y in ((3.5, 3.5), (14, 3.5), (3.5, 14)):
        p.box(x, y, x + 6.5, y + 6.5, 1)
        p.dot(x + 3.25, y + 3.25, 1.35)
    for x, y in ((14.5, 14.5), (20, 14.5), (17.2, 17.3), (14.5, 20.2), (20, 20.2)):
        p.dot(x, y, 1.3)


def bill(p: Pen) -> None:
    p.line((5, 21), (5, 3.5), (14.5, 3.5), (19, 8), (19, 21), close=True)
    p.line((14.2, 3.8), (14.2, 8.3), (18.7, 8.3))
    p.line((8.5, 12.3), (15.5, 12.3))
    p.line((8.5, 16.5), (13, 16.5))


def receipt(p: Pen) -> None:
    p.line((5, 20.5), (5, 3.5), (19, 3.5), (19, 20.5))
    p.line((5, 20.5), (7.4, 18.6), (9.7, 20.5), (12, 18.6), (14.3, 20.5), (16.6, 18.6), (19, 20.5))
    p.line((8.7, 8), (15.3, 8))
    p.line((8.7, 12), (15.3, 12))


def banknote(p: Pen) -> None:
    p.box(2.5, 6.5, 21.5, 17.5, 1.8)
    p.circle(12, 12, 2.7)
    p.dot(6, 12, 1)
    p.dot(18, 12, 1)


def printer(p: Pen) -> None:
    p.line((7, 8.5), (7, 3.5), (17, 3.5), (17, 8.5))
    p.box(3.5, 8.5, 20.5, 16.5, 1.8)
    p.line((7, 13.7), (17, 13.7))
    p.line((7, 13.7), (7, 20.5), (17, 20.5), (17, 13.7))


def check(p: Pen) -> None:
    p.line((4.5, 12.8), (9.8, 18), (19.5, 6.8))


def check_circle(p: Pen) -> None:
    p.circle(12, 12, 9)
    p.line((7.8, 12.3), (10.9, 15.3), (16.3, 9))


def cross(p: Pen) -> None:
    p.line((6, 6), (18, 18))
    p.line((18, 6), (6, 18))


def backspace(p: Pen) -> None:
    p.line((8.5, 5.5), (21, 5.5), (21, 18.5), (8.5, 18.5), (2.8, 12), close=True)
    p.line((11.7, 9.5), (16.7, 14.5))
    p.line((16.7, 9.5), (11.7, 14.5))


def warning(p: Pen) -> None:
    p.line((12, 3.6), (21.3, 20), (2.7, 20), close=True)
    p.line((12, 9.6), (12, 13.8))
    p.dot(12, 17, 1.15)


def info(p: Pen) -> None:
    p.circle(12, 12, 9)
    p.line((12, 11.3), (12, 16.6))
    p.dot(12, 7.7, 1.2)


def clock(p: Pen) -> None:
    p.circle(12, 12, 9)
    p.line((12, 6.8), (12, 12.2), (15.6, 14.4))


def microphone(p: Pen) -> None:
    p.line((12, 6), (12, 11), stroke=6.4)
    p.arc(12, 11, 6.6, 0, 180)
    p.line((12, 17.8), (12, 21))
    p.line((8.8, 21), (15.2, 21))


def pencil(p: Pen) -> None:
    p.line((4, 20), (5.2, 15.2), (16.2, 4.2), (19.8, 7.8), (8.8, 18.8), close=True)
    p.line((13.6, 6.8), (17.2, 10.4))


def keyboard(p: Pen) -> None:
    p.box(2.5, 5.5, 21.5, 18.5, 2)
    for y in (9.4, 12.4):
        for x in (6.2, 9.1, 12, 14.9, 17.8):
            p.dot(x, y, 0.95)
    p.line((8.5, 15.6), (15.5, 15.6), stroke=1.7)


def user(p: Pen) -> None:
    p.circle(12, 8, 4.2)
    p.arc(12, 21, 8, 180, 360)


def letter(p: Pen) -> None:
    p.box(2.8, 5, 21.2, 19, 2)
    p.line((3.6, 7), (12, 13.2), (20.4, 7))


def camera(p: Pen) -> None:
    p.box(2.5, 6.5, 15.5, 17.5, 2)
    p.line((15.8, 10.8), (21.2, 7.5), (21.2, 16.5), (15.8, 13.2))


def camera_off(p: Pen) -> None:
    camera(p)
    p.line((3.5, 3.5), (20.5, 20.5))


def no_link(p: Pen) -> None:
    for radius in (5, 9.4, 13.8):
        p.arc(12, 19.5, radius, 226, 314)
    p.dot(12, 19.2, 1.5)
    p.line((4, 3.8), (20, 21))


def people(p: Pen) -> None:
    p.circle(8.8, 8.5, 3.4)
    p.arc(8.8, 19.4, 6.3, 180, 360)
    p.arc(16, 8.5, 3.2, -105, 95)
    p.arc(16, 19.4, 6.2, 285, 360)


def up(p: Pen) -> None:
    p.line((5.5, 15.5), (12, 9), (18.5, 15.5))


def down(p: Pen) -> None:
    p.line((5.5, 9), (12, 15.5), (18.5, 9))


def access(p: Pen) -> None:
    """A person with open arms: the sign of the modes of accessibility."""
    p.dot(12, 4.6, 2.1)
    p.line((4.5, 9), (12, 10.6), (19.5, 9))
    p.line((12, 10.6), (12, 14), (8.4, 21))
    p.line((12, 14), (15.6, 21))


def letters(p: Pen) -> None:
    """A small and a large A."""
    p.line((2.5, 19), (5.7, 11), (8.9, 19))
    p.line((3.8, 16.2), (7.6, 16.2))
    p.line((11, 19), (16.2, 5), (21.4, 19))
    p.line((13, 14.2), (19.4, 14.2))


def contrast(p: Pen) -> None:
    p.circle(12, 12, 8.6)
    edge = [(12 + 8 * math.cos(math.radians(a)), 12 + 8 * math.sin(math.radians(a))) for a in range(-90, 91, 6)]
    p.fill(*edge)


def lower(p: Pen) -> None:
    p.box(5, 2.8, 19, 21.2, 2)
    p.line((12, 6.5), (12, 16))
    p.line((8, 12.2), (12, 16.2), (16, 12.2))


def simple(p: Pen) -> None:
    """A bubble with few words in it."""
    p.box(2.8, 4, 21.2, 16.5, 2.5)
    p.line((7.5, 16.5), (7.5, 20.8), (12, 16.5))
    p.line((7.5, 10.2), (16.5, 10.2))


def voice(p: Pen) -> None:
    p.line((3.5, 9.5), (7, 9.5), (12, 5), (12, 19), (7, 14.5), (3.5, 14.5), close=True)
    p.arc(12.5, 12, 4, -45, 45)
    p.arc(12.5, 12, 8, -45, 45)


def globe(p: Pen) -> None:
    p.circle(12, 12, 8.8)
    p.line((3.2, 12), (20.8, 12))
    p.arc(12, 12, 8.8, 0, 360)
    p.line(*[(12 + 3.9 * math.cos(math.radians(a)), 12 + 8.8 * math.sin(math.radians(a))) for a in range(0, 361, 10)])


def slow(p: Pen) -> None:
    p.circle(12, 13, 8)
    p.line((12, 8.5), (12, 13), (9, 15))
    p.line((9.5, 2.8), (14.5, 2.8))


def shift(p: Pen) -> None:
    p.line((12, 3.5), (4, 11.5), (8.5, 11.5), (8.5, 19.5), (15.5, 19.5), (15.5, 11.5), (20, 11.5), close=True)


def space(p: Pen) -> None:
    p.line((4, 10), (4, 15.5), (20, 15.5), (20, 10))


ICONS: list[Callable[[Pen], None]] = [
    back, forward, home, house, headset, phone, hang_up, wallet, ruble, qr, bill, receipt, banknote, printer, check,
    check_circle, cross, backspace, warning, info, clock, microphone, pencil, keyboard, user, letter, camera,
    camera_off, no_link, people, up, down, access, letters, contrast, lower, simple, voice, globe, slow, shift, space,
]  # fmt: skip


def logo() -> Image.Image:
    """A lightning in a rounded window, white: the screen puts it on the brand's colour."""
    pen = Pen(192, grid=24)
    pen.fill((13.9, 2.2), (4.6, 13.6), (10.9, 13.6), (9.6, 21.8), (19.4, 9.9), (12.9, 9.9))
    return pen.finished()


def hero(width: int = 1080, height: int = 560) -> Image.Image:
    """An evening street with lit windows under the brand's sky. Drawn for both ways the glass stands."""
    scale = 2
    image = Image.new("RGB", (width * scale, height * scale))
    draw = ImageDraw.Draw(image)
    top, bottom = (11, 79, 158), (16, 36, 62)
    for y in range(height * scale):
        part = (y / (height * scale)) ** 1.15
        draw.line(
            ((0, y), (width * scale, y)),
            fill=tuple(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True)),
        )
    rng = random.Random(7)
    for colour, low, high, windows in (((20, 62, 118), 150, 250, 0.0), ((13, 44, 84), 80, 190, 0.42)):
        x = -20
        while x < width:
            x = _house(draw, rng, x, height, (low, high), colour, windows, scale)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _house(
    draw: ImageDraw.ImageDraw,
    rng: random.Random,
    x: int,
    ground: int,
    tall: tuple[int, int],
    colour: tuple[int, int, int],
    windows: float,
    scale: int,
) -> int:
    width, height = rng.randrange(84, 150, 6), rng.randrange(*tall, 10)
    draw.rectangle([v * scale for v in (x, ground - height, x + width, ground)], fill=colour)
    if windows and rng.random() < 0.5:
        roof = [(x, ground - height), (x + width / 2, ground - height - 30), (x + width, ground - height)]
        draw.polygon([(a * scale, b * scale) for a, b in roof], fill=colour)
    if windows:
        for left in range(x + 14, x + width - 18, 25):
            for upper in range(ground - height + 18, ground - 20, 30):
                lit = rng.random() < windows
                fill = rng.choice([(255, 214, 120), (255, 226, 158), (250, 196, 96)]) if lit else (24, 62, 108)
                draw.rectangle([v * scale for v in (left, upper, left + 12, upper + 16)], fill=fill)
    return x + width + rng.randrange(4, 26)


def main() -> None:
    """Writes every picture into its folder."""
    for draw_icon in [*ICONS, *SERVICE_ICONS]:
        pen = Pen(ICON_SIZE)
        draw_icon(pen)
        pen.finished().save(HERE / "icons" / f"{draw_icon.__name__}.png", optimize=True)
    logo().save(HERE / "brand" / "logo.png", optimize=True)
    hero().save(HERE / "brand" / "hero.png", optimize=True)


if __name__ == "__main__":
    main()
