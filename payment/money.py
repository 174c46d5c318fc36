"""Money: whole kopecks. No float ever (a test reads the syntax tree)."""

from __future__ import annotations

NBSP = "\u00a0"
NARROW_NBSP = "\u202f"


class MoneyFormatError(ValueError):
    """A text that is not an amount of rubles and kopecks."""


def rubles(amount_minor: int) -> str:
    """`123456` -> «1 234,56 ₽» with spaces that do not break."""
    return f"{rubles_bare(amount_minor)}{NBSP}₽"


def whole_rubles(amount_minor: int) -> str:
    """`123400` -> «1 234 ₽», for sums that have no kopecks."""
    return f"{rubles_bare(amount_minor).removesuffix(',00')}{NBSP}₽"


def rubles_bare(amount_minor: int) -> str:
    """`123456` -> «1 234,56», for columns of a receipt."""
    sign = "\u2212" if amount_minor < 0 else ""
    whole, kopecks = divmod(abs(amount_minor), 100)
    return f"{sign}{whole:,}".replace(",", NBSP) + f",{kopecks:02d}"


def osmp_sum(amount_minor: int) -> str:
    """`123456` -> "1234.56", the wire form of the OSMP protocol.

    Raises:
        MoneyFormatError: the amount is negative.
    """
    if amount_minor < 0:
        raise MoneyFormatError(f"a payment cannot be negative: {amount_minor}")
    whole, kopecks = divmod(amount_minor, 100)
    return f"{whole}.{kopecks:02d}"


def parse_rubles(text: str) -> int:
    """ "1234.56", "1234,5" or "1234" -> kopecks. ASCII digits only, no sign, at most two decimals.

    Raises:
        MoneyFormatError: anything else.
    """
    whole, mark, rest = text.strip().replace(",", ".").partition(".")
    good_whole = whole.isascii() and whole.isdigit() and len(whole) <= 12
    good_rest = rest.isascii() and rest.isdigit() and len(rest) <= 2 if mark else rest == ""
    if not (good_whole and good_rest):
        raise MoneyFormatError(f"not an amount of rubles: {text[:40]!r}")
    return int(whole) * 100 + int((rest or "0").ljust(2, "0"))
