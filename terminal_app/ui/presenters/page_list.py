"""A page to choose from: services, topics, offices, times."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import TerminalState, UiToCore
from terminal_app.ipc.pages import Choose
from terminal_app.ui.presenters.page_words import ChoiceView, choice_views, chosen, sentence_of, title_of
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class PageListView:
    title: str
    sentence: str
    choices: tuple[ChoiceView, ...]
    busy: bool


class PageListPresenter(Presenter[PageListView]):
    """Tiles, as many pages of them as it takes."""

    def view(self, state: TerminalState) -> PageListView:
        page = state.page
        assert page is not None
        return PageListView(title_of(page), sentence_of(page), choice_views(page, busy=state.busy), state.busy)

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        picked = chosen(key, state)
        return Choose(state.page.name, picked) if picked and state.page is not None else None
