"""The loudspeaker of the voice: PortAudio by the terminal's sound URL."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType

from terminal_app.ui.voice.espeak import Sound, VoiceUnavailableError

BLOCK_S = 0.05  # how soon an interrupted phrase is silent


class PortAudioOutput:
    """Opens the device for each phrase: during a call media has it too, the sound server mixes them."""

    audible = True

    def __init__(self, device: str) -> None:
        self._device = None if device == "default" else device

    def play(self, sound: Sound, stopped: Callable[[], bool]) -> None:
        """Raises: VoiceUnavailableError, when there is no such device."""
        library = _library()
        block = max(1, int(sound.rate_hz * BLOCK_S))
        try:
            with library.RawOutputStream(
                samplerate=sound.rate_hz, device=self._device, channels=1, dtype="int16"
            ) as stream:
                for at in range(0, len(sound.samples), block):
                    if stopped():
                        stream.abort()
                        return
                    stream.write(sound.samples[at : at + block].tobytes())
        except (ValueError, library.PortAudioError) as error:
            raise VoiceUnavailableError(str(error)) from error


class NoOutput:
    """A terminal without sound, or the tone of the tests: everything said stands on the screen anyway."""

    audible = False

    def play(self, sound: Sound, stopped: Callable[[], bool]) -> None:
        """Nothing is heard."""


def _library() -> ModuleType:
    try:
        import sounddevice
    except OSError as error:
        raise VoiceUnavailableError(f"PortAudio is not installed: {error}") from error
    library: ModuleType = sounddevice
    return library
