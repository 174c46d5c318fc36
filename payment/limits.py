"""How much may be taken, and may this note be stacked? Section 2 of the payment notes. Pure; amounts in kopecks."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from msgspec.structs import replace

from payment.contract import CashSettings
from payment.money import rubles
from payment.money_rules import MoneyRules


class NoteDecision(enum.Enum):
    STACK = "stack"
    RETURN_OVER_LIMIT = "over_limit"
    RETURN_NOT_ACCEPTED = "not_accepted"


def decide_note(value_minor: int, inserted_minor: int, settings: CashSettings, *, disk_writable: bool) -> NoteDecision:
    """A note is taken only when it may be owed to somebody and can be written down."""
    if value_minor not in settings.denominations_minor or not disk_writable:
        return NoteDecision.RETURN_NOT_ACCEPTED
    if inserted_minor + value_minor > settings.amount_max_minor:
        return NoteDecision.RETURN_OVER_LIMIT
    return NoteDecision.STACK


def may_pay(inserted_minor: int, settings: CashSettings) -> bool:
    """Less than the amount asked may be paid, down to the service's minimum."""
    return settings.amount_min_minor <= inserted_minor <= settings.amount_max_minor


# --- dated limits ---------------------------------------------------------------------------------------------------


class Limit(enum.Enum):
    """What stops an amount."""

    PAYMENT_MIN = "payment_min"
    PAYMENT_MAX = "payment_max"
    VISIT_MAX = "visit_max"
    ACCOUNT_DAY = "account_day"
    ANONYMOUS_CASH = "anonymous_cash"


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken before this payment, by the journal; all in kopecks."""

    visit_minor: int = 0  # by earlier payments of the same visit
    account_today_minor: int = 0
    account_today_cash_minor: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """The most that this payment may come to, and what stops more."""

    amount_minor: int
    limited_by: Limit


def room(rules: MoneyRules, taken: Taken, *, cash: bool) -> Room:
    """How much one payment may come to now. Of equal limits the first named one stops it."""
    limits = [
        Room(rules.payment_max_minor, Limit.PAYMENT_MAX),
        Room(rules.visit_max_minor - taken.visit_minor, Limit.VISIT_MAX),
        Room(rules.account_day_max_minor - taken.account_today_minor, Limit.ACCOUNT_DAY),
    ]
    if cash:
        limits.append(Room(rules.anonymous_cash_max_minor - taken.account_today_cash_minor, Limit.ANONYMOUS_CASH))
    least = min(limits, key=lambda limit: limit.amount_minor)
    return Room(max(0, least.amount_minor), least.limited_by)


def settings_of(base: CashSettings, rules: MoneyRules, most: Room, asked_minor: int) -> CashSettings:
    """The till's settings for one payment, by the rules of its day and what may still be taken."""
    return replace(
        base,
        amount_min_minor=rules.payment_min_minor,
        amount_max_minor=most.amount_minor,
        limit_words=words_before(asked_minor, most, rules),
        offline_allowed=rules.offline_allowed,
        offline_total_max_minor=rules.offline_total_max_minor,
        cassette_notes_max=rules.cassette_capacity_notes,
    )


def words_before(asked_minor: int, most: Room, rules: MoneyRules) -> str:
    """What the customer is told before the first note; "" when nothing that he asks for is limited. 0: any amount."""
    narrowed = most.limited_by is not Limit.PAYMENT_MAX and most.amount_minor < rules.payment_max_minor
    stopped = stopped_by(asked_minor, most, rules) if asked_minor else None
    if stopped is None and not narrowed:
        return ""
    return limit_words(stopped or most.limited_by, most, rules)


def stopped_by(amount_minor: int, most: Room, rules: MoneyRules) -> Limit | None:
    """What forbids to pay this amount; None when nothing does."""
    if amount_minor > most.amount_minor:
        return most.limited_by
    return Limit.PAYMENT_MIN if amount_minor < rules.payment_min_minor else None


# With room left ({left} kopecks of it), and without any.
_LIMIT_WORDS = {
    Limit.PAYMENT_MIN: (
        "Наименьшая сумма платежа — {least}. Добавьте, пожалуйста, ещё.",
        "Наименьшая сумма платежа — {least}. Подойдите, пожалуйста, завтра или позвоните нам.",
    ),
    Limit.PAYMENT_MAX: (
        "За один раз можно внести до {left}. Остальное можно оплатить следующим платежом.",
        "За один раз больше внести нельзя. Остальное можно оплатить следующим платежом.",
    ),
    Limit.VISIT_MAX: (
        "За это посещение можно внести ещё до {left}.",
        "За одно посещение больше внести нельзя. Завершите его и начните новое.",
    ),
    Limit.ACCOUNT_DAY: (
        "На этот лицевой счёт сегодня можно внести ещё до {left}.",
        "На этот лицевой счёт сегодня больше внести нельзя. Продолжить можно завтра.",
    ),
    Limit.ANONYMOUS_CASH: (
        "Без паспорта закон разрешает внести сегодня наличными ещё до {left}.",
        "Больше наличными за день закон разрешает внести только с паспортом. "
        "Можно продолжить завтра или заплатить другим способом.",
    ),
}


def limit_words(limit: Limit, most: Room, rules: MoneyRules) -> str:
    """What the customer is told; it always ends in a way on."""
    with_room, without = _LIMIT_WORDS[limit]
    words = with_room if most.amount_minor >= rules.payment_min_minor else without
    return words.format(left=rubles(most.amount_minor), least=rubles(rules.payment_min_minor))
