"""What a camera's URL says. No picture library is loaded for reading it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.transport.open import options_of

PATTERN = "pattern"
WIDTH_DEFAULT, HEIGHT_DEFAULT, FPS_DEFAULT = 1280, 720, 30
SIZE_MIN, SIZE_MAX = 160, 4096
FPS_MAX = 120


@dataclass(frozen=True, slots=True)
class CameraAddress:
    """Where the pictures come from, and what is asked of them; a device may give something near it."""

    place: str  # "pattern", a device of /dev, or a film
    width: int
    height: int
    fps: int
    held: Path | None  # a picture of a paper that is held before the pattern


def parse_camera_url(url: str) -> CameraAddress:
    """Raises: DeviceUrlError, when it is no camera URL."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise DeviceUrlError(f"{url}: a camera is written camera:///dev/video0") from error
    place = unquote(parts.netloc + parts.path)
    if parts.scheme != "camera" or not place:
        raise DeviceUrlError(f"{url}: a camera is written camera:///dev/video0, camera://pattern or camera://file.mp4")
    options = options_of(parts.query)
    held = options.pop("held", None)
    if held is not None and place != PATTERN:
        raise DeviceUrlError(f"{url}: only camera://pattern can hold a paper")
    address = CameraAddress(
        place,
        width=_number(options, "width", WIDTH_DEFAULT, SIZE_MIN, SIZE_MAX),
        height=_number(options, "height", HEIGHT_DEFAULT, SIZE_MIN, SIZE_MAX),
        fps=_number(options, "fps", FPS_DEFAULT, 1, FPS_MAX),
        held=None if held is None else Path(held),
    )
    if options:
        raise DeviceUrlError(f"a camera has no option {sorted(options)[0]}")
    return address


def _number(options: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    text = options.pop(name, str(default))
    if not (text.isascii() and text.isdecimal() and low <= int(text) <= high):
        raise DeviceUrlError(f"{name} is a number from {low} to {high}, not {text}")
    return int(text)
