"""The terminal's microphone and loudspeaker behind one URL. What is missing is stood in for: a call still works.

`sound://default` and `sound://NAME` are devices of PortAudio (PulseAudio, PipeWire, ALSA); `sound://tone?hz=440` needs
none: the microphone is a tone and the loudspeaker measures what it is given.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.status import DeviceState
from terminal_app.media.sound.level import Samples
from terminal_app.media.sound.portaudio import (
    PortAudioLoudspeaker,
    PortAudioMicrophone,
    SoundDeviceError,
    find_devices,
)
from terminal_app.media.sound.tone import MeasuringSink, ToneMicrophone
from terminal_app.media.status import MediaDeviceStatus

logger = logging.getLogger(__name__)

TONE_HZ = 440.0
TONE_HZ_MIN, TONE_HZ_MAX = 50.0, 8_000.0


@dataclass(frozen=True, slots=True)
class SoundAddress:
    """A parsed sound URL; without a device it is the tone and the measuring sink."""

    device: str | None
    tone_hz: float = TONE_HZ


class Microphone(Protocol):
    """Hands blocks of 20 ms to its listener, in a thread of its own, until closed."""

    @property
    def alive(self) -> bool: ...

    def close(self) -> None: ...


class Loudspeaker(Protocol):
    """Plays what it is given, at once."""

    @property
    def alive(self) -> bool: ...

    def play(self, samples: Samples) -> None: ...

    def close(self) -> None: ...


def parse_sound_url(url: str) -> SoundAddress:
    """Raises: DeviceUrlError, when it is no sound URL."""
    address = urlsplit(url)
    if address.scheme != "sound" or not address.netloc:
        raise DeviceUrlError(f"{url!r} is no sound URL: sound://default, sound://NAME or sound://tone?hz=440")
    if address.netloc != "tone":
        return SoundAddress(unquote(address.netloc))
    text = parse_qs(address.query).get("hz", [str(TONE_HZ)])[0]
    try:
        tone_hz = float(text)
    except ValueError:
        raise DeviceUrlError(f"{text!r} is no frequency in {url!r}") from None
    if not TONE_HZ_MIN <= tone_hz <= TONE_HZ_MAX:
        raise DeviceUrlError(f"{text} Hz in {url!r} is outside {TONE_HZ_MIN:.0f}..{TONE_HZ_MAX:.0f}")
    return SoundAddress(None, tone_hz)


class SoundCard:
    """Opened for a call and closed after it. Opening and closing block; `play` does not."""

    def __init__(self, address: SoundAddress, *, on_block: Callable[[Samples], None]) -> None:
        self.status = MediaDeviceStatus(DeviceState.ONLINE)
        self._address = address
        self._on_block = on_block
        self._microphone: Microphone | None = None
        self._loudspeaker: Loudspeaker | None = None
        self._lock = threading.Lock()  # opening, closing and looking for devices exclude each other

    @property
    def loudspeaker(self) -> Loudspeaker | None:
        """None while closed."""
        return self._loudspeaker

    @property
    def opened(self) -> bool:
        return self._microphone is not None

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

    def play(self, samples: Samples) -> None:
        loudspeaker = self._loudspeaker
        if loudspeaker is not None:
            loudspeaker.play(samples)

    @property
    def _stands_in(self) -> bool:
        return isinstance(self._microphone, ToneMicrophone) and isinstance(self._loudspeaker, MeasuringSink)

    def _open(self) -> None:
        if self._address.device is None:
            self._microphone = ToneMicrophone(self._address.tone_hz, self._on_block)
            self._loudspeaker = MeasuringSink()
            return
        microphone_fault = self._open_microphone(self._address.device)
        loudspeaker_fault = self._open_loudspeaker(self._address.device)
        self.status = _status(microphone_fault, loudspeaker_fault)

    def _close(self) -> None:
        microphone, loudspeaker = self._microphone, self._loudspeaker
        self._microphone = self._loudspeaker = None
        for side in (microphone, loudspeaker):
            if side is not None:
                side.close()

    def _open_microphone(self, device: str) -> str:
        try:
            self._microphone = PortAudioMicrophone(device, self._on_block)
        except SoundDeviceError as error:
            logger.warning("microphone: %s; a tone stands in for it", error)
            self._microphone = ToneMicrophone(self._address.tone_hz, self._on_block)
            return str(error)
        return ""

    def _open_loudspeaker(self, device: str) -> str:
        try:
            self._loudspeaker = PortAudioLoudspeaker(device)
        except SoundDeviceError as error:
            logger.warning("loudspeaker: %s; the sound is only measured", error)
            self._loudspeaker = MeasuringSink()
            return str(error)
        return ""


def _status(microphone_fault: str, loudspeaker_fault: str) -> MediaDeviceStatus:
    named = (("microphone", microphone_fault), ("loudspeaker", loudspeaker_fault))
    faults = [f"{side}: {fault}" for side, fault in named if fault]
    if not faults:
        return MediaDeviceStatus(DeviceState.ONLINE)
    return MediaDeviceStatus(DeviceState.NO_DEVICE, "; ".join(faults)[:200])
