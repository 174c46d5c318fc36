"""The cases of a call after it. The look is in call_result.kv."""

from __future__ import annotations

from terminal_app.ui.screens.screen import KioskScreen
from terminal_app.ui.widgets.base import Row


class CallResultScreen(KioskScreen):
    """Number, date, term and way of the answer."""


class ResultCaseRow(Row):
    """One case."""
