"""The keys of the keyboard and what they type: all without a window."""

from __future__ import annotations

from itertools import product

import pytest

from terminal_app.ipc.modes import Language
from terminal_app.ipc.pages import EntryKind
from terminal_app.ui import locale
from terminal_app.ui.keyboard_layout import KeyboardState, Shape, keyboard_layout
from terminal_app.ui.keypad_keys import typed_key
from terminal_app.ui.narration import Narration
from terminal_app.ui.presenters.typing import (
    capital,
    field_text,
    is_enough,
    keyboard_of,
    left_told,
    new_draft,
    sent_text,
    typed_text,
)
from terminal_app.ui.semantics import Node

TEXT, LONG, NAME = EntryKind.TEXT, EntryKind.LONG_TEXT, EntryKind.NAME
PHONE, EMAIL, DIGITS = EntryKind.PHONE, EntryKind.EMAIL, EntryKind.DIGITS
STATES = [
    KeyboardState(latin=latin, signs=signs, alphabetical=alphabetical, undo=undo)
    for latin, signs, alphabetical, undo in product([False, True], repeat=4)
]


NEW = KeyboardState()


def caps(kind, state=NEW, shape=Shape.STANDING):
    return [cap for row in keyboard_layout(kind, state, shape) for cap in row]


def after(kind, keys, text="", length_max=60):
    draft = new_draft(kind, text, length_max)
    for key in keys:
        draft = typed_text(draft, key, kind)
    return draft


def by_hand(words):
    """The keys of these small letters, spaces and digits."""
    return [f"digit_{sign}" if sign.isdigit() else f"type_{sign}" for sign in words]


# --- what stands where -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", list(Shape))
@pytest.mark.parametrize("kind", list(EntryKind))
def test_every_key_of_every_layout_is_there_once_and_has_a_name(kind, shape):
    for state in STATES:
        keys = caps(kind, state, shape)
        assert len({cap.key for cap in keys}) == len(keys)
        assert all(cap.name and (cap.label or cap.icon) for cap in keys)


@pytest.mark.parametrize("shape", list(Shape))
def test_all_letters_are_there_in_both_orders_and_yo_has_its_own_key(shape):
    russian = {f"type_{letter}" for letter in "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"}
    latin = {f"type_{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"}
    for kind in (TEXT, LONG, NAME):
        for alphabetical in (False, True):
            assert russian <= {cap.key for cap in caps(kind, KeyboardState(alphabetical=alphabetical), shape)}
        assert latin <= {cap.key for cap in caps(kind, KeyboardState(latin=True), shape)}
    assert latin <= {cap.key for cap in caps(EMAIL, KeyboardState(), shape)}


@pytest.mark.parametrize("shape", list(Shape))
def test_digits_and_signs_can_be_reached_in_every_shape(shape):
    wanted = {f"digit_{digit}" for digit in "0123456789"} | {f"type_{sign}" for sign in '.,-/:;?!()«»"№%+@_–'}
    pages = [cap.key for signs in (False, True) for cap in caps(TEXT, KeyboardState(signs=signs), shape)]
    assert wanted <= set(pages)
    pages = [cap.key for signs in (False, True) for cap in caps(EMAIL, KeyboardState(signs=signs), shape)]
    assert {f"digit_{digit}" for digit in "0123456789"} | {f"type_{sign}" for sign in ".-_@"} <= set(pages)


@pytest.mark.parametrize(
    ("order", "rows", "rest"),
    [(False, ["ЙЦУКЕНГШЩЗХЪ", "ФЫВАПРОЛДЖЭЁ"], "ЯЧСМИТЬБ"), (True, ["АБВГДЕЁЖЗИЙК", "ЛМНОПРСТУФХЦ"], "ЧШЩЪЫЬЭЮ")],
)
def test_letters_stand_as_on_a_keyboard_or_in_the_order_of_the_alphabet(order, rows, rest):
    layout = keyboard_layout(NAME, KeyboardState(alphabetical=order), Shape.STANDING)
    assert ["".join(cap.label for cap in row) for row in layout[:2]] == rows
    large = keyboard_layout(NAME, KeyboardState(alphabetical=order), Shape.STANDING_LARGE)
    assert "".join(cap.label for row in large[:4] for cap in row) == "".join(rows) + rest


@pytest.mark.parametrize("kind", [PHONE, DIGITS])
def test_numbers_stand_as_on_a_telephone(kind):
    for shape in Shape:
        rows = keyboard_layout(kind, KeyboardState(), shape)
        assert ["".join(cap.label for cap in row if cap.large) for row in rows] == ["123", "456", "789", "0"]


