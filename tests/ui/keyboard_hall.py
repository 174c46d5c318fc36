"""The real ui program with one screen swapped: a page to type on shows the keyboard, whatever it shows in the house."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from terminal_app.ipc.messages import Screen, TerminalState, UiToCore
from terminal_app.ipc.pages import Enter, EntryKind
from terminal_app.ui import app, theme
from terminal_app.ui.keyboard_layout import Layout
from terminal_app.ui.presenters.presenter import Presenter
from terminal_app.ui.presenters.typing import (
    field_text,
    keyboard_of,
    left_told,
    new_draft,
    sent_text,
    typed_text,
)

KV = """
#:import theme terminal_app.ui.theme
#:import u terminal_app.ui.theme.u

<HallScreen>:
    Half:
        spacing: u(theme.either(5, 2))
        Half:
            spacing: u(1)
            size_hint_y: 0.01
            Heading:
                text: root.view.title
            BoxLayout:
                orientation: theme.either("vertical", "horizontal")
                size_hint_y: None
                height: self.minimum_height
                Soft:
                    text: root.view.sentence
                    style: theme.either("body", "small")
                UiText:
                    text: root.view.left
                    style: "small"
                    halign: theme.either("left", "right")
                    color: theme.colours.ink_soft
            Widget:
        BoxLayout:
            size_hint_y: None
            height: self.minimum_height
            spacing: u(theme.either(0, 5))
            TypingField:
                text: root.view.text
                cursor: root.view.cursor
                hint: "Пока ничего"
                lines: root.view.lines
                starts_page: True
            Shown:
                shown: root.view.beside
                size_hint_x: None
                width: u(84) * self.shown
                HallNext:
                    style: "label"
        Half:
            spacing: u(theme.either(5, 0))
            Keyboard:
                layout: root.view.keyboard
            Shown:
                shown: not root.view.beside
                HallNext:
                    least: 32

<HallNext@Action>:
    key: "next"
    variant: "primary"
    text: "Дальше"
"""


@dataclass(frozen=True, slots=True)
class HallView:
    title: str
    sentence: str
    text: str
    cursor: int
    lines: int
    left: str
    beside: bool  # «Дальше» stands beside the field, where there is no height for it
    keyboard: Layout


class HallPresenter(Presenter[HallView]):
    """As small as a presenter of a page to type on can be."""

    def __init__(self, state: TerminalState) -> None:
        super().__init__(state)
        assert state.page is not None
        assert state.page.entry is not None
        self._kind = state.page.entry.kind
        self._draft = new_draft(self._kind, state.page.entry.draft, state.page.entry.length_max)

    def view(self, state: TerminalState) -> HallView:
        assert state.page is not None
        text, cursor = field_text(self._draft, self._kind)
        return HallView(
            title=state.page.title.text,
            sentence=state.page.sentence.text,
            text=text,
            cursor=cursor,
            lines=theme.either(4, 2) if self._kind is EntryKind.LONG_TEXT else 1,
            left=left_told(self._draft, self._kind),
            beside=not theme.portrait(),
            keyboard=keyboard_of(self._draft, self._kind),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        assert state.page is not None
        if key == "next":
            return Enter(state.page.name, sent_text(self._draft, self._kind))
        self._draft = typed_text(self._draft, key, self._kind)
        return None


def main(run_dir: Path, **settings: Any) -> None:
    """`app.main` with the keyboard on `Screen.PAGE_ENTRY`."""
    configure: Callable[..., None] = app._configure

    def configure_and_swap(*words: Any) -> None:
        """Between Kivy's settings and its window: nothing of Kivy may be imported sooner."""
        configure(*words)
        from kivy.lang import Builder

        from terminal_app.ui.router import ROUTES
        from terminal_app.ui.screens.screen import KioskScreen

        ROUTES[Screen.PAGE_ENTRY] = (HallPresenter, type("HallScreen", (KioskScreen,), {}))
        Builder.load_string(KV)

    app._configure = configure_and_swap
    app.main(run_dir, **settings)


if __name__ == "__main__":
    sys.exit("started by tests/ui/test_terminal_keyboard.py")
