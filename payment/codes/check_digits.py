"""Check digits of Russian bank accounts and taxpayer numbers. Pure.

Sources: Bank of Russia, rule of the account key (08.09.1997 N 515); FNS, structure of INN.
"""

from __future__ import annotations

_KEY_WEIGHTS = (7, 1, 3)
_INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)  # of 12 digits; shorter ones use the tail
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
    return sum(int(digit) * _KEY_WEIGHTS[at % 3] % 10 for at, digit in enumerate(digits)) % 10


def _inn_digit(digits: str) -> str:
    weights = _INN_WEIGHTS[-len(digits) :]
    return str(sum(weight * int(digit) for weight, digit in zip(weights, digits, strict=True)) % 11 % 10)
