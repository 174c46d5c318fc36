"""How much of the consultant's own voice comes back to him: `python -m tests.bench.bench_echo [--seed N] [--json]`.

Russian speech of the terminal's offline voice is the far end; a made room (delay, a tail of 150 ms, the loudspeaker
driven into clipping) is what the microphone hears. Told in dB, after the first five seconds: the echo removed, and in
double talk what is left of the near voice's energy.
"""

from __future__ import annotations

import argparse
import json
import sys

import numpy as np

from device_drivers.contract.audio import SAMPLE_RATE_HZ, Samples
from terminal_app.ipc.modes import Language
from terminal_app.ui.voice.espeak import make_sound
from tests.bench.echo_room import cleaned, reverberant

FAR = (
    "Здравствуйте! Меня зовут Анна Петровна, я консультант. Скажите, пожалуйста, номер вашего лицевого счёта. "
    "Он напечатан на квитанции вверху слева. Показания счётчика передают с пятнадцатого по двадцать пятое число. "
    "За прошлый месяц начислено тысяча пятьсот сорок три рубля. Оплатить можно здесь, наличными или картой. "
)
NEAR = "Подождите, я достану очки. У меня сто двадцать третья квартира, а счёт, кажется, начинается с сорока."
DELAYS_MS = (40, 100, 170, 250)
ECHO_DB = -10.0
SETTLED_S = 5.0


def speech(text: str, seconds: float) -> Samples:
    """`text` again and again, at 48 kHz."""
    sound = make_sound(text, Language.RUSSIAN, slow=False)
    samples = np.asarray(sound.samples, np.float64)
    size = int(samples.size * SAMPLE_RATE_HZ / sound.rate_hz)
    even = np.interp(np.arange(size) * sound.rate_hz / SAMPLE_RATE_HZ, np.arange(samples.size), samples)
    return np.asarray(np.resize(even, int(seconds * SAMPLE_RATE_HZ)), np.int16)


def heard_in_room(far: Samples, delay_ms: int, *, clipped: bool, seed: int) -> Samples:
    chance = np.random.default_rng(seed)
    played = far.astype(np.float64) * (2.0 if clipped else 1.0)
    played = np.clip(played, -20_000, 20_000) if clipped else played
    echo = reverberant(played, ECHO_DB, chance)
    late = delay_ms * SAMPLE_RATE_HZ // 1_000
    quiet = chance.standard_normal(far.size) * 3  # of the microphone itself
    return np.asarray(
        np.clip(np.concatenate([np.zeros(late), echo[: far.size - late]]) + quiet, -32_768, 32_767), np.int16
    )


def energy_db(samples: Samples) -> float:
    settled = samples[int(SETTLED_S * SAMPLE_RATE_HZ) :].astype(np.float64)
    return float(10 * np.log10(np.mean(settled**2) + 1e-3))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_echo")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    far, near = speech(FAR, 20.0), speech(NEAR, 20.0) // 2
    alone_db = energy_db(cleaned(np.zeros_like(near), near))
    rows = []
    for delay_ms in DELAYS_MS:
        for clipped in (False, True):
            echo = heard_in_room(far, delay_ms, clipped=clipped, seed=asked.seed)
            both = np.asarray(np.clip(echo.astype(np.int32) + near, -32_768, 32_767), np.int16)
            row = {
                "delay_ms": delay_ms,
                "clipped": clipped,
                "removed_db": round(energy_db(echo) - energy_db(cleaned(far, echo)), 1),
                "near_kept_db": round(energy_db(cleaned(far, both)) - alone_db, 1),
            }
            rows.append(row)
            if not asked.json:
                print(
                    f"{delay_ms:4} ms{', clipped' if clipped else '':9}  echo removed {row['removed_db']:5.1f} dB, "
                    f"double talk {row['near_kept_db']:+.1f} dB against the near voice alone"
                )
    if asked.json:
        print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
