"""A paper held before the lens: a picture file drawn large, a little turned, shaken as by a hand."""

from __future__ import annotations

import math
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

LOOK_PERIOD_S = 0.2  # how often the file is looked at
PART_OF_PICTURE = 0.78  # of its smaller fitting side
MIDDLE_PART = 0.47  # the paper's middle, of the height: the lower edge is the picture number's
TURN_DEGREES, SHAKE_DEGREES = 4.0, 1.2
SHAKE_PART = 0.006  # of the picture's height


class HeldPaper:
    """Follows one file: drawn while it is there, taken anew when it changes, left out when it is broken."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._mark: tuple[int, int, int] | None = None
        self._paper: Pixels | None = None
        self._next_look_s = 0.0

    def draw(self, picture: Pixels, now_s: float) -> None:
        """Puts the paper into `picture`."""
        if now_s >= self._next_look_s:
            self._next_look_s = now_s + LOOK_PERIOD_S
            self._look()
        if self._paper is not None:
            _draw_shaken(picture, self._paper, now_s)

    def _look(self) -> None:
        try:
            seen = self._path.stat()
        except OSError:
            self._mark, self._paper = None, None
            return
        mark = (seen.st_mtime_ns, seen.st_size, seen.st_ino)
        if mark != self._mark:
            self._mark, self._paper = mark, _load(self._path)


def _load(path: Path) -> Pixels | None:
    try:
        raw = np.frombuffer(path.read_bytes(), dtype=np.uint8)
        decoded = cv2.imdecode(raw, cv2.IMREAD_COLOR) if raw.size else None
    except (OSError, cv2.error):
        return None
    return None if decoded is None else np.asarray(decoded, dtype=np.uint8)


def _draw_shaken(picture: Pixels, paper: Pixels, now_s: float) -> None:
    height, width = picture.shape[:2]
    paper_height, paper_width = paper.shape[:2]
    scale = PART_OF_PICTURE * min(width / paper_width, height / paper_height)
    degrees = TURN_DEGREES + SHAKE_DEGREES * math.sin(now_s * 5.3)
    turn = cv2.getRotationMatrix2D((paper_width / 2, paper_height / 2), degrees, scale)
    turn[0, 2] += width / 2 - paper_width / 2 + SHAKE_PART * height * math.sin(now_s * 7.1)
    turn[1, 2] += height * MIDDLE_PART - paper_height / 2 + SHAKE_PART * height * math.cos(now_s * 6.1)
    kind = cv2.INTER_AREA if scale < 0.7 else cv2.INTER_LINEAR
    cv2.warpAffine(paper, turn, (width, height), dst=picture, flags=kind, borderMode=cv2.BORDER_TRANSPARENT)
