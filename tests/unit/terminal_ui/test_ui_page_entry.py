"""A page to type one thing on: numbers by a keypad, words by the keyboard, and what is sent of them."""

from __future__ import annotations

import pytest

from terminal_app.ipc.messages import Availability, Screen, TerminalState
from terminal_app.ipc.pages import Choice, Choose, Enter, Entry, EntryKind, Page, PageKind, Phrase
from terminal_app.ui.presenters.page_entry import PageEntryPresenter


def shown(kind: EntryKind, *, busy: bool = False, error: str = "", **entry) -> TerminalState:
    field = Entry(kind, error=Phrase(text=error), **entry)
    page = Page("q", PageKind.ENTRY, Phrase(text="Что ищете?"), choices=[Choice("skip", Phrase(text="Без телефона"))])
    page = Page(page.name, page.kind, page.title, choices=page.choices, entry=field)
    return TerminalState(1, Screen.PAGE_ENTRY, Availability(), busy=busy, page=page)


def typed(state: TerminalState, *keys: str) -> PageEntryPresenter:
    presenter = PageEntryPresenter(state)
    for key in keys:
        assert presenter.press(key, state) is None
    return presenter


@pytest.mark.parametrize(
    ("kind", "keys", "text", "sent"),
    [
        (EntryKind.TEXT, ["type_с", "type_ч", "type_ё", "type_т"], "Счёт", "Счёт"),
        (EntryKind.DIGITS, ["digit_0", "digit_7"], "07", "07"),
        (EntryKind.PHONE, [f"digit_{d}" for d in "9210000000"], "+7\u00a0(921)\u00a0000-00-00", "+79210000000"),
    ],
)
def test_what_is_typed_stands_in_the_field_and_is_sent(kind, keys, text, sent):
    state = shown(kind)
    presenter = typed(state, *keys)
    view = presenter.view(state)
    assert (view.text, view.numbers, view.may_go_on) == (text, kind is not EntryKind.TEXT, True)
    assert presenter.press("next", state) == Enter("q", sent)


def test_too_little_and_a_busy_page_send_nothing():
    state = shown(EntryKind.PHONE, draft="921")
    assert typed(state).press("next", state) is None
    assert not typed(state).view(state).may_go_on
    state = shown(EntryKind.DIGITS, draft="12", busy=True)
    assert typed(state).press("next", state) is None


def test_an_error_stands_until_what_was_typed_changes():
    state = shown(EntryKind.DIGITS, draft="12", error="Такой записи нет")
    presenter = typed(state)
    assert presenter.view(state).error == "Такой записи нет"
    presenter.press("digit_3", state)
    assert presenter.view(state).error == ""


def test_a_wrong_code_that_fills_its_field_makes_way_for_the_right_one():
    state = shown(EntryKind.DIGITS, draft="111111", error="Код не подошёл", length_min=6, length_max=6)
    presenter = typed(state, "digit_4")
    assert (presenter.view(state).text, presenter.view(state).error) == ("4", "")
    full = typed(shown(EntryKind.DIGITS, draft="111111", length_max=6), "digit_4")
    assert full.view(state).text == "111111", "only what was refused goes"


def test_an_error_that_core_tells_at_once_is_said_of_what_was_sent():
    state = shown(EntryKind.DIGITS)
    presenter = typed(state, "digit_5")
    presenter.press("next", state)
    refused = shown(EntryKind.DIGITS, error="Цифр больше, чем на счётчике")
    assert presenter.view(refused).error == "Цифр больше, чем на счётчике"
    presenter.press("digit_6", refused)
    assert presenter.view(refused).error == ""


def test_another_way_stands_beside_the_keys():
    state = shown(EntryKind.PHONE)
    presenter = typed(state)
    assert [other.title for other in presenter.view(state).others] == ["Без телефона"]
    assert presenter.press("choose_skip", state) == Choose("q", "skip")
