"""Echo is taken out, the customer's own voice is not: with made speech, a made room and seeded chance."""

from __future__ import annotations

import numpy as np
import pytest

from device_drivers.audio.level import LevelMeter
from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Samples
from terminal_app.media.sound.processing import VoiceProcessing
from tests.bench.echo_room import cleaned, reverberant


def speechlike(seconds: float, seed: int, level_db: float = -23.0) -> Samples:
    """Noise in the band of a voice, in syllables of a quarter of a second with pauses."""
    chance = np.random.default_rng(seed)
    size = int(seconds * SAMPLE_RATE_HZ)
    spectrum = np.fft.rfft(chance.standard_normal(size))
    hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
    voice = np.fft.irfft(spectrum * np.exp(-((np.log(np.maximum(hz, 1) / 500)) ** 2)), size)
    syllables = np.repeat(chance.random(size // 12_000 + 1) > 0.3, 12_000)[:size]
    voice *= np.convolve(syllables, np.hanning(2_400) / np.hanning(2_400).sum(), "same")
    return np.asarray(voice / np.sqrt(np.mean(voice**2)) * 32_768 * 10 ** (level_db / 20), np.int16)


def room(far: Samples, delay_s: float, seed: int) -> Samples:
    """The echo that the microphone hears: late, with a tail of 150 ms, 12 dB quieter."""
    echo = reverberant(far.astype(np.float64), -12, np.random.default_rng(seed))
    return np.asarray(np.roll(echo, int(delay_s * SAMPLE_RATE_HZ)), np.int16)


def level_db(samples: Samples) -> float:
    meter = LevelMeter(window_s=60)
    meter.add(samples)
    return meter.level_db()


@pytest.mark.parametrize("delay_s", [0.04, 0.25])
def test_after_five_seconds_nothing_of_the_echo_is_left(delay_s: float) -> None:
    far = speechlike(10, seed=1)
    echo = room(far, delay_s, seed=2)
    late = slice(5 * SAMPLE_RATE_HZ, None)
    removed_db = level_db(echo[late]) - level_db(cleaned(far, echo)[late])
    print(f"echo {delay_s * 1000:.0f} ms late: {removed_db:.1f} dB removed")
    assert removed_db >= 50, "some 40 where what is left is lifted as a soft voice: tests/bench/bench_echo.py"


def test_a_voice_alone_passes() -> None:
    near = speechlike(8, seed=3, level_db=-30)
    out = cleaned(np.zeros_like(near), near)
    assert level_db(out[4 * SAMPLE_RATE_HZ :]) > -36, "a little is taken for noise: it is none"


def test_a_part_that_is_no_whole_ten_milliseconds_is_kept_for_the_next() -> None:
    processing = VoiceProcessing()
    for size in (1, 479, 480, 700, 1_000):
        processing.played(np.zeros(size, np.int16))
    assert processing.captured(np.zeros(BLOCK_SAMPLES, np.int16)).size == BLOCK_SAMPLES
