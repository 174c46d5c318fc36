"""A made picture in motion: colour bars that travel, a clock, and a picture number a program can read back."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from device_drivers.camera.held_paper import HeldPaper
from device_drivers.camera.pace import Pace
from device_drivers.contract.camera import Picture
from device_drivers.contract.errors import LineLostError

Pixels = npt.NDArray[np.uint8]

BARS_BGR = (
    (196, 196, 196),
    (16, 180, 190),
    (180, 160, 30),
    (40, 150, 60),
    (150, 60, 150),
    (60, 60, 190),
    (160, 70, 40),
)
BAR_STEP_PART = 1 / 240  # of the width, a picture
NUMBER_BITS = 24
NUMBER_BAND_PART = 1 / 12  # of the height, at the lower edge


class PatternCamera:
    """Pictures at a steady rate without any device."""

    def __init__(self, width: int, height: int, fps: int, held: Path | None) -> None:
        self._pace = Pace(fps)
        self._background = _travelling_bars(width, height)
        self._width = width
        self._step = max(1, round(width * BAR_STEP_PART))
        self._held = None if held is None else HeldPaper(held)
        self._number = 0
        self._open = True

    def read(self) -> Picture:
        """The next picture, at its moment."""
        if not self._open:
            raise LineLostError("the camera is closed", device="camera://pattern")
        at_s = self._pace.wait()
        self._number += 1
        left = self._number * self._step % self._width
        pixels = self._background[:, left : left + self._width].copy()
        if self._held is not None:
            self._held.draw(pixels, at_s)
        _draw_clock(pixels, self._number)
        _draw_number(pixels, self._number)
        return Picture(pixels, at_s)

    def close(self) -> None:
        """No more pictures."""
        self._open = False


def picture_number(pixels: Pixels) -> int | None:
    """The number in the lower band of a pattern picture, also scaled or compressed; None when it cannot be read."""
    height, width = pixels.shape[:2]
    row = pixels[round(height * (1 - NUMBER_BAND_PART / 2)), :].mean(axis=1)
    cells = [float(row[round((at + 0.5) * width / (NUMBER_BITS + 2))]) for at in range(NUMBER_BITS + 2)]
    if cells[0] < 160 or cells[-1] > 96 or any(96 <= cell <= 160 for cell in cells):
        return None  # the first cell is white and the last one black, always
    return int("".join("1" if cell > 128 else "0" for cell in cells[1:-1]), 2)


def _travelling_bars(width: int, height: int) -> Pixels:
    """Two widths of bars, so that any part of one width is a picture."""
    bar = max(1, width // len(BARS_BGR))
    colours = np.array([BARS_BGR[min(x // bar, len(BARS_BGR) - 1)] for x in range(width)], dtype=np.uint8)
    return np.ascontiguousarray(np.broadcast_to(np.tile(colours, (2, 1)), (height, 2 * width, 3)))


def _draw_clock(pixels: Pixels, number: int) -> None:
    height = pixels.shape[0]
    now_s = time.time()
    text = f"{time.strftime('%H:%M:%S', time.localtime(now_s))}.{int(now_s % 1 * 10)}  {number}"
    scale, at = height / 480, (round(height * 0.03), round(height * 0.09))
    for colour, thickness in (((0, 0, 0), 5), ((255, 255, 255), 2)):
        cv2.putText(pixels, text, at, cv2.FONT_HERSHEY_SIMPLEX, scale, colour, thickness, cv2.LINE_AA)


def _draw_number(pixels: Pixels, number: int) -> None:
    height, width = pixels.shape[:2]
    bits = f"1{number % (1 << NUMBER_BITS):0{NUMBER_BITS}b}0"
    top = round(height * (1 - NUMBER_BAND_PART))
    for at, bit in enumerate(bits):
        left, right = round(at * width / len(bits)), round((at + 1) * width / len(bits))
        pixels[top:, left:right] = 235 if bit == "1" else 20
