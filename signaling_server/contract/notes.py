"""What the two of a call write to each other: words, what a finger drew, cards of the agent and answers to them.

The terminal keeps all of a call's notes and is the only one who tells them, the agent's own too: a note that the page
of the agent shows stands before the customer. After a lost link or a page loaded anew it tells them all again.
Words and drawings are relayed unread and stored nowhere; cards and answers are kept with the call (clause 9.3.5a).
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

STROKES_MAX = 400
POINTS_MAX = 3_000  # of a drawing: about 30 kB as JSON, half of a frame
SIDE = 1_000  # a drawing is so many units wide
HEIGHT_MAX = 3 * SIDE
NOTE_LENGTH_MAX = 500
NOTES_MAX = 60  # of a call; then the oldest go
TITLE_LENGTH_MAX = 60
OPTION_LENGTH_MAX = 30
OPTIONS_MIN, OPTIONS_MAX = 2, 4
STEPS_MAX = 20
PAYMENT_MINOR_MIN, PAYMENT_MINOR_MAX = 1_00, 15_000_00  # what a terminal takes of an unnamed customer

Coordinate = Annotated[int, Meta(ge=0, le=HEIGHT_MAX)]
Stroke = Annotated[list[Coordinate], Meta(min_length=2, max_length=2 * POINTS_MAX)]
NoteId = Annotated[str, Meta(min_length=1, max_length=64)]
NoteText = Annotated[str, Meta(max_length=NOTE_LENGTH_MAX)]


class NoteAuthor(enum.StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"
    TERMINAL = "terminal"  # what it did by itself while the agent was away


class CardKind(enum.StrEnum):
    """What the agent wants of the customer. Each kind has its title and its answers."""

    CONFIRM = "confirm"  # «Подтвердите, пожалуйста» (9.3.5a)
    RESTATE = "restate"  # «Я понял вас так» (9.6.5)
    QUESTION = "question"  # Да, Нет, Не знаю, or two to four options of the agent's own (9.6.10)
    STEP = "step"  # one step of several, each waits for «Дальше» (9.6.7)
    WRITTEN = "written"  # documents, a phone, an address, a number, a date; may be printed (9.3.5c)
    SUMMARY = "summary"  # what was done in this talk; may be printed (6.3.7)
    PLAN = "plan"  # what will be done (9.7.2)
    ATTENTION = "attention"  # «Консультант обращается к вам» for who does not hear (9.6.11)
    WARNING = "warning"  # of the end of the talk, if the misbehaviour goes on (9.4.10)
    PAUSE = "pause"  # the agent is away for a while (9.6.9)
    RETURN = "return"  # he is back
    MORE = "more"  # «Есть ещё вопрос?» before the end (5.1.3)
    PORTAL = "portal"  # does he use the ЛКК? The terminal adds its code (6.3.7)
    PAYMENT = "payment"  # «Оплатить 1 500 ₽ за …»: by his touch he pays, and the talk goes on (6.1.1)


class CardAnswer(enum.StrEnum):
    UNDERSTOOD = "understood"
    EXPLAIN = "explain"
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    OPTION = "option"  # one of the agent's own: its words are the note's text
    NEXT = "next"
    SIMPLER = "simpler"  # «Поясните проще» (9.6.11); to plain words of the agent too
    PRINTED = "printed"
    SMS = "sms"  # the office: the customer had it sent there (card_sending.py)
    EMAIL = "email"
    CLOSED = "closed"  # put away without an answer
    MINUTE = "minute"  # the terminal: at 0:45 of a hold it has asked for one more minute (9.4.12)
    WAYS = "ways"  # the terminal: at 2:00 it has offered other ways
    WAIT = "wait"  # the customer's answers to them
    CALL_BACK = "call_back"
    BOOK = "book"
    MESSAGE = "message"
    USES = "uses"
    REGISTERS = "registers"
    REFUSED = "refused"
    PAY = "pay"  # he goes to the payment, which stands beside the talk
    NOT_NOW = "not_now"
    PAID = "paid"  # the terminal: what he paid is on its receipt
    NOT_PAID = "not_paid"  # the terminal: he came back without paying


ANSWERS: dict[CardKind, tuple[CardAnswer, ...]] = {
    CardKind.CONFIRM: (CardAnswer.UNDERSTOOD, CardAnswer.EXPLAIN),
    CardKind.RESTATE: (CardAnswer.YES, CardAnswer.NO),
    CardKind.QUESTION: (CardAnswer.YES, CardAnswer.NO, CardAnswer.UNKNOWN),
    CardKind.STEP: (CardAnswer.NEXT,),
    CardKind.WRITTEN: (CardAnswer.UNDERSTOOD,),
    CardKind.SUMMARY: (CardAnswer.UNDERSTOOD,),
    CardKind.PLAN: (CardAnswer.UNDERSTOOD,),
    CardKind.ATTENTION: (CardAnswer.UNDERSTOOD,),
    CardKind.WARNING: (CardAnswer.UNDERSTOOD,),
    CardKind.PAUSE: (),
    CardKind.RETURN: (),
    CardKind.MORE: (CardAnswer.YES, CardAnswer.NO),
    CardKind.PORTAL: (CardAnswer.USES, CardAnswer.REGISTERS, CardAnswer.REFUSED),
    CardKind.PAYMENT: (CardAnswer.PAY, CardAnswer.NOT_NOW),
}
HOLD_ANSWERS = (CardAnswer.WAIT, CardAnswer.CALL_BACK, CardAnswer.BOOK, CardAnswer.MESSAGE)  # once they are offered
PRINTABLE = frozenset({CardKind.WRITTEN, CardKind.SUMMARY, CardKind.PLAN})
OPEN_STILL = frozenset({CardAnswer.SIMPLER, CardAnswer.PRINTED})  # after these the card stays before the customer

Option = Annotated[str, Meta(min_length=1, max_length=OPTION_LENGTH_MAX)]


class Card(Struct, frozen=True):
    """Makes a note of the agent a card; the note's text is what it says."""

    kind: CardKind
    title: Annotated[str, Meta(max_length=TITLE_LENGTH_MAX)] = ""  # instead of the kind's own
    options: Annotated[list[Option], Meta(max_length=OPTIONS_MAX)] = []  # of a question, instead of the kind's answers
    step: Annotated[int, Meta(ge=0, le=STEPS_MAX)] = 0  # of a step: which of `steps`
    steps: Annotated[int, Meta(ge=0, le=STEPS_MAX)] = 0
    amount_minor: Annotated[int, Meta(ge=0, le=PAYMENT_MINOR_MAX)] = 0  # of a payment, whole rubles
    account: Annotated[str, Meta(pattern="^[0-9]{0,20}$")] = ""  # of a payment: whose; empty: the customer names it


