"""Card numbers are found wherever they are written, and nothing else is taken for one."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payment.card_numbers import CardNumberFilter, holds_card_number, without_card_numbers


def with_check_digit(digits: str) -> str:
    """Luhn by its rule: every second digit from the right is doubled, the sum of all digits is a multiple of ten."""
    total = sum(sum(divmod(int(d) * (2 if at % 2 == 0 else 1), 10)) for at, d in enumerate(reversed(digits)))
    return digits + str(-total % 10)


# Made here, so that no card number stands in this house.
CARD = with_check_digit("220070000000123")


@pytest.mark.parametrize(
    "written",
    [
        CARD,
        " ".join(CARD[at : at + 4] for at in range(0, 16, 4)),
        "-".join(CARD[at : at + 4] for at in range(0, 16, 4)),
        f"PAN={CARD};",
        f"{CARD} 12/28",
        f"5555 {' '.join(CARD[at : at + 4] for at in range(0, 16, 4))}",
        f"20.11.26 {' '.join(CARD[at : at + 4] for at in range(0, 16, 4))} 2028",
        "-".join((CARD[:4], CARD[4:8], CARD[8:12], CARD[12:])) + "-5",
        f"Карта {CARD}\nОДОБРЕНО",
    ],
)
def test_a_card_number_is_masked_however_it_is_written(written):
    assert holds_card_number(written)
    masked = without_card_numbers(written)
    assert f"220070******{CARD[-4:]}" in masked
    assert not holds_card_number(masked)


@pytest.mark.parametrize(
    "other",
    [
        CARD[:-1] + str((int(CARD[-1]) + 1) % 10),  # no card has this check digit
        "26112314120000170012",  # a payment's number: twenty digits
        "40702810900000000001",  # an account at a bank
        "9999078900000001",  # a fiscal drive
        "000123456789",  # a bank's RRN
        "20261125120000",  # a moment of time whose last digit happens to check
        "220070******1234",
        "+79211234567",
        "",
    ],
)
def test_other_numbers_stay_whole(other):
    assert not holds_card_number(other)
    assert without_card_numbers(other) == other


@given(
    digits=st.from_regex(r"4[0-9]{11}|3[0-9]{12,13}|[2-6][0-9]{14,17}", fullmatch=True),
    before=st.text(max_size=9),
    after=st.text(max_size=9),
)
def test_no_card_number_survives_among_any_text(digits, before, after):
    card = with_check_digit(digits)
    if before[-1:] in tuple("0123456789") or after[:1] in tuple("0123456789"):
        return
    masked = without_card_numbers(before + card + after)
    assert card not in masked
    assert f"{card[:6]}{'*' * (len(card) - 10)}{card[-4:]}" in masked


@given(st.text(max_size=200))
def test_masking_twice_changes_nothing_more(text):
    assert without_card_numbers(without_card_numbers(text)) == without_card_numbers(text)


@pytest.mark.clause("5.1.12")
def test_a_log_is_written_without_card_numbers(caplog):
    caplog.handler.addFilter(CardNumberFilter())
    logging.getLogger("pinpad").warning("answer of %s: %s", "pinpad", CARD)
    logging.getLogger("pinpad").warning("attempt %d", 3)
    assert CARD not in caplog.text
    assert f"answer of pinpad: 220070******{CARD[-4:]}" in caplog.text
    assert "attempt 3" in caplog.text


def test_an_error_in_a_log_is_written_without_card_numbers(caplog):
    caplog.handler.addFilter(CardNumberFilter())
    try:
        raise ValueError(f"the terminal said {CARD}")
    except ValueError:
        logging.getLogger("pinpad").exception("broken")
    assert "ValueError: the terminal said 220070******" in caplog.text
    assert CARD not in caplog.text
