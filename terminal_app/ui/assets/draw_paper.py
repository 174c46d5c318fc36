"""Draws the guide of changing the paper: `python -m terminal_app.ui.assets.draw_paper`, for any printer.

Four pictures: the cover opens, the empty core comes out, the new roll goes in with its end from below, the cover
closes over the end of the paper.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from terminal_app.ui.assets.pen import Pen

FOLDER = Path(__file__).parents[2] / "core" / "service_mode" / "paper"
SIZE_PX = 360
GRID = 30
INK = "#1F3A5F"
MARK = "#D0541B"  # what moves


def _body(p: Pen) -> None:
    p.line((4, 26), (4, 15), (26, 15), (26, 26), close=True)
    p.line((7, 22), (12, 22), stroke=1.2)


def _roll(p: Pen, y: float, radius: float) -> None:
    p.arc(15, y, radius, 0, 360)
    p.arc(15, y, 1.6, 0, 360)


def _arrow(p: Pen, x: float, top: float, bottom: float, *, up: bool) -> None:
    p.line((x, top), (x, bottom), stroke=1.6)
    tip, wing = (top, top + 2) if up else (bottom, bottom - 2)
    p.line((x - 1.8, wing), (x, tip), (x + 1.8, wing), stroke=1.6)


def opened(ink: Pen, mark: Pen) -> None:
    _body(ink)
    mark.line((26, 15), (21, 4))
    _arrow(mark, 12, 5, 11, up=True)


def emptied(ink: Pen, mark: Pen) -> None:
    _body(ink)
    ink.line((26, 15), (26, 4))
    _roll(mark, 10, 2.6)
    _arrow(mark, 8, 4, 11, up=True)


def filled(ink: Pen, mark: Pen) -> None:
    _body(ink)
    ink.line((26, 15), (26, 4))
    _roll(mark, 10.5, 5)
    mark.line((11, 14), (7, 14), (2, 11), stroke=1.4)
    _arrow(mark, 22.5, 5, 11, up=False)


def closed(ink: Pen, mark: Pen) -> None:
    _body(ink)
    _arrow(mark, 20, 4, 11, up=False)
    mark.line((9, 15), (9, 7), (13, 7), (13, 15), stroke=1.4)
    for y in (9.5, 12):
        mark.line((10.4, y), (11.6, y), stroke=0.7)


STEPS: tuple[Callable[[Pen, Pen], None], ...] = (opened, emptied, filled, closed)


def draw() -> None:
    FOLDER.mkdir(exist_ok=True)
    for number, step in enumerate(STEPS, start=1):
        ink, mark = Pen(SIZE_PX, GRID, INK, 1.1), Pen(SIZE_PX, GRID, MARK, 1.1)
        step(ink, mark)
        sheet = Image.new("RGBA", ink.image.size, "#FFFFFF")
        for pen in (ink, mark):
            sheet.alpha_composite(pen.image)
        sheet.resize((SIZE_PX, SIZE_PX), Image.Resampling.LANCZOS).convert("P", colors=32).save(
            FOLDER / f"step_{number}.png", optimize=True
        )


if __name__ == "__main__":
    draw()
