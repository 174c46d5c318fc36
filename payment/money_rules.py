"""Dated rules of money: limits and fees with the day from which they hold. Pure; amounts in kopecks.

Source: the payment notes, sections 2 and 9. Rules come from the office as a list of tables, each with its first day, so
that a change of the law is sent beforehand and a payment of yesterday is judged by yesterday's rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from payment.fees import FeeRule, share

LIMIT_MAX_MINOR = 10**11
Minor = Annotated[int, Meta(ge=0, le=LIMIT_MAX_MINOR)]
NO_FEE = FeeRule()


class MoneyRulesError(ValueError):
    """The rules cannot be used; the text says which and why."""


class MoneyRules(Struct, frozen=True, forbid_unknown_fields=True):
    """What may be taken from `starts_on` until the next rules start."""

    starts_on: date
    payment_min_minor: Minor = 10_00
    payment_max_minor: Minor = 15_000_00
    visit_max_minor: Minor = 60_000_00
    account_day_max_minor: Minor = 100_000_00
    anonymous_cash_max_minor: Minor = 15_000_00  # 115-ФЗ: cash of one account in a day, nobody identified
    offline_allowed: bool = True  # while billing cannot be reached, for accounts that it has confirmed lately
    offline_total_max_minor: Minor = 100_000_00  # taken without a network and not yet told to billing
    cassette_capacity_notes: Annotated[int, Meta(ge=1, le=100_000)] = 1_000
    cassette_warn_percent: Annotated[int, Meta(ge=1, le=100)] = 90
    fees: dict[str, FeeRule] = {}

    def fee_of(self, service: str) -> FeeRule:
        """A service that the rules do not name costs nothing."""
        return self.fees.get(service, NO_FEE)


class DatedRules:
    """Rules in the order of their first days."""

    def __init__(self, rules: Sequence[MoneyRules]) -> None:
        """Raises MoneyRulesError when two start on one day, one contradicts itself, or there are none."""
        if not rules:
            raise MoneyRulesError("there are no rules of money")
        self._rules = tuple(sorted(rules, key=lambda rule: rule.starts_on))
        for earlier, later in zip(self._rules, self._rules[1:], strict=False):
            if earlier.starts_on == later.starts_on:
                raise MoneyRulesError(f"two rules of money start on {later.starts_on}")
        for rule in self._rules:
            _check(rule)

    def on(self, day: date) -> MoneyRules:
        """The rules that hold on a day.

        Raises:
            MoneyRulesError: the day lies before the first rules.
        """
        for rule in reversed(self._rules):
            if rule.starts_on <= day:
                return rule
        raise MoneyRulesError(f"no rules of money hold on {day}: the first ones start on {self._rules[0].starts_on}")


def read_rules(tables: Sequence[Mapping[str, Any]]) -> DatedRules:
    """Rules as a settings file or the office writes them: `[[money]]` tables of TOML, or the same as JSON.

    Raises:
        MoneyRulesError: a table is not as agreed.
    """
    try:
        rules = msgspec.convert(tables, type=list[MoneyRules])
    except (msgspec.ValidationError, ValueError) as error:
        raise MoneyRulesError(f"rules of money: {error}") from error
    return DatedRules(rules)


def _check(rule: MoneyRules) -> None:
    if not 0 < rule.payment_min_minor <= rule.payment_max_minor <= rule.visit_max_minor:
        raise MoneyRulesError(f"the limits from {rule.starts_on} contradict each other")
    for service, fee in rule.fees.items():
        if share(rule.payment_min_minor, fee).credited_minor == 0:
            raise MoneyRulesError(f"from {rule.starts_on} the least payment of {service} would be all fee")
