"""A paper held before the camera: how to hold it better, and its picture as a JPEG. Pure.

The sheet alone is kept, flat, where one is found: what stands behind the customer is nobody's business.
"""

from __future__ import annotations

import cv2
import numpy as np

from device_drivers.camera.readable import even_light
from device_drivers.camera.sharpness import sharpness
from device_drivers.camera.sheet import Pixels, find_sheet, straighten, tilt
from signaling_server.contract.stills import STILL_SIZE_MAX
from terminal_app.ipc.media_messages import PhotoHint, PhotoTaken, TakePhoto

SHARP_MIN = 0.012  # of a page of print before a 720p camera; below it small print cannot be read
AREA_PART_MIN = 0.16  # of the picture: a smaller sheet is too far to be read
TILT_MAX = 1.35  # of opposite sides: beyond it the far lines of a page are too small to be read
DARK_MAX = 45.0  # mean brightness of 255
JPEG_SIZE_MAX = 180_000  # bytes: a message to core, and a form of five papers, stay small
QUALITIES = (88, 78, 68, 55, 40)
PREVIEW_SIDE, READ_PREVIEW_SIDE = 420, 1_000  # px; on the larger one he sees whether it can be read


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
    if tilt(sheet) > TILT_MAX:
        return PhotoHint.TILTED
    return PhotoHint.GOOD if sharpness(flat) >= SHARP_MIN else PhotoHint.BLURRED


def taken(asked: TakePhoto, bgr: Pixels) -> PhotoTaken:
    """What was asked for, of this picture."""
    if not asked.to_read:
        photo = photo_of(bgr)
        return PhotoTaken(asked.photo_id, jpeg_of(photo), preview_of(photo))
    still, whole = still_of(bgr)
    jpeg, preview = jpeg_of(still, STILL_SIZE_MAX), preview_of(still, READ_PREVIEW_SIDE)
    return PhotoTaken(asked.photo_id, jpeg, preview, whole)


def photo_of(bgr: Pixels) -> Pixels:
    """The sheet alone and flat; the whole picture where there is no whole sheet (a meter, for example)."""
    sheet = find_sheet(bgr)
    return straighten(bgr, sheet) if sheet is not None and sheet.whole else bgr


def still_of(bgr: Pixels) -> tuple[Pixels, bool]:
    """The sheet alone, flat and fit to be read; the whole picture and False where there is no whole sheet."""
    sheet = find_sheet(bgr)
    if sheet is None or not sheet.whole:
        return bgr, False
    return even_light(straighten(bgr, sheet)), True


def jpeg_of(bgr: Pixels, size_max: int = JPEG_SIZE_MAX) -> bytes:
    """As good as fits `size_max` bytes."""
    for shrunk in (1.0, 0.75, 0.5):
        smaller = bgr if shrunk == 1.0 else cv2.resize(bgr, None, fx=shrunk, fy=shrunk, interpolation=cv2.INTER_AREA)
        for quality in QUALITIES:
            encoded = bytes(cv2.imencode(".jpg", smaller, [cv2.IMWRITE_JPEG_QUALITY, quality])[1])
            if len(encoded) <= size_max:
                return encoded
    return encoded


def preview_of(bgr: Pixels, side: int = PREVIEW_SIDE) -> bytes:
    """A small JPEG for the screen."""
    scale = min(1.0, side / max(bgr.shape[:2]))
    small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return bytes(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 75])[1])
