"""A made room for the echo of a loudspeaker, and the terminal's processing run over it; for tests and the bench."""

from __future__ import annotations

import numpy as np

from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Samples
from terminal_app.media.sound.processing import VoiceProcessing

TAIL_SAMPLES = SAMPLE_RATE_HZ * 150 // 1000
DECAY_SAMPLES = 1_600


def reverberant(played: np.ndarray, echo_db: float, chance: np.random.Generator) -> np.ndarray:
    """`played` as the microphone hears it without any delay: with a tail of 150 ms, `echo_db` against it."""
    tail = chance.standard_normal(TAIL_SAMPLES) * np.exp(-np.arange(TAIL_SAMPLES) / DECAY_SAMPLES)
    tail[0] = 4.0
    tail *= 10 ** (echo_db / 20) / np.sqrt(np.sum(tail**2))
    size = 1 << int(np.ceil(np.log2(played.size + tail.size)))
    heard: np.ndarray = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(tail, size), size)[: played.size]
    return heard


def cleaned(far: Samples, near: Samples) -> Samples:
    """What the consultant hears of `near` while `far` is played."""
    processing = VoiceProcessing()
    blocks = []
    for at in range(0, near.size - BLOCK_SAMPLES + 1, BLOCK_SAMPLES):
        processing.played(far[at : at + BLOCK_SAMPLES])
        blocks.append(processing.captured(near[at : at + BLOCK_SAMPLES]))
    return np.concatenate(blocks)
