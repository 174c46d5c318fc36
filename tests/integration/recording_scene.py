"""A recording of any length in no time: real VP8 and Opus through the real recorder's core, on a clock that is told.

The second that a picture shows stands in it as bars, and its sound has a pitch of its own; so what is seen and heard
anywhere can be compared. Loss: the agent's pictures come late by a round trip where a packet was sent again, his sound
has holes. Both ways there is silence that takes no packets.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from av import VideoFrame

from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from signaling_server.contract.recorded import ChunkSeal, Record, Stream, pack
from terminal_app.media.opus import OpusEncoder
from terminal_app.media.recording.passed import Passed, is_key
from terminal_app.media.recording.streams import Streams
from terminal_app.media.recording.tap import KEY_EVERY_S
from terminal_app.media.vp8 import VIDEO_TIME_BASE, make_vp8_codec

WIDTH, HEIGHT, FPS = 320, 240, 25
BARS = 10  # bits of the second, the lowest first
NOTICE_S = 1_000.0  # on the monotonic clock
STARTS_S = NOTICE_S + 0.3
PATH_S = 0.03
ROUND_TRIP_S = 0.06
PACKETS_A_PICTURE = 4
SILENT_SECONDS = 20  # of each minute, at its end, the customer is silent


def pitch_hz(second: int) -> int:
    return 500 + 200 * (second % 10)


def picture_at(number: int) -> np.ndarray:
    """I420 of the picture with this number."""
    second = number // FPS
    picture = np.full((HEIGHT * 3 // 2, WIDTH), 128, np.uint8)
    picture[:HEIGHT] = 90
    for bit in range(BARS):
        picture[0:80, bit * 32 : bit * 32 + 32] = 220 if second >> bit & 1 else 20
    place = number * 4 % (WIDTH - 40)
    picture[120:200, place : place + 40] = 200
    return picture


def passed(seconds: int, *, loss: float, seed: int = 1) -> Iterator[Passed]:
    """All streams, in the order of their passing."""
    dice = random.Random(seed)
    everything = [*_pictures(seconds, loss, dice), *_sounds(seconds, loss, dice)]
    return iter(sorted(everything, key=lambda each: each.at_s))


def _pictures(seconds: int, loss: float, dice: random.Random) -> Iterator[Passed]:
    codec = make_vp8_codec(WIDTH, HEIGHT, 300_000)
    ready_s = 0.0
    for number in range(seconds * FPS):
        frame = VideoFrame.from_ndarray(picture_at(number), format="yuv420p")
        frame.pts, frame.time_base = number * 90_000 // FPS, VIDEO_TIME_BASE
        if number % int(KEY_EVERY_S * FPS) == 0:
            frame.pict_type = 1
        data = b"".join(bytes(packet) for packet in codec.encode(frame))
        at_s = STARTS_S + number / FPS
        yield Passed(Stream.CUSTOMER_PICTURE, 1, frame.pts, is_key(data), data, at_s + dice.uniform(0, 0.004))
        lost = any(dice.random() < loss for _ in range(PACKETS_A_PICTURE))
        # A picture waits for those before it.
        ready_s = max(ready_s, at_s + PATH_S + dice.uniform(0, 0.01) + (ROUND_TRIP_S if lost else 0.0))
        yield Passed(Stream.AGENT_PICTURE, 2, frame.pts + 5_000_000, is_key(data), data, ready_s)


def _sounds(seconds: int, loss: float, dice: random.Random) -> Iterator[Passed]:
    encoder = OpusEncoder(32_000, 5)
    for block in range(seconds * SAMPLE_RATE_HZ // BLOCK_SAMPLES):
        at = np.arange(block * BLOCK_SAMPLES, (block + 1) * BLOCK_SAMPLES) / SAMPLE_RATE_HZ
        second = int(at[0] + 1e-9)
        data = encoder.encode((np.sin(2 * np.pi * pitch_hz(second) * at) * 9_000).astype(np.int16))
        at_s, timestamp = STARTS_S + float(at[0]), block * BLOCK_SAMPLES
        if data and second % 60 < 60 - SILENT_SECONDS:
            yield Passed(Stream.CUSTOMER_SOUND, 3, timestamp, True, data, at_s + dice.uniform(0, 0.01))
        if data and dice.random() >= loss:
            late_s = at_s + PATH_S + dice.uniform(0, 0.02)
            yield Passed(Stream.AGENT_SOUND, 4, timestamp + 77_000, True, data, late_s)


def chunks(packets: Iterator[Passed]) -> Iterator[list[Record]]:
    """As the recorder's thread makes them: a second each."""
    streams, due_s = Streams(NOTICE_S), NOTICE_S + 1.0
    for packet in packets:
        while packet.at_s >= due_s:
            yield streams.due(due_s)
            due_s += 1.0
        streams.take(packet)
    yield streams.rest()


def write_recording(folder: Path, recording_id: str, key: bytes, seconds: int, *, loss: float) -> None:
    """Sealed chunks, as they lie at the office."""
    target, seal = folder / recording_id, ChunkSeal(key, recording_id)
    target.mkdir(parents=True)
    made = list(chunks(passed(seconds, loss=loss)))
    for number, records in enumerate(made):
        sealed = seal.close(number, pack(records), last=number == len(made) - 1)
        (target / f"{number:06d}").write_bytes(sealed)
