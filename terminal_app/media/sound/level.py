"""The customer's voice brought to one level, whoever speaks however near. Pure.

The gain follows, and lifts, only what is his: WebRTC's own gain control takes what is left of the echo for a soft voice
and lifts it by 15 dB.
"""

from __future__ import annotations

import numpy as np

from device_drivers.contract.audio import Samples

TARGET_DB = -18.0  # of a block with voice, under full scale
GAIN_DB_MIN, GAIN_DB_MAX = -6.0, 15.0
RISE_DB, FALL_DB = 0.08, 0.2  # a block of 20 ms at most
VOICE_DB_MIN = -50.0  # less is no voice
KEPT_DB_MIN = -20.0  # of his own voice by the canceller; of an echo it keeps less
HELD_BLOCKS = 15  # the soft end of a word belongs to it
FULL_SCALE = 32_768.0
CEILING = 32_767 * 10 ** (-1 / 20)  # 1 dB below the largest sample


class VoiceLevel:
    """Not for two threads at once."""

    def __init__(self) -> None:
        self.gain_db = 0.0  # of the voice
        self._held = 0
        self._applied_db = 0.0

    def levelled(self, heard: Samples, cleaned: Samples) -> Samples:
        """`cleaned` is what the canceller made of the microphone's `heard`. Bent, not cut, at the ceiling."""
        voice_db = _level_db(cleaned)
        self._held = HELD_BLOCKS if voice_db > VOICE_DB_MIN else max(0, self._held - 1)
        if voice_db > VOICE_DB_MIN and voice_db - _level_db(heard) > KEPT_DB_MIN:
            wished_db = min(GAIN_DB_MAX, max(GAIN_DB_MIN, TARGET_DB - voice_db))
            self.gain_db += min(RISE_DB, max(-FALL_DB, wished_db - self.gain_db))
        before_db, self._applied_db = self._applied_db, self.gain_db if self._held else min(0.0, self.gain_db)
        louder = cleaned * 10 ** (np.linspace(before_db, self._applied_db, cleaned.size) / 20)
        return np.asarray(CEILING * np.tanh(louder / CEILING), np.int16)


def _level_db(samples: Samples) -> float:
    return float(10 * np.log10(np.mean(np.square(samples / FULL_SCALE)) + 1e-12))
