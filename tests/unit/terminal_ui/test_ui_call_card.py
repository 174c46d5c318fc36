"""What a card of the consultant says and which keys it has."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from msgspec.structs import replace

from signaling_server.contract.notes import ANSWERS, CallNote, CardAnswer, CardKind, NoteAuthor
from terminal_app.ipc.call_messages import AnswerCard, PrintCard, Printing
from terminal_app.ipc.messages import GoBack
from terminal_app.ui.locale import CATALOGUES
from terminal_app.ui.presenters.call_card import CallCardPresenter, pulse_at
from terminal_app.ui.presenters.call_notes import CallNotesPresenter
from terminal_app.ui.presenters.chrome import WITH_BACK
from terminal_app.ui.router import place_of

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from terminal_states import CARDS, STATES, card_state

FLASHES_A_SECOND_MAX = 3


def keys(state):
    view = CallCardPresenter(state).view(state)
    return [choice.key for choice in (*view.others, *([view.main] if view.main else [])) if choice.enabled]


@pytest.mark.clause("9.6.5", owner="terminal_app")
@pytest.mark.parametrize("name", CARDS)
def test_every_key_of_a_card_sends_its_answer_and_no_other_does(name):
    state = card_state(name)
    presenter, note_id, kind = CallCardPresenter(state), f"card-{name}", CARDS[name].kind
    sent = [presenter.press(key, state) for key in keys(state)]
    assert None not in sent
    answers = {each.answer for each in sent if isinstance(each, AnswerCard)} - {CardAnswer.SIMPLER}
    assert answers == ({CardAnswer.OPTION} if CARDS[name].options else set(ANSWERS[kind]))
    assert all(each.note_id == note_id for each in sent if not isinstance(each, GoBack))
    assert presenter.press("answer_printed", state) is None
    assert state.screen in WITH_BACK  # any card can be put away


def test_options_are_the_agents_words_and_go_back_as_they_were():
    state = card_state("question_own")
    presenter = CallCardPresenter(state)
    option = CARDS["question_own"].options[1]
    assert option in [choice.title.replace("\u00a0", " ") for choice in presenter.view(state).others]
    assert presenter.press("option_1", state) == AnswerCard("card-question_own", CardAnswer.OPTION, option)


@pytest.mark.parametrize("language", CATALOGUES)
def test_every_kind_and_answer_has_words(language):
    texts = CATALOGUES[language].texts
    assert {f"card.{kind}.title" for kind in CardKind} <= texts.keys()
    assert {f"card.{answer}" for answer in {*CardAnswer} - {CardAnswer.OPTION, CardAnswer.CLOSED}} <= texts.keys()


def test_paper_is_offered_where_there_is_a_printer_until_it_is_printed():
    state = card_state("written")
    presenter = CallCardPresenter(state)
    assert presenter.press("print_card", state) == PrintCard("card-written")
    assert "print_card" in keys(state)
    assert "print_card" not in keys(replace(state, availability=replace(state.availability, printer=False)))
    for printing, offered in ((Printing.BUSY, False), (Printing.DONE, False), (Printing.FAILED, True)):
        at = replace(state, call=replace(state.call, printing=printing))
        assert ("print_card" in keys(at)) is offered
        assert presenter.view(at).told


def test_a_step_says_which_of_how_many_under_a_title_of_its_own_too():
    state = card_state("step")
    view = CallCardPresenter(state).view(state)
    assert (view.title.replace("\u00a0", " "), view.sentence) == ("Шаг 2 из 4", "")
    *before, note = state.call.notes
    titled = replace(note, card=replace(note.card, title="Передать показания"))
    at = replace(state, call=replace(state.call, notes=[*before, titled]))
    view = CallCardPresenter(at).view(at)
    assert (view.title.replace("\u00a0", " "), view.sentence) == ("Передать показания", "Шаг 2 из 4")


@pytest.mark.clause("9.6.11f", owner="terminal_app")
def test_simpler_stands_beside_cards_and_beside_words_and_can_be_asked_once():
    state = card_state("plan")
    assert "simpler" in keys(state)
    asked = CallNote("call-1", "w1", NoteAuthor.CUSTOMER, answer_to="card-plan", answer=CardAnswer.SIMPLER)
    assert "simpler" not in keys(replace(state, call=replace(state.call, notes=[*state.call.notes, asked])))
    for name, enabled in (("call_notes", True), ("call_notes_answered", False)):
        notes = STATES[name]
        view = CallNotesPresenter(notes).view(notes)
        assert [(choice.key, choice.enabled) for choice in view.others] == [("simpler", enabled)]
    presenter = CallNotesPresenter(STATES["call_notes"])
    assert presenter.press("simpler", STATES["call_notes"]) == AnswerCard("n2", CardAnswer.SIMPLER)


def test_another_card_is_another_place_so_it_is_read_aloud_and_takes_no_late_touch():
    assert place_of(card_state("confirm")) != place_of(card_state("restate"))


@pytest.mark.clause("9.6.11a", owner="terminal_app")
def test_the_border_of_attention_pulses_and_never_flashes_more_than_three_times_a_second():
    state = card_state("attention")
    assert CallCardPresenter(state).view(state).pulses
    assert not CallCardPresenter(card_state("pause")).view(card_state("pause")).pulses
    strengths = [pulse_at(ms / 1_000) for ms in range(10_000)]
    assert (min(strengths), max(strengths)) == (pytest.approx(0, abs=0.01), pytest.approx(1, abs=0.01))
    lit = [strength > 0.5 for strength in strengths]
    flashes = [at for at in range(1, len(lit)) if lit[at] and not lit[at - 1]]
    assert flashes
    for at in flashes:
        assert sum(at <= other < at + 1_000 for other in flashes) <= FLASHES_A_SECOND_MAX


@pytest.mark.clause("6.3.7c", owner="terminal_app")
def test_under_a_summary_stands_whom_to_ask_later_and_it_may_be_printed():
    state = card_state("summary")
    view = CallCardPresenter(state).view(state)
    assert view.pieces[-1].replace("\u00a0", " ").endswith("8 800 000-00-00, ежедневно с 8:00 до 22:00")
    assert "print_card" in keys(state)
    other = card_state("plan")
    assert len(CallCardPresenter(other).view(other).pieces) < len(view.pieces)


def test_the_portal_has_its_code_and_three_equal_answers():
    state = STATES["call_card_portal"]
    view = CallCardPresenter(state).view(state)
    assert view.qr == state.call.portal_url != ""
    assert view.main is None
    assert [choice.key for choice in view.others][:3] == ["answer_uses", "answer_registers", "answer_refused"]


def test_where_nothing_can_be_paid_the_card_leads_to_no_payment():
    state = card_state("payment")
    assert "answer_pay" in keys(state)
    unable = replace(state, availability=replace(state.availability, cash=False, card=False, qr=False))
    assert keys(unable) == ["answer_not_now"]
