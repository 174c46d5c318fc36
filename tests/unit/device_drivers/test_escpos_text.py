"""Russian text on a code page, wrapped and aligned."""

from __future__ import annotations

import pytest

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.escpos.commands import Paper, paper_of
from device_drivers.escpos.text import encode, on_page, pair_rows, wrap


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("500,00 ₽", "500,00 руб."),
        ("АО «Свет» — №1…", 'АО "Свет" - №1...'),
        ("Ёлка, ёж", "Ёлка, ёж"),
        ("и\u0306", "й"),  # two code points, one letter
        ("50\u00a0000", "50 000"),
        ("日本", "??"),
        ("a\x1b@\x1dV\x00b", "a @ V b"),
        ("мяг\u00adкий", "мягкий"),
    ],
)
def test_what_the_page_lacks_is_written_in_other_words(text, shown):
    assert on_page(text, "cp866") == shown
    assert encode(shown, "cp866").decode("cp866") == shown


def test_a_page_that_has_the_character_keeps_it():
    assert on_page("«Свет» — №1", "cp1251") == "«Свет» — №1"


def test_text_is_wrapped_by_whole_words_and_a_long_word_is_cut():
    assert wrap("один два три", 8) == ["один два", "три"]
    assert wrap("а бвгдежзиклмн о", 5) == ["а", "бвгде", "жзикл", "мн о"]
    assert wrap("", 5) == [""]
    assert wrap("раз\n\nдва", 5) == ["раз", "", "два"]


def test_a_pair_stands_at_both_edges_with_dots_between():
    assert pair_rows("Сумма", "500,00", 22) == ["Сумма ......... 500,00"]
    assert pair_rows("Сумма", "500,00", 13) == ["Сумма  500,00"]


def test_a_long_name_is_wrapped_and_the_value_stands_on_its_last_row():
    assert pair_rows("Оплата электрической энергии", "1,00", 20) == ["Оплата электрической", "энергии ....... 1,00"]


def test_a_value_that_does_not_fit_beside_the_name_goes_below_to_the_right():
    rows = pair_rows("Адрес", "Москва, ул. Длинная, д. 1", 16)
    assert rows == ["Адрес", "     Москва, ул.", "   Длинная, д. 1"]


def test_the_paper_comes_from_the_options_of_the_url():
    assert paper_of({}) == Paper(17, "cp866", 48)
    assert paper_of({"codepage": "46", "columns": "32"}) == Paper(46, "cp1251", 32)
    assert paper_of({"codepage": "6", "encoding": "cp1251"}) == Paper(6, "cp1251", 48)


@pytest.mark.parametrize(
    "options",
    [{"columns": "5"}, {"columns": "x"}, {"codepage": "6"}, {"codepage": "-1"}, {"encoding": "utf-8"}, {"speed": "1"}],
)
def test_nonsense_options_are_refused(options):
    with pytest.raises(DeviceUrlError):
        paper_of(options)
