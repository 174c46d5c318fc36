"""How well a shown sheet can be read: `python -m tests.bench.bench_sheet [--scenes N] [--json]`.

A4 with Russian print of 10 pt in a hand (`sheet_scene.py`), taken as the terminal takes it. Corners against the true
ones, dots an inch of the still, and the share of signs that a peer (tesseract, of Debian) reads wrongly. The peer gets
the still three times as large, as an agent does; the same of the bare picture stands beside it.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys

import cv2
import numpy as np

from device_drivers.camera.sheet import find_sheet
from terminal_app.ipc.media_messages import TakePhoto
from terminal_app.media.photo import taken
from tests.bench.sheet_scene import LONG_MM, Pixels, held, printed_page

SIZES = ((1280, 720), (1920, 1080))
LARGER = 3
PEER = ("tesseract", "stdin", "stdout", "-l", "rus", "--psm", "6")


def main() -> int:
    parser = argparse.ArgumentParser(description="How well a shown sheet can be read.")
    parser.add_argument("--scenes", type=int, default=6)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    page, text = printed_page()
    for size in SIZES:
        figures = [_measured(page, text, size, seed) for seed in range(arguments.scenes)]
        line = {name: round(statistics.median(each[name] for each in figures), 3) for name in figures[0]}
        line["corner_mm_worst"] = round(max(each["corner_mm"] for each in figures), 2)
        said = {"height_px": size[1], **line}
        print(json.dumps(said) if arguments.json else ", ".join(f"{name} {value}" for name, value in said.items()))
    return 0


def _measured(page: Pixels, text: str, size: tuple[int, int], seed: int) -> dict[str, float]:
    scene = held(page, size, seed)
    sheet = find_sheet(scene.picture)
    assert sheet is not None, f"no sheet in scene {seed}"
    px_per_mm = float(np.linalg.norm(scene.corners[1] - scene.corners[0])) / LONG_MM
    errors = np.linalg.norm(np.array(sheet.corners) - scene.corners, axis=1) / px_per_mm
    photo = taken(TakePhoto("bench", to_read=True), scene.picture)
    still = np.asarray(cv2.imdecode(np.frombuffer(photo.content, np.uint8), cv2.IMREAD_COLOR), np.uint8)
    return {
        "corner_mm": float(errors.max()),
        "dpi": still.shape[1] / LONG_MM * 25.4,
        "bytes": float(len(photo.content)),
        "wrong_signs": _wrong_part(_read(still), text),
        "wrong_signs_bare": _wrong_part(_read(scene.picture), text),
    }


def _read(picture: Pixels) -> str:
    larger = cv2.resize(picture, None, fx=LARGER, fy=LARGER, interpolation=cv2.INTER_CUBIC)
    stored = cv2.imencode(".png", larger)[1].tobytes()
    try:
        return subprocess.run(PEER, input=stored, capture_output=True, check=True).stdout.decode()
    except FileNotFoundError:
        sys.exit("the peer is not here: apt-get install tesseract-ocr-rus")


def _wrong_part(read: str, true: str) -> float:
    """Edits from one to the other, by the length of the true one (Levenshtein)."""
    read, true = " ".join(read.split()), " ".join(true.split())
    signs = np.array([ord(sign) for sign in read], np.int32)
    before = np.arange(len(signs) + 1)
    for row, sign in enumerate(true, start=1):
        kept = np.minimum(before[:-1] + (signs != ord(sign)), before[1:] + 1)
        now = np.concatenate(([row], kept))
        ahead = np.arange(len(now))
        before = np.minimum.accumulate(now - ahead) + ahead
    return float(before[-1]) / len(true)


if __name__ == "__main__":
    sys.exit(main())
