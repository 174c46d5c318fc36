"""A page to look over: what is about to be sent, or what came of it. The first button is the main one."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import TerminalState, UiToCore
from terminal_app.ipc.pages import Choose, Tone
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.page_words import (
    ChoiceView,
    PairView,
    choice_views,
    chosen,
    pair_views,
    sentence_of,
    title_of,
)
from terminal_app.ui.presenters.presenter import Presenter

_ICONS = {Tone.PLAIN: "", Tone.GOOD: "check_circle", Tone.WARN: "warning"}


@dataclass(frozen=True, slots=True)
class PageSummaryView:
    icon: str
    good: bool
    title: str
    number: str
    sentence: str
    pairs: tuple[PairView, ...]
    qr: str
    main: ChoiceView | None
    others: tuple[ChoiceView, ...]
    waiting: str  # empty: nobody waits


class PageSummaryPresenter(Presenter[PageSummaryView]):
    """What a customer is to take home stands here large."""

    def view(self, state: TerminalState) -> PageSummaryView:
        page = state.page
        assert page is not None
        choices = choice_views(page, busy=state.busy)
        return PageSummaryView(
            icon=_ICONS[page.tone],
            good=page.tone is Tone.GOOD,
            title=title_of(page),
            number=page.number,
            sentence=sentence_of(page),
            pairs=pair_views(page),
            qr=page.qr,
            main=choices[0] if choices else None,
            others=choices[1:],
            waiting=t("page.waiting") if state.busy else "",
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        picked = chosen(key, state)
        return Choose(state.page.name, picked) if picked and state.page is not None else None
