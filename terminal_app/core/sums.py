"""What a payment by notes comes to before and while they go in. Pure; amounts in kopecks."""

from __future__ import annotations

import math
from functools import lru_cache

from payment.contract import COINS_MINOR, CashSettings, PaymentOrder
from payment.fees import FeeShare, share
from payment.rules.pay import amount_asked_minor, paid_lines
from terminal_app.core.visit_values import Visit


def to_pay_minor(visit: Visit) -> int:
    """What has to be inserted so that the account gets what was asked; 0: any amount."""
    order = visit.cash.order if visit.cash is not None else None
    return visit.asked_minor if order is None else amount_asked_minor(order)


def lacking_minor(visit: Visit) -> int:
    """So much less than is to be paid is inside."""
    inserted_minor = visit.cash.inserted_minor if visit.cash is not None else 0
    return max(0, to_pay_minor(visit) - inserted_minor)


def fee_minor(visit: Visit) -> int:
    """Of what is inside; before the first note, of what is to be paid."""
    cash = visit.cash
    if cash is None or cash.order is None:
        return 0
    return cash.fee_minor or sum(
        part.fee_minor for part in _shares(cash.order, cash.inserted_minor or to_pay_minor(visit))
    )


def sum_above(visit: Visit, settings: CashSettings) -> tuple[int, int]:
    """No notes make exactly what is to be paid: the least sum above it, and what of that is an advance.

    Zeroes when the sum can be made, when it is any, or when the sum above it may not be taken.
    """
    cash, due_minor = visit.cash, to_pay_minor(visit)
    if cash is None or cash.order is None or not 0 < due_minor <= settings.amount_max_minor:
        return 0, 0
    taken = settings.denominations_minor | (COINS_MINOR if cash.coins_ready else frozenset())
    least_minor = least_sum_minor(due_minor, taken)
    if not due_minor < least_minor <= settings.amount_max_minor:
        return 0, 0
    return least_minor, sum(part.credited_minor for part in _shares(cash.order, least_minor)) - visit.asked_minor


def _shares(order: PaymentOrder, taken_minor: int) -> list[FeeShare]:
    """What a sum becomes, line by line."""
    return [share(amount_minor, line.fee) for line, amount_minor in paid_lines(order, taken_minor)]


@lru_cache(maxsize=64)
def least_sum_minor(at_least_minor: int, denominations_minor: frozenset[int]) -> int:
    """The least sum of these notes and coins, each as often as needed, that is not below this one; 0: of none."""
    if not denominations_minor:
        return 0
    unit_minor = math.gcd(*denominations_minor)
    pieces = [value // unit_minor for value in denominations_minor]
    need = -(-at_least_minor // unit_minor)
    most = need + min(pieces)  # some number of the smallest pieces lies within
    sums = 1  # bit n: n units can be made
    for piece in pieces:
        step = piece
        while step <= most:
            sums |= (sums << step) & ((1 << (most + 1)) - 1)
            step *= 2
    above = sums >> need
    return (need + (above & -above).bit_length() - 1) * unit_minor
