"""What every screen widget is: a view of one value. The look is in the KV file beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kivy.lang import Builder
from kivy.properties import ObjectProperty
from kivy.uix.boxlayout import BoxLayout

from terminal_app.ui.widgets import base, keyboard, keypad, pad, page_parts, pager, video  # noqa: F401  KV files name their classes

SCREENS_DIR = Path(__file__).parent
WIDGETS_DIR = SCREENS_DIR.parent / "widgets"


class KioskScreen(BoxLayout):
    """KV reads `root.view.*`; equal views change nothing, so nothing is drawn again."""

    view: Any = ObjectProperty(None, rebind=True)


def load_kv() -> None:
    """Reads every KV file once, after the theme knows the window."""
    for path in [*sorted(WIDGETS_DIR.glob("*.kv")), SCREENS_DIR / "screen.kv", *sorted(SCREENS_DIR.glob("*.kv"))]:
        if str(path) not in Builder.files:
            Builder.load_file(str(path))
