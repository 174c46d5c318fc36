"""A flat sheet made fit to be read: paper white and ink dark wherever a shadow lies, stamps keep their colour. Pure."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]

LIGHT_SIDE_PX = 320  # the light that falls on a sheet has no finer detail than this many points show
LETTER_PART = 0.055  # of that side: a line of print, or a thick rule, is no shadow
BLACK_PERCENT = 0.5  # so much of a written sheet is as dark as ink
BLACK_MAX = 0.55  # of the paper's white: a sheet without ink is not blown up to noise
PAPER = 250.0
SHARPER = 0.6  # of the difference to a blurred copy
BLUR_SIGMA_PX = 1.2


def even_light(flat: Pixels) -> Pixels:
    """BGR of a sheet, divided by the light that falls on it."""
    height, width = flat.shape[:2]
    scale = min(1.0, LIGHT_SIDE_PX / max(height, width))
    small = cv2.resize(flat, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    letter = max(3, round(LETTER_PART * max(small.shape[:2]))) | 1
    light = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((letter, letter), np.uint8))
    light = cv2.GaussianBlur(cv2.medianBlur(light, letter), (0, 0), letter / 3)
    light = cv2.resize(light, (width, height), interpolation=cv2.INTER_LINEAR)
    seen = cv2.divide(flat, light, scale=255)
    darkest = np.asarray(seen).min(axis=2)
    black = min(BLACK_MAX, float(np.percentile(darkest[::2, ::2], BLACK_PERCENT)) / 255)
    steps = (np.arange(256) / 255 - black) * (PAPER / (1.0 - black))
    even = cv2.LUT(seen, np.clip(steps, 0, 255).astype(np.uint8))
    sharp = cv2.addWeighted(even, 1 + SHARPER, cv2.GaussianBlur(even, (0, 0), BLUR_SIGMA_PX), -SHARPER, 0)
    return np.asarray(sharp, np.uint8)
