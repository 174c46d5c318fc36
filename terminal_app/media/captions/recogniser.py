"""The recogniser as a process: it can neither hold the voice up nor take the call down, whatever it does.

Reads int16 mono at 48 kHz from its standard input and writes `CaptionLine`s; ends with its input. What it hears and
writes is stored nowhere. `python -m terminal_app.media.captions.recogniser FOLDER`, a model of Vosk.
"""

from __future__ import annotations

import json
import os
import sys

import msgspec

from device_drivers.contract.audio import SAMPLE_RATE_HZ
from terminal_app.media.captions.line import CaptionLine

NICE = 10  # the voice comes first
SAMPLE_BYTES = 2
STEP_BYTES = SAMPLE_RATE_HZ // 5 * SAMPLE_BYTES
READ_SIZE_MAX = 64 * 1024  # a pipe's


def main(folder: str) -> int:
    """Raises whatever Vosk raises of a model that it cannot use."""
    os.nice(NICE)
    import vosk

    vosk.SetLogLevel(-1)
    recogniser = vosk.KaldiRecognizer(vosk.Model(folder), SAMPLE_RATE_HZ)
    taken, waiting = 0, b""
    _say(CaptionLine(taken))
    while chunk := os.read(sys.stdin.fileno(), READ_SIZE_MAX):
        waiting += chunk
        whole = len(waiting) // STEP_BYTES * STEP_BYTES
        if not whole:
            continue
        sound, waiting = waiting[:whole], waiting[whole:]
        taken += len(sound) // SAMPLE_BYTES
        if recogniser.AcceptWaveform(sound):
            _say(CaptionLine(taken, json.loads(recogniser.Result())["text"], final=True))
        else:
            _say(CaptionLine(taken, json.loads(recogniser.PartialResult())["partial"]))
    return 0


def _say(line: CaptionLine) -> None:
    sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
