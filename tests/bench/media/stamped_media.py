"""The media process of the terminal with a camera that stamps its pictures; everything else is as shipped."""

from __future__ import annotations

import functools
import sys
import time
from pathlib import Path

import numpy as np

from device_drivers.contract.camera import Camera, Picture
from terminal_app.media import process
from terminal_app.media.capture import Capture
from tests.bench.media import stamps

FPS = 30
PICTURES = 30  # a second of movement, made before the call


class StampedCamera:
    """1280x720 at 30 fps: a textured room that sways, with the time in the corner."""

    def __init__(self) -> None:
        chance = np.random.default_rng(1)
        coarse = chance.integers(40, 216, (36, 64, 3), np.uint8).repeat(20, 0).repeat(20, 1)
        grain = chance.integers(0, 16, (720, 1_280, 1), np.uint8)
        self._pictures = [np.roll(coarse, 8 * number, 1) + np.roll(grain, 13 * number, 0) for number in range(PICTURES)]
        self._number = 0
        self._due_s = time.monotonic()

    def read(self) -> Picture:
        self._due_s = max(self._due_s + 1 / FPS, time.monotonic() - 0.1)
        time.sleep(max(0.0, self._due_s - time.monotonic()))
        pixels = self._pictures[self._number % PICTURES]
        self._number += 1
        stamps.draw(pixels, stamps.wall_ms())
        return Picture(pixels, time.monotonic())

    def close(self) -> None:
        self._pictures.clear()


def open_stamped(_: str) -> Camera:
    return StampedCamera()


if __name__ == "__main__":
    process.Capture = functools.partial(Capture, open_camera=open_stamped)  # type: ignore[misc]
    run_dir = Path(sys.argv[1])
    sys.exit(process.main(run_dir, camera_url="camera://pattern", sound_url="sound://tone?hz=440", data_dir=run_dir))
