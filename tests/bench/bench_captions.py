"""Captions by the real recogniser: `python -m tests.bench.bench_captions MODEL [--speech FILE.wav] [--json]`.

Plays speech (Russian of the terminal's offline voice, unless a WAV file is given) as the loudspeaker pulls it, once
without and once with captions. Told: what was understood, how long after a phrase its last word stood on the screen,
the recogniser's share of a core and its memory, and how late the loudspeaker's pulls were, which is what a disturbed
voice would be. Needs `pip install -r requirements/captions.txt` and a model of Vosk.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import sys
import time
import wave

import numpy as np
from msgspec import Struct

from device_drivers.contract.audio import SAMPLE_RATE_HZ, Samples
from terminal_app.ipc.media_messages import CaptionHeard, SetCaptions
from terminal_app.ipc.modes import Language
from terminal_app.media.captions.captions import Captions
from terminal_app.media.sound.tone import MeasuringSink
from terminal_app.ui.voice.espeak import make_sound
from tests.bench.bench_echo import FAR

PHRASE_PAUSE_S, LOAD_S_MAX = 2.0, 30.0


class Player:
    """The loudspeaker's source: silence, and a phrase when it is told one."""

    def __init__(self, captions: Captions | None) -> None:
        self.late_s: list[float] = []
        self.ended_at_s = 0.0
        self._captions = captions
        self._phrase: Samples = np.zeros(0, np.int16)
        self._pulled_at_s = time.monotonic()

    def say(self, phrase: Samples) -> None:
        self._phrase = phrase

    def pull(self, count: int) -> Samples:
        now_s = time.monotonic()
        self.late_s.append(now_s - self._pulled_at_s - count / SAMPLE_RATE_HZ)
        self._pulled_at_s = now_s
        found, self._phrase = self._phrase[:count], self._phrase[count:]
        if found.size:
            self.ended_at_s = now_s
        samples = np.concatenate([found, np.zeros(count - found.size, np.int16)])
        if self._captions is not None:
            self._captions.offer(samples)
        return samples


async def play(model: str, phrases: list[Samples]) -> dict[str, object]:
    """`model` empty: without captions."""
    told: list[tuple[float, Struct]] = []
    captions = Captions(model, lambda message: told.append((time.monotonic(), message)))
    await captions.switch(SetCaptions("call-1", on=bool(model)))
    player = Player(captions if model else None)
    sink, begun_s = MeasuringSink(player.pull), time.monotonic()
    if model:
        await loaded(captions)
    loaded_s, said, late_s = time.monotonic() - begun_s, [], []
    for phrase in phrases:
        before = len(told)
        player.say(phrase)
        await asyncio.sleep(phrase.size / SAMPLE_RATE_HZ + PHRASE_PAUSE_S)
        heard = [(at_s, text) for at_s, text in told[before:] if isinstance(text, CaptionHeard)]
        said += [text.text for _, text in heard if text.final]
        texts = [text.text for _, text in heard]
        grown = [at_s for (at_s, text), before_it in zip(heard, ["", *texts], strict=False) if text.text != before_it]
        late_s += [grown[-1] - player.ended_at_s] if grown else []
    lasted_s = time.monotonic() - begun_s
    sink.close()
    await captions.stop()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    late = np.sort(player.late_s[100:]) * 1_000
    return {
        "pulls late p99 / max, ms": (round(float(late[int(0.99 * late.size)]), 1), round(float(late[-1]), 1)),
        "model loaded after, s": round(loaded_s, 1),
        "last word after the phrase, s": [round(value, 2) for value in late_s],
        "recogniser, % of a core": round(100 * (used.ru_utime + used.ru_stime) / lasted_s),
        "recogniser, MB": used.ru_maxrss // 1024,
        "understood": said,
        "told of itself": [str(message) for _, message in told if not isinstance(message, CaptionHeard)],
    }


async def loaded(captions: Captions) -> None:
    """Raises TimeoutError when the model does not load."""
    async with asyncio.timeout(LOAD_S_MAX):
        while captions._pace is None or not captions._pace._loaded:  # noqa: ASYNC110  # a measurement looks from outside
            await asyncio.sleep(0.05)


def phrases_of(path: str) -> list[Samples]:
    """Each at 48 kHz."""
    if path:
        with wave.open(path) as file:
            return [even(np.frombuffer(file.readframes(file.getnframes()), np.int16), file.getframerate())]
    sounds = [make_sound(phrase, Language.RUSSIAN, slow=False) for phrase in FAR.split(". ") if phrase.strip()]
    return [even(sound.samples, sound.rate_hz) for sound in sounds]


def even(samples: np.ndarray, rate_hz: int) -> Samples:
    places = np.arange(int(samples.size * SAMPLE_RATE_HZ / rate_hz)) * rate_hz / SAMPLE_RATE_HZ
    return np.asarray(np.interp(places, np.arange(samples.size), samples), np.int16)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_captions")
    parser.add_argument("model", nargs="?", default="", help="a folder: a model of Vosk; none: nothing is measured")
    parser.add_argument("--speech", default="", metavar="FILE", help="a WAV file of one channel, 16 bits")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not options.model:
        print("no model of a recogniser was named: nothing to measure")
        return 0
    phrases = phrases_of(options.speech)
    told = {name: asyncio.run(play(model, phrases)) for name, model in (("without", ""), ("with", options.model))}
    if options.json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for name, figures in told.items():
        print(f"{name} captions:", *(f"  {what}: {figure}" for what, figure in figures.items()), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
