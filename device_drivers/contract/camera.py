"""Cameras: a URL is opened and gives BGR pictures. Opened by the media process alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, runtime_checkable

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


@runtime_checkable
class ExposureLock(Protocol):
    """A camera that can hold its exposure while a document is taken; made pictures and films cannot."""

    def lock_exposure(self) -> bool:
        """Holds light, colour and focus as they are; True when the camera obeyed."""

    def unlock_exposure(self) -> None:
        """Lets the camera's automats work again."""


@dataclass(frozen=True, slots=True)
class CodeFound:
    """A two-dimensional code in a picture: its bytes untouched (a bill may be cp1251, UTF-8 or KOI8-R)."""

    payload: bytes
    format: str
