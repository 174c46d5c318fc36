"""What codes cost: `python -m tests.bench.bench_codes [--scenes N] [--json]`.

Parsing: a bill of version 14 against a bare split of its text (the least any reader does), interleaved; limit 40 us.
Reading: that bill at 3 px a module somewhere in a 720p scene, turned by any angle, tilted, noisy, unevenly lit, through
the terminal's own search. Limits: 98 % read; looking 8 times a second (the media process's rate) takes 15 % of a core.
Looking is measured as processor time of the thread, so that a busy machine does not count.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date

import cv2
import numpy as np
import numpy.typing as npt
import segno

from device_drivers.camera.codes import CodeSearch
from payment.codes.gost_qr import BillEncoding, compose, parse
from payment.sandbox.bill import make_bill
from terminal_app.media.capture import LOOK_PERIOD_S

Pixels = npt.NDArray[np.uint8]

SCENE_SIZE = (1280, 720)
MODULE_PX = 3
DRAWN_MODULE_PX = 6  # the code before it is put into the scene
QUIET_MODULES = 4
TILT_MAX = 0.08  # of the side: how far a corner leaves the square
NOISE_SIGMA = 10
OPTICS_SIGMA = 0.6  # blur of a focused camera, in pixels of the scene
PARSE_LIMIT_US = 40
READ_LIMIT = 0.98
LOOK_LIMIT = 0.15


def bill_payload() -> bytes:
    """A bill as it comes from the mail: some 340 bytes, version 14 at level M."""
    _, payload = make_bill("100000017", 1_543_21, date(2026, 11, 23))
    named = {"lastName": "Белозёрова", "firstName": "Анна"}
    return compose(dict(parse(payload).fields) | named, encoding=BillEncoding.UTF_8)


def draw_code(payload: bytes) -> Pixels:
    symbol = segno.make(payload, error="m", mode="byte", micro=False, boost_error=False)
    modules = np.array([list(row) for row in symbol.matrix_iter(border=QUIET_MODULES)], np.uint8)
    return np.kron(np.where(modules, 30, 225).astype(np.uint8), np.ones((DRAWN_MODULE_PX, DRAWN_MODULE_PX), np.uint8))


def draw_scene(code: Pixels, chance: random.Random, *, with_code: bool = True) -> Pixels:
    """A room, a sheet held up in it, the light and the noise of a camera."""
    noise = np.random.default_rng(chance.getrandbits(32))
    width, height = SCENE_SIZE
    rough = noise.integers(40, 200, (height // 40, width // 40), np.uint8)
    scene = cv2.resize(rough, SCENE_SIZE, interpolation=cv2.INTER_CUBIC)
    if with_code:
        _put(scene, code, chance)
    light = np.linspace(chance.uniform(0.75, 1.0), chance.uniform(0.75, 1.0), width, dtype=np.float32)
    lit = cv2.GaussianBlur(scene, (0, 0), OPTICS_SIGMA) * light
    grainy = lit + noise.normal(0, NOISE_SIGMA, lit.shape).astype(np.float32)
    return np.asarray(cv2.cvtColor(np.clip(grainy, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR), np.uint8)


def _put(scene: Pixels, code: Pixels, chance: random.Random) -> None:
    width, height = SCENE_SIZE
    side = code.shape[0] * MODULE_PX // DRAWN_MODULE_PX
    reach = side * 0.75
    centre = np.array([chance.uniform(reach, width - reach), chance.uniform(reach, height - reach)])
    angle = chance.uniform(0, 2 * np.pi)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * side / 2
    corners += np.array([[chance.uniform(-TILT_MAX, TILT_MAX) * side for _ in range(2)] for _ in range(4)]) / 2
    there = (corners @ turn.T + centre).astype(np.float32)
    here = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * code.shape[0]
    way = cv2.getPerspectiveTransform(here, there)
    soft = cv2.GaussianBlur(
        code, (0, 0), DRAWN_MODULE_PX / MODULE_PX / 2
    )  # a pixel gathers the light of its whole area
    sheet = cv2.warpPerspective(soft, way, SCENE_SIZE, flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.full_like(code, 255), way, SCENE_SIZE)
    scene[mask > 127] = sheet[mask > 127]


def measure_parsing(payload: bytes, rounds: int) -> dict[str, float]:
    parsed, bare = [], []
    for _ in range(rounds):
        parsed.append(_took_ns(lambda: parse(payload)))
        bare.append(_took_ns(lambda: _bare_split(payload)))
    parse_us, bare_us = statistics.median(parsed) / 1000, statistics.median(bare) / 1000
    return {
        "payload_bytes": len(payload),
        "parse_us_p50": round(parse_us, 1),
        "parse_us_p99": round(statistics.quantiles(parsed, n=100)[98] / 1000, 1),
        "bare_split_us_p50": round(bare_us, 1),
        "parse_to_bare_split": round(parse_us / bare_us, 1),
        "parse_limit_us": PARSE_LIMIT_US,
    }


def measure_reading(payload: bytes, scenes: int, seed: int) -> dict[str, float]:
    chance, code = random.Random(seed), draw_code(payload)
    read, took, took_empty = 0, [], []
    search, search_empty = CodeSearch(), CodeSearch()
    for _ in range(scenes):
        scene, empty = draw_scene(code, chance), draw_scene(code, chance, with_code=False)
        began_ns = time.thread_time_ns()
        found = search.look(scene)
        took.append(time.thread_time_ns() - began_ns)
        read += [one.payload for one in found] == [payload]
        began_ns = time.thread_time_ns()
        assert not search_empty.look(empty)
        took_empty.append(time.thread_time_ns() - began_ns)
    look_ms, empty_ms = statistics.mean(took) / 1e6, statistics.mean(took_empty) / 1e6
    return {
        "scenes": scenes,
        "modules": code.shape[0] // DRAWN_MODULE_PX - 2 * QUIET_MODULES,
        "read_share": round(read / scenes, 4),
        "read_limit": READ_LIMIT,
        "look_ms_mean": round(look_ms, 2),
        "look_empty_ms_mean": round(empty_ms, 2),
        "looks_a_second": round(1 / LOOK_PERIOD_S, 1),
        "looking_share_of_core": round(look_ms / 1000 / LOOK_PERIOD_S, 3),
        "looking_empty_share_of_core": round(empty_ms / 1000 / LOOK_PERIOD_S, 3),
        "looking_limit": LOOK_LIMIT,
    }


def _took_ns(work: Callable[[], object]) -> int:
    began_ns = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - began_ns


def _bare_split(payload: bytes) -> dict[str, str]:
    text = payload.decode()
    return dict(pair.split("=", 1) for pair in text[8:].split(text[7]))  # type: ignore[misc]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.bench_codes", description=__doc__)
    parser.add_argument("--scenes", type=int, default=500, help="pictures to read (default 500)")
    parser.add_argument("--rounds", type=int, default=20_000, help="bills to parse (default 20000)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="one JSON line")
    options = parser.parse_args()
    if options.scenes < 1 or options.rounds < 100:
        parser.error("at least one scene and a hundred rounds are needed to measure anything")
    payload = bill_payload()
    figures = measure_parsing(payload, options.rounds) | measure_reading(payload, options.scenes, options.seed)
    print(json.dumps(figures) if options.json else "\n".join(f"{name:30} {value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
