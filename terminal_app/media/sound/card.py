"""The terminal's microphone and loudspeaker behind one URL. What is missing is stood in for: a call still works.

What a URL may say: `terminal_app/sound_url.py`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import numpy as np

from device_drivers.contract.audio import Loudspeaker, Microphone, Samples, Source
from device_drivers.contract.status import DeviceState
from signaling_server.contract.preflight import PartFault
from terminal_app.ipc.call_messages import VOLUME_USUAL
from terminal_app.media.preflight import is_living
from terminal_app.media.sound.portaudio import (
    PortAudioLoudspeaker,
    PortAudioMicrophone,
    SoundDeviceError,
    find_devices,
)
from terminal_app.media.sound.processing import VoiceProcessing
from terminal_app.media.sound.tone import MeasuringSink, ToneMicrophone
from terminal_app.media.sound.volume import amplified
from terminal_app.media.status import MediaDeviceStatus
from terminal_app.sound_url import NO_TONE_HZ, SoundAddress

logger = logging.getLogger(__name__)


class SoundCard:
    """Opened for a call and closed after it. Opening and closing block; the loudspeaker pulls from `source`."""

    def __init__(self, address: SoundAddress, *, on_block: Callable[[Samples], None]) -> None:
        self.status = MediaDeviceStatus(DeviceState.ONLINE if address.fitted else DeviceState.NO_DEVICE)
        self._address = address
        self._on_block = on_block
        self._microphone: Microphone | None = None
        self._loudspeaker: Loudspeaker | None = None
        self._processing: VoiceProcessing | None = None
        self.volume = VOLUME_USUAL  # of what is played; 0: nothing is heard
        self.source: Source = _silence
        fault = PartFault.NONE if address.fitted else PartFault.NOT_FITTED
        self.microphone_fault = self.loudspeaker_fault = fault
        self.forget_counts()
        self._lock = threading.Lock()  # opening, closing and looking for devices exclude each other

    @property
    def loudspeaker(self) -> Loudspeaker | None:
        """None while closed."""
        return self._loudspeaker

    @property
    def latency_s(self) -> float:
        """From a pull to the air."""
        loudspeaker = self._loudspeaker
        return 0.0 if loudspeaker is None else loudspeaker.latency_s

    @property
    def opened(self) -> bool:
        return self._microphone is not None

    def forget_counts(self) -> None:
        """Counts from now on what the microphone gives, before anything is taken out of it, and what is played."""
        self.blocks = self.living_blocks = self.pulls = 0

    def probe(self) -> None:
        """Looks for the devices without opening them."""
        with self._lock:
            if self._address.device is not None and not self.opened:
                self.status = _status(*find_devices(self._address.device))

    def open(self) -> None:
        """Opens both sides; each missing one is stood in for, and `status` says so."""
        with self._lock:
            if not self.opened:
                self._open()

    def check(self) -> None:
        """Mends what broke: a device that was pulled is stood in for, one that came back is used again."""
        if not self.opened:
            self.probe()
            return
        with self._lock:
            broken = not all(side is None or side.alive for side in (self._microphone, self._loudspeaker))
            # PortAudio is started anew to see new devices, which no open stream survives.
            came = (
                self._stands_in and self._address.device is not None and find_devices(self._address.device) == ("", "")
            )
            if self.opened and (broken or came):
                self._close()
                self._open()

    def close(self) -> None:
        with self._lock:
            self._close()

    @property
    def _stands_in(self) -> bool:
        return isinstance(self._microphone, ToneMicrophone) and isinstance(self._loudspeaker, MeasuringSink)

    def _pull(self, count: int) -> Samples:
        """In the loudspeaker's thread."""
        self.pulls += 1
        samples = amplified(self.source(count), self.volume)
        if (processing := self._processing) is not None:
            processing.played(samples)
        return samples

    def _captured(self, block: Samples) -> None:
        """In the microphone's thread."""
        self.blocks += 1
        self.living_blocks += is_living(block)
        processing = self._processing
        self._on_block(block if processing is None else processing.captured(block))

    def _open(self) -> None:
        if self._address.device is None:
            self._microphone = ToneMicrophone(self._address.tone_hz, self._captured)
            self._loudspeaker = MeasuringSink(self._pull)
            return
        self._processing = _processing() if self._address.processing else None
        microphone_fault = self._open_microphone(self._address.device)
        loudspeaker_fault = self._open_loudspeaker(self._address.device)
        self.status = _status(microphone_fault, loudspeaker_fault)
        self.microphone_fault, self.loudspeaker_fault = _part(microphone_fault), _part(loudspeaker_fault)

    def _close(self) -> None:
        microphone, loudspeaker = self._microphone, self._loudspeaker
        self._microphone = self._loudspeaker = self._processing = None
        for side in (microphone, loudspeaker):
            if side is not None:
                side.close()

    def _open_microphone(self, device: str) -> str:
        try:
            self._microphone = PortAudioMicrophone(device, self._captured)
        except SoundDeviceError as error:
            logger.warning("microphone: %s; silence stands in for it", error)
            self._microphone = ToneMicrophone(NO_TONE_HZ, self._on_block)
            return str(error)
        return ""

    def _open_loudspeaker(self, device: str) -> str:
        try:
            self._loudspeaker = PortAudioLoudspeaker(device, self._pull)
        except SoundDeviceError as error:
            logger.warning("loudspeaker: %s; the sound is only measured", error)
            self._loudspeaker = MeasuringSink(self._pull)
            return str(error)
        return ""


def _processing() -> VoiceProcessing | None:
    """None where its library does not load: the consultant may hear himself, and the call works."""
    try:
        return VoiceProcessing()
    except (ImportError, OSError, RuntimeError) as error:
        logger.error("echo and noise stay in the customer's voice: %s", error)
        return None


def _silence(count: int) -> Samples:
    return np.zeros(count, np.int16)


def _part(fault: str) -> PartFault:
    return PartFault.NO_DEVICE if fault else PartFault.NONE


def _status(microphone_fault: str, loudspeaker_fault: str) -> MediaDeviceStatus:
    named = (("microphone", microphone_fault), ("loudspeaker", loudspeaker_fault))
    faults = [f"{side}: {fault}" for side, fault in named if fault]
    if not faults:
        return MediaDeviceStatus(DeviceState.ONLINE)
    return MediaDeviceStatus(DeviceState.NO_DEVICE, "; ".join(faults)[:200])
