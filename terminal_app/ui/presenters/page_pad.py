"""A page to write on by finger or stylus (clause 9.6.10): the first choice hands the sheet over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from terminal_app.ipc.messages import TerminalState, UiToCore
from terminal_app.ipc.pages import Choose, Draw
from terminal_app.ui.presenters.drawing import PadView, Sheet, pad_view, pressed, sent, with_stroke
from terminal_app.ui.presenters.page_words import ChoiceView, choice_views, chosen, sentence_of, title_of
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class PagePadView:
    title: str
    sentence: str
    pad: PadView
    main: ChoiceView | None
    others: tuple[ChoiceView, ...]


class PagePadPresenter(Presenter[PagePadView]):
    """Keeps the sheet; it goes away with the page."""

    def __init__(self, state: TerminalState) -> None:
        super().__init__(state)
        self._sheet = Sheet()

    def view(self, state: TerminalState) -> PagePadView:
        page = state.page
        assert page is not None
        main, *others = choice_views(page, busy=state.busy)
        return PagePadView(
            title=title_of(page),
            sentence=sentence_of(page),
            pad=pad_view(self._sheet),
            main=replace(main, enabled=main.enabled and bool(self._sheet.strokes)),
            others=tuple(others),
        )

    def draw(self, points: Sequence[int], height: int) -> None:
        self._sheet = with_stroke(self._sheet, points, height)

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        page = state.page
        if page is None or state.busy:
            return None
        picked, drawing = chosen(key, state), sent(self._sheet)
        if picked and picked == page.choices[0].key:
            return Draw(page.name, drawing) if drawing is not None else None
        if picked:
            return Choose(page.name, picked)
        self._sheet = pressed(self._sheet, key)
        return None
