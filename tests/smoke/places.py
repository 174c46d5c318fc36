"""Where the smoke run is, and what it does from outside the programs: the hand, and questions over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build" / "smoke"
TERMINAL_TONE_HZ = 440


def hand(demo: dict[str, str], *words: str) -> dict[str, Any]:
    """One act of the customer's hand, by the command its user types."""
    data = str(Path(demo["config"]).parent)
    done = subprocess.run(
        [sys.executable, "-m", "terminal_app", "hand", "--data", data, *words],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def get(url: str) -> Any:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return json.load(answer)
