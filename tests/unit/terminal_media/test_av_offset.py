"""Sound and picture are compared by the sender's clock, whatever the timestamps of their streams are."""

from __future__ import annotations

import numpy as np
import pytest

from device_drivers.contract.audio import BLOCK_SAMPLES, Samples
from terminal_app.media.receiving.av_offset import AvOffset, SenderClock
from terminal_app.media.receiving.sound_buffer import SoundBuffer

NTP_S = 3_999_000_000


def test_a_timestamp_is_told_by_the_report_also_where_it_wraps() -> None:
    clock = SenderClock(90_000)
    clock.begins(0xFFFF_FF00)
    clock.begins(5)  # only the first one counts
    assert clock.taken_s(0) is None
    clock.reported(NTP_S << 32, 0xFFFF_FF00)
    assert clock.taken_s(90_000) == pytest.approx(NTP_S + 1)
    assert clock.taken_s(-45_000) == pytest.approx(NTP_S - 0.5)
    assert clock.taken_s(90_000 + (3 << 32)) == pytest.approx(NTP_S + 1), "unwrapped by whoever asks"


@pytest.mark.parametrize("late_ms", [-200, 0, 180])
def test_the_offset_is_by_how_much_the_sound_is_late(late_ms: int) -> None:
    offset = AvOffset()
    for picture in range(30):
        now_s = picture / 30
        offset.heard(NTP_S + now_s - 0.1 - late_ms / 1_000 + 0.02, now_s + 0.02)  # a loudspeaker of 20 ms
        jitter_s = 0.4 if picture % 10 == 0 else 0.0  # single pictures come late: the middle one counts
        offset.shown(NTP_S + now_s - 0.1 - jitter_s, now_s)
    assert offset.take_ms() == pytest.approx(late_ms, abs=1)
    assert offset.take_ms() is None, "told anew each time"


def test_silence_or_a_loudspeaker_that_stands_gives_no_offset() -> None:
    offset = AvOffset()
    offset.shown(NTP_S, 0.0)
    offset.heard(None, 0.0)
    offset.shown(NTP_S, 0.1)
    offset.heard(NTP_S, 1.0)
    offset.shown(NTP_S + 2, 3.0)
    offset.shown(None, 1.0)
    assert offset.take_ms() is None


class Tape:
    """Decodes every packet to 20 ms."""

    def decode(self, packet: bytes) -> Samples:
        return np.zeros(BLOCK_SAMPLES, np.int16)

    recover = conceal = staticmethod(lambda *_: np.zeros(BLOCK_SAMPLES, np.int16))


def test_the_sound_buffer_knows_the_time_of_the_sample_that_it_gives_next() -> None:
    buffer = SoundBuffer(Tape())
    assert buffer.next_timestamp is None
    for place in range(10):
        buffer.add(place, 7_000 + place * BLOCK_SAMPLES, b"", place * 0.02)
    for pulled in (480, 960, 1_440):
        buffer.pull(480)
        assert buffer.next_timestamp == 7_000 + pulled
