"""A paper held before the camera: how to hold it better, and its picture as a JPEG. Pure.

The sheet alone is kept, flat, where one is found: what stands behind the customer is nobody's business.
"""

from __future__ import annotations

import cv2
import numpy as np

from device_drivers.camera.sharpness import sharpness
from device_drivers.camera.sheet import Pixels, find_sheet, straighten
from terminal_app.ipc.media_messages import PhotoHint

SHARP_MIN = 0.012  # of a page of print before a 720p camera; below it small print cannot be read
AREA_PART_MIN = 0.16  # of the picture: a smaller sheet is too far to be read
DARK_MAX = 45.0  # mean brightness of 255
JPEG_SIZE_MAX = 180_000  # bytes: a message to core, and a form of five papers, stay small
QUALITIES = (88, 78, 68, 55, 40)
PREVIEW_SIDE = 420  # px


def hint_of(bgr: Pixels) -> PhotoHint:
    """What to say to the hand that holds the paper."""
    sheet = find_sheet(bgr)
    if float(np.mean(bgr)) < DARK_MAX:
        return PhotoHint.DARK
    if sheet is None:
        return PhotoHint.NO_SHEET
    if not sheet.whole:
        return PhotoHint.NOT_WHOLE
    flat = straighten(bgr, sheet)
    if flat.shape[0] * flat.shape[1] < AREA_PART_MIN * bgr.shape[0] * bgr.shape[1]:
        return PhotoHint.TOO_FAR
    return PhotoHint.GOOD if sharpness(flat) >= SHARP_MIN else PhotoHint.BLURRED


def photo_of(bgr: Pixels) -> Pixels:
    """The sheet alone and flat; the whole picture where there is no whole sheet (a meter, for example)."""
    sheet = find_sheet(bgr)
    return straighten(bgr, sheet) if sheet is not None and sheet.whole else bgr


def jpeg_of(bgr: Pixels) -> bytes:
    """As good as fits `JPEG_SIZE_MAX`."""
    for shrunk in (1.0, 0.75, 0.5):
        smaller = bgr if shrunk == 1.0 else cv2.resize(bgr, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA)
        for quality in QUALITIES:
            encoded = bytes(cv2.imencode(".jpg", smaller, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
            if len(encoded) <= JPEG_SIZE_MAX:
                return encoded
    return encoded


def preview_of(bgr: Pixels) -> bytes:
    """A small JPEG for the screen."""
    scale = min(1.0, PREVIEW_SIDE / max(bgr.shape[:2]))
    small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 75])[1])