@pytest.mark.parametrize("kind", [TEXT, NAME])
@pytest.mark.parametrize("shape", list(Shape))
def test_the_lowest_row_keeps_its_ends_on_every_page(kind, shape):
    def ends(state):
        row = keyboard_layout(kind, state, shape)[-1]
        units = sum(cap.width_units for cap in row)
        space = next(cap for cap in row if cap.key == "type_ ")
        assert space.width_units >= 2
        return round(units, 6), row[-1].key, round(row[-1].width_units, 6)

    assert len({ends(state) for state in STATES if not state.undo}) == 1


def test_a_key_says_what_it_is():
    names = {cap.key: cap.name for cap in caps(TEXT)}
    assert names["type_ё"] == "Буква Ё"
    assert names["type_ъ"] == "Твёрдый знак"
    assert names["type_ "] == "Пробел"
    assert names["backspace"] == "Стереть знак"
    assert {cap.key: cap.name for cap in caps(EMAIL)}["type_@"] == "Собачка"
    locale.use(Language.ENGLISH, plain=False)
    try:
        assert {cap.key: cap.name for cap in caps(TEXT)}["type_ё"] == "Letter Ё"
    finally:
        locale.use(Language.RUSSIAN, plain=False)


# --- typing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "words", "text"),
    [
        (NAME, "анна-мария иванова", "Анна-Мария Иванова"),
        (TEXT, "нет света. когда дадут? жду", "Нет света. Когда дадут? Жду"),
        (TEXT, "д. 5/2", "Д. 5/2"),
        (EMAIL, "anna.p@", "anna.p@"),
        (DIGITS, "012а345", "012345"),
    ],
)
def test_capitals_come_by_themselves_where_one_belongs(kind, words, text):
    assert after(kind, by_hand(words)).text == text


def test_shift_is_for_one_letter_and_can_be_taken_back():
    assert after(TEXT, ["shift", *by_hand("ул")]).text == "ул"
    assert after(TEXT, [*by_hand("ул. "), "shift", *by_hand("мира")]).text == "Ул. мира"
    assert after(TEXT, [*by_hand("ао "), "shift", *by_hand("св")]).text == "Ао Св"
    assert not capital(after(TEXT, ["shift", *by_hand("а"), "shift", "shift"]), TEXT)


def test_the_cursor_moves_and_letters_come_where_it_stands():
    draft = after(TEXT, [*by_hand("кт"), "cursor_left", *by_hand("о")])
    assert field_text(draft, TEXT) == ("Кот", 2)
    assert after(TEXT, ["cursor_left", "backspace"], "кот").text == "кт"
    assert after(TEXT, ["cursor_left"] * 9, "кот").cursor == 0
    assert after(TEXT, ["cursor_right"] * 9, "кот").cursor == 3
    assert after(TEXT, ["cursor_left"] * 3 + ["backspace"], "кот").text == "кот"


def test_what_was_cleared_comes_back_until_something_new_is_typed():
    cleared = after(TEXT, ["clear"], "Нет света")
    assert (cleared.text, cleared.cleared) == ("", "Нет света")
    assert "undo" in {cap.key for row in keyboard_of(cleared, TEXT) for cap in row}
    assert typed_text(cleared, "undo", TEXT).text == "Нет света"
    assert typed_text(typed_text(cleared, "type_а", TEXT), "undo", TEXT).text == "А"


def test_nothing_is_taken_over_the_limit_and_a_trembling_space_types_one():
    assert after(TEXT, by_hand("абвг"), length_max=3).text == "Абв"
    assert after(TEXT, by_hand("  а   б")).text == "А б"
    assert after(EMAIL, ["type_@yandex.ru"], "ivan", length_max=10).text == "ivan"


@pytest.mark.parametrize(
    ("start", "key", "text"),
    [
        ("ivan", "type_@mail.ru", "ivan@mail.ru"),
        ("ivan@", "type_@yandex.ru", "ivan@yandex.ru"),
        ("ivan@mail.ru", "type_@yandex.ru", "ivan@mail.ru"),
        ("ivan@firma", "type_.ru", "ivan@firma.ru"),
        ("ivan@firma.", "type_.ru", "ivan@firma.ru"),
        ("ivan@", "type_@", "ivan@"),
    ],
)
def test_an_ending_of_an_address_is_one_touch(start, key, text):
    assert after(EMAIL, [key], start).text == text


