"""Holding a camera's light, colour and focus while a document is taken, by V4L2's controls."""

from __future__ import annotations

from typing import Protocol

import cv2

EXPOSURE_MANUAL, EXPOSURE_AUTO = 1.0, 3.0  # V4L2_EXPOSURE_MANUAL, V4L2_EXPOSURE_APERTURE_PRIORITY
_HELD = (cv2.CAP_PROP_EXPOSURE, cv2.CAP_PROP_GAIN, cv2.CAP_PROP_WB_TEMPERATURE, cv2.CAP_PROP_FOCUS)
_OTHER_AUTOMATS = (cv2.CAP_PROP_AUTO_WB, cv2.CAP_PROP_AUTOFOCUS)


class Controls(Protocol):
    """What OpenCV's VideoCapture offers."""

    def get(self, control: int) -> float: ...

    def set(self, control: int, value: float) -> bool: ...


def lock_exposure(controls: Controls) -> bool:
    """Keeps what the camera's automats have found by now; True when the exposure obeyed, the rest is tried."""
    found = {control: controls.get(control) for control in _HELD}
    for automat in _OTHER_AUTOMATS:
        controls.set(automat, 0.0)
    controls.set(cv2.CAP_PROP_AUTO_EXPOSURE, EXPOSURE_MANUAL)
    for control, value in found.items():
        if value > 0.0:  # a control that is not there reads 0 or less
            controls.set(control, value)
    return controls.get(cv2.CAP_PROP_AUTO_EXPOSURE) == EXPOSURE_MANUAL


def unlock_exposure(controls: Controls) -> None:
    """Lets the automats work again."""
    for automat in _OTHER_AUTOMATS:
        controls.set(automat, 1.0)
    controls.set(cv2.CAP_PROP_AUTO_EXPOSURE, EXPOSURE_AUTO)
