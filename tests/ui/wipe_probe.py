"""The ui program with the probe of its memory inside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from terminal_app.ui import app
from tests.integration import memory_probe


def main(run_dir: Path, **words: Any) -> None:
    memory_probe.install(run_dir / "probe.json", run_dir / "needles.json")
    app.main(run_dir, **words)
