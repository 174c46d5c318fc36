"""A page with the camera's picture: how to hold the paper, and one button."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import TerminalState, UiToCore
from terminal_app.ipc.pages import Choose, Page
from terminal_app.ui.locale import has, t
from terminal_app.ui.presenters.page_words import ChoiceView, choice_views, chosen, sentence_of, title_of
from terminal_app.ui.presenters.presenter import Presenter


@dataclass(frozen=True, slots=True)
class PagePhotoView:
    title: str
    hint: str
    good: bool
    main: ChoiceView | None
    others: tuple[ChoiceView, ...]


class PagePhotoPresenter(Presenter[PagePhotoView]):
    """The photo can always be taken: the hint helps the hand and forbids nothing."""

    def view(self, state: TerminalState) -> PagePhotoView:
        page = state.page
        assert page is not None
        choices = choice_views(page, busy=state.busy)
        said = _hint(page, state.photo_hint) if state.photo_hint else sentence_of(page)
        return PagePhotoView(
            title=title_of(page),
            hint=_hint(page, "taking") if state.busy else said,
            good=state.photo_hint == "good" and not state.busy,
            main=choices[0] if choices else None,
            others=choices[1:],
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        picked = chosen(key, state)
        return Choose(state.page.name, picked) if picked and state.page is not None else None


def _hint(page: Page, hint: str) -> str:
    """In the words of what this page asks to be held there, else of a document."""
    own = f"{page.name}.{hint}"
    return t(own if has(own) else f"photo.{hint}")
