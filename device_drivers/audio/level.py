"""How loud sound is, whole and at one frequency. Pure. Units: `contract/audio.py`."""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from device_drivers.contract.audio import (
    PAUSE_DB,
    SAMPLE_RATE_HZ,
    SILENCE_DB,
    VOICE_DB_MAX,
    VOICE_DB_MIN,
    Loudness,
    Samples,
)

FULL_SCALE = 32_768.0


class LevelMeter:
    """The level of the last `window_s` seconds of sound."""

    def __init__(self, *, window_s: float = 1.0) -> None:
        self._samples_max = int(window_s * SAMPLE_RATE_HZ)
        self._blocks: deque[tuple[int, float]] = deque()  # samples, sum of squares
        self._samples = 0
        self._squares = 0.0

    def add(self, samples: Samples) -> None:
        if samples.size == 0:
            return
        squares = float(np.square(samples.astype(np.float64)).sum())
        self._blocks.append((samples.size, squares))
        self._samples += samples.size
        self._squares += squares
        while self._samples - self._blocks[0][0] >= self._samples_max:
            old_samples, old_squares = self._blocks.popleft()
            self._samples -= old_samples
            self._squares -= old_squares

    def level_db(self) -> float:
        if self._samples == 0:
            return SILENCE_DB
        return decibels(max(0.0, self._squares) / self._samples)


def loudness(level_db: float) -> Loudness:
    """Whether a voice of this level can be followed."""
    if level_db < PAUSE_DB:
        return Loudness.PAUSE
    if level_db < VOICE_DB_MIN:
        return Loudness.TOO_QUIET
    return Loudness.TOO_LOUD if level_db > VOICE_DB_MAX else Loudness.CLEAR


def tone_level_db(samples: Samples, frequency_hz: float) -> float:
    """The level of one frequency, by Goertzel's sum over all samples given."""
    if samples.size == 0:
        return SILENCE_DB
    turns = np.exp(-2j * math.pi * frequency_hz / SAMPLE_RATE_HZ * np.arange(samples.size))
    amplitude = 2 * abs(np.dot(samples.astype(np.float64), turns)) / samples.size
    return decibels(amplitude**2 / 2)


def decibels(mean_square: float) -> float:
    """Mean square of int16 samples as dBFS."""
    if mean_square <= 0:
        return SILENCE_DB
    return max(SILENCE_DB, 10 * math.log10(mean_square / FULL_SCALE**2))


def tone(frequency_hz: float, level_db: float, first_sample: int, count: int) -> Samples:
    """`count` samples of an endless sine beginning at `first_sample`; `level_db` is its level as measured here."""
    at = np.arange(first_sample, first_sample + count)
    amplitude = FULL_SCALE * math.sqrt(2) * 10 ** (level_db / 20)
    wave: Samples = (amplitude * np.sin(2 * math.pi * frequency_hz / SAMPLE_RATE_HZ * at)).astype(np.int16)
    return wave
