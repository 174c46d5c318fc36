"""What a sound URL says. No sound library is loaded for reading it.

`sound://default` and `sound://NAME` are devices of PortAudio (PulseAudio, PipeWire, ALSA); `?processing=off` where they
take the echo out by themselves (a speakerphone, PipeWire's echo-cancel source). `sound://tone?hz=440` needs none: the
microphone is a tone and the loudspeaker measures what it is given; `hz=0` is a microphone that gives digital silence,
as one that is switched off does.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

from device_drivers.contract.errors import DeviceUrlError

TONE_HZ = 440.0
TONE_HZ_MIN, TONE_HZ_MAX = 50.0, 8_000.0
NO_TONE_HZ = 0.0


@dataclass(frozen=True, slots=True)
class SoundAddress:
    """A parsed sound URL; without a device it is the tone and the measuring sink; not fitted, silence and the sink."""

    device: str | None
    tone_hz: float = TONE_HZ
    fitted: bool = True
    processing: bool = True  # echo, noise and level are ours to mend


SILENCE = SoundAddress(None, NO_TONE_HZ, fitted=False)  # the terminal has no sound, by its project


def parse_sound_url(url: str) -> SoundAddress:
    """Raises: DeviceUrlError, when it is no sound URL."""
    if not url:
        return SILENCE
    try:
        address = urlsplit(url)
    except ValueError as error:
        raise DeviceUrlError(f"{url}: {error}") from error
    if address.scheme != "sound" or not address.netloc:
        raise DeviceUrlError(f"{url!r} is no sound URL: sound://default, sound://NAME or sound://tone?hz=440")
    options = parse_qs(address.query, keep_blank_values=True)
    if address.netloc != "tone":
        if set(options) - {"processing"} or options.get("processing", ["off"]) != ["off"]:
            raise DeviceUrlError(f"{url!r}: a sound device has one option, processing=off")
        return SoundAddress(unquote(address.netloc), processing="processing" not in options)
    text = options.get("hz", [str(TONE_HZ)])[0]
    try:
        tone_hz = float(text)
    except ValueError:
        raise DeviceUrlError(f"{text!r} is no frequency in {url!r}") from None
    if tone_hz != NO_TONE_HZ and not TONE_HZ_MIN <= tone_hz <= TONE_HZ_MAX:
        raise DeviceUrlError(f"{text} Hz in {url!r} is outside {TONE_HZ_MIN:.0f}..{TONE_HZ_MAX:.0f}")
    return SoundAddress(None, tone_hz)
