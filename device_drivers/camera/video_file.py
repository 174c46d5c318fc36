"""A recorded film as a camera: played at its own rate, again and again."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from device_drivers.camera.pace import Pace
from device_drivers.contract.camera import Picture
from device_drivers.contract.errors import LineLostError

FPS_DEFAULT = 25.0  # for files that do not say
FPS_MAX = 120.0


class VideoFileCamera:
    """Plays one file in a loop."""

    def __init__(self, path: Path) -> None:
        self._name = str(path)
        if not path.is_file():
            raise LineLostError("there is no such film", device=self._name)
        self._film = cv2.VideoCapture(self._name)
        if not self._film.isOpened():
            raise LineLostError("the file is not a film", device=self._name)
        fps = float(self._film.get(cv2.CAP_PROP_FPS))
        self._pace = Pace(fps if 0 < fps <= FPS_MAX else FPS_DEFAULT)

    def read(self) -> Picture:
        """The next picture, at its moment; after the last one the first."""
        at_s = self._pace.wait()
        good, pixels = self._film.read()
        if not good:
            self._film.set(cv2.CAP_PROP_POS_FRAMES, 0)
            good, pixels = self._film.read()
        if not good:
            raise LineLostError("the film gives no pictures", device=self._name)
        return Picture(np.asarray(pixels, dtype=np.uint8), at_s)

    def close(self) -> None:
        """Gives the file back."""
        self._film.release()
