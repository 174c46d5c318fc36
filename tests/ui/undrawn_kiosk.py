"""The ui program for who reads its layout and never its picture: nothing is drawn.

Layout, words and the semantic tree need no drawing; in software it is half of what a screen costs.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

PICTURES_PER_S_MAX = 250  # not unlimited: what moves has to be seen moving from one lap to the next


def main(run_dir: Path, **settings: Any) -> None:
    os.environ.update(KIVY_NO_ARGS="1", KIVY_NO_CONFIG="1", KIVY_NO_FILELOG="1", KIVY_HOME=str(run_dir / "kivy"))
    (run_dir / "kivy").mkdir(parents=True, exist_ok=True)
    from kivy.base import EventLoop
    from kivy.config import Config

    Config.set("graphics", "maxfps", str(PICTURES_PER_S_MAX))

    class Undrawn:
        """What the loop sees of the window: it never asks to be drawn."""

        def __init__(self, window: Any) -> None:
            self._window = window

        def __getattr__(self, name: str) -> Any:
            return getattr(self._window, name)

        @property
        def canvas(self) -> Any:
            return self

        needs_redraw = False

    set_window = EventLoop.set_window

    def set_undrawn(window: Any) -> None:
        set_window(Undrawn(window))

    EventLoop.set_window = set_undrawn
    from terminal_app.ui import app

    app.main(run_dir, **settings)
