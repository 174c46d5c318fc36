"""Levels, what stands in for a sound card, and the sound URL."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from device_drivers.audio.level import LevelMeter, tone, tone_level_db
from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ, SILENCE_DB, Samples
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.status import DeviceState
from terminal_app.media.sound.card import SoundCard
from terminal_app.media.sound.tone import MeasuringSink
from terminal_app.sound_url import SILENCE, SoundAddress, parse_sound_url


def test_a_full_scale_sine_measures_minus_three() -> None:
    meter = LevelMeter()
    meter.add(tone(440, -3.011, 0, SAMPLE_RATE_HZ))
    assert meter.level_db() == pytest.approx(-3.01, abs=0.01)


def test_the_meter_forgets_what_is_older_than_its_window() -> None:
    meter = LevelMeter(window_s=0.5)
    meter.add(tone(440, -10, 0, SAMPLE_RATE_HZ))
    for _ in range(30):
        meter.add(np.zeros(BLOCK_SAMPLES, np.int16))
    assert meter.level_db() == SILENCE_DB


def test_an_empty_meter_is_silent() -> None:
    assert LevelMeter().level_db() == SILENCE_DB
    assert tone_level_db(np.zeros(0, np.int16), 440) == SILENCE_DB


def test_one_frequency_is_told_from_another() -> None:
    both = tone(440, -20, 0, 24_000) + tone(1_000, -40, 0, 24_000)
    assert tone_level_db(both, 440) == pytest.approx(-20, abs=0.1)
    assert tone_level_db(both, 1_000) == pytest.approx(-40, abs=0.2)
    assert tone_level_db(both, 700) < -90


def test_a_tone_made_in_blocks_has_no_seams() -> None:
    whole = tone(440, -20, 0, 10 * BLOCK_SAMPLES)
    parts = [tone(440, -20, at * BLOCK_SAMPLES, BLOCK_SAMPLES) for at in range(10)]
    assert np.array_equal(whole, np.concatenate(parts))


def test_the_sink_measures_the_last_second_only() -> None:
    pulled = 0
    second = threading.Event()

    def source(count: int) -> Samples:
        nonlocal pulled
        pulled += count
        if pulled >= 2.2 * SAMPLE_RATE_HZ:
            second.set()
        return tone(440 if pulled <= SAMPLE_RATE_HZ else 1_000, -20, pulled - count, count)

    sink = MeasuringSink(source)
    assert second.wait(30)
    assert sink.samples_played >= 2 * SAMPLE_RATE_HZ
    assert sink.tone_level_db(1_000) == pytest.approx(-20, abs=0.5)
    assert sink.tone_level_db(440) < -60
    sink.close()
    assert not sink.alive


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("", SILENCE),
        ("sound://default", SoundAddress("default")),
        ("sound://USB%20Audio", SoundAddress("USB Audio")),
        ("sound://default?processing=off", SoundAddress("default", processing=False)),
        ("sound://tone", SoundAddress(None, 440.0)),
        ("sound://tone?hz=1000", SoundAddress(None, 1_000.0)),
    ],
)
def test_a_sound_url_is_read(url: str, expected: SoundAddress) -> None:
    assert parse_sound_url(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        "default",
        "camera://pattern",
        "sound://",
        "sound://tone?hz=loud",
        "sound://tone?hz=nan",
        "sound://tone?hz=9",
        "sound://default?processing=on",
        "sound://default?hz=440",
    ],
)
def test_a_bad_sound_url_is_one_clear_error(url: str) -> None:
    with pytest.raises(DeviceUrlError):
        parse_sound_url(url)


def test_a_terminal_without_sound_by_its_project_is_silent_and_says_so() -> None:
    blocks: list[Samples] = []
    came = threading.Event()
    card = SoundCard(SILENCE, on_block=lambda block: (blocks.append(block), came.set()))
    card.probe()
    card.open()
    try:
        assert came.wait(5)
        assert not blocks[0].any()
        card.check()
        assert (card.status.state, card.status.detail) == (DeviceState.NO_DEVICE, "")
    finally:
        card.close()


def test_a_device_that_is_not_there_is_stood_in_for_and_said_so() -> None:
    card = SoundCard(parse_sound_url("sound://no-such-device"), on_block=lambda _: None)
    card.probe()
    assert card.status.state is DeviceState.NO_DEVICE
    played = threading.Event()

    def source(count: int) -> Samples:
        played.set()
        return tone(440, -20, 0, count)

    card.source = source
    card.open()
    try:
        assert card.status.state is DeviceState.NO_DEVICE
        assert "no-such-device" in card.status.detail
        assert played.wait(5)
        assert isinstance(card.loudspeaker, MeasuringSink)
    finally:
        card.close()
    assert not card.opened
