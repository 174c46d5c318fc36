"""Which loudspeaker a sound URL means for the voice."""

from __future__ import annotations

from terminal_app.sound_url import parse_sound_url
from terminal_app.ui.voice.portaudio import NoOutput, PortAudioOutput
from terminal_app.ui.voice.voice import Voice


def voice_at(url: str) -> Voice:
    """Without a device (no sound by design, or the tone of the tests) the voice says, and nothing is heard.

    Raises:
        DeviceUrlError: it is no sound URL.
    """
    device = parse_sound_url(url).device if url else None
    return Voice(PortAudioOutput(device) if device is not None else NoOutput())
