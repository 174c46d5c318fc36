"""Cards of the consultant on the terminal: shown once, answered once, put away at any time; in virtual time."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from payment.receipt import Heading, Rule, Words
from signaling_server.contract.messages import CallEnded, CallEndReason
from signaling_server.contract.notes import ANSWERS, NOTES_MAX, CallNote, Card, CardAnswer, CardKind, NoteAuthor
from terminal_app.contacts import Contacts
from terminal_app.core.call import CallTick, LinkChanged, Press, ToOffice
from terminal_app.core.call_notes import CardPrinted, ToPrinter
from terminal_app.core.card_slip import card_lines
from terminal_app.ipc.call_messages import AnswerCard, CallPane, OpenPane, PrintCard, Printing, WriteNote
from terminal_app.ipc.messages import GoBack, HangUp, Screen

sys.path.append(str(Path(__file__).parent))
from test_call_notes import DRAWING, WORDS, shown
from test_terminal_call import TO_LIVE, live, tell

from terminal_app.ipc.messages import Liveness

CONTACTS = Contacts()


def card(kind: CardKind = CardKind.CONFIRM, note_id: str = "k1", text: str = "Проверка бесплатна", **more) -> CallNote:
    if kind is CardKind.STEP:
        more = {"step": 2, "steps": 4, **more}
    if kind is CardKind.PAYMENT:
        more = {"amount_minor": 1_500_00, **more}
    return CallNote("c1", note_id, NoteAuthor.AGENT, text, card=Card(kind, **more))


def answers(answer: CardAnswer, note_id: str = "k1", option: str = "", answer_id: str = "w1") -> Press:
    return Press(AnswerCard(note_id, answer, option), request_id=answer_id)


def told(effects) -> list[tuple[str, CardAnswer, str]]:
    notes = [effect.message for effect in effects if isinstance(effect, ToOffice)]
    return [(note.answer_to, note.answer, note.text) for note in notes]


@pytest.mark.parametrize("kind", CardKind)
def test_a_card_stands_large_is_told_to_be_seen_and_every_answer_of_its_kind_goes_back(kind):
    call, effects = tell(*TO_LIVE, card(kind))
    assert shown(call) is Screen.CALL_CARD
    assert effects == [ToOffice(card(kind))]
    for answer in {*ANSWERS[kind], CardAnswer.CLOSED} - {CardAnswer.PAY}:  # which ends the talk: test_call_end
        after, effects = tell(answers(answer), call=call)
        assert told(effects) == [("k1", answer, "")]
        assert shown(after) is Screen.CALL_LIVE
        assert tell(answers(answer, answer_id="w2"), call=after)[1] == []  # a second touch
    others = set(CardAnswer) - {*ANSWERS[kind], CardAnswer.CLOSED, CardAnswer.SIMPLER}
    for answer in others:
        assert tell(answers(answer), call=call) == (call, [])


def test_a_question_has_the_agents_own_options_and_takes_no_other_words():
    call, _ = tell(*TO_LIVE, card(CardKind.QUESTION, options=["Дома", "В подъезде"]))
    after, effects = tell(answers(CardAnswer.OPTION, option="В подъезде"), call=call)
    assert told(effects) == [("k1", CardAnswer.OPTION, "В подъезде")]
    assert shown(after) is Screen.CALL_LIVE
    assert tell(answers(CardAnswer.OPTION, option="Нигде"), call=call) == (call, [])
    assert tell(answers(CardAnswer.YES), call=call) == (call, [])


@pytest.mark.clause("9.6.7", owner="terminal_app")
def test_a_step_waits_for_the_customer_however_long_he_thinks():
    call, _ = tell(*TO_LIVE, live(Liveness.LIVE), card(CardKind.STEP))
    for now_s in range(0, 3_600, 10):
        call, effects = tell(live(Liveness.LIVE), CallTick(), call=call, now_s=float(now_s))
        assert effects == []
    assert (shown(call), call.notes.card_id) == (Screen.CALL_CARD, "k1")
    after, effects = tell(answers(CardAnswer.NEXT), call=call)
    assert told(effects) == [("k1", CardAnswer.NEXT, "")]
    assert shown(after) is Screen.CALL_LIVE


def test_a_card_sent_again_after_a_lost_link_is_told_and_never_shown_twice():
    call, _ = tell(*TO_LIVE, card())
    call, _ = tell(answers(CardAnswer.UNDERSTOOD), call=call)
    call, effects = tell(LinkChanged(up=False), LinkChanged(up=True), call=call)
    assert told(effects) == [("", None, "Проверка бесплатна"), ("k1", CardAnswer.UNDERSTOOD, "")]
    after, effects = tell(card(), call=call)
    assert (after, effects) == (call, [ToOffice(card())])
    assert shown(after) is Screen.CALL_LIVE


def test_the_newest_card_stands_and_the_earlier_is_read_again():
    call, _ = tell(*TO_LIVE, card(), card(CardKind.RESTATE, "k2", "Счётчик на лестнице"))
    assert call.view().card_id == "k2"
    assert tell(answers(CardAnswer.UNDERSTOOD), call=call) == (call, [])  # of the one that is covered
    call, _ = tell(answers(CardAnswer.YES, "k2"), Press(OpenPane(CallPane.NOTES)), call=call)
    assert shown(call) is Screen.CALL_NOTES
    assert [note.text for note in call.view().notes] == ["Проверка бесплатна", "Счётчик на лестнице", ""]


@pytest.mark.parametrize(("pane", "screen"), [(CallPane.PAD, Screen.CALL_PAD), (CallPane.KEYBOARD, Screen.CALL_TYPING)])
def test_a_card_waits_until_who_writes_has_written_but_interrupts_reading(pane, screen):
    call, _ = tell(*TO_LIVE, Press(OpenPane(pane)), card())
    assert shown(call) is screen
    for leave in (Press(WriteNote(drawing=DRAWING), request_id="w1"), Press(GoBack())):
        assert shown(tell(leave, call=call)[0]) is Screen.CALL_CARD
    assert shown(tell(*TO_LIVE, WORDS, Press(OpenPane(CallPane.NOTES)), card())[0]) is Screen.CALL_CARD


def test_back_puts_a_card_away_and_the_agent_is_told():
    call, _ = tell(*TO_LIVE, card(CardKind.PAUSE))
    after, effects = tell(Press(GoBack(), request_id="w1"), call=call)
    assert told(effects) == [("k1", CardAnswer.CLOSED, "")]
    assert shown(after) is Screen.CALL_LIVE


@pytest.mark.clause("9.6.11f", owner="terminal_app")
def test_simpler_words_are_asked_for_once_of_a_card_and_of_plain_words():
    for note in (card(CardKind.STEP), WORDS):
        call, _ = tell(*TO_LIVE, note)
        asked, effects = tell(answers(CardAnswer.SIMPLER, note.note_id), call=call)
        assert told(effects) == [(note.note_id, CardAnswer.SIMPLER, "")]
        assert shown(asked) is shown(call)  # it stays to be read
        assert tell(answers(CardAnswer.SIMPLER, note.note_id, answer_id="w2"), call=asked) == (asked, [])
    mine, _ = tell(*TO_LIVE, Press(WriteNote("Да"), request_id="w1"))
    assert tell(answers(CardAnswer.SIMPLER, "w1", answer_id="w2"), call=mine)[1] == []


@pytest.mark.parametrize(
    "bad",
    [
        card(CardKind.CONFIRM, options=["Да", "Нет"]),
        card(CardKind.QUESTION, options=["Одно"]),
        card(CardKind.QUESTION, options=["Да", " Да "]),
        card(CardKind.QUESTION, options=["Да", " "]),
        card(CardKind.STEP, step=5, steps=4),
        card(CardKind.STEP, step=0, steps=4),
        card(CardKind.CONFIRM, step=1, steps=1),
        card(CardKind.CONFIRM, amount_minor=1_500_00),
        card(CardKind.PAYMENT, amount_minor=0),
        card(CardKind.PAYMENT, amount_minor=1_500_50),
        card(text="  "),
    ],
    ids=[
        "options of none",
        "one",
        "alike",
        "empty",
        "after the last",
        "before the first",
        "no steps",
        "a sum of none",
        "no sum",
        "kopecks",
        "no words",
    ],
)
def test_a_card_that_no_page_makes_is_none(bad):
    before, _ = tell(*TO_LIVE)
    assert tell(bad, call=before) == (before, [])


def test_a_card_is_printed_once_at_a_time_and_says_what_came_of_it():
    call, _ = tell(*TO_LIVE, card(CardKind.WRITTEN))
    call, effects = tell(Press(PrintCard("k1")), call=call)
    assert effects == [ToPrinter(card(CardKind.WRITTEN))]
    assert tell(Press(PrintCard("k1")), call=call) == (call, [])
    failed, effects = tell(CardPrinted("k1", False, "w1"), call=call)
    assert (failed.view().printing, effects) == (Printing.FAILED, [])
    assert tell(Press(PrintCard("k1")), call=failed)[1] == [ToPrinter(card(CardKind.WRITTEN))]
    done, effects = tell(CardPrinted("k1", True, "w1"), call=call)
    assert done.view().printing is Printing.DONE
    assert told(effects) == [("k1", CardAnswer.PRINTED, "")]
    assert shown(done) is Screen.CALL_CARD


def test_paper_of_a_card_that_is_gone_changes_no_other():
    call, _ = tell(*TO_LIVE, card(CardKind.WRITTEN), Press(PrintCard("k1")), card(CardKind.SUMMARY, "k2"))
    after, effects = tell(CardPrinted("k1", True, "w1"), call=call)
    assert after.view().printing is Printing.NONE
    assert told(effects) == [("k1", CardAnswer.PRINTED, "")]
    assert tell(Press(PrintCard("k1")), call=after) == (after, [])
    over, _ = tell(Press(HangUp()), call=call)
    assert tell(CardPrinted("k1", True, "w1"), call=over) == (over, [])
    question, _ = tell(*TO_LIVE, card(CardKind.QUESTION))
    assert tell(Press(PrintCard("k1")), call=question) == (question, [])


def test_on_paper_a_card_has_its_title_and_every_row_in_large_letters():
    note = card(CardKind.WRITTEN, text="1. Паспорт\n\n2. Выписка из ЕГРН", title="Документы")
    assert card_lines(note, CONTACTS) == (
        Heading("Документы"),
        Rule(),
        Words("1. Паспорт", large=True),
        Words("2. Выписка из ЕГРН", large=True),
        Rule(),
        Words("АО «Энергосбыт», 8 800 000-00-00, ежедневно с 8:00 до 22:00"),
    )
    untitled = replace(note, card=Card(CardKind.SUMMARY))
    assert card_lines(untitled, CONTACTS)[0] == Heading("Итог разговора")


def test_the_end_of_the_call_wipes_cards_and_answers():
    call, _ = tell(*TO_LIVE, card())
    for end in (Press(HangUp()), CallEnded("c1", CallEndReason.AGENT_ENDED)):
        over, _ = tell(end, call=call)
        assert (over.view().notes, over.view().card_id) == ([], "")


def test_the_card_that_stands_is_never_the_oldest_that_goes():
    chatter = (CallNote("c1", f"a{n}", NoteAuthor.AGENT, "…") for n in range(NOTES_MAX + 5))
    call, _ = tell(*TO_LIVE, card(CardKind.WRITTEN), *chatter)
    assert len(call.view().notes) == NOTES_MAX
    assert tell(Press(PrintCard("k1")), call=call)[1] == [ToPrinter(card(CardKind.WRITTEN))]
