"""A consent is heard whole before it is agreed to, and what was heard goes with it (clause 9.6.9)."""

from __future__ import annotations

import hashlib
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from msgspec import structs

from signaling_server.contract.knowledge import Consent
from signaling_server.contract.services import CodeAsked, ConsentRead
from terminal_app.core.tasks import informing
from terminal_app.core.tasks.task import AskOffice, Call, Chosen, Entered, HeardTo
from terminal_app.ipc.modes import Language
from terminal_app.ipc.reading import Heard, coverage_percent, sentences_of
from terminal_app.ui.presenters.page_text import PageTextPresenter
from terminal_app.ui.presenters.reading import AGAIN, PLAY, REPEAT, Ended
from terminal_app.ui.voice.voice import Voice

sys.path.append(str(Path(__file__).parents[2] / "ui"))
from page_states import CONSENT, CONTEXT, screen_of
from terminal_states import at

VOICE = replace(CONTEXT, voice=True)
HUNDRED = Consent(
    "sms_informing", "Согласие", "v1", "Девять букв! " + " ".join(f"Это {n:02} мысль." for n in range(90))
)


def page_state(page):
    return at(screen_of(page), page=page)


def heard(task, count: int):
    for number in range(1, count + 1):
        task, _ = task.step(HeardTo(number), VOICE)
    return task


def agree_of(task) -> bool:
    return next(choice for choice in task.page(VOICE).choices if choice.key == "agree").enabled


def test_a_text_is_cut_into_sentences_and_no_word_is_lost():
    for text in (CONSENT.text, "А.\n\nБ; в: г… " + "слово-слово " * 60):
        assert " ".join(sentences_of(text)).split() == text.split()


@pytest.mark.clause("9.6.9f", owner="terminal_app")
def test_with_the_voice_agreeing_is_locked_at_99_percent_and_the_log_says_what_was_heard():
    whole = len(sentences_of(HUNDRED.text))
    nearly = heard(informing.agreement(HUNDRED), whole - 1)
    assert nearly.coverage_percent in (98, 99)
    assert not agree_of(nearly)
    jumped, _ = informing.agreement(HUNDRED).step(HeardTo(whole), VOICE)
    assert not agree_of(jumped)  # nothing may be left out
    done = heard(informing.agreement(HUNDRED), whole)
    assert agree_of(done)
    questions, _ = done.step(Chosen("agree"), VOICE)
    assert questions.page(VOICE).name == "consent.questions"
    assert questions.step(Chosen("consultant"), VOICE)[1] == [Call()]
    assert not agree_of(questions.step(Chosen("again"), VOICE)[0])
    phone, _ = questions.step(Chosen("none"), VOICE)
    _, (asked,) = phone.step(Entered("+79210000067"), VOICE)
    assert isinstance(asked, AskOffice)
    assert isinstance(asked.request, CodeAsked)
    assert asked.request.consent_read == ConsentRead(hashlib.sha256(HUNDRED.text.encode()).hexdigest(), 100)


def test_without_the_voice_or_a_loudspeaker_the_text_is_read_by_its_pages():
    silent = informing.agreement(CONSENT)
    assert (silent.page(CONTEXT).to_the_end, silent.page(CONTEXT).aloud) == (True, None)
    assert silent.step(Chosen("agree"), CONTEXT)[0].page(CONTEXT).name == "informing.phone"
    failed, _ = silent.step(HeardTo(0, failed=True), VOICE)
    page = failed.page(VOICE)
    assert (page.aloud, page.sentence.key) == (None, "consent.voiceless")
    assert agree_of(failed)


def test_the_coverage_is_of_signs_and_only_the_whole_is_a_hundred():
    sentences = ["а" * 99, "б"]
    assert [coverage_percent(sentences, heard) for heard in range(3)] == [0, 99, 100]


@pytest.mark.clause("9.6.9f", owner="terminal_app")
def test_the_reading_begins_by_a_touch_halts_repeats_and_counts_every_sentence_once():
    task = informing.agreement(HUNDRED)
    state = page_state(task.page(VOICE))
    screen = PageTextPresenter(state)
    assert screen.view(state).pieces == ()
    assert screen.to_say() is None  # it warns before
    assert screen.view(state).reading.progress.startswith("Документ будет прочитан вслух целиком")
    screen.press(PLAY, state)
    first = screen.to_say()
    assert first.text == "Девять букв!"
    assert screen.said(first, Ended.WHOLE, state) == Heard("informing.consent", 1)
    second = screen.to_say()
    assert screen.said(second, Ended.CUT, state) is None  # a key was named in between
    assert screen.to_say() is None
    assert screen.view(state).reading.progress.startswith("Пауза. Прочитано")
    screen.press(REPEAT, state)
    assert screen.to_say().text == first.text
    assert screen.said(screen.to_say(), Ended.WHOLE, state) is None  # heard before
    assert screen.said(second, Ended.WHOLE, state) is None  # of a saying that is over
    assert screen.said(screen.to_say(), Ended.WHOLE, state) == Heard("informing.consent", 2)
    screen.press(PLAY, state)
    assert screen.to_say() is None
    screen.press(AGAIN, state)
    assert screen.to_say().text == first.text


def test_a_screen_that_is_built_anew_goes_on_where_the_customer_was():
    task = heard(informing.agreement(HUNDRED), 5)
    state = page_state(task.page(VOICE))
    screen = PageTextPresenter(state)
    screen.view(state)
    screen.press(PLAY, state)
    assert screen.to_say().text == sentences_of(HUNDRED.text)[5]


def test_no_voice_is_told_to_core_and_the_page_turns_into_one_to_read():
    state = page_state(informing.agreement(HUNDRED).page(VOICE))
    screen = PageTextPresenter(state)
    screen.view(state)
    screen.press(PLAY, state)
    assert screen.said(screen.to_say(), Ended.FAILED, state) == Heard("informing.consent", 0, failed=True)
    silent = structs.replace(state, page=structs.replace(state.page, aloud=None))
    assert screen.view(silent).reading is None
    assert screen.view(silent).pieces


class Speaker:
    """A loudspeaker that plays until it is let go."""

    def __init__(self, *, audible: bool = True) -> None:
        self.audible = audible
        self.free = threading.Event()

    def play(self, sound, stopped) -> None:
        while not self.free.wait(0.01):
            if stopped():
                return


@pytest.mark.parametrize(("audible", "how"), [(True, Ended.WHOLE), (False, Ended.FAILED)])
def test_the_voice_tells_whether_a_sentence_was_played_to_its_end(audible, how):
    speaker, told, over = Speaker(audible=audible), [], threading.Event()
    speaker.free.set()
    Voice(speaker).say(["Да."], Language.RUSSIAN, slow=False, ended=lambda how: (told.append(how), over.set()))
    assert over.wait(10)
    assert told == [how]


def test_a_sentence_that_was_cut_short_is_not_heard():
    told, over = [], threading.Event()
    voice = Voice(Speaker())
    voice.say(["Да."], Language.RUSSIAN, slow=False, ended=lambda how: (told.append(how), over.set()))
    voice.say(["Нет."], Language.RUSSIAN, slow=False)
    assert over.wait(10)
    assert told == [Ended.CUT]
