"""Every screen, notice and answer has words, the words are used, and the fonts can draw them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import ImageFont

from terminal_app.ipc.messages import (
    Availability,
    CallView,
    CashView,
    Liveness,
    NoteAnswer,
    Notice,
    Screen,
    TerminalState,
)
from terminal_app.ipc.pages import OpenService
from terminal_app.ui import theme
from terminal_app.ui.locale import plural, ru, t, unbroken
from terminal_app.ui.presenters.call_live import CallLivePresenter
from terminal_app.ui.presenters.cash_in import CashInPresenter
from terminal_app.ui.presenters.notice import MESSAGE_INSTEAD, NoticePresenter

UI_DIR = Path(theme.__file__).parent
ENDED_WAITS = (Notice.PLACE_LOST, Notice.WAITED_TOO_LONG)
STATE = TerminalState(
    revision=1,
    screen=Screen.ATTRACT,
    availability=Availability(),
    support_phone="8 800 000-00-00",
    support_hours="с 8:00 до 22:00",
)
DYNAMIC = ("notice.", "note.", "stop.", "live.", "home.", "away.", "way.")  # keys put together from an enum's value
FROM_OUTSIDE = "0123456789 ₽№«»—–−•·ёЁ.,:;!?()/-\u00a0\u202f" + "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ"


@pytest.mark.parametrize("notice", list(Notice))
def test_every_notice_is_a_plain_sentence_with_a_button(notice):
    view = NoticePresenter(STATE).view(replace(STATE, notice=notice))
    assert view.title
    assert view.button
    assert len(view.sentence.split()) >= 3
    assert "{" not in view.sentence
    assert (theme.ASSETS_DIR / "icons" / f"{view.icon}.png").is_file()


def test_contact_notices_name_the_telephone():
    for notice in (Notice.SERVER_UNREACHABLE, Notice.NO_AGENT_ON_DUTY, Notice.CALL_NOT_ALLOWED, *ENDED_WAITS):
        sentence = NoticePresenter(STATE).view(replace(STATE, notice=notice)).sentence
        assert unbroken(STATE.support_phone) in sentence


def test_a_message_is_offered_where_no_consultant_answers_and_nowhere_else():
    for notice in Notice:
        state = replace(STATE, notice=notice)
        pressed = NoticePresenter(state).press("message", state)
        assert (pressed == OpenService("message")) is (notice in MESSAGE_INSTEAD)
        if notice in MESSAGE_INSTEAD:
            assert NoticePresenter(state).view(state).first == "Оставить сообщение"


def test_to_be_called_back_is_the_last_way_of_a_talk_that_broke_and_of_no_other_notice():
    for notice in Notice:
        state = replace(STATE, notice=notice)
        pressed = NoticePresenter(state).press("call_back", state)
        assert (pressed == OpenService("call_back")) is (notice is Notice.CALL_BROKEN)
    view = NoticePresenter(STATE).view(replace(STATE, notice=Notice.CALL_BROKEN))
    assert (view.first, view.first_key) == ("Перезвоните мне", "call_back")
    assert "может позвонить сюда" in view.sentence


@pytest.mark.parametrize("answer", list(NoteAnswer))
def test_every_note_answer_is_said(answer):
    cash = CashView(note_answer=answer, acceptor_ready=True)
    assert CashInPresenter(STATE).view(replace(STATE, cash=cash)).told.sentence


@pytest.mark.parametrize("liveness", list(Liveness))
def test_every_liveness_is_said(liveness):
    view = CallLivePresenter(STATE).view(replace(STATE, call=CallView(liveness=liveness)))
    assert view.liveness
    assert view.no_picture


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (1, "Осталась 1 попытка"),
        (2, "Осталось 2 попытки"),
        (5, "Осталось 5 попыток"),
        (11, "Осталось 11 попыток"),
        (21, "Осталась 21 попытка"),
        (112, "Осталось 112 попыток"),
        (0, "Осталось 0 попыток"),
    ],
)
def test_russian_plurals(count, words):
    assert plural("attempts_left", count) == words


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        ("ул. С•••, д. 1••, кв. •", "ул.~С•••, д.~1••, кв.~•"),
        ("Электроэнергия, день, 71 кВт·ч", "Электроэнергия, день, 71~кВт·ч"),
        ("Округлить до 50 ₽", "Округлить до~50~₽"),
        ("8 800 000-00-00, с 8:00 до 22:00", "8~800~000-00-00, с~8:00 до~22:00"),
        ("Долг за прошлые месяцы", "Долг за прошлые месяцы"),
        ("Вид. Работа", "Вид. Работа"),
    ],
)
def test_a_number_is_not_torn_from_what_it_belongs_to(words, joined):
    assert unbroken(words) == joined.replace("~", "\u00a0")


def test_what_the_printer_prints_is_never_called_a_bill():
    printed = ("receipt.", "home.no_printer", "notice.payment_")
    assert [key for key, words in ru.TEXTS.items() if key.startswith(printed) and "витанц" in words] == []


def test_a_key_without_words_is_our_mistake():
    with pytest.raises(KeyError):
        t("balance.nonsense")


def test_every_key_named_in_the_code_has_words_and_no_words_are_idle():
    sources = [*UI_DIR.rglob("*.py"), *UI_DIR.rglob("*.kv")]
    text = "\n".join(path.read_text() for path in sources if path.name != "ru.py")
    known = set(ru.TEXTS) | set(ru.PLURALS)
    named = set(re.findall(r"""(?:\bt|plural)\("([a-z_.0-9]+)\"""", text))
    assert named - known == set()
    quoted = set(re.findall(r'"([a-z_.0-9]+)"', text))
    assert {key for key in known if key not in quoted and not key.startswith(DYNAMIC)} == set()


@pytest.mark.parametrize("name", list(theme.FONT_FILES))
def test_the_fonts_draw_every_character(name):
    font = ImageFont.truetype(str(theme.FONT_FILES[name]), 40)
    missing = bytes(font.getmask("\U0010ffff"))
    words = [*ru.TEXTS.values(), *(form for forms in ru.PLURALS.values() for form in forms), FROM_OUTSIDE]
    words += [way.title + way.text for way in theme.brand.other_ways] + [theme.brand.company]
    characters = sorted({character for text in words for character in text if character not in " \n{}"})
    assert [c for c in characters if bytes(font.getmask(c)) == missing] == []


def test_the_glyph_test_can_fail():
    font = ImageFont.truetype(str(theme.FONT_FILES[theme.REGULAR]), 40)
    assert bytes(font.getmask("\u4e2d")) == bytes(font.getmask("\U0010ffff"))