class Drawing(Struct, frozen=True):
    """What was drawn: strokes of x, y, x, y …, from the top left; `SIDE` units wide, `height` high."""

    height: Annotated[int, Meta(ge=1, le=HEIGHT_MAX)]
    strokes: Annotated[list[Stroke], Meta(min_length=1, max_length=STROKES_MAX)]


def points_of(drawing: Drawing) -> int:
    return sum(len(stroke) // 2 for stroke in drawing.strokes)


def is_whole(drawing: Drawing) -> bool:
    """No half points, nothing outside, and small enough for one frame."""
    return points_of(drawing) <= POINTS_MAX and all(_is_inside(stroke, drawing.height) for stroke in drawing.strokes)


def is_card(card: Card) -> bool:
    """Options, numbers of steps and a sum stand only where they mean something."""
    options = not card.options or (
        card.kind is CardKind.QUESTION
        and len(card.options) >= OPTIONS_MIN
        and len({option.strip() for option in card.options} - {""}) == len(card.options)
    )
    paid = card.kind is CardKind.PAYMENT
    whole = card.amount_minor >= PAYMENT_MINOR_MIN and card.amount_minor % 100 == 0
    if (not whole) if paid else (card.amount_minor or card.account):
        return False
    return options and (1 <= card.step <= card.steps if card.kind is CardKind.STEP else card.step == card.steps == 0)


def _is_inside(stroke: list[int], height: int) -> bool:
    return len(stroke) % 2 == 0 and max(stroke[::2]) <= SIDE and max(stroke[1::2]) <= height


class CallNote(Struct, frozen=True, tag=True, tag_field="type"):
    """One note of a call. The agent's page sends its words; the terminal tells each note that it shows."""

    call_id: NoteId
    note_id: NoteId  # made by who writes; a note with a known id changes nothing
    author: NoteAuthor
    text: NoteText = ""
    drawing: Drawing | None = None
    card: Card | None = None  # of the agent
    answer_to: Annotated[str, Meta(max_length=64)] = ""  # of the customer: the note that he answers
    answer: CardAnswer | None = None


def of_agent(note: CallNote) -> CallNote:
    """What a note may be that an agent's page sent: his own words or card, never an answer in the customer's name."""
    return CallNote(note.call_id, note.note_id, NoteAuthor.AGENT, note.text, card=note.card)
