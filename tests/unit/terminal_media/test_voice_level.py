"""The customer's voice comes at one level, and what is left of the echo is not lifted with it."""

from __future__ import annotations

import numpy as np
import pytest

from device_drivers.audio.level import tone
from device_drivers.contract.audio import BLOCK_SAMPLES, Samples
from terminal_app.media.sound.level import CEILING, TARGET_DB, VoiceLevel


def block(level_db: float) -> Samples:
    return tone(500.0, level_db, 0, BLOCK_SAMPLES)


def level_db(samples: Samples) -> float:
    return float(10 * np.log10(np.mean((samples / 32_768) ** 2) + 1e-12))


def spoken(level: VoiceLevel, voice: Samples, blocks: int = 300) -> Samples:
    """Somebody speaks for six seconds, and nothing is taken out."""
    for _ in range(blocks):
        last = level.levelled(voice, voice)
    return last


@pytest.mark.parametrize("voice_db", [-32.0, -24.0, -14.0])
def test_a_voice_far_or_near_comes_at_one_level(voice_db: float) -> None:
    assert level_db(spoken(VoiceLevel(), block(voice_db))) == pytest.approx(TARGET_DB, abs=1.0)


def test_a_whisper_is_lifted_by_fifteen_db_and_no_more() -> None:
    level = VoiceLevel()
    spoken(level, block(-45.0))
    assert level.gain_db == 15.0


def test_what_is_left_of_an_echo_moves_no_gain_and_gets_none() -> None:
    level = VoiceLevel()
    spoken(level, block(-30.0))
    gain_db = level.gain_db
    assert gain_db > 10
    for _ in range(300):
        last = level.levelled(block(-15.0), block(-55.0))
    assert level.gain_db == gain_db
    assert level_db(last) == pytest.approx(-55.0, abs=1.0)
    for _ in range(300):
        level.levelled(block(-10.0), block(-40.0))  # a louder rest: 30 dB were taken from it
    assert level.gain_db == gain_db


def test_the_soft_end_of_a_word_belongs_to_it() -> None:
    level = VoiceLevel()
    spoken(level, block(-30.0))
    assert level_db(level.levelled(block(-56.0), block(-56.0))) == pytest.approx(-56.0 + level.gain_db, abs=1.0)


def test_a_shout_after_a_whisper_is_bent_not_cut() -> None:
    level = VoiceLevel()
    spoken(level, block(-45.0))
    shout = level.levelled(block(-3.0), block(-3.0))
    assert np.abs(shout).max() <= CEILING
    assert np.unique(shout).size > 20, "a square has few levels"
