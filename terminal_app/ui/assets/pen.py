"""A pen with round strokes on a small grid: what the icons and the logo are drawn with."""

from __future__ import annotations

import itertools
import math

from PIL import Image, ImageDraw

GRID = 24
OVERSAMPLING = 5
STROKE = 1.9

Point = tuple[float, float]


class Pen:
    """Draws with round strokes in grid units."""

    def __init__(self, size: int, grid: float = GRID, ink: str = "#FFFFFF", stroke: float = STROKE) -> None:
        self._scale = size * OVERSAMPLING / grid
        self._size = size
        self.image = Image.new("RGBA", (size * OVERSAMPLING, size * OVERSAMPLING), (255, 255, 255, 0))
        self._draw = ImageDraw.Draw(self.image)
        self._ink = ink
        self._stroke = stroke

    def line(self, *points: Point, close: bool = False, stroke: float | None = None) -> None:
        width = (stroke or self._stroke) * self._scale
        path = [*points, points[0]] if close else list(points)
        scaled = [(x * self._scale, y * self._scale) for x, y in path]
        for (x1, y1), (x2, y2) in itertools.pairwise(scaled):
            length = math.hypot(x2 - x1, y2 - y1) or 1.0
            dx, dy = (y2 - y1) / length * width / 2, (x1 - x2) / length * width / 2
            corners = [(x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy)]
            self._draw.polygon(corners, fill=self._ink)
        for x, y in scaled:
            self._draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=self._ink)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, flat: float = 1.0) -> None:
        """Degrees clockwise from the right."""
        steps = max(6, int(abs(end - start) / 4))
        angles = [math.radians(start + (end - start) * step / steps) for step in range(steps + 1)]
        self.line(*[(x + radius * math.cos(a), y + radius * flat * math.sin(a)) for a in angles])

    def circle(self, x: float, y: float, radius: float) -> None:
        self.arc(x, y, radius, 0, 360)

    def dot(self, x: float, y: float, radius: float) -> None:
        box = tuple(v * self._scale for v in (x - radius, y - radius, x + radius, y + radius))
        self._draw.ellipse(box, fill=self._ink)

    def box(self, left: float, top: float, right: float, bottom: float, radius: float = 2.0) -> None:
        self.line((left + radius, top), (right - radius, top))
        self.line((right, top + radius), (right, bottom - radius))
        self.line((right - radius, bottom), (left + radius, bottom))
        self.line((left, bottom - radius), (left, top + radius))
        self.arc(left + radius, top + radius, radius, 180, 270)
        self.arc(right - radius, top + radius, radius, 270, 360)
        self.arc(right - radius, bottom - radius, radius, 0, 90)
        self.arc(left + radius, bottom - radius, radius, 90, 180)

    def fill(self, *points: Point) -> None:
        self._draw.polygon([(x * self._scale, y * self._scale) for x, y in points], fill=self._ink)

    def finished(self) -> Image.Image:
        return self.image.resize((self._size, self._size), Image.Resampling.LANCZOS)
