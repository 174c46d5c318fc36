"""A slip as plain text keeps to its width and loses no letter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from payment.receipt import Heading, Pair, Words
from payment.slip_text import WIDTH, slip_text

TEXTS = st.text("абв -·№1,₽\u00a0", max_size=150)


def test_a_value_that_fits_stands_beside_its_name():
    assert slip_text([Pair("Комиссия", "0,00 ₽")], 20) == "Комиссия      0,00 ₽\n"


def test_a_long_value_goes_under_its_name_and_breaks_between_words():
    said = slip_text([Pair("Терминал", "МФЦ Центрального района, Невский пр., дом 174, литера А")], 30)
    assert said.splitlines() == [
        "Терминал",
        "      МФЦ Центрального района,",
        "Невский пр., дом 174, литера А",
    ]


def test_a_long_name_breaks_and_its_value_stands_beside_the_last_row():
    said = slip_text([Pair("Замена прибора учёта с выездом", "500,00\u00a0₽")], 24)
    assert said.splitlines() == ["Замена прибора учёта с", "выездом         500,00\u00a0₽"]


def test_a_number_is_cut_at_the_edge_and_not_at_its_hyphens():
    assert slip_text([Pair("Номер", "А-17-2-45678")], 10).splitlines() == ["Номер", "А-17-2-456", "        78"]


@given(st.lists(st.builds(Pair, TEXTS, TEXTS) | st.builds(Heading, TEXTS) | st.builds(Words, TEXTS)))
def test_no_row_is_wider_than_the_paper_and_no_letter_is_lost(lines):
    said = slip_text(lines)
    assert all(len(row) <= WIDTH for row in said.splitlines())
    whole = "".join(each.name + each.value if isinstance(each, Pair) else each.text for each in lines)
    assert "".join(said.split()) == "".join(whole.split())
