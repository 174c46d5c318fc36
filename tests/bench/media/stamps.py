"""The time of a picture, drawn into it: 24 squares at its top left, white for one, that survive a codec and scaling."""

from __future__ import annotations

import time

import numpy as np

SQUARE = 40  # pixels of a picture of 1280x720
TIME_BITS, CHECK_BITS = 20, 4
CYCLE_MS = 1 << TIME_BITS  # 17 minutes


def wall_ms() -> float:
    return time.time() * 1_000


def bits_of(at_ms: float) -> list[int]:
    value = int(at_ms) % CYCLE_MS
    check = sum(value >> shift & 15 for shift in range(0, TIME_BITS, 4)) & 15
    return [value >> (TIME_BITS - 1 - bit) & 1 for bit in range(TIME_BITS)] + [
        check >> (3 - bit) & 1 for bit in range(4)
    ]


def draw(picture: np.ndarray, at_ms: float) -> None:
    """Into a picture of 1280x720, of any number of channels."""
    strip = np.repeat(np.array(bits_of(at_ms), np.uint8) * 200 + 28, SQUARE)
    picture[:SQUARE, : strip.size] = strip if picture.ndim == 2 else strip[:, None]


def read(luma: np.ndarray) -> int | None:
    """The time in ms within the cycle; None: no stamp, or a damaged one. `luma`: height x width, of any size."""
    width = luma.shape[1]
    size = SQUARE * width / 1_280
    rows = slice(int(size * 0.35), max(int(size * 0.35) + 1, int(size * 0.65)))
    bits = []
    for at in range(TIME_BITS + CHECK_BITS):
        columns = slice(int(size * (at + 0.35)), max(int(size * (at + 0.35)) + 1, int(size * (at + 0.65))))
        bits.append(int(luma[rows, columns].mean() > 128))
    value = int("".join(map(str, bits[:TIME_BITS])), 2)
    return value if bits_of(value) == bits else None


def age_ms(stamp: int, now_ms: float) -> float:
    """How old a picture with this stamp is."""
    return (now_ms - stamp) % CYCLE_MS
