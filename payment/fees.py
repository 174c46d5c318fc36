"""Commission and splitting, in whole kopecks. Pure.

Source: the payment notes, section 9. A rate is in basis points (1/100 of a percent). Nothing is ever lost by rounding:
what is credited and what is taken as a fee always make up exactly what was inserted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

BASIS_POINTS = 10_000
AMOUNT_MAX_MINOR = 10**12  # above any payment; bounds the search


class FeeError(ValueError):
    """A rule or an amount that no fee can be counted from."""


@dataclass(frozen=True, slots=True)
class FeeRule:
    """How a fee is counted. A supplier's own terminal takes none: that is the default."""

    rate_bp: int = 0
    min_minor: int = 0
    max_minor: int | None = None
    on_top: bool = False  # False: taken out of what was inserted; True: added to what is credited

    def __post_init__(self) -> None:
        if not 0 <= self.rate_bp < BASIS_POINTS or self.min_minor < 0:
            raise FeeError(f"a fee of {self.rate_bp} basis points, at least {self.min_minor}")
        if self.max_minor is not None and self.max_minor < self.min_minor:
            raise FeeError(f"the largest fee {self.max_minor} is below the least one {self.min_minor}")


@dataclass(frozen=True, slots=True)
class FeeShare:
    """What an inserted amount becomes; the two make it up whole."""

    credited_minor: int
    fee_minor: int


@dataclass(frozen=True, slots=True)
class LineShare:
    """What one line of a payment gets: towards what it owes, and above it."""

    paid_minor: int
    advance_minor: int = 0


def half_up(numerator: int, denominator: int) -> int:
    """The quotient of two whole numbers, rounded to the nearest one, halves up."""
    if numerator < 0 or denominator <= 0:
        raise FeeError(f"no share of {numerator}/{denominator}")
    return (2 * numerator + denominator) // (2 * denominator)


def share(amount_minor: int, rule: FeeRule) -> FeeShare:
    """Divides what was inserted by the rule of the service."""
    return fee_on_top(amount_minor, rule) if rule.on_top else fee_inside(amount_minor, rule)


def fee_inside(amount_minor: int, rule: FeeRule) -> FeeShare:
    """The fee is a part of what was inserted, never more than all of it."""
    _check_amount(amount_minor)
    fee = min(_fee_of(amount_minor, rule), amount_minor)
    return FeeShare(amount_minor - fee, fee)


def fee_on_top(amount_minor: int, rule: FeeRule) -> FeeShare:
    """The largest credit that fits together with its fee; the kopeck that fits neither joins the credit.

    What does not cover even the least fee is all fee, as inside: the service's least payment must lie above it.
    """
    _check_amount(amount_minor)
    credited = _largest(amount_minor, lambda credit: credit + _fee_of(credit, rule) <= amount_minor)
    fee = _fee_of(credited, rule) if credited else amount_minor
    return FeeShare(amount_minor - fee, fee)


def amount_to_insert(credit_minor: int, rule: FeeRule) -> int:
    """The least sum from which at least `credit_minor` is credited: shown before the first note."""
    _check_amount(credit_minor)
    too_little = _largest(AMOUNT_MAX_MINOR, lambda amount: share(amount, rule).credited_minor < credit_minor)
    return too_little + 1 if credit_minor else 0


def split_by_largest_remainder(amount_minor: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Divides an amount in proportion to `weights`; odd kopecks go to the largest remainders, ties to the earlier line.

    Raises:
        FeeError: no weight is above zero, or one is below it.
    """
    _check_amount(amount_minor)
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise FeeError("an amount is split by weights that are not below zero and not all zero")
    parts = [amount_minor * weight // total for weight in weights]
    remainders = [amount_minor * weight % total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda line: (-remainders[line], line))
    for line in by_remainder[: amount_minor - sum(parts)]:
        parts[line] += 1
    return tuple(parts)


def share_over_lines(amount_minor: int, dues_minor: Sequence[int]) -> tuple[LineShare, ...]:
    """A payment of several lines: each its due; too little is shared in proportion, what is above is an advance
    of the first line."""
    _check_amount(amount_minor)
    if not dues_minor or min(dues_minor) < 0:
        raise FeeError("a payment needs lines, and no line owes less than nothing")
    due = sum(dues_minor)
    if amount_minor < due:
        return tuple(LineShare(part) for part in split_by_largest_remainder(amount_minor, dues_minor))
    first, *others = dues_minor
    return (LineShare(first, amount_minor - due), *(LineShare(line) for line in others))


def _fee_of(base_minor: int, rule: FeeRule) -> int:
    """Nothing costs nothing: a credit of zero bears no least fee."""
    if base_minor == 0:
        return 0
    fee = max(half_up(base_minor * rule.rate_bp, BASIS_POINTS), rule.min_minor)
    return fee if rule.max_minor is None else min(fee, rule.max_minor)


def _largest(limit: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to `limit` for which `holds`; it holds for zero and, once it fails, fails for all above."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low


def _check_amount(amount_minor: int) -> None:
    if not 0 <= amount_minor <= AMOUNT_MAX_MINOR:
        raise FeeError(f"not an amount of a payment: {amount_minor}")
