"""The sandbox's JSON about accounts, as `payment.billing.accounts` asks for it. Pure: it is told the day."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from datetime import date, timedelta

from payment.sandbox.masking import address_masked, name_masked
from payment.sandbox.seed import SeedAccount
from payment.sandbox.supply_api import PENALTY, charge_line

MONTHS = (
    ["январь", "февраль", "март", "апрель", "май", "июнь", "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"]
)  # fmt: skip


def summary(seed: SeedAccount) -> dict[str, object]:
    """What anybody may see."""
    return {"account": seed.account, "name_masked": name_masked(seed), "address_masked": address_masked(seed)}


def details(seed: SeedAccount, credited_minor: int, today: date) -> dict[str, object]:
    """What the customer may see; the lines add up to what is due."""
    month = last_billed_month(today)
    charges = [charge_line(title, amount, month) for title, amount in seed.lines]
    if credited_minor:
        charges.append({"title": "Поступило после выставления счёта", "amount_minor": -credited_minor})
    due_minor = seed.due_minor - credited_minor
    penalty_minor = min(max(due_minor, 0), sum(amount for title, amount in seed.lines if title == PENALTY))
    return {
        "account": seed.account,
        "due_minor": due_minor,
        "debt_minor": max(due_minor, 0) - penalty_minor,
        "penalty_minor": penalty_minor,
        "advance_minor": max(-due_minor, 0),
        "period": billed_period(today),
        "month": month.strftime("%Y-%m"),
        "charges": charges,
        "as_of": today.strftime("%d.%m.%Y"),
    }


def billed_period(today: date) -> str:
    """«ноябрь 2026»: bills come out in the month after."""
    month = last_billed_month(today)
    return f"{MONTHS[month.month - 1]} {month.year}"


def last_billed_month(today: date) -> date:
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def of_phone(seeds: Iterable[SeedAccount], phone: str) -> dict[str, object]:
    """Accounts whose contract names the phone."""
    return {"accounts": [summary(seed) for seed in seeds if phone_is_bound(seed, phone)]}


def phone_is_bound(seed: SeedAccount, phone: str) -> bool:
    return any(hmac.compare_digest(known.encode(), phone.encode()) for known in seed.phones)


def attribute_is_right(seed: SeedAccount, attribute: str) -> bool:
    return hmac.compare_digest(seed.phone_tail.encode(), attribute.encode())
