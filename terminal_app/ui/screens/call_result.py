"""The cases of a call after it. The look is in call_result.kv."""

from __future__ import annotations

from typing import Any

from kivy.properties import AliasProperty

from terminal_app.ui import theme
from terminal_app.ui.locale import t
from terminal_app.ui.screens.screen import KioskScreen
from terminal_app.ui.widgets.base import Row


class CallResultScreen(KioskScreen):
    """Number, date, term and way of the answer."""


class ResultCaseRow(Row):
    """One case. Where the glass lies its number stands beside what it is."""

    number_words = AliasProperty(lambda self: _number_words(self.item), bind=("item",))


def _number_words(item: Any) -> str:
    if item is None:
        return ""
    return f"{t('result.number')} {item.number}" if theme.beside() and not item.short else str(item.number)
