"""The real ui for bench_note: writes down when the screen's amount property took each sum."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from terminal_app.ui import app

TOLD = "amounts.txt"


def main(run_dir: Path, **words: Any) -> None:
    """A line for each sum in `run_dir`/amounts.txt: kopecks inside, monotonic seconds."""
    configure = app._configure

    def configure_and_watch(*settings: Any) -> None:
        configure(*settings)
        from terminal_app.ui.kiosk import KioskApp  # it opens the window, which must be configured by then

        draw, told = KioskApp._draw, (run_dir / TOLD).open("w", buffering=1)
        last_minor = -1

        def watched(self: KioskApp, state: Any) -> None:
            nonlocal last_minor
            draw(self, state)
            at_s, inside_minor = time.monotonic(), state.cash.inserted_minor if state.cash is not None else 0
            if inside_minor != last_minor:
                last_minor = inside_minor
                print(inside_minor, at_s, file=told)

        KioskApp._draw = watched  # type: ignore[method-assign]

    app._configure = configure_and_watch
    app.main(run_dir, **words)
