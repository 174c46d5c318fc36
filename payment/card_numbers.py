"""Card numbers in texts: found by their check digit, shown by the first six and the last four digits only. Pure.

Source: ISO/IEC 7812 (13 to 19 digits, Luhn); PCI DSS 4.0, 3.4. A certified pinpad keeps card numbers to itself; this is
for the day when one does not, or when a person types his number where it does not belong.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

SHOWN_FIRST, SHOWN_LAST = 6, 4
# Payment cards begin with 2 to 6; those of 13 digits with 4, of 14 and 15 with 3, so that a moment of time (14 digits,
# 20...) is none. They are written whole, by fours, or as 4-6-5; longer runs are other things' numbers.
_RUN = re.compile(
    r"(?<![0-9])(?:4[0-9]{12}|3[0-9]{13,14}|[2-6][0-9]{15,18}|"
    r"[2-6][0-9]{3}([ -])[0-9]{4}\1[0-9]{4}\1[0-9]{4}|3[0-9]{3}([ -])[0-9]{6}\2[0-9]{4,5})(?![0-9])"
)
_NOT_DIGIT = re.compile(r"[^0-9]")
_PLAIN = logging.Formatter()
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


def holds_card_number(text: str) -> bool:
    return next(_card_numbers(text), None) is not None


def without_card_numbers(text: str) -> str:
    """The text with the middle of each card number as `*`."""
    parts, kept = [], 0
    for found in _card_numbers(text):
        digits = _NOT_DIGIT.sub("", found.group())
        hidden = "*" * (len(digits) - SHOWN_FIRST - SHOWN_LAST)
        parts += [text[kept : found.start()], digits[:SHOWN_FIRST], hidden, digits[-SHOWN_LAST:]]
        kept = found.end()
    return "".join((*parts, text[kept:]))


class CardNumberFilter(logging.Filter):
    """Keeps card numbers out of a log, whoever wrote them: put it on every handler."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        if holds_card_number(said):
            record.msg, record.args = without_card_numbers(said), None
        if record.exc_info:  # a formatter takes the text that is there already
            record.exc_text = without_card_numbers(_PLAIN.formatException(record.exc_info))
        return True


def _card_numbers(text: str) -> Iterator[re.Match[str]]:
    """From the left; what fails its check digit may still hide one that begins at a later group."""
    at = 0
    while (found := _RUN.search(text, at)) is not None:
        good = _check_digit_is_good(_NOT_DIGIT.sub("", found.group()))
        at = found.end() if good else found.start() + 1
        if good:
            yield found


def _check_digit_is_good(digits: str) -> bool:
    total = sum(int(digit) if at % 2 == 0 else _DOUBLED[int(digit)] for at, digit in enumerate(reversed(digits)))
    return total % 10 == 0
