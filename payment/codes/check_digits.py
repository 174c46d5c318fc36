"""Check digits of Russian bank accounts and taxpayer numbers. Pure.

Sources: Bank of Russia, rule of the account key (08.09.1997 N 515); FNS, structure of INN.
"""

from __future__ import annotations

from operator import mul

_KEY_WEIGHTS = (7, 1, 3)
_INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)  # of 12 digits; shorter ones use the tail
_VALUES = bytes.maketrans(b"0123456789", bytes(range(10)))
_SETTLEMENT_CENTRES = frozenset({"000", "001", "002"})  # accounts kept by the Bank of Russia itself


def is_digits(text: str, length: int) -> bool:
    """ASCII only: `str.isdigit` takes Arabic-Indic digits too."""
    return len(text) == length and text.isascii() and text.isdigit()


def account_key_is_good(bic: str, account: str) -> bool:
    """Whether a settlement account can belong to the bank of this BIC."""
    if not (is_digits(bic, 9) and is_digits(account, 20)):
        return False
    prefix = "0" + bic[4:6] if bic[-3:] in _SETTLEMENT_CENTRES else bic[-3:]
    return _key_sum(prefix + account) == 0


def correspondent_key_is_good(bic: str, account: str) -> bool:
    """Whether a correspondent account can belong to the bank of this BIC."""
    return is_digits(bic, 9) and is_digits(account, 20) and _key_sum("0" + bic[4:6] + account) == 0


def inn_is_good(inn: str) -> bool:
    """A taxpayer number: 10 digits of an organisation or 12 of a person, with their check digits."""
    if is_digits(inn, 10):
        return _inn_digit(inn[:9]) == inn[9]
    return is_digits(inn, 12) and _inn_digit(inn[:10]) == inn[10] and _inn_digit(inn[:11]) == inn[11]


def _key_sum(digits: str) -> int:
    """The sum of the products has the same last digit as the sum of their last digits, which the rule speaks of."""
    values = digits.encode().translate(_VALUES)
    return sum(weight * sum(values[at::3]) for at, weight in enumerate(_KEY_WEIGHTS)) % 10


def _inn_digit(digits: str) -> str:
    values = digits.encode().translate(_VALUES)
    return str(sum(map(mul, _INN_WEIGHTS[-len(digits) :], values)) % 11 % 10)
