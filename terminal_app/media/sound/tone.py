"""Sound for a machine without a sound card: a tone as the microphone, a loudspeaker that only measures."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

import numpy as np

from device_drivers.audio.level import LevelMeter, tone, tone_level_db
from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Samples, Source

TONE_DB = -23.0  # about the level of speech
BEHIND_S_MAX = 0.2  # after a stop of the whole process the missed blocks are not made up for
SINK_WINDOW_S = 1.0
SINK_BLOCK_SAMPLES = SAMPLE_RATE_HZ // 100


class ToneMicrophone:
    """Makes a block every 20 ms of the monotonic clock."""

    def __init__(self, tone_hz: float, on_block: Callable[[Samples], None]) -> None:
        self._tone_hz = tone_hz
        self._on_block = on_block
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="tone-microphone", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        self._stopped.set()
        self._thread.join()

    def _run(self) -> None:
        block_s = BLOCK_SAMPLES / SAMPLE_RATE_HZ
        due_s = time.monotonic()
        first = 0
        while not self._stopped.wait(max(0.0, due_s - time.monotonic())):
            self._on_block(tone(self._tone_hz, TONE_DB, first, BLOCK_SAMPLES))
            first += BLOCK_SAMPLES
            due_s = max(due_s + block_s, time.monotonic() - BEHIND_S_MAX)


class MeasuringSink:
    """A loudspeaker nobody hears: pulls 10 ms at a time by the monotonic clock, counts and measures."""

    def __init__(self, source: Source) -> None:
        self.samples_played = 0
        self.latency_s = 0.0
        self._source = source
        self._lock = threading.Lock()
        self._meter = LevelMeter(window_s=SINK_WINDOW_S)
        self._recent: deque[Samples] = deque()
        self._recent_samples = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="measuring-sink", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def level_db(self) -> float:
        """Of the last second."""
        with self._lock:
            return self._meter.level_db()

    def tone_level_db(self, frequency_hz: float) -> float:
        """Of one frequency in the last second: proves that a tone arrived, and not just some noise."""
        with self._lock:
            recent = list(self._recent)
        return tone_level_db(np.concatenate(recent) if recent else np.zeros(0, np.int16), frequency_hz)

    def close(self) -> None:
        self._stopped.set()
        self._thread.join()
        self._recent.clear()
        self._recent_samples = 0

    def _run(self) -> None:
        due_s = time.monotonic()
        while not self._stopped.wait(max(0.0, due_s - time.monotonic())):
            self._measure(self._source(SINK_BLOCK_SAMPLES))
            due_s = max(due_s + SINK_BLOCK_SAMPLES / SAMPLE_RATE_HZ, time.monotonic() - BEHIND_S_MAX)

    def _measure(self, samples: Samples) -> None:
        with self._lock:
            self.samples_played += samples.size
            self._meter.add(samples)
            self._recent.append(samples)
            self._recent_samples += samples.size
            while self._recent_samples - self._recent[0].size >= SINK_WINDOW_S * SAMPLE_RATE_HZ:
                self._recent_samples -= self._recent.popleft().size
