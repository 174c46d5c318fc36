"""What we send: the newest picture of the camera and the blocks of the microphone, as aiortc's tracks.

`recv` never raises and never waits long: an exception there would end aiortc's sending task for good, and a pause would
make one large frame. So the last picture is repeated, and silence stands in for missing sound.
"""

from __future__ import annotations

import asyncio
import contextlib
import fractions
import time
from collections import deque
from collections.abc import Callable

import numpy as np
from aiortc import MediaStreamTrack
from av import AudioFrame, VideoFrame

from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Samples
from terminal_app.media.mailbox import Mailbox
from terminal_app.media.pictures import Pixels, Shot, empty_i420, to_frame

VIDEO_CLOCK_HZ = 90_000
VIDEO_TIME_BASE = fractions.Fraction(1, VIDEO_CLOCK_HZ)
AUDIO_TIME_BASE = fractions.Fraction(1, SAMPLE_RATE_HZ)
GAP_S_MAX = 0.1  # a longer step of the timestamps makes one huge frame
REPEAT_AFTER_S = 0.1  # no new picture: the last one again
BLOCK_S = BLOCK_SAMPLES / SAMPLE_RATE_HZ
SOUND_LATE_S_MAX = 0.06
BLOCKS_WAITING_MAX = 4  # 80 ms; older sound is dropped


class VideoClock:
    """Timestamps of sent pictures: they strictly grow with the monotonic clock, never by more than 100 ms. Pure."""

    def __init__(self) -> None:
        self._pts = 0
        self._last_s: float | None = None

    def next(self, now_s: float) -> int:
        if self._last_s is not None:
            step_s = min(GAP_S_MAX, max(0.0, now_s - self._last_s))
            self._pts += max(1, round(step_s * VIDEO_CLOCK_HZ))
        self._last_s = now_s
        return self._pts


class CameraTrack(MediaStreamTrack):
    """The newest picture of the camera."""

    kind = "video"

    def __init__(self, shots: Mailbox[Shot]) -> None:
        super().__init__()
        self.frames_sent = 0
        self.period_s: Callable[[], float] = lambda: 0.0  # the least time between two pictures
        self._sent_at_s = 0.0
        self._shots = shots
        self._seen = 0
        self._picture: Pixels = empty_i420()
        self._clock = VideoClock()
        self._media_loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        shots.listen(self._on_shot)

    async def recv(self) -> VideoFrame:
        while time.monotonic() - self._sent_at_s < self.period_s():  # noqa: ASYNC110 - it may shrink meanwhile
            await asyncio.sleep(REPEAT_AFTER_S)
        self._sent_at_s = time.monotonic()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REPEAT_AFTER_S):
                await self._arrived.wait()
        self._arrived.clear()
        number, shot = self._shots.newest()
        if number > self._seen and shot is not None and shot.i420 is not None:
            self._seen, self._picture = number, shot.i420
        frame = to_frame(self._picture)
        frame.pts = self._clock.next(time.monotonic())
        frame.time_base = VIDEO_TIME_BASE
        self.frames_sent += 1
        return frame

    def stop(self) -> None:
        self._shots.unlisten(self._on_shot)
        super().stop()

    def _on_shot(self) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: the process is at its end
            self._media_loop.call_soon_threadsafe(self._arrived.set)


class MicrophoneTrack(MediaStreamTrack):
    """The blocks of the microphone, 20 ms each."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._blocks: deque[Samples] = deque(maxlen=BLOCKS_WAITING_MAX)
        self._arrived = asyncio.Event()
        self._due_s = time.monotonic()
        self._pts = 0

    def offer(self, block: Samples) -> None:
        """A block of the microphone, on the event loop."""
        self._blocks.append(block)
        self._arrived.set()

    async def recv(self) -> AudioFrame:
        if not self._blocks:
            self._arrived.clear()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(max(0.0, self._due_s + SOUND_LATE_S_MAX - time.monotonic())):
                    await self._arrived.wait()
        if self._blocks:
            block = self._blocks.popleft()
            self._due_s = time.monotonic() + BLOCK_S
        else:
            block = np.zeros(BLOCK_SAMPLES, np.int16)
            self._due_s += BLOCK_S
        frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = SAMPLE_RATE_HZ
        frame.time_base = AUDIO_TIME_BASE
        frame.pts = self._pts
        self._pts += BLOCK_SAMPLES
        return frame
