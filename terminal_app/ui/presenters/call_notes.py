"""Writing to the consultant in a call: by finger, by keys, and reading all of it again (clauses 9.6.10, 9.6.11)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from signaling_server.contract.notes import NOTE_LENGTH_MAX, CallNote, CardAnswer, NoteAuthor
from terminal_app.ipc.call_messages import AnswerCard, CallPane, OpenPane, WriteNote
from terminal_app.ipc.messages import CallView, TerminalState, UiToCore
from terminal_app.ipc.pages import EntryKind
from terminal_app.ui import theme
from terminal_app.ui.keyboard_layout import Layout
from terminal_app.ui.locale import t, unbroken
from terminal_app.ui.presenters.drawing import PadView, Sheet, pad_view, pressed, sent, with_stroke
from terminal_app.ui.presenters.page_text import PageTextView, PieceView, cut, piece_length_max
from terminal_app.ui.presenters.page_words import ChoiceView
from terminal_app.ui.presenters.plate import plate_view
from terminal_app.ui.presenters.presenter import Presenter
from terminal_app.ui.presenters.typing import field_text, is_enough, keyboard_of, left_told, new_draft, typed_text

SEND, TALK, SIMPLER = "send_note", "talk", "simpler"
KIND = EntryKind.LONG_TEXT
CAPTION_LENGTH_MAX = 160  # over the picture; all of it stands among the notes
SMALL_CAPTION_LENGTH_MAX = 70  # over a pad or a keyboard, where there is no height
CAPTIONS_LENGTH_MAX, SMALL_CAPTIONS_LENGTH_MAX = 70, 50  # of what is said: two or three lines


@dataclass(frozen=True, slots=True)
class TalkView:
    """Who is on the line while the customer writes, and what he wrote last."""

    who: str  # whose picture it is; the plate stands above (plate.py)
    caption: str
    automatic: bool = False  # it is what he says, by the recogniser


@dataclass(frozen=True, slots=True)
class CallPadView:
    talk: TalkView
    pad: PadView
    may_send: bool


@dataclass(frozen=True, slots=True)
class CallTypingView:
    talk: TalkView
    text: str
    cursor: int
    left: str
    keyboard: Layout
    may_send: bool


class CallPadPresenter(Presenter[CallPadView]):
    def __init__(self, state: TerminalState) -> None:
        super().__init__(state)
        self._sheet = Sheet()

    def view(self, state: TerminalState) -> CallPadView:
        return CallPadView(talk_view(state.call), pad_view(self._sheet), may_send=bool(self._sheet.strokes))

    def draw(self, points: Sequence[int], height: int) -> None:
        self._sheet = with_stroke(self._sheet, points, height)

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        drawing = sent(self._sheet)
        if key == SEND and drawing is not None:
            return WriteNote(drawing=drawing)
        self._sheet = pressed(self._sheet, key)
        return None


class CallTypingPresenter(Presenter[CallTypingView]):
    def __init__(self, state: TerminalState) -> None:
        super().__init__(state)
        self._draft = new_draft(KIND, "", NOTE_LENGTH_MAX)

    def view(self, state: TerminalState) -> CallTypingView:
        text, cursor = field_text(self._draft, KIND)
        return CallTypingView(
            talk=talk_view(state.call),
            text=text,
            cursor=cursor,
            left=left_told(self._draft, KIND),
            keyboard=keyboard_of(self._draft, KIND),
            may_send=is_enough(self._draft, KIND),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        if key == SEND:
            return WriteNote(text=self._draft.text) if is_enough(self._draft, KIND) else None
        self._draft = typed_text(self._draft, key, KIND)
        return None


class CallNotesPresenter(Presenter[PageTextView]):
    """Everything that was written, as an article."""

    def view(self, state: TerminalState) -> PageTextView:
        notes = (state.call or CallView()).notes
        return PageTextView(
            title=t("notes.title"),
            sentence="",
            pieces=tuple(piece for note in notes for piece in _pieces(note)),
            main=ChoiceView(TALK, t("notes.talk"), "", "", enabled=True),
            others=(simpler_view(notes, said.note_id),) if (said := last_of_agent(notes)) else (),
            waiting="",
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        said = last_of_agent((state.call or CallView()).notes)
        if key == SIMPLER and said is not None:
            return AnswerCard(said.note_id, CardAnswer.SIMPLER)
        return OpenPane(CallPane.TALK) if key == TALK else None


def talk_view(call: CallView | None) -> TalkView:
    call = call or CallView()
    who = plate_view(call).full_name
    if said := captions_of(call, SMALL_CAPTIONS_LENGTH_MAX):
        return TalkView(who, t("captions.short", text=said), automatic=True)
    return TalkView(
        who=who,
        caption=caption_of(call, CAPTION_LENGTH_MAX if theme.portrait() else SMALL_CAPTION_LENGTH_MAX),
    )


def caption_of(call: CallView, length_max: int = CAPTION_LENGTH_MAX) -> str:
    """The agent's last words; a long text is cut between words."""
    last = last_of_agent(call.notes)
    said = last.text if last is not None else ""
    if len(said) > length_max:
        said = said[:length_max].rsplit(" ", 1)[0].rstrip(" ,.;:") + "…"
    return unbroken(said)


def captions_of(call: CallView, length_max: int = CAPTIONS_LENGTH_MAX) -> str:
    """The end of what the agent says; empty: no captions, or nothing was said yet."""
    said = call.captions.text
    if len(said) > length_max:
        said = "…" + said[-length_max:].split(" ", 1)[-1]
    return said if call.captions.on else ""


def last_of_agent(notes: Sequence[CallNote]) -> CallNote | None:
    return next((note for note in reversed(notes) if note.author is NoteAuthor.AGENT), None)


def simpler_view(notes: Sequence[CallNote], note_id: str) -> ChoiceView:
    """«Поясните проще», once for each text of the agent (clause 9.6.11f)."""
    asked = any(note.answer_to == note_id and note.answer is CardAnswer.SIMPLER for note in notes)
    return ChoiceView(SIMPLER, t("card.simpler_asked" if asked else "card.simpler"), "", "", enabled=not asked)


def _pieces(note: CallNote) -> tuple[PieceView, ...]:
    if note.answer is CardAnswer.CLOSED or note.author is NoteAuthor.TERMINAL:
        return ()
    answered = t(f"card.{note.answer}") if note.answer is not None else t("notes.by_hand")
    words = note.text or answered
    head = PieceView(heading=t(f"notes.{note.author.value}"))
    return (head, *(PieceView(text=unbroken(text)) for text in cut(words, piece_length_max())))
