"""A card of the consultant, large: what he asks, shows step by step or gives in writing (clauses 9.3.5, 9.6)."""

from __future__ import annotations

import math
from dataclasses import dataclass

from payment.money import rubles
from payment.receipt import readable_account
from signaling_server.contract.notes import (
    ANSWERS,
    HOLD_ANSWERS,
    PRINTABLE,
    CallNote,
    Card,
    CardAnswer,
    CardKind,
    NoteAuthor,
)
from terminal_app.ipc.call_messages import AnswerCard, HoldStage, PrintCard, Printing
from terminal_app.ipc.messages import Availability, CallView, GoBack, TerminalState, UiToCore
from terminal_app.ui.locale import t, unbroken
from terminal_app.ui.presenters.call_notes import SIMPLER, TalkView, simpler_view, talk_view
from terminal_app.ui.presenters.page_text import cut, piece_length_max
from terminal_app.ui.presenters.page_words import ChoiceView
from terminal_app.ui.presenters.presenter import Presenter

ANSWER, OPTION, PRINT, TALK = "answer_", "option_", "print_card", "talk"
WORDS = {CardKind.ATTENTION: "card.here"}  # of the main answer, where it is not its own name
WITHOUT_SIMPLER = frozenset(
    {
        CardKind.CONFIRM,
        CardKind.ATTENTION,
        CardKind.WARNING,
        CardKind.PAUSE,
        CardKind.RETURN,
        CardKind.MORE,
        CardKind.PAYMENT,
    }
)
EQUAL = frozenset({CardKind.QUESTION, CardKind.MORE, CardKind.PORTAL})  # no answer stands before the others
PULSE_PERIOD_S = 2.0  # of the border: half a flash a second; more than three are dangerous (WCAG 2.3.1)
PRINTINGS = {Printing.BUSY: "card.printing", Printing.DONE: "card.printed", Printing.FAILED: "card.not_printed"}
NO_NOTE = CallNote("-", "-", NoteAuthor.AGENT, card=Card(CardKind.RETURN))


@dataclass(frozen=True, slots=True)
class CallCardView:
    talk: TalkView
    title: str
    sentence: str  # which step, where the card has a title of its own
    pieces: tuple[str, ...]
    told: str  # what came of the paper
    qr: str  # of the ЛКК; empty: none
    main: ChoiceView | None
    others: tuple[ChoiceView, ...]
    pulses: bool


class CallCardPresenter(Presenter[CallCardView]):
    def view(self, state: TerminalState) -> CallCardView:
        call = state.call or CallView()
        note, card = _standing(call)
        if card.kind is CardKind.PAUSE and call.hold in (HoldStage.MINUTE, HoldStage.WAYS):
            return _held(call)
        step = {"step": str(card.step), "steps": str(card.steps)}
        title = t(f"card.{card.kind}.title", **step, amount=rubles(card.amount_minor))
        choices = (*_answers(card, state.availability), *_print(card, call, can_print=state.availability.printer))
        if card.kind not in WITHOUT_SIMPLER:
            choices = (*choices, simpler_view(call.notes, note.note_id))
        main = None if card.options or card.kind in EQUAL else choices[0]
        return CallCardView(
            talk=talk_view(call),
            title=unbroken(card.title) or title,
            sentence=title if card.title and card.kind is CardKind.STEP else "",
            pieces=tuple(unbroken(piece) for piece in (*cut(note.text, piece_length_max()), *_whom(card, state))),
            told=t(PRINTINGS[call.printing]) if call.printing in PRINTINGS else "",
            qr=call.portal_url,
            main=main,
            others=choices[1:] if main is not None else choices,
            pulses=card.kind is CardKind.ATTENTION,
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        note, card = _standing(state.call or CallView())
        if key == SIMPLER:
            return AnswerCard(note.note_id, CardAnswer.SIMPLER)
        if key == PRINT:
            return PrintCard(note.note_id)
        if key == TALK:
            return GoBack()
        for number, option in enumerate(card.options):
            if key == f"{OPTION}{number}":
                return AnswerCard(note.note_id, CardAnswer.OPTION, option)
        for answer in HOLD_ANSWERS if card.kind is CardKind.PAUSE else ANSWERS[card.kind]:
            if key == ANSWER + answer:
                return AnswerCard(note.note_id, answer)
        return None


def _held(call: CallView) -> CallCardView:
    """The agent is away too long: first one more minute is asked for, then other ways are offered (clause 9.4.12)."""
    offers = call.hold is HoldStage.WAYS
    ways = [_choice(ANSWER + way, f"card.{way}") for way in call.ways]
    return CallCardView(
        talk=talk_view(call),
        title=t(f"hold.{call.hold}.title"),
        sentence=t(f"hold.{call.hold}.sentence"),
        pieces=(t("hold.ways.later"),) if offers and not ways else (),
        told="",
        qr="",
        main=_choice(ANSWER + CardAnswer.WAIT, "card.wait") if offers else _choice(TALK, "card.talk"),
        others=tuple(ways),
        pulses=False,
    )


def _choice(key: str, words: str) -> ChoiceView:
    return ChoiceView(key, t(words), "", "", enabled=True)


def pulse_at(now_s: float) -> float:
    """How strong the border of an attention card is, from 0 to 1."""
    return 0.5 - 0.5 * math.cos(2 * math.pi * now_s / PULSE_PERIOD_S)


def _standing(call: CallView) -> tuple[CallNote, Card]:
    note = next((note for note in call.notes if note.note_id == call.card_id), NO_NOTE)
    assert note.card is not None
    return note, note.card


def _whom(card: Card, state: TerminalState) -> tuple[str, ...]:
    """Under a summary stands whom to ask later (clause 6.3.7), under a payment whose it is."""
    if card.account:
        return (t("card.account", account=readable_account(card.account)),)
    if card.kind is not CardKind.SUMMARY:
        return ()
    return (t("card.whom", phone=state.support_phone, hours=state.support_hours),)


def _answers(card: Card, able: Availability) -> tuple[ChoiceView, ...]:
    if card.options:
        words = (unbroken(option) for option in card.options)
        return tuple(ChoiceView(f"{OPTION}{number}", title, "", "", True) for number, title in enumerate(words))
    pays = able.cash or able.card or able.qr
    answers = [each for each in ANSWERS[card.kind] if pays or each is not CardAnswer.PAY]
    if not answers:
        return (_choice(TALK, "card.talk"),)
    own = WORDS.get(card.kind)
    return tuple(_choice(ANSWER + answer, own or f"card.{answer}") for answer in answers)


def _print(card: Card, call: CallView, *, can_print: bool) -> tuple[ChoiceView, ...]:
    if card.kind not in PRINTABLE or not can_print or call.printing is Printing.DONE:
        return ()
    return (ChoiceView(PRINT, t("card.print"), "", "printer", enabled=call.printing is not Printing.BUSY),)
