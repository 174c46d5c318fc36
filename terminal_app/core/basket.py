"""What is being put together to be paid: the things due on an account, sums of them, several accounts. Pure.

A payment of several accounts is one for the till: one sum of notes, one slip, a line for each thing. In kopecks.
"""

from __future__ import annotations

from dataclasses import replace

from msgspec import structs

from payment.billing.account_values import AccountDetails
from payment.contract import Means, OrderLine, PaymentOrder, Purpose
from payment.fiscal.contact import masked_contact
from payment.fiscal.vat import Vat
from terminal_app.core.visit_values import Visit
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.orders import DueView, LineView, OrderView

LINES_MAX = 6  # of a list that may grow: a slip as long as a hand, one glass to look it over
PENALTY = "penalty"
PENALTY_TITLE = "Пени"
_ENERGY = OrderLine("")
_PURPOSES = {purpose.value: purpose for purpose in Purpose}

Lines = tuple[OrderLine, ...]
PUT_TOGETHER = frozenset({Screen.AMOUNT, Screen.BASKET})


def dues_of(details: AccountDetails) -> list[DueView]:
    """What is due, as things that can be paid one by one; together they are just what is due. Empty: nothing is.

    What was paid since the bill is off the energy first, and off the penalty last, as billing does it.
    """
    left_minor = max(0, details.due_minor)
    penalty_minor = min(details.penalty_minor, left_minor)
    left_minor -= penalty_minor
    services: dict[str, DueView] = {}  # one charged for twice, say in two months, is one thing
    for charge in details.charges:
        amount_minor = min(charge.amount_minor, left_minor)
        if charge.service and amount_minor > 0:
            left_minor -= amount_minor
            known = services.get(charge.service)
            whole_minor = amount_minor + (known.amount_minor if known is not None else 0)
            vat_code = charge.vat_code or 0
            services[charge.service] = DueView(
                charge.service, charge.title, whole_minor, charge.purpose, charge.month or "", vat_code
            )
    energy = [DueView(_ENERGY.service, _ENERGY.service_title, left_minor)] if left_minor else []
    penalty = DueView(PENALTY, PENALTY_TITLE, penalty_minor, Purpose.OTHER.value, vat_code=Vat.NONE.value)
    return [*energy, *services.values(), *([penalty] if penalty_minor else [])]


def part_of(visit: Visit) -> DueView | None:
    """The one thing that a sum is asked of; None: the whole account."""
    return next((due for due in _dues(visit) if due.service == visit.part), None)


def _dues(visit: Visit) -> list[DueView]:
    return visit.balance.dues if visit.balance is not None else []


def _line(account: str, due: DueView, amount_minor: int) -> OrderLine:
    purpose = _PURPOSES[due.purpose]
    return OrderLine(account, due.service, due.title, amount_minor, purpose, due.period, due.vat_code)


def lines_of(visit: Visit, amount_minor: int) -> Lines:
    """A sum as lines of the present account: what is due in billing's order; what is above it is for the first."""
    assert visit.account is not None
    account, dues = visit.account.account, _dues(visit)
    if (part := part_of(visit)) is not None:
        return (_line(account, part, amount_minor),)
    if not dues or not amount_minor:
        return (OrderLine(account, asked_minor=amount_minor),)
    lines, left_minor = [], amount_minor
    for due in dues:
        paid_minor = min(due.amount_minor, left_minor)
        left_minor -= paid_minor
        lines.append(_line(account, due, paid_minor))
    lines[0] = structs.replace(lines[0], asked_minor=lines[0].asked_minor + left_minor)
    return tuple(line for line in lines if line.asked_minor)


def gathers(visit: Visit) -> bool:
    """A sum that is named now goes to the list."""
    return visit.gathering or bool(visit.basket) or part_of(visit) is not None


def gather(visit: Visit) -> Visit:
    """The list begins with all that is due; where that is not known, with the sum that is asked for next."""
    if visit.screen is not Screen.AMOUNT or gathers(visit):
        return visit
    due_minor = sum(due.amount_minor for due in _dues(visit))
    return put_in(visit, lines_of(visit, due_minor)) if due_minor else replace(visit, gathering=True)


def put_in(visit: Visit, lines: Lines) -> Visit:
    """What was named of the same things before is named anew."""
    named = {(line.account, line.service) for line in lines}
    others = tuple(step for step in visit.basket if not any((line.account, line.service) in named for line in step))
    return replace(visit, screen=Screen.BASKET, basket=(*others, lines), gathering=False)


def taken_back(visit: Visit) -> Visit:
    """«Назад» on the list: the last sum is asked for once more; of an account that is not on the glass it is let go."""
    kept = replace(visit, basket=visit.basket[:-1])
    if visit.account is not None:
        return replace(kept, screen=Screen.AMOUNT)
    return kept if kept.basket else replace(kept, screen=Screen.ACCOUNT_ENTRY)


def before_amount(visit: Visit) -> Visit:
    """«Назад» on the question how much."""
    if visit.part and visit.basket:
        return replace(visit, screen=Screen.BASKET)
    if visit.part or visit.gathering:
        return replace(visit, part="", gathering=False)
    return replace(visit, screen=Screen.BALANCE if visit.balance is not None else Screen.ACCOUNT_CONFIRM)


def before_money(visit: Visit) -> Screen:
    """Where a payment was put together."""
    return Screen.BASKET if visit.basket else Screen.AMOUNT


def gathered(visit: Visit) -> Lines:
    return tuple(line for step in visit.basket for line in step)


def order_of(visit: Visit, means: Means) -> PaymentOrder:
    """What the till is told."""
    return PaymentOrder.of_lines(gathered(visit) or lines_of(visit, visit.asked_minor), means, visit.contact)


def kept_for_the_next(visit: Visit) -> Visit:
    """The same customer comes to another account: nothing of the one before is left but what he pays for it."""
    return Visit(
        modes=visit.modes,
        segment=visit.segment,
        active_at_s=visit.active_at_s,
        surveyed=visit.surveyed,
        contact=visit.contact,
        basket=visit.basket,
    )


def order_view(visit: Visit, *, receipt_sent: bool) -> OrderView:
    """`receipt_sent`: an electronic receipt can be sent from here."""
    lines, part = gathered(visit), part_of(visit)
    return OrderView(
        lines=[LineView(line.account, line.service_title, line.asked_minor) for line in lines],
        total_minor=sum(line.asked_minor for line in lines),
        part_title=part.title if part is not None else "",
        part_minor=part.amount_minor if part is not None else 0,
        gathering=visit.gathering,
        may_gather=not gathers(visit),
        may_pick=visit.account is not None and len(_dues(visit)) > 1,
        may_add=len(lines) < LINES_MAX,
        proposed_minor=visit.proposed_minor,
        receipt_offered=receipt_sent,
        contact=masked_contact(visit.contact),
    )
