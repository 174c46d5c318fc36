"""The customer's voice cleaned of what the terminal itself plays and of noise, as WebRTC does it, and of a wrong level.

The loudspeaker of a kiosk stands beside its microphone, so without this the consultant hears himself. The library is
`livekit`, used for its audio processing alone (Apache-2.0, no server, no network).
"""

from __future__ import annotations

import numpy as np

from device_drivers.contract.audio import SAMPLE_RATE_HZ, Samples
from terminal_app.media.sound.level import VoiceLevel

PART_SAMPLES = SAMPLE_RATE_HZ // 100  # the library takes 10 ms at a time
DELAY_MS = 60  # from what we hand to the loudspeaker to its echo in the microphone; the library finds the rest itself


class VoiceProcessing:
    """`played` in the loudspeaker's thread, `captured` in the microphone's; the library locks for itself."""

    def __init__(self) -> None:
        from livekit.rtc.apm import AudioProcessingModule  # a third of a second, for terminals with a sound card alone
        from livekit.rtc.audio_frame import AudioFrame

        self._frame = AudioFrame
        self._module = AudioProcessingModule(
            echo_cancellation=True, noise_suppression=True, high_pass_filter=True, auto_gain_control=False
        )
        self._level = VoiceLevel()
        self._unplayed: Samples = np.zeros(0, np.int16)

    def played(self, samples: Samples) -> None:
        """What the loudspeaker is about to play, of any length."""
        waiting = np.concatenate([self._unplayed, samples])
        whole = waiting.size // PART_SAMPLES * PART_SAMPLES
        for part in waiting[:whole].reshape(-1, PART_SAMPLES):
            self._module.process_reverse_stream(self._frame(bytearray(part.tobytes()), SAMPLE_RATE_HZ, 1, PART_SAMPLES))
        self._unplayed = waiting[whole:]

    def captured(self, block: Samples) -> Samples:
        """A block of the microphone (a multiple of 10 ms) as the consultant shall hear it."""
        cleaned = [self._clean(part) for part in block.reshape(-1, PART_SAMPLES)]
        return self._level.levelled(block, np.concatenate(cleaned))

    def _clean(self, part: Samples) -> Samples:
        frame = self._frame(bytearray(part.tobytes()), SAMPLE_RATE_HZ, 1, PART_SAMPLES)
        self._module.set_stream_delay_ms(DELAY_MS)
        self._module.process_stream(frame)
        return np.frombuffer(bytes(frame.data), np.int16)
