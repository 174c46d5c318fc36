"""Uneven packets to even sound: nothing missing on a clean path, losses recovered, a delay that grows and shrinks."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest
from av import AudioFrame

from device_drivers.audio.level import LevelMeter, tone, tone_level_db
from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from terminal_app.media.aiortc_tuning import TunedOpusEncoder
from terminal_app.media.opus import OpusDecoder, OpusError
from terminal_app.media.receiving.lateness import TARGET_S_MAX, TARGET_S_MIN, Lateness
from terminal_app.media.receiving.shorten import shorten
from terminal_app.media.receiving.sound_buffer import SoundBuffer

BLOCK_S = BLOCK_SAMPLES / SAMPLE_RATE_HZ
PULL = 480  # 10 ms, as PortAudio asks
HZ = 440.0


def packets(count: int) -> list[bytes]:
    """A tone as Opus packets of our own encoder."""
    encoder = TunedOpusEncoder()
    made: list[bytes] = []
    for at in range(count):
        block = tone(HZ, -20, at * BLOCK_SAMPLES, BLOCK_SAMPLES)
        frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts = SAMPLE_RATE_HZ, at * BLOCK_SAMPLES
        made += encoder.encode(frame)[0]
    return made


PACKETS = packets(500)


def played(buffer: SoundBuffer, arrivals: list[tuple[float, int]], seconds: float) -> Iterator[np.ndarray]:
    """What is pulled every 10 ms while packet `n` comes at its time."""
    waiting = sorted(arrivals, reverse=True)
    for pull in range(int(seconds * 100)):
        now_s = pull / 100
        while waiting and waiting[-1][0] <= now_s:
            at_s, number = waiting.pop()
            buffer.add(number, number * BLOCK_SAMPLES, PACKETS[number], at_s)
        yield buffer.pull(PULL)


def sound_of(buffer: SoundBuffer, arrivals: list[tuple[float, int]], seconds: float) -> np.ndarray:
    return np.concatenate(list(played(buffer, arrivals, seconds)))


def gaps_s(sound: np.ndarray) -> float:
    """Silence after the sound began, in whole 5 ms."""
    loud = np.abs(sound[: sound.size // 240 * 240].reshape(-1, 240)).max(axis=1) > 200
    return float((~loud[int(np.argmax(loud)) :]).sum()) * 0.005


def test_on_an_even_path_nothing_is_missing_and_the_delay_is_short() -> None:
    buffer = SoundBuffer(OpusDecoder())
    sound = sound_of(buffer, [(number * BLOCK_S, number) for number in range(250)], 4.8)
    assert gaps_s(sound) == 0
    assert (buffer.counts.hidden, buffer.counts.recovered) == (0, 0)
    assert tone_level_db(sound[SAMPLE_RATE_HZ:], HZ) == pytest.approx(-20, abs=1)
    assert buffer.waiting_s() < 0.09


@pytest.mark.parametrize("loss", [0.05, 0.1])
def test_a_tenth_of_the_packets_lost_leaves_no_gap(loss: float) -> None:
    chance = random.Random(3)
    buffer = SoundBuffer(OpusDecoder())
    arrivals = [(number * BLOCK_S, number) for number in range(500) if chance.random() > loss]
    sound = sound_of(buffer, arrivals, 9.8)
    assert gaps_s(sound) < 0.05
    assert buffer.counts.recovered > buffer.counts.hidden, "the next packet carries a copy"
    assert tone_level_db(sound[SAMPLE_RATE_HZ:], HZ) > -22


def test_after_a_path_was_uneven_the_delay_shrinks_again_without_a_gap() -> None:
    chance = random.Random(5)
    buffer = SoundBuffer(OpusDecoder())
    uneven = [(number * BLOCK_S + chance.random() * 0.12, number) for number in range(150)]
    even = [(number * BLOCK_S, number) for number in range(150, 500)]
    delays: list[float] = []
    sound: list[np.ndarray] = []
    for part in played(buffer, uneven + even, 9.9):
        sound.append(part)
        delays.append(buffer.waiting_s())
    assert max(delays[200:300]) > 0.1
    assert max(delays[-100:]) < 0.09, "some seconds later nothing of it is left"
    assert gaps_s(np.concatenate(sound[400:])) == 0


def test_a_cut_is_hidden_for_a_moment_then_silent_and_what_comes_late_is_not_played_late() -> None:
    buffer = SoundBuffer(OpusDecoder())
    before = [(number * BLOCK_S, number) for number in range(100)]
    burst = [(4.0, number) for number in range(100, 200)]
    after = [(number * BLOCK_S, number) for number in range(200, 300)]
    sound = sound_of(buffer, before + burst + after, 5.9)
    assert gaps_s(sound[: 2 * SAMPLE_RATE_HZ]) == 0
    assert not sound[int(2.4 * SAMPLE_RATE_HZ) : int(3.9 * SAMPLE_RATE_HZ)].any()
    assert gaps_s(sound[int(4.5 * SAMPLE_RATE_HZ) :]) == 0
    assert buffer.waiting_s() < 0.4


def test_two_clocks_that_differ_never_run_dry_nor_pile_up() -> None:
    for drift in (1.002, 0.998):
        buffer = SoundBuffer(OpusDecoder())
        sound = sound_of(buffer, [(number * BLOCK_S * drift, number) for number in range(480)], 9.4)
        assert gaps_s(sound) < 0.05
        assert buffer.waiting_s() < 0.12


def test_disorder_doubling_junk_and_a_new_stream_are_borne() -> None:
    buffer = SoundBuffer(OpusDecoder())
    swapped = [(number * BLOCK_S, number ^ 1) for number in range(200)]
    sound = sound_of(buffer, swapped + [(at_s + 0.03, number) for at_s, number in swapped], 3.8)
    assert gaps_s(sound) == 0
    buffer.add(10_000, 0, b"", 4.0)
    buffer.add(10_001, 960, b"\xff" * 40, 4.0)
    for number in range(2, 12):
        buffer.add(10_000 + number, number * 960, PACKETS[number], 4.0)
    assert buffer.pull(4_800).size == 4_800


def test_a_longer_way_is_waited_for_within_limits() -> None:
    lateness = Lateness()
    for number in range(300):
        lateness.arrived(number * 0.02, number * 0.02)
    assert lateness.target_s() == TARGET_S_MIN
    for number in range(300, 600):
        lateness.arrived(number * 0.02, number * 0.02 + (5.0 if number % 3 else 0.0))
    assert lateness.target_s() == TARGET_S_MAX


@pytest.mark.clause("9.6.11d", owner="terminal_app")
def test_sound_that_is_to_wait_for_the_lips_rests_once_and_then_keeps_its_delay() -> None:
    buffer, waits_s = SoundBuffer(OpusDecoder()), []
    for number in range(400):
        buffer.least_s = 0.2 if 100 <= number < 300 else 0.0
        buffer.add(number, number * BLOCK_SAMPLES, PACKETS[number], number * BLOCK_S)
        sound = [buffer.pull(PULL), buffer.pull(PULL)]
        waits_s.append((buffer.waiting_s(), np.abs(np.concatenate(sound)).max() > 0))
    assert max(wait_s for wait_s, _ in waits_s[20:100]) < 0.1
    assert min(wait_s for wait_s, _ in waits_s[120:300]) >= 0.14
    assert sum(not heard for _, heard in waits_s[20:]) <= 10, "one rest, of the delay's own length"
    assert waits_s[-1][0] < 0.1, "taken back without a gap"


def test_a_block_is_shortened_by_whole_periods_without_a_click() -> None:
    block = tone(HZ, -12, 0, BLOCK_SAMPLES)
    short = shorten(block)
    assert 0 < block.size - short.size <= 440
    steps = np.abs(np.diff(short.astype(np.int32)))
    assert steps.max() <= 1.3 * np.abs(np.diff(block.astype(np.int32))).max()
    assert shorten(block[:500]).size == 500
    assert not shorten(np.zeros(BLOCK_SAMPLES, np.int16)).any()


def test_what_is_no_packet_is_one_clear_error_and_hidden_loss_fades() -> None:
    decoder = OpusDecoder()
    with pytest.raises(OpusError):
        decoder.decode(b"\xff" * 40)
    for packet in PACKETS[:20]:
        decoder.decode(packet)
    hidden = [LevelMeter() for _ in range(20)]
    for meter in hidden:
        meter.add(decoder.conceal(BLOCK_SAMPLES))
    assert hidden[0].level_db() > -30
    assert hidden[-1].level_db() < hidden[0].level_db() - 12
