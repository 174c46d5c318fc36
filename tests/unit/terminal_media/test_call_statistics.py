"""The agent's voice in a call is measured: too quiet or too loud is told once, until it is clear again."""

from __future__ import annotations

import logging

import pytest

from device_drivers.audio.level import tone
from device_drivers.contract.audio import SAMPLE_RATE_HZ
from terminal_app.media.receiving.sound_buffer import SoundCounts
from terminal_app.media.statistics import STATS_PERIOD_S, CallStatistics, Counters, Freezes, Traffic


def test_a_voice_that_can_hardly_be_heard_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    statistics, now_s = CallStatistics(0.0), 0.0
    levels_db = (-20, -45, -45, -70, -45, -20, -5, -5)
    told = []
    for level_db in levels_db:
        statistics.hear(tone(300, level_db, 0, int(STATS_PERIOD_S * SAMPLE_RATE_HZ)))
        now_s += STATS_PERIOD_S
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            assert statistics.due("call-1", 1, now_s) is not None
        told.append([record.getMessage() for record in caplog.records])
    quiet, loud = ["the agent's voice is too quiet: -45 dBFS"], ["the agent's voice is too loud: -5 dBFS"]
    assert told == [[], quiet, [], [], [], [], loud, []]


def test_a_freeze_is_a_gap_far_longer_than_the_others() -> None:
    freezes = Freezes()
    for at in [*range(30), *range(45, 60)]:  # half a second is missing
        freezes.picture(at / 30)
    assert (freezes.count, round(freezes.frozen_s, 2)) == (1, round(16 / 30, 2))
    freezes.picture(60 / 30 + 20)
    assert freezes.count == 1, "the agent's camera was off"


def test_rates_are_of_the_last_seconds_and_counts_of_the_whole_call_over_its_epochs() -> None:
    statistics = CallStatistics(0.0)
    statistics.arrived(0.25, picture=False)
    heard = SoundCounts(played=48_000, hidden=480, silent=480)  # silent is a part of played
    traffic = Traffic(
        bytes_received=250_000,
        video_packets_received=190,
        video_packets_lost=10,
        round_trip_ms=40,
        jitter_ms=3,
    )
    statistics.count((1, ""), Counters(60, 60, traffic, heard))
    first = statistics.due("call-1", 1, 2.0)
    assert first is not None
    assert (first.bitrate_kbps, first.flow.frames_per_second, first.flow.set_up_ms) == (1_000, 30.0, 250)
    assert (first.flow.lost_percent, first.flow.hidden_percent, first.flow.round_trip_ms) == (5.0, 2.0, 40)
    assert statistics.due("call-1", 1, 3.0) is None
    statistics.count((2, ""), Counters(15, 15, Traffic(video_packets_received=100), SoundCounts()))
    second = statistics.due("call-1", 2, 4.0)
    assert second is not None
    assert (second.frames_decoded, second.flow.frames_per_second, second.flow.lost_percent) == (75, 7.5, 0.0)
