"""Icons of the services, for `draw.py`. The same grid and pen."""

from __future__ import annotations

import math
from collections.abc import Callable

from terminal_app.ui.assets.pen import Pen


def all_services(p: Pen) -> None:
    for y in (6, 12, 18):
        p.dot(5, y, 1.5)
        p.line((9.5, y), (20, y))


def meter(p: Pen) -> None:
    p.box(4, 3, 20, 21, 2.2)
    p.box(7, 6.5, 17, 11.5, 1)
    p.line((10.3, 6.8), (10.3, 11.2), stroke=1.2)
    p.line((13.7, 6.8), (13.7, 11.2), stroke=1.2)
    p.line((12.8, 13.6), (10.4, 16.4), (13.6, 16.4), (11.2, 19), stroke=1.5)


def calendar(p: Pen) -> None:
    p.box(3.5, 5, 20.5, 20.5, 2)
    p.line((3.8, 10), (20.2, 10))
    p.line((8, 3), (8, 6.5))
    p.line((16, 3), (16, 6.5))
    p.line((8.5, 15), (11, 17.3), (15.5, 13))


def book(p: Pen) -> None:
    p.line((12, 6.2), (12, 20))
    p.line((12, 6.2), (9, 4.6), (3.5, 4.6), (3.5, 18.2), (9, 18.2), (12, 20))
    p.line((12, 6.2), (15, 4.6), (20.5, 4.6), (20.5, 18.2), (15, 18.2), (12, 20))


def star(p: Pen) -> None:
    points = []
    for corner in range(10):
        radius, angle = (9.0 if corner % 2 == 0 else 3.9), math.radians(-90 + 36 * corner)
        points.append((12 + radius * math.cos(angle), 12.8 + radius * math.sin(angle)))
    p.line(*points, close=True)


def pin(p: Pen) -> None:
    p.arc(12, 9.6, 6.6, 150, 390)
    p.line((6.3, 12.9), (12, 21), (17.7, 12.9))
    p.circle(12, 9.6, 2.3)


def ticket(p: Pen) -> None:
    p.line((3.5, 6), (20.5, 6), (20.5, 9.6))
    p.line((20.5, 14.4), (20.5, 18), (3.5, 18), (3.5, 14.4))
    p.line((3.5, 9.6), (3.5, 6))
    p.arc(3.5, 12, 2.4, -90, 90)
    p.arc(20.5, 12, 2.4, 90, 270)
    p.line((14, 9), (14, 15), stroke=1.4)


def document(p: Pen) -> None:
    p.line((14, 3), (5, 3), (5, 21), (19, 21), (19, 8), (14, 3))
    p.line((14, 3), (14, 8), (19, 8))
    for y in (12, 16):
        p.line((8.5, y), (15.5, y), stroke=1.5)


def briefcase(p: Pen) -> None:
    p.box(3, 7.5, 21, 20, 2)
    p.line((8.5, 7.2), (8.5, 4), (15.5, 4), (15.5, 7.2))
    p.line((3.3, 13), (20.7, 13))
    p.line((12, 12), (12, 14.2))


def scales(p: Pen) -> None:
    p.line((12, 3.5), (12, 20))
    p.line((8, 20.3), (16, 20.3))
    p.line((4.5, 6.5), (19.5, 6.5))
    for x in (5.5, 18.5):
        p.line((x, 6.5), (x - 3, 13.4))
        p.line((x, 6.5), (x + 3, 13.4))
        p.arc(x, 13.4, 3, 0, 180)


def heart(p: Pen) -> None:
    p.arc(8, 9, 4.3, 150, 345)
    p.arc(16, 9, 4.3, 195, 390)
    p.line((4.2, 11), (12, 20), (19.8, 11))


def bulb(p: Pen) -> None:
    p.arc(12, 9.5, 6.2, 130, 410)
    p.line((8.2, 14.4), (9, 17.5), (15, 17.5), (15.8, 14.4))
    p.line((9.8, 20.8), (14.2, 20.8))


def question(p: Pen) -> None:
    p.circle(12, 12, 9)
    p.arc(12, 9.6, 2.9, 190, 400)
    p.line((14.1, 11.6), (12, 13.3), (12, 14.2))
    p.dot(12, 17.2, 1.2)


def chart(p: Pen) -> None:
    p.line((4, 3.5), (4, 20.5), (20.5, 20.5))
    for x, y in ((8.5, 14), (12.8, 9.5), (17.1, 12)):
        p.line((x, y), (x, 17), stroke=2.6)


def message(p: Pen) -> None:
    p.line((3.5, 4.5), (20.5, 4.5), (20.5, 16.5), (11, 16.5), (6.5, 20.5), (6.5, 16.5), (3.5, 16.5), close=True)
    for x in (8, 12, 16):
        p.dot(x, 10.5, 1.2)


def glass(p: Pen) -> None:
    p.circle(10.4, 10.4, 6.2)
    p.line((15, 15), (20.5, 20.5))


def face(score: int) -> Callable[[Pen], None]:
    """From 1, very sad, to 5, very glad."""

    def draw(p: Pen) -> None:
        p.circle(12, 12, 8.6)
        p.dot(9, 9.6, 1.2)
        p.dot(15, 9.6, 1.2)
        bend = (score - 3) * 1.3
        mouth = [(x, 15.2 + bend * (1 - ((x - 12) / 4) ** 2) - bend / 2) for x in (8, 9, 10, 11, 12, 13, 14, 15, 16)]
        p.line(*mouth)

    draw.__name__ = f"face_{score}"
    return draw


SERVICE_ICONS: list[Callable[[Pen], None]] = [
    all_services, meter, calendar, book, star, pin, ticket, document, briefcase, scales, heart, bulb, question, chart,
    message, glass, *(face(score) for score in range(1, 6)),
]  # fmt: skip