def test_an_ending_can_be_pressed_only_where_it_fits():
    def able(text):
        keys = (cap for row in keyboard_of(new_draft(EMAIL, text), EMAIL) for cap in row)
        return {cap.key for cap in keys if cap.enabled and cap.key.startswith("type_@")}

    assert able("") == set()
    assert able("ivan") == {"type_@", "type_@mail.ru", "type_@yandex.ru"}
    assert able("ivan@mail.ru") == set()


@pytest.mark.parametrize(
    ("typed", "shown", "sent"),
    [
        ("", "", ""),
        ("9", "+7 (9", "+79"),
        ("9212", "+7 (921) 2", "+79212"),
        ("9212345567", "+7 (921) 234-55-67", "+79212345567"),
        ("8123334455", "+7 (812) 333-44-55", "+78123334455"),
        ("89212345567", "+7 (921) 234-55-67", "+79212345567"),
        ("79212345567", "+7 (921) 234-55-67", "+79212345567"),
        ("92123455678", "+7 (921) 234-55-67", "+79212345567"),
    ],
)
def test_a_phone_stands_in_its_mask_and_the_8_that_people_say_falls_away(typed, shown, sent):
    draft = after(PHONE, by_hand(typed))
    assert field_text(draft, PHONE) == (shown.replace(" ", "\u00a0"), len(shown))
    assert sent_text(draft, PHONE) == sent
    assert is_enough(draft, PHONE) == (len(draft.text) == 10)


def test_a_phone_that_was_typed_before_comes_in_any_spelling():
    for text in ("+7 (921) 234-55-67", "89212345567", "9212345567"):
        assert sent_text(new_draft(PHONE, text), PHONE) == "+79212345567"


def test_how_much_is_left_is_told_under_a_long_text_and_at_the_end_of_a_short_one():
    assert left_told(new_draft(LONG, "а" * 998, 1000), LONG) == "Осталось 2 знака"
    assert left_told(new_draft(LONG, "", 1000), LONG) == "Осталось 1000 знаков"
    assert left_told(new_draft(TEXT, "а" * 39, 60), TEXT) == ""
    assert left_told(new_draft(TEXT, "а" * 59, 60), TEXT) == "Остался 1 знак"
    assert left_told(new_draft(DIGITS, "1", 3), DIGITS) == ""


def test_only_spaces_are_nothing():
    assert not is_enough(after(TEXT, by_hand("   ")), TEXT)
    assert sent_text(after(TEXT, by_hand("кот ")), TEXT) == "Кот"
    assert not is_enough(new_draft(TEXT, "ab"), TEXT, length_min=3)


def test_a_key_of_another_keyboard_changes_nothing():
    draft = new_draft(PHONE, "921")
    for key in ("type_а", "cursor_left", "next", "type_@mail.ru"):
        assert typed_text(draft, key, PHONE) == draft


# --- for who does not see it, and real keys --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "heard"),
    [
        ("Кот", "Котё", "ё"),
        ("Кот", "Крот", "р"),
        ("Коот", "Кот", "Стёрто: о"),
        ("Кот", "Кот ", "Пробел"),
        ("Кот", "Кот.", "Точка"),
        ("ivan", "ivan@mail.ru", "@mail.ru"),
        ("Кот и пёс", "К", "Стёрто"),
    ],
)
def test_of_a_long_text_only_what_a_key_did_is_heard(before, now, heard):
    def box(text):
        return [Node("textbox", text, "", True, 0, 0, 10, 10, say=text)]

    narration = Narration()
    assert narration.changed("page", box(before)) == [before]
    assert narration.changed("page", box(now)) == [heard]
    assert narration.changed("other page", box(now)) == [now]


def test_the_first_letter_in_an_empty_field_is_heard():
    narration = Narration()
    narration.changed("page", [Node("text", "Пока ничего", "", True, 0, 0, 10, 10, say="Пока ничего")])
    assert narration.changed("page", [Node("textbox", "П", "", True, 0, 0, 10, 10, say="П")]) == ["П"]


@pytest.mark.parametrize(
    ("code", "sign", "key"),
    [
        (1092, "ф", "type_ф"),
        (1092, "Ф", "type_ф"),
        (45, "-", "type_-"),
        (32, " ", "type_ "),
        (269, "-", ""),
        (49, "1", ""),
        (13, "\r", ""),
        (8, "", ""),
    ],
)
def test_a_real_key_types_what_the_key_on_the_glass_does(code, sign, key):
    assert typed_key(code, sign) == key
