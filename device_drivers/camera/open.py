"""A camera is a URL: `camera:///dev/video0`, `camera://pattern?held=PATH`, `camera://file.mp4`, `camera:///abs.mp4`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from device_drivers.camera.pattern import PatternCamera
from device_drivers.camera.v4l2 import V4l2Camera
from device_drivers.camera.video_file import VideoFileCamera
from device_drivers.contract.camera import Camera
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.transport.open import options_of

WIDTH_DEFAULT, HEIGHT_DEFAULT, FPS_DEFAULT = 1280, 720, 30
SIZE_MIN, SIZE_MAX = 160, 4096
FPS_MAX = 120


@dataclass(frozen=True, slots=True)
class PictureSize:
    """What is asked of a camera; a device may give something near it."""

    width: int
    height: int
    fps: int


def open_camera(url: str) -> Camera:
    """Opens the camera a URL names.

    Raises:
        DeviceUrlError: the URL makes no sense.
        LineLostError: there is no such camera, or it cannot be opened.
    """
    parts = urlsplit(url)
    place = unquote(parts.netloc + parts.path)
    if parts.scheme != "camera" or not place:
        raise DeviceUrlError(f"{url}: a camera is written camera:///dev/video0, camera://pattern or camera://file.mp4")
    options = options_of(parts.query)
    held = options.pop("held", None)
    size = _size(options)
    if place == "pattern":
        return PatternCamera(size.width, size.height, size.fps, None if held is None else Path(held))
    if held is not None:
        raise DeviceUrlError(f"{url}: only camera://pattern can hold a paper")
    if place.startswith("/dev/"):
        return V4l2Camera(place, size.width, size.height, size.fps)
    return VideoFileCamera(Path(place))


def _size(options: dict[str, str]) -> PictureSize:
    size = PictureSize(
        width=_number(options, "width", WIDTH_DEFAULT, SIZE_MIN, SIZE_MAX),
        height=_number(options, "height", HEIGHT_DEFAULT, SIZE_MIN, SIZE_MAX),
        fps=_number(options, "fps", FPS_DEFAULT, 1, FPS_MAX),
    )
    if options:
        raise DeviceUrlError(f"a camera has no option {sorted(options)[0]}")
    return size


def _number(options: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    text = options.pop(name, str(default))
    if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
        raise DeviceUrlError(f"{name} is a number from {low} to {high}, not {text}")
    return int(text)
