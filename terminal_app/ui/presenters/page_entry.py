"""A page to type one thing on: a reading, a phone, a code. What was typed before is there again."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import TerminalState, UiToCore
from terminal_app.ipc.pages import Choose, Enter, Entry
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.page_words import ChoiceView, choice_views, chosen, said, sentence_of, title_of
from terminal_app.ui.presenters.presenter import Presenter, typed


@dataclass(frozen=True, slots=True)
class PageEntryView:
    title: str
    sentence: str
    text: str
    hint: str  # in the empty field
    error: str
    may_go_on: bool
    next_label: str
    others: tuple[ChoiceView, ...]


class PageEntryPresenter(Presenter[PageEntryView]):
    """Keeps the draft; an error of core stands beside it until it is changed."""

    def __init__(self, state: TerminalState) -> None:
        super().__init__(state)
        self._draft = _entry(state).draft
        self._refused = self._draft

    def view(self, state: TerminalState) -> PageEntryView:
        page, entry = state.page, _entry(state)
        assert page is not None
        if state.busy:
            self._refused = self._draft  # whatever is said of it, it is said of this
        enough = len(self._draft) >= entry.length_min
        return PageEntryView(
            title=title_of(page),
            sentence=sentence_of(page),
            text=self._draft,
            hint=t("page.entry_hint"),
            error=said(entry.error) if self._draft == self._refused and not state.busy else "",
            may_go_on=enough and not state.busy,
            next_label=t("page.waiting" if state.busy else "page.next"),
            others=choice_views(page, busy=state.busy),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if state.busy or state.page is None:
            return None
        if key == "next":
            return Enter(state.page.name, self._draft) if self.view(state).may_go_on else None
        if picked := chosen(key, state):
            return Choose(state.page.name, picked)
        self._draft = typed(self._draft, key, _entry(state).length_max)
        return None


def _entry(state: TerminalState) -> Entry:
    assert state.page is not None
    assert state.page.entry is not None
    return state.page.entry
