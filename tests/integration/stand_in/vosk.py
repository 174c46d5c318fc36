"""The part of Vosk's interface that we use, without a model: it hears whether a sound is high or low.

Real speech through the real library: `python -m tests.bench.bench_captions`. A folder with the file `slow` makes a
recogniser that needs three times as long as speech lasts; with the file `broken`, one that fails in the middle.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np


def SetLogLevel(_level: int) -> None:
    pass


class Model:
    def __init__(self, folder: str) -> None:
        self.slow, self.broken = (Path(folder) / "slow").exists(), (Path(folder) / "broken").exists()


class KaldiRecognizer:
    def __init__(self, model: Model, rate_hz: float) -> None:
        self._model, self._rate_hz = model, rate_hz
        self._words: list[str] = []

    def AcceptWaveform(self, data: bytes) -> bool:
        """True at a pause that follows words."""
        if self._model.broken:
            raise RuntimeError("broken")
        samples = np.frombuffer(data, np.int16).astype(float)
        if self._model.slow:
            time.sleep(3 * samples.size / self._rate_hz)
        if np.abs(samples).max() < 100:
            return bool(self._words)
        crossings = int((np.diff(np.signbit(samples)) != 0).sum())
        word = "высоко" if crossings / samples.size * self._rate_hz / 2 > 700 else "низко"
        if self._words[-1:] != [word]:
            self._words.append(word)
        return False

    def PartialResult(self) -> str:
        return json.dumps({"partial": " ".join(self._words)})

    def Result(self) -> str:
        said, self._words = " ".join(self._words), []
        return json.dumps({"text": said})
