"""A V4L2 camera by OpenCV: MJPG, so that a USB 2 port carries the whole picture at its full rate."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np

from device_drivers.camera.exposure import lock_exposure, unlock_exposure
from device_drivers.contract.camera import Picture
from device_drivers.contract.errors import LineLostError

BUFFERS = 1  # the newest picture, not the oldest


class V4l2Camera:
    """One video device."""

    def __init__(self, path: str, width: int, height: int, fps: int) -> None:
        self._path = path
        if not Path(path).exists():
            raise LineLostError("there is no such camera", device=path)
        self._device = cv2.VideoCapture(path, cv2.CAP_V4L2)
        if not self._device.isOpened():
            raise LineLostError("the camera cannot be opened: it is busy, or no camera", device=path)
        self._device.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*"MJPG"))
        for setting, value in (
            (cv2.CAP_PROP_FRAME_WIDTH, width),
            (cv2.CAP_PROP_FRAME_HEIGHT, height),
            (cv2.CAP_PROP_FPS, fps),
            (cv2.CAP_PROP_BUFFERSIZE, BUFFERS),
        ):
            self._device.set(setting, value)

    def read(self) -> Picture:
        """The next picture; the wait is bounded by OpenCV (see the package)."""
        good, pixels = self._device.read()
        if not good:
            raise LineLostError("the camera gives no pictures", device=self._path)
        return Picture(np.asarray(pixels, dtype=np.uint8), time.monotonic())

    def lock_exposure(self) -> bool:
        """Holds light, colour and focus as they are; True when the camera obeyed."""
        return lock_exposure(self._device)

    def unlock_exposure(self) -> None:
        """Lets the camera's automats work again."""
        unlock_exposure(self._device)

    def close(self) -> None:
        """Gives the device back."""
        self._device.release()
