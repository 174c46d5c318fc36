"""What a finger writes on a pad: strokes thinned to what the eye needs, undone, cleared, sent. Pure.

The pad's units: `SIDE` across, whatever the panel; a fingertip covers about 40 of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from signaling_server.contract.notes import HEIGHT_MAX, POINTS_MAX, SIDE, STROKES_MAX, Drawing
from terminal_app.ui.locale import plural, t

STEP_MIN = 2  # a finger that rests gives no new points
STROKE_POINTS_MAX = 2_000  # raw, of one touch; what is longer is not written
BEND_MAX = 1.2  # so far the thinned line may lie from the finger's
UNDO, CLEAR = "pad_undo", "pad_clear"

Stroke = tuple[int, ...]  # x, y, x, y …


@dataclass(frozen=True, slots=True)
class Sheet:
    """`height` is that of the pad it was written on. `overflowed`: the last stroke found no room."""

    strokes: tuple[Stroke, ...] = ()
    height: int = 1
    overflowed: bool = False


@dataclass(frozen=True, slots=True)
class PadView:
    strokes: tuple[Stroke, ...]
    value: str  # how much is written, for who cannot see it
    hint: str  # on the empty pad
    full: str  # empty: there is room
    may_undo: bool


def with_stroke(sheet: Sheet, points: Sequence[int], height: int) -> Sheet:
    """One stroke more, thinned; one that finds no room is not written, and the writer is told."""
    if len(points) < 2:
        return sheet
    room = POINTS_MAX - sum(len(known) // 2 for known in sheet.strokes)
    if len(sheet.strokes) >= STROKES_MAX or room <= 0:
        return replace(sheet, overflowed=True)
    height = max(1, min(HEIGHT_MAX, max(sheet.height, height)))
    stroke = thinned(points[: 2 * STROKE_POINTS_MAX], height)
    if len(stroke) // 2 > room:
        return replace(sheet, overflowed=True)
    return Sheet((*sheet.strokes, stroke), height)


def pressed(sheet: Sheet, key: str) -> Sheet:
    """The last stroke off, or a clean sheet; any other key is none of the pad's."""
    if key == UNDO:
        return replace(sheet, strokes=sheet.strokes[:-1], overflowed=False)
    return Sheet() if key == CLEAR else sheet


def sent(sheet: Sheet) -> Drawing | None:
    """None: nothing is written."""
    return Drawing(sheet.height, [list(stroke) for stroke in sheet.strokes]) if sheet.strokes else None


def pad_view(sheet: Sheet) -> PadView:
    count = len(sheet.strokes)
    return PadView(
        strokes=sheet.strokes,
        value=plural("strokes", count) if count else t("pad.empty"),
        hint="" if count else t("pad.hint"),
        full=t("pad.full") if sheet.overflowed else "",
        may_undo=count > 0,
    )


def thinned(points: Sequence[int], height: int) -> Stroke:
    """Fewer points, the same line to the eye (Ramer, Douglas and Peucker), kept within the pad."""
    dots = [(min(SIDE, max(0, x)), min(height, max(0, y))) for x, y in zip(points[::2], points[1::2], strict=False)]
    keep = {0, len(dots) - 1}
    spans = [(0, len(dots) - 1)]
    while spans:
        first, last = spans.pop()
        far = max(range(first + 1, last), key=lambda at: _off(dots[first], dots[last], dots[at]), default=first)
        if far > first and _off(dots[first], dots[last], dots[far]) > BEND_MAX:
            keep.add(far)
            spans += [(first, far), (far, last)]
    return tuple(part for at in sorted(keep) for part in dots[at])


def _off(start: tuple[int, int], end: tuple[int, int], dot: tuple[int, int]) -> float:
    """How far a dot is from a line, from its start where the line is none."""
    run_x, run_y = end[0] - start[0], end[1] - start[1]
    off_x, off_y = dot[0] - start[0], dot[1] - start[1]
    length = float((run_x * run_x + run_y * run_y) ** 0.5)
    return float(abs(run_x * off_y - run_y * off_x) / length if length else (off_x * off_x + off_y * off_y) ** 0.5)
