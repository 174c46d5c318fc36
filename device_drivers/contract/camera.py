"""Cameras: a URL is opened and gives BGR pictures. Opened by the media process alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture: uint8 BGR of shape (height, width, 3), and its capture time in seconds of the monotonic clock."""

    pixels: npt.NDArray[np.uint8]
    captured_at_s: float


class Camera(Protocol):
    """An open camera. Blocking: belongs in a thread of its own."""

    def read(self) -> Picture:
        """The next picture, waiting for it at most 1 s.

        Raises:
            LineLostError: the camera is gone.
        """

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class CodeFound:
    """A two-dimensional code in a picture: its bytes untouched (a bill may be cp1251, UTF-8 or KOI8-R)."""

    payload: bytes
    format: str
