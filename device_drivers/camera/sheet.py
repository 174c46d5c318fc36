"""A sheet of paper in a picture: where its corners are, and the sheet alone, flat. No I/O, no clock.

Candidates come from brightness (a light sheet on something darker), from whiteness (before a bright or coloured wall)
and from edges (anything else); the best one fills its four-cornered shape, is large and lies whole in the picture.
Each side is then fitted by itself, so that a finger over a corner, or over a part of a side, moves no corner.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Points = npt.NDArray[np.float32]
Corner = tuple[float, float]

WORK_SIDE_PX = 640  # the picture is searched at this size
AREA_PART_MIN, AREA_PART_MAX = 0.08, 0.97  # of the picture
FILL_MIN = 0.85  # of the four-cornered shape, by the contour found
FILL_WEIGHT = 4  # a sheet with something light beside it is larger than the sheet, and fills its shape worse
CONTRAST_MIN = 12.0  # of 255, between the inside and the outside of the outline
WHITE_PART = 0.86  # of the whitest in the picture: paper beside something merely light
CUT_OFF_PART = 0.2  # what reaches the picture's edge is a sheet only where no whole one is seen
SIDE_PART = 0.7  # the middle of a side, by which it is fitted
MARGIN_PART = 0.012  # of the smaller side: nearer to the picture's edge a sheet is not whole
A4_RATIO = math.sqrt(2)
A4_TOLERANCE = 0.1
FLAT_SIDE_MAX = 2480  # px: A4 at 300 dots an inch is 2480 x 3508, and no camera of a terminal sees more


@dataclass(frozen=True, slots=True)
class Sheet:
    """Corners in pixels of the picture, clockwise from the one nearest to its upper left corner."""

    corners: tuple[Corner, Corner, Corner, Corner]
    whole: bool  # no corner lies at or beyond the picture's edge


def find_sheet(pixels: Pixels) -> Sheet | None:
    """The largest sheet in a BGR or grey picture; None when there is none."""
    height, width = pixels.shape[:2]
    scale = min(1.0, WORK_SIDE_PX / max(height, width))
    small = np.asarray(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)
    small = np.asarray(cv2.medianBlur(small, 5), np.uint8)
    grey = small if small.ndim == 2 else np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    white = small if small.ndim == 2 else small.min(axis=2)
    best = max(_candidates(grey, white), key=lambda found: found[0], default=None)
    if best is None:
        return None
    corners = [(float(x) / scale, float(y) / scale) for x, y in _clockwise(best[1])]
    return Sheet((corners[0], corners[1], corners[2], corners[3]), _is_whole(corners, width, height))


def _is_whole(corners: Iterable[Corner], width: int, height: int) -> bool:
    margin = MARGIN_PART * min(height, width)
    return all(margin <= x <= width - margin and margin <= y <= height - margin for x, y in corners)


def tilt(sheet: Sheet) -> float:
    """How much longer a side is than the opposite one, the worse of both pairs; 1 is held straight."""
    upper_left, upper_right, lower_right, lower_left = sheet.corners
    upper, lower = math.dist(upper_left, upper_right), math.dist(lower_left, lower_right)
    left, right = math.dist(upper_left, lower_left), math.dist(upper_right, lower_right)
    return max(max(upper, lower) / max(1.0, min(upper, lower)), max(left, right) / max(1.0, min(left, right)))


def straighten(pixels: Pixels, sheet: Sheet) -> Pixels:
    """The sheet alone, flat, as large as the picture shows it; near to A4 it is given the shape of A4."""
    width, height = _flat_size(sheet.corners)
    target = np.array([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)], np.float32)
    turn = cv2.getPerspectiveTransform(np.array(sheet.corners, np.float32), target)
    flat = cv2.warpPerspective(pixels, turn, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(flat, np.uint8)


def _candidates(grey: Pixels, white: Pixels) -> list[tuple[float, Points]]:
    """(score, corners) of every shape that may be a sheet; `white` is the darkest colour of each point."""
    _, light = cv2.threshold(grey, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    _, paper = cv2.threshold(white, WHITE_PART * float(np.percentile(white, 98)), 255, cv2.THRESH_BINARY)
    middle = float(np.median(grey))
    edges = cv2.Canny(grey, 0.4 * middle, 0.9 * middle)
    edges = cv2.morphologyEx(edges, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8))
    found = []
    for mask in (light, paper, edges):
        contours, _ = cv2.findContours(np.asarray(mask, np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
        for contour in contours:
            judged = _judge(np.asarray(contour, np.float32).reshape(-1, 2), grey)
            found += [judged] if judged is not None else []
    return found


def _judge(contour: Points, grey: Pixels) -> tuple[float, Points] | None:
    picture_area = float(grey.shape[0] * grey.shape[1])
    hull = np.asarray(cv2.convexHull(contour), np.float32).reshape(-1, 2)
    if not AREA_PART_MIN <= cv2.contourArea(hull) / picture_area <= AREA_PART_MAX:
        return None
    rough = _four_corners(hull)
    if rough is None:
        return None
    corners = _fit_sides(contour, rough)
    area = float(cv2.contourArea(corners))
    if not AREA_PART_MIN <= area / picture_area <= AREA_PART_MAX or not cv2.isContourConvex(corners):
        return None
    fill = min(cv2.contourArea(contour), area) / max(cv2.contourArea(contour), area)
    hull_fill = min(cv2.contourArea(hull), area) / max(cv2.contourArea(hull), area)
    if max(fill, hull_fill) < FILL_MIN or _contrast(grey, corners) < CONTRAST_MIN:
        return None
    whole = _is_whole([(float(x), float(y)) for x, y in corners], grey.shape[1], grey.shape[0])
    return area * max(fill, hull_fill) ** FILL_WEIGHT * (1.0 if whole else CUT_OFF_PART), corners


def _four_corners(hull: Points) -> Points | None:
    """The hull simplified until four corners are left."""
    around = float(cv2.arcLength(hull, True))
    for part in (0.01, 0.02, 0.03, 0.05, 0.08):
        shape = np.asarray(cv2.approxPolyDP(hull, part * around, True), np.float32).reshape(-1, 2)
        if len(shape) == 4:
            return shape
        if len(shape) < 4:
            return None
    return None


def _fit_sides(contour: Points, corners: Points) -> Points:
    """Corners where the fitted sides cross; the rough ones where a side has too few points."""
    lines = [_fit_side(contour, corners[at], corners[(at + 1) % 4]) for at in range(4)]
    fitted = []
    for at in range(4):
        crossing = _crossing(lines[at - 1], lines[at])
        near = crossing is not None and np.linalg.norm(crossing - corners[at]) < 0.15 * WORK_SIDE_PX
        fitted.append(crossing if near and crossing is not None else corners[at])
    return np.array(fitted, np.float32)


def _fit_side(contour: Points, start: Points, end: Points) -> tuple[Points, Points] | None:
    """(direction, point) of the line through the middle part of a side."""
    along = end - start
    length = float(np.linalg.norm(along))
    if length < 1.0:
        return None
    offset = contour - start
    part = offset @ along / length**2
    across = np.abs(offset[:, 0] * along[1] - offset[:, 1] * along[0]) / length
    edge = (1 - SIDE_PART) / 2
    near = contour[(part > edge) & (part < 1 - edge) & (across < max(3.0, 0.03 * length))]
    if len(near) < 8:
        return None
    vx, vy, x, y = np.asarray(cv2.fitLine(near, cv2.DIST_HUBER, 0, 0.01, 0.01)).ravel()
    return np.array([vx, vy], np.float32), np.array([x, y], np.float32)


def _crossing(first: tuple[Points, Points] | None, second: tuple[Points, Points] | None) -> Points | None:
    if first is None or second is None:
        return None
    (direction, point), (other_direction, other_point) = first, second
    across = float(direction[0] * other_direction[1] - direction[1] * other_direction[0])
    if abs(across) < 0.1:  # nearly parallel: these are no neighbours
        return None
    gap = other_point - point
    steps = float(gap[0] * other_direction[1] - gap[1] * other_direction[0]) / across
    return np.asarray(point + steps * direction, np.float32)


def _contrast(grey: Pixels, corners: Points) -> float:
    """How much the inside along the outline differs from the outside."""
    inside = np.zeros_like(grey)
    cv2.fillConvexPoly(inside, corners.astype(np.int32), 255)
    ring = np.ones((9, 9), np.uint8)
    wider, narrower = cv2.dilate(inside, ring), cv2.erode(inside, ring)
    outer, inner = grey[(wider > 0) & (inside == 0)], grey[(inside > 0) & (narrower == 0)]
    if outer.size == 0 or inner.size == 0:
        return 0.0
    return abs(float(np.median(inner)) - float(np.median(outer)))


def _clockwise(corners: Points) -> Points:
    """From the corner nearest to the upper left one."""
    middle = corners.mean(axis=0)
    turned = corners[np.argsort(np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0]))]
    return np.roll(turned, -int(np.argmin(turned.sum(axis=1))), axis=0)


def _flat_size(corners: tuple[Corner, Corner, Corner, Corner]) -> tuple[int, int]:
    upper_left, upper_right, lower_right, lower_left = corners
    width = max(math.dist(upper_left, upper_right), math.dist(lower_left, lower_right))
    height = max(math.dist(upper_left, lower_left), math.dist(upper_right, lower_right))
    if abs(max(width, height) / max(1.0, min(width, height)) / A4_RATIO - 1) <= A4_TOLERANCE:
        longer = max(width, height)
        width, height = (longer, longer / A4_RATIO) if width > height else (longer / A4_RATIO, longer)
    shrink = min(1.0, FLAT_SIDE_MAX / max(width, height))
    return max(2, round(width * shrink)), max(2, round(height * shrink))
