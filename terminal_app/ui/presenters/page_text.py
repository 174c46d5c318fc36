"""A page to read: an article, a consent, a chapter of the standard. Its buttons stand at its very end.

So a text that has to be read before something is agreed to is seen whole: the button lies on its last page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from textwrap import wrap

from terminal_app.ipc.messages import TerminalState, UiToCore
from terminal_app.ipc.pages import Choose, Page, Part
from terminal_app.ui import theme
from terminal_app.ui.locale import t
from terminal_app.ui.presenters.page_words import ChoiceView, choice_views, chosen, said, sentence_of, title_of
from terminal_app.ui.presenters.presenter import Presenter
from terminal_app.ui.presenters.reading import Ended, ReadingAloud, ReadingView, Sentence

PIECE_LENGTH_MAX = 320  # signs of one piece: a piece is never torn between two pages of the glass
LARGE_PIECE_LENGTH_MAX = 110  # of letters twice as large on a lying glass
_SENTENCE_END = re.compile(r"(?<=[.!?;:…])\s+")


@dataclass(frozen=True, slots=True)
class PieceView:
    """One thing under the other; all but one of the fields are empty."""

    heading: str = ""
    text: str = ""
    picture: bytes = b""
    cells: tuple[str, ...] = ()
    head: bool = False  # of a table
    say: str = ""
    alone: bool = False  # a picture that is all there is to look at: a photo just taken


@dataclass(frozen=True, slots=True)
class PageTextView:
    title: str
    sentence: str
    pieces: tuple[PieceView, ...]
    main: ChoiceView | None
    others: tuple[ChoiceView, ...]
    waiting: str
    reading: ReadingView | None = None  # the voice reads it whole: only the sentence of the moment is shown


class PageTextPresenter(Presenter[PageTextView]):
    def __init__(self, state: TerminalState) -> None:
        self._reading: ReadingAloud | None = None
        self._text: list[Part] = []

    def view(self, state: TerminalState) -> PageTextView:
        page = state.page
        assert page is not None
        self._follow(page)
        choices = choice_views(page, busy=state.busy)
        return PageTextView(
            title=title_of(page),
            sentence=sentence_of(page),
            pieces=() if self._reading else _pieces_of(page),
            main=choices[0] if choices else None,
            others=choices[1:],
            waiting=t("page.waiting") if state.busy else "",
            reading=self._reading.view() if self._reading else None,
        )

    def _follow(self, page: Page) -> None:
        """A text that was heard whole and is to be read again begins anew."""
        if page.aloud is None:
            self._reading = None
        elif self._reading is None or self._text != page.parts:
            self._reading, self._text = ReadingAloud(page, page.aloud), page.parts

    def to_say(self) -> Sentence | None:
        return self._reading.now if self._reading else None

    def said(self, sentence: Sentence, how: Ended, state: TerminalState) -> UiToCore | None:
        if self._reading is None or state.page is None:
            return None
        return self._reading.ended(sentence, how, state.page.name)

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if self._reading is not None and self._reading.press(key):
            return None
        picked = chosen(key, state)
        return Choose(state.page.name, picked) if picked and state.page is not None else None


def _pieces_of(page: Page) -> tuple[PieceView, ...]:
    pieces = tuple(piece for part in page.parts for piece in _pieces(part))
    return (replace(pieces[0], alone=True),) if len(pieces) == 1 and pieces[0].picture else pieces


def _pieces(part: Part) -> Iterator[PieceView]:
    if heading := said(part.heading):
        yield PieceView(heading=heading)
    if part.picture:
        yield PieceView(picture=part.picture, say=part.say)
    for number, text in enumerate(cut(said(part.text), piece_length_max())):
        yield PieceView(text=text, say=part.say if number == 0 and not part.picture else "")
    for number, row in enumerate(part.rows):
        yield PieceView(cells=tuple(row), head=number == 0)


def piece_length_max() -> int:
    """Of one piece, in letters of this size."""
    return LARGE_PIECE_LENGTH_MAX if theme.large() else PIECE_LENGTH_MAX


def cut(text: str, length_max: int) -> Iterator[str]:
    """A text in pieces of whole sentences, each short enough for one page; paragraphs stay apart."""
    for paragraph in text.split("\n"):
        piece = ""
        for sentence in (part for whole in _SENTENCE_END.split(paragraph.strip()) for part in wrap(whole, length_max)):
            if piece and len(piece) + len(sentence) > length_max:
                yield piece
                piece = ""
            piece = f"{piece} {sentence}".strip()
        if piece:
            yield piece
