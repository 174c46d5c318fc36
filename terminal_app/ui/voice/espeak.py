"""Speech without a network: espeak-ng as a program, its answer a WAV file. Why espeak-ng: docs/adr/0027.

Source: espeak-ng(1): -s words a minute, -v voice, --stdout, text from standard input.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import wave
from dataclasses import dataclass

import numpy as np

from terminal_app.ipc.modes import Language

PROGRAM = "espeak-ng"
VOICES = {Language.RUSSIAN: "ru", Language.ENGLISH: "en-gb"}
WORDS_A_MINUTE, SLOW_WORDS_A_MINUTE = 150, 95
PHRASE_SIZE_MAX = 4000  # characters; a screen has some hundreds
MAKE_S_MAX = 10.0


class VoiceUnavailableError(Exception):
    """There is no voice on this machine, or it failed; the text says why."""


@dataclass(frozen=True, slots=True)
class Sound:
    """Mono samples of 16 bits."""

    samples: np.ndarray
    rate_hz: int

    @property
    def duration_s(self) -> float:
        return len(self.samples) / self.rate_hz


def make_sound(words: str, language: Language, *, slow: bool) -> Sound:
    """A phrase as sound.

    Raises:
        VoiceUnavailableError: espeak-ng is not installed, or did not answer with sound.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        raise VoiceUnavailableError(f"{PROGRAM} is not installed")
    speed = SLOW_WORDS_A_MINUTE if slow else WORDS_A_MINUTE
    command = [program, "-v", VOICES[language], "-s", str(speed), "-g", "2", "--stdout", "--stdin"]
    try:
        done = subprocess.run(command, input=words[:PHRASE_SIZE_MAX].encode(), capture_output=True, timeout=MAKE_S_MAX)
        return _sound(done.stdout)
    except (OSError, subprocess.TimeoutExpired, wave.Error, EOFError) as error:
        raise VoiceUnavailableError(f"{PROGRAM}: {error}") from error


def _sound(wav: bytes) -> Sound:
    # espeak-ng cannot know the length when it begins to write: the header promises 2 GB, the bytes are what counts.
    with wave.open(io.BytesIO(wav)) as file:
        rate_hz = file.getframerate()
        samples = np.frombuffer(file.readframes(len(wav) // 2), np.int16)
    return Sound(samples, rate_hz)
