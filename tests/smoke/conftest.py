"""The running house that the smoke tests share: the demo as its user starts it, a sound card, a robot at the screen."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.smoke.places import PLACE, ROOT, TERMINAL_TONE_HZ
from tests.smoke.robot import TouchRobot, wait_for
from tests.smoke.sound import SoundCard, sound_card

DEMO_READY_S_MAX = 120.0


@pytest.fixture(scope="session")
def summary() -> Iterator[dict[str, Any]]:
    """What the run measured; written whatever happened."""
    measured: dict[str, Any] = {}
    yield measured
    (PLACE / "summary.json").write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n")


@pytest.fixture(scope="session")
def card() -> Iterator[SoundCard]:
    """The terminal's sound card: 440 Hz at its microphone."""
    shutil.rmtree(PLACE, ignore_errors=True)
    with sound_card(PLACE / "sound", TERMINAL_TONE_HZ) as found:
        yield found


@pytest.fixture(scope="session")
def demo(summary: dict[str, Any], card: SoundCard) -> Iterator[dict[str, str]]:
    """The demo on fresh data, started as its user starts it and ended by Ctrl-C; nothing may be left behind."""
    data = PLACE / "data"
    data.mkdir(parents=True)
    began_s = time.monotonic()
    words = [sys.executable, "-m", "terminal_app", "demo", "--data", str(data), "--headless"]
    with (PLACE / "demo.log").open("wb") as log:
        process = subprocess.Popen(
            words, cwd=ROOT, stdout=log, stderr=log, start_new_session=True, env={**os.environ, **card.environment}
        )
    try:
        stand = wait_for("the demo to be ready", lambda: _stand(data, process), DEMO_READY_S_MAX)
        summary["demo_ready_s"] = round(time.monotonic() - began_s, 1)
        yield stand
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)
    wait_for("every process of the demo to be gone", lambda: not _left_of(str(data)), 5)


def _stand(data: Path, process: subprocess.Popen[bytes]) -> dict[str, str] | None:
    assert process.poll() is None, (PLACE / "demo.log").read_text()[-2000:]
    path = data / "stand.json"
    return json.loads(path.read_text()) if path.exists() else None


def _left_of(mark: str) -> list[str]:
    """Command lines of processes that still carry this demo's folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if mark in line and "pytest" not in line:
            found.append(line)
    return found


@pytest.fixture(scope="session")
def robot(demo: dict[str, str]) -> TouchRobot:
    return TouchRobot(Path(demo["robot"]), demo["display"], PLACE)
