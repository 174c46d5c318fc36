"""A page to choose from: services, topics, offices, times."""

from __future__ import annotations

from dataclasses import dataclass, replace

from terminal_app.ipc.messages import TerminalState, UiToCore
from terminal_app.ipc.pages import Choose
from terminal_app.ui.presenters.page_words import ChoiceView, choice_views, chosen, said, sentence_of, title_of
from terminal_app.ui.presenters.presenter import Presenter

EXPLAINED_MAX = 5  # more choices than these stand close together on one glass, without what explains their titles


CHOICES_OF_TWO_COLUMNS_MIN = 4
CHOICES_OF_TWO_COLUMNS = 8
WORD_OF_THREE_COLUMNS = 10  # signs


@dataclass(frozen=True, slots=True)
class PageListView:
    title: str
    sentence: str
    choices: tuple[ChoiceView, ...]
    slim: bool  # many and short
    columns: int  # where the glass lies
    busy: bool


class PageListPresenter(Presenter[PageListView]):
    """Tiles, as many pages of them as it takes."""

    def view(self, state: TerminalState) -> PageListView:
        page = state.page
        assert page is not None
        choices, slim = choice_views(page, busy=state.busy), len(page.choices) > EXPLAINED_MAX
        if slim and not any(said(choice.hint) for choice in page.choices):  # no news of the office among them
            choices = tuple(replace(choice, hint="") for choice in choices)
        return PageListView(title_of(page), sentence_of(page), choices, slim, _columns(choices), state.busy)

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        picked = chosen(key, state)
        return Choose(state.page.name, picked) if picked and state.page is not None else None


def _columns(choices: tuple[ChoiceView, ...]) -> int:
    """Three where no word of theirs is too long for it."""
    longest = max((len(word) for choice in choices for word in choice.title.split()), default=0)
    if len(choices) > CHOICES_OF_TWO_COLUMNS and longest <= WORD_OF_THREE_COLUMNS:
        return 3
    return 2 if len(choices) >= CHOICES_OF_TWO_COLUMNS_MIN else 1
