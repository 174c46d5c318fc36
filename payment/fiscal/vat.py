"""Value added tax of a receipt: codes of tag 1199, the rate of an accounting period, the tax inside a sum. Pure.

Sources: FFD 1.2, tag 1199; FNS order ЕД-7-20/1050@ of 08.12.2025 (codes 11 and 12). The rate belongs to the period in
which the energy was supplied, not to the day of the payment: a supply of 2025 paid in 2026 keeps 20 %.
"""

from __future__ import annotations

import enum
import re

from payment.fees import half_up


class VatError(ValueError):
    """No rate can be named."""


class Vat(enum.IntEnum):
    """Codes of tag 1199."""

    VAT_20 = 1
    VAT_10 = 2
    VAT_20_120 = 3
    VAT_10_110 = 4
    VAT_0 = 5
    NONE = 6
    VAT_5 = 7
    VAT_7 = 8
    VAT_5_105 = 9
    VAT_7_107 = 10
    VAT_22 = 11
    VAT_22_122 = 12


_PERCENT = {
    Vat.VAT_20: 20,
    Vat.VAT_10: 10,
    Vat.VAT_20_120: 20,
    Vat.VAT_10_110: 10,
    Vat.VAT_0: 0,
    Vat.NONE: 0,
    Vat.VAT_5: 5,
    Vat.VAT_7: 7,
    Vat.VAT_5_105: 5,
    Vat.VAT_7_107: 7,
    Vat.VAT_22: 22,
    Vat.VAT_22_122: 22,
}
_CALCULATED = {
    Vat.VAT_20: Vat.VAT_20_120,
    Vat.VAT_10: Vat.VAT_10_110,
    Vat.VAT_5: Vat.VAT_5_105,
    Vat.VAT_7: Vat.VAT_7_107,
    Vat.VAT_22: Vat.VAT_22_122,
}
_SETTLED = {after: before for before, after in _CALCULATED.items()}
CALCULATED = frozenset(_SETTLED)
# First month of a general rate. Before 2019 it was 18 %, for which the format has no code any more.
_GENERAL = (("2026-01", Vat.VAT_22), ("2019-01", Vat.VAT_20))
_PERIOD = re.compile(r"\d{4}-(0[1-9]|1[0-2])", re.ASCII)


def vat_of_code(code: int) -> Vat:
    """Raises VatError for a number that tag 1199 does not have."""
    try:
        return Vat(code)
    except ValueError as error:
        raise VatError(f"tag 1199 has no code {code}") from error


def general_vat(period: str) -> Vat:
    """The general rate of an accounting period «YYYY-MM».

    Raises:
        VatError: not a period, or one whose rate has no code.
    """
    if _PERIOD.fullmatch(period) is None:
        raise VatError(f"not an accounting period: {period[:20]!r}")
    for first, rate in _GENERAL:
        if period >= first:
            return rate
    raise VatError(f"the rate of {period} has no code: billing must name one")


def calculated(vat: Vat) -> Vat:
    """The rate of money taken before the supply: 22 % becomes 22/122; what bears no tax goes on bearing none."""
    return _CALCULATED.get(vat, vat)


def settled(vat: Vat) -> Vat:
    """The rate of a supply whose money was taken at the calculated one: 22/122 becomes 22 %."""
    return _SETTLED.get(vat, vat)


def vat_inside(amount_minor: int, vat: Vat) -> int:
    """Kopecks of tax in a sum that includes it, halves up."""
    percent = _PERCENT[vat]
    return half_up(amount_minor * percent, 100 + percent)
