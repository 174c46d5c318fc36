"""A page to type one thing on: a reading, a phone, a word to look for. What was typed before is there again."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import TerminalState, UiToCore
from terminal_app.ipc.pages import NOTHING, Choose, Enter, Entry, EntryKind
from terminal_app.ui import theme
from terminal_app.ui.keyboard_layout import Layout
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.help import TAKE, ProposalView, answer, proposal, proposal_view
from terminal_app.ui.presenters.page_words import ChoiceView, choice_views, chosen, said, sentence_of, title_of
from terminal_app.ui.presenters.presenter import Presenter
from terminal_app.ui.presenters.typing import (
    NUMBERS,
    field_text,
    is_enough,
    keyboard_of,
    left_told,
    new_draft,
    sent_text,
    typed_text,
)

HIDDEN = "•"  # for a sign of a PIN
LINES_STANDING, LINES_LYING = 4, 2  # of the field of a long text


@dataclass(frozen=True, slots=True)
class PageEntryView:
    title: str
    sentence: str
    text: str
    cursor: int
    lines: int
    left: str  # how much still fits; empty: plenty
    hint: str  # in the empty field
    error: str
    numbers: bool  # a keypad beside the field
    keyboard: Layout
    may_go_on: bool
    next_label: str
    others: tuple[ChoiceView, ...]
    proposal: ProposalView | None  # of the consultant; it takes the place of the keys


class PageEntryPresenter(Presenter[PageEntryView]):
    """Keeps the draft; an error of core stands beside it until it is changed."""

    def __init__(self, state: TerminalState) -> None:
        super().__init__(state)
        entry = _entry(state)
        self._kind = entry.kind
        self._draft = new_draft(entry.kind, entry.draft, entry.length_max)
        self._refused = self._draft.text

    def view(self, state: TerminalState) -> PageEntryView:
        page, entry = state.page, _entry(state)
        assert page is not None
        if state.busy:
            self._refused = self._draft.text  # whatever is said of it, it is said of this
        text, cursor = field_text(self._draft, self._kind)
        if entry.secret:
            text = HIDDEN * len(text)
        return PageEntryView(
            title=title_of(page),
            sentence=sentence_of(page),
            text=text,
            cursor=cursor,
            lines=_lines(self._kind),
            left=left_told(self._draft, self._kind),
            hint=t("page.entry_hint"),
            error=said(entry.error) if self._draft.text == self._refused and not state.busy else "",
            numbers=self._kind in NUMBERS,
            keyboard=keyboard_of(self._draft, self._kind),
            may_go_on=is_enough(self._draft, self._kind, entry.length_min) and not state.busy,
            next_label=t("page.waiting" if state.busy else "page.next"),
            others=choice_views(page, busy=state.busy),
            proposal=proposal_view(state, title_of(page)),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if state.busy or state.page is None:
            return None
        if (standing := proposal(state)) is not None:
            if key == TAKE:
                self._draft = new_draft(self._kind, standing.value, self._draft.length_max)
            return answer(key, standing)
        if key == "next":
            return self._next(_entry(state), state.page.name)
        if picked := chosen(key, state):
            return Choose(state.page.name, picked)
        typed = typed_text(self._draft, key, self._kind)
        if typed == self._draft and self._stands_refused(_entry(state)):
            typed = typed_text(new_draft(self._kind, "", typed.length_max), key, self._kind)
        self._draft = typed
        return None

    def _stands_refused(self, entry: Entry) -> bool:
        """A code that was wrong and fills its field: what is typed now is another one."""
        full = len(self._draft.text) == self._draft.length_max
        return full and entry.error != NOTHING and self._draft.text == self._refused

    def _next(self, entry: Entry, page: str) -> UiToCore | None:
        if not is_enough(self._draft, self._kind, entry.length_min):
            return None
        sent = Enter(page, sent_text(self._draft, self._kind))
        self._refused = self._draft.text  # core may say at once what is wrong with it
        if entry.secret:
            self._draft = new_draft(self._kind, "", entry.length_max)
            self._refused = ""
        return sent


def _lines(kind: EntryKind) -> int:
    if kind is not EntryKind.LONG_TEXT:
        return 1
    return LINES_STANDING if theme.portrait() else LINES_LYING


def _entry(state: TerminalState) -> Entry:
    assert state.page is not None
    assert state.page.entry is not None
    return state.page.entry
