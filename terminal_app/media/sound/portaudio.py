"""Microphone and loudspeaker through PortAudio (`sounddevice`): PulseAudio, PipeWire's ALSA device, or plain ALSA.

PortAudio calls back in threads of its own; the loudspeaker pulls from its source, so nothing waits for the event loop.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np

from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ, Samples, Source

DEFAULT_DEVICE = "default"
PLAY_BLOCK_SAMPLES = SAMPLE_RATE_HZ // 100  # 10 ms
STALLED_S = 3.0  # no callback for so long: the device was pulled or its server died (a first one may take 2 s)


class SoundDeviceError(Exception):
    """There is no such device, or it cannot be opened; the text says which."""


class PortAudioMicrophone:
    """Mono int16 blocks of 20 ms, handed over in PortAudio's thread."""

    def __init__(self, device: str, on_block: Callable[[Samples], None]) -> None:
        self._on_block = on_block
        self._called_at_s = time.monotonic()
        self._stream = _open_stream("RawInputStream", device, BLOCK_SAMPLES, self._callback)

    @property
    def alive(self) -> bool:
        return bool(self._stream.active) and time.monotonic() - self._called_at_s < STALLED_S

    def close(self) -> None:
        _close_stream(self._stream)

    def _callback(self, data: Any, frames: int, _time: object, _status: object) -> None:
        self._called_at_s = time.monotonic()
        if frames == BLOCK_SAMPLES:
            self._on_block(np.frombuffer(bytes(data), np.int16))


class PortAudioLoudspeaker:
    """Pulls 10 ms at a time."""

    def __init__(self, device: str, source: Source) -> None:
        self._source = source
        self._called_at_s = time.monotonic()
        self._stream = _open_stream("RawOutputStream", device, PLAY_BLOCK_SAMPLES, self._callback)
        self.latency_s = float(self._stream.latency)

    @property
    def alive(self) -> bool:
        return bool(self._stream.active) and time.monotonic() - self._called_at_s < STALLED_S

    def close(self) -> None:
        _close_stream(self._stream)

    def _callback(self, data: Any, frames: int, _time: object, _status: object) -> None:
        self._called_at_s = time.monotonic()
        data[:] = self._source(frames).tobytes()


def find_devices(device: str) -> tuple[str, str]:
    """What is wrong with the microphone and the loudspeaker of this name; empty: they are there. Opens nothing."""
    try:
        library = _library()
        # PortAudio lists devices once, when it starts: start it anew to see what was plugged in since.
        library._terminate()
        library._initialize()
    except Exception as error:  # sounddevice raises its own kind, which may not be importable here
        return str(error), str(error)
    return _fault(library, device, "input"), _fault(library, device, "output")


def _fault(library: ModuleType, device: str, kind: str) -> str:
    try:
        library.query_devices(_name(device), kind)
    except (ValueError, library.PortAudioError) as error:
        return str(error)
    return ""


def _open_stream(kind: str, device: str, block: int, callback: Callable[..., None]) -> Any:
    library = _library()
    try:
        stream = getattr(library, kind)(
            samplerate=SAMPLE_RATE_HZ,
            blocksize=block,
            device=_name(device),
            channels=1,
            dtype="int16",
            latency="low",
            callback=callback,
        )
        stream.start()
    except (ValueError, library.PortAudioError) as error:
        raise SoundDeviceError(str(error)) from error
    return stream


def _close_stream(stream: Any) -> None:
    with contextlib.suppress(_library().PortAudioError):
        stream.abort()
    with contextlib.suppress(_library().PortAudioError):
        stream.close()


def _library() -> ModuleType:
    """sounddevice looks for PortAudio when it is imported; a machine may lack it."""
    try:
        import sounddevice
    except OSError as error:
        raise SoundDeviceError(f"PortAudio is not installed: {error}") from error
    library: ModuleType = sounddevice
    return library


def _name(device: str) -> str | None:
    return None if device == DEFAULT_DEVICE else device
