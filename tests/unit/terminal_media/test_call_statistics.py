"""The agent's voice in a call is measured: too quiet or too loud is told once, until it is clear again."""

from __future__ import annotations

import logging

import pytest

from device_drivers.audio.level import tone
from device_drivers.contract.audio import SAMPLE_RATE_HZ
from terminal_app.media.call import CallMedia
from terminal_app.media.call_engine import STATS_PERIOD_S, _Statistics


def test_a_voice_that_can_hardly_be_heard_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    statistics, call, now_s = _Statistics(0.0), CallMedia("call-1"), 0.0
    levels_db = (-20, -45, -45, -70, -45, -20, -5, -5)
    told = []
    for level_db in levels_db:
        statistics.hear(tone(300, level_db, 0, int(STATS_PERIOD_S * SAMPLE_RATE_HZ)))
        now_s += STATS_PERIOD_S
        caplog.clear()
        with caplog.at_level(logging.WARNING):
            assert statistics.due(call, now_s) is not None
        told.append([record.getMessage() for record in caplog.records])
    quiet, loud = ["the agent's voice is too quiet: -45 dBFS"], ["the agent's voice is too loud: -5 dBFS"]
    assert told == [[], quiet, [], [], [], [], loud, []]
