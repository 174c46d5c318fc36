"""Pictures, and pixels from one form into another: what the camera gives, the encoder takes, the screen shows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt
from av import VideoFrame

from terminal_app.ipc.frame_ring import FrameWriter

Pixels = npt.NDArray[np.uint8]

SENT_SIZE_MAX = (1280, 720)
SHOWN_SIZE_MAX = (1280, 720)
PREVIEW_SIZE_MAX = (640, 360)

_PLACARD_BACKGROUND = (52, 40, 30)  # BGR
_PLACARD_INK = (235, 235, 235)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of the camera; `i420` for the encoder when a call uses it."""

    bgr: Pixels
    i420: Pixels | None
    captured_at_s: float


def to_i420(picture: Pixels) -> Pixels:
    """BGR as the planes the encoder takes, even in size and no larger than we send."""
    fitted = _fitted(picture, SENT_SIZE_MAX)
    height, width = fitted.shape[:2]
    even = np.ascontiguousarray(fitted[: height // 2 * 2, : width // 2 * 2])
    return np.asarray(cv2.cvtColor(even, cv2.COLOR_BGR2YUV_I420), np.uint8)


def to_preview(picture: Pixels) -> Pixels:
    """BGR as a small RGBA mirror: people expect to see themselves as in one."""
    small = cv2.flip(_fitted(picture, PREVIEW_SIZE_MAX), 1)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2RGBA), np.uint8)


def to_frame(i420: Pixels) -> VideoFrame:
    """The planes of `to_i420` as a frame for the encoder."""
    height, width = i420.shape[0] * 2 // 3, i420.shape[1]
    frame = VideoFrame(width, height, "yuv420p")
    for plane, pixels in zip(_planes(frame), _split(i420, width, height), strict=True):
        plane[:] = pixels
    return frame


class RingPainter:
    """Shows decoded frames in a ring, painted in place: a picture has no buffer of its own on its way."""

    def __init__(self, ring: FrameWriter) -> None:
        self._ring = ring
        self._i420: Pixels = np.empty((0, 0), np.uint8)  # OpenCV takes planes that lie one behind the other

    def show(self, frame: VideoFrame, now_s: float) -> None:
        """No larger than the ring takes."""
        width, height = _fitted_size(frame.width, frame.height, SHOWN_SIZE_MAX)
        plain = frame.format.name == "yuv420p" and frame.width % 2 == 0 and frame.height % 2 == 0
        if plain and (width, height) == (frame.width, frame.height):
            i420 = self._joined(frame)
            self._ring.paint(lambda rgba: cv2.cvtColor(i420, cv2.COLOR_YUV2RGBA_I420, rgba), width, height, now_s)
        else:
            rgba = np.asarray(frame.to_ndarray(width=width, height=height, format="rgba"), np.uint8)
            self._ring.write(rgba, width, height, now_s)

    def blank(self) -> None:
        """Nothing of the picture stays here or there."""
        self._i420[:] = 0
        self._ring.blank()

    def _joined(self, frame: VideoFrame) -> Pixels:
        width, height = frame.width, frame.height
        if self._i420.shape != (height * 3 // 2, width):
            self._i420 = np.empty((height * 3 // 2, width), np.uint8)
        for pixels, plane in zip(_split(self._i420, width, height), _planes(frame), strict=True):
            pixels[:] = plane
        return self._i420


@cache
def empty_i420() -> Pixels:
    """The planes that every connection sends until the camera has given a picture. Not to be written."""
    return to_i420(_empty_placard())


@cache
def placard(text: str) -> Pixels:
    """A still that is sent in place of the camera's picture: the call works without a camera."""
    width, height = SENT_SIZE_MAX
    picture = _empty_placard()
    centre = (width // 2, height // 2 - 60)
    cv2.rectangle(picture, (centre[0] - 90, centre[1] - 55), (centre[0] + 50, centre[1] + 55), _PLACARD_INK, 5)
    lens = np.array([(50, -20), (95, -50), (95, 50), (50, 20)], np.int32) + np.array(centre, np.int32)
    cv2.polylines(picture, [lens], True, _PLACARD_INK, 5)
    cv2.line(picture, (centre[0] - 115, centre[1] + 85), (centre[0] + 115, centre[1] - 85), _PLACARD_INK, 7)
    font = cv2.FontFace("sans")  # OpenCV's own, with Cyrillic letters
    x, y, text_width, _ = cv2.getTextSize((0, 0), text, (0, 0), font, 56)
    cv2.putText(picture, text, ((width - text_width) // 2 - x, height // 2 + 110 - y // 4), _PLACARD_INK, font, 56)
    return picture


def _empty_placard() -> Pixels:
    return np.full((SENT_SIZE_MAX[1], SENT_SIZE_MAX[0], 3), _PLACARD_BACKGROUND, np.uint8)


def _split(i420: Pixels, width: int, height: int) -> list[Pixels]:
    """Its three planes, which lie one behind the other."""
    colour = i420.reshape(-1)[width * height :].reshape(2, height // 2, width // 2)
    return [i420[:height], colour[0], colour[1]]


def _planes(frame: VideoFrame) -> list[Pixels]:
    """The planes of a frame themselves, without the padding of their lines."""
    return [
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]  # type: ignore[call-overload]
        for plane in frame.planes
    ]


def _fitted(picture: Pixels, size_max: tuple[int, int]) -> Pixels:
    height, width = picture.shape[:2]
    size = _fitted_size(width, height, size_max)
    if size == (width, height):
        return picture
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _fitted_size(width: int, height: int, size_max: tuple[int, int]) -> tuple[int, int]:
    scale = min(1.0, size_max[0] / width, size_max[1] / height)
    return max(1, int(width * scale)), max(1, int(height * scale))
