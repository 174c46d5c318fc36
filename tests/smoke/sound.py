"""A sound card for the smoke run: a PulseAudio of its own whose microphone hums and whose loudspeaker is recorded."""

from __future__ import annotations

import math
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from tests.smoke.robot import wait_for

SAMPLE_RATE_HZ = 48_000
RECORD_S = 1.5
WINDOW_S = 0.1  # the tone may come in beeps, and its phase jumps where a piece was lost or taken out
SILENCE_DB = -120.0

_SETTING = """
load-module module-native-protocol-unix socket={socket} auth-anonymous=1
load-module module-null-sink sink_name=loudspeaker rate=48000 channels=1
load-module module-sine-source source_name=voice frequency={hz} rate=48000
set-default-sink loudspeaker
set-default-source voice
"""


class SoundCard:
    """Where programs find it (`environment`) and what its loudspeaker played."""

    def __init__(self, home: Path) -> None:
        server = f"unix:{home}/native"
        self.environment = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "PULSE_SERVER": server}

    def tone_level_db(self, hz: int) -> float:
        """dBFS of one frequency in the loudest moment of what the loudspeaker plays now; a full-scale sine is -3."""
        words = ["parec", "--device=loudspeaker.monitor", "--format=s16le", f"--rate={SAMPLE_RATE_HZ}", "--channels=1"]
        with subprocess.Popen(words, env={**os.environ, **self.environment}, stdout=subprocess.PIPE) as recorder:
            assert recorder.stdout is not None
            raw = recorder.stdout.read(int(RECORD_S * SAMPLE_RATE_HZ) * 2)
            recorder.terminate()
        samples = np.frombuffer(raw, np.int16).astype(np.float64) / 32_768
        window = int(WINDOW_S * SAMPLE_RATE_HZ)
        turns = np.exp(-2j * math.pi * hz * np.arange(window) / SAMPLE_RATE_HZ)
        moments = samples[: samples.size // window * window].reshape(-1, window)
        amplitude = float(np.max(2 * np.abs(moments @ turns) / window, initial=0.0))
        return float(20 * math.log10(amplitude / math.sqrt(2))) if amplitude > 1e-6 else SILENCE_DB


@contextmanager
def sound_card(home: Path, hz: int) -> Iterator[SoundCard]:
    """Raises: AssertionError when PulseAudio does not start."""
    home.mkdir(mode=0o700, parents=True)
    setting = home / "default.pa"
    setting.write_text(_SETTING.format(socket=home / "native", hz=hz))
    card = SoundCard(home)
    words = ["pulseaudio", "-n", "-F", str(setting), "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(words, env={**os.environ, **card.environment}, stderr=log)
    try:
        wait_for("the sound card", lambda: (home / "native").exists() or None, 10)
        yield card
    finally:
        process.terminate()
        process.wait(timeout=10)
