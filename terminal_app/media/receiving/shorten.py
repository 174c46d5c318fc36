"""Sound made shorter without a click or a change of pitch: one period of the voice is folded into the next. Pure."""

from __future__ import annotations

import numpy as np

from device_drivers.contract.audio import SAMPLE_RATE_HZ, Samples

PERIOD_MIN = SAMPLE_RATE_HZ // 400  # the highest voice
PERIOD_MAX = SAMPLE_RATE_HZ // 110  # the longest that fits a block of 20 ms twice
_STEP = 4  # of the search; a period is found to 0.1 ms


def shorten(block: Samples) -> Samples:
    """`block` (20 ms) without one period; as it came when it is too short for that."""
    if block.size < 2 * PERIOD_MAX:
        return block
    period = _period(block.astype(np.float32))
    rising = np.linspace(0.0, 1.0, period, dtype=np.float32)
    folded = block[:period] * (1 - rising) + block[period : 2 * period] * rising
    return np.concatenate([folded.astype(np.int16), block[2 * period :]])


def _period(sound: np.ndarray) -> int:
    """The shift at which the beginning is most like what follows it."""
    thin = sound[::_STEP]
    length = PERIOD_MAX // _STEP
    head = thin[:length]
    first = PERIOD_MIN // _STEP
    following = [thin[shift : shift + length] for shift in range(first, length + 1)]
    likeness = [float(head @ part) / (float(np.linalg.norm(part)) + 1.0) for part in following]
    return (first + int(np.argmax(likeness))) * _STEP
