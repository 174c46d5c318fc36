"""A voice is measured in dBFS and judged: outside -30..-12 it is told, a pause is nobody's fault."""

from __future__ import annotations

import numpy as np
import pytest

from device_drivers.audio.level import LevelMeter, loudness, tone
from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Loudness


def heard(level_db):
    meter = LevelMeter()
    for at in range(0, SAMPLE_RATE_HZ, BLOCK_SAMPLES):
        meter.add(tone(300, level_db, at, BLOCK_SAMPLES))
    return loudness(meter.level_db())


@pytest.mark.clause("9.4.5", owner="device_drivers")
@pytest.mark.parametrize(
    ("level_db", "told"),
    [
        (-5.0, Loudness.TOO_LOUD),
        (-11.5, Loudness.TOO_LOUD),
        (-12.5, Loudness.CLEAR),
        (-20.0, Loudness.CLEAR),
        (-29.5, Loudness.CLEAR),
        (-30.5, Loudness.TOO_QUIET),
        (-55.0, Loudness.TOO_QUIET),
        (-65.0, Loudness.PAUSE),
    ],
)
def test_a_level_outside_30_to_12_below_full_scale_is_told(level_db, told):
    assert heard(level_db) is told


def test_digital_silence_is_a_pause():
    meter = LevelMeter()
    meter.add(np.zeros(SAMPLE_RATE_HZ, np.int16))
    assert loudness(meter.level_db()) is Loudness.PAUSE
