"""How loud the agent is played: each step is heard, the limit holds, shut is silence."""

from __future__ import annotations

import itertools
import threading

import numpy as np
import pytest

from device_drivers.audio.level import tone
from device_drivers.contract.audio import SAMPLE_RATE_HZ, Samples
from terminal_app.ipc.call_messages import VOLUME_MAX, VOLUME_MIN, VOLUME_USUAL
from terminal_app.media.sound.card import SoundCard
from terminal_app.media.sound.tone import MeasuringSink
from terminal_app.media.sound.volume import CEILING, STEP_DB, amplified
from terminal_app.sound_url import parse_sound_url

HEARD_DB = -26.0
HZ = 1_000.0


def played_db(volume: int) -> float:
    """What the sound card's loudspeaker was given of a voice's level."""
    card = SoundCard(parse_sound_url("sound://tone?hz=440"), on_block=lambda _: None)
    pulled = 0
    enough = threading.Event()

    def source(count: int) -> Samples:
        nonlocal pulled
        pulled += count
        if pulled > SAMPLE_RATE_HZ // 2:
            enough.set()
        return tone(HZ, HEARD_DB, pulled - count, count)

    card.source, card.volume = source, volume
    card.open()
    try:
        assert enough.wait(10)
        assert isinstance(card.loudspeaker, MeasuringSink)
        return card.loudspeaker.tone_level_db(HZ)
    finally:
        card.close()


@pytest.mark.clause("9.4.5", owner="terminal_app")
def test_every_step_is_heard_on_the_sound_path_and_the_usual_one_changes_nothing():
    levels = [played_db(volume) for volume in range(VOLUME_MIN, VOLUME_MAX + 1)]
    assert levels[VOLUME_USUAL - VOLUME_MIN] == pytest.approx(HEARD_DB, abs=0.2)
    assert all(louder - quieter == pytest.approx(STEP_DB, abs=1.0) for quieter, louder in itertools.pairwise(levels))
    assert played_db(0) < -90


def test_no_sample_passes_the_limit_however_loud_it_came():
    loud = np.array([-32_768, -30_000, 0, 12_000, 32_767], np.int16)
    played = amplified(loud, VOLUME_MAX + 4)
    assert np.abs(played.astype(np.int32)).max() <= CEILING
    assert (np.sign(played) == np.sign(loud)).all(), "bent, not wrapped round"
