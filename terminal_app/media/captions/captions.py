"""Captions of a call: starts the recogniser when they are switched on, feeds it, tells core what it understood."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np
from msgspec import Struct

from device_drivers.contract.audio import SAMPLE_RATE_HZ, Samples, Source
from device_drivers.contract.status import DeviceState
from terminal_app.ipc.media_messages import CaptionHeard, CaptionsEnded, SetCaptions
from terminal_app.media.captions.line import CaptionLine
from terminal_app.media.captions.pace import Pace
from terminal_app.media.status import MediaDeviceStatus

PIECE_SAMPLES = SAMPLE_RATE_HZ // 10  # the loudspeaker pulls a tenth of it
STOP_S_MAX = 2.0
ACOUSTIC_MODEL = Path("am/final.mdl")  # of every model of Vosk

logger = logging.getLogger(__name__)


class Captions:
    """On the event loop, but for `offer`."""

    def __init__(self, model: str, tell: Callable[[Struct], None]) -> None:
        """`model`: a folder; empty: this terminal has no captions."""
        self.status = _status(model)
        self._model = model
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._pieces: list[Samples] = []  # of the loudspeaker's thread
        self.call_id = ""  # that they are of; empty: off
        self._pace: Pace | None = None  # None: nothing is listened to
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    def listening(self, source: Source) -> Source:
        """The loudspeaker's source, heard by the recogniser too."""

        def pull(count: int) -> Samples:
            samples = source(count)
            self.offer(samples)
            return samples

        return pull

    def offer(self, samples: Samples) -> None:
        """What is played, in the thread that plays it."""
        if self._pace is None:
            return
        self._pieces.append(samples)
        if sum(piece.size for piece in self._pieces) >= PIECE_SAMPLES:
            sound, self._pieces = np.concatenate(self._pieces), []
            self._loop.call_soon_threadsafe(self._send, sound)

    async def switch(self, command: SetCaptions) -> None:
        if command.on and command.call_id == self.call_id:
            return
        await self.stop()
        if not command.on or self.status.state is not DeviceState.ONLINE:
            return
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "terminal_app.media.captions.recogniser", self._model),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        )
        self.call_id, self._pace = command.call_id, Pace()
        self._reading = asyncio.create_task(self._read(self._process, self._pace))

    async def stop(self) -> None:
        """The process is gone with all it knows."""
        process, reading, self._process, self._reading = self._process, self._reading, None, None
        self.call_id, self._pace, self._pieces = "", None, []
        if process is None or reading is None:
            return
        assert process.stdin is not None
        process.stdin.close()
        if process.returncode is None:
            process.kill()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(STOP_S_MAX):
                await asyncio.gather(process.wait(), reading)

    def _send(self, sound: Samples) -> None:
        if self._pace is None or self._process is None:
            return
        assert self._process.stdin is not None
        if self._pace.offer(sound.size):
            self._process.stdin.write(sound.tobytes())
        if self._pace.too_slow:
            self._give_up("busy")

    async def _read(self, process: asyncio.subprocess.Process, pace: Pace) -> None:
        assert process.stdout is not None
        told = CaptionLine(0)
        async for written in process.stdout:
            line = msgspec.json.decode(written, type=CaptionLine)
            pace.took(line.taken)
            if self._pace is pace and line.text and (line.text, line.final) != (told.text, told.final):
                self._tell(CaptionHeard(self.call_id, line.text, line.final))
            told = line
        if self._pace is pace:
            self._give_up("failed")

    def _give_up(self, reason: str) -> None:
        """Until they are switched on anew."""
        logger.warning("no captions any more: %s", reason)
        self._pace = None
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
        self._tell(CaptionsEnded(self.call_id, reason))


def _status(model: str) -> MediaDeviceStatus:
    if importlib.util.find_spec("vosk") is None:
        return MediaDeviceStatus(DeviceState.NO_DEVICE, "vosk is not installed")
    if not (Path(model) / ACOUSTIC_MODEL).is_file():
        return MediaDeviceStatus(DeviceState.NO_DEVICE, "no model in the folder of [captions]")
    return MediaDeviceStatus(DeviceState.ONLINE)
