"""The dated limits of a terminal whose settings name none: data beside the code, with the law they come from."""

from __future__ import annotations

import tomllib
from pathlib import Path

import msgspec
from msgspec.structs import replace

from payment.money_rules import MoneyRules

RULES_FILE = Path(__file__).with_name("money_rules.toml")


def shipped_rules(payment_min_minor: int, payment_max_minor: int) -> list[MoneyRules]:
    """The shipped tables within what one payment may come to on this terminal; a ceiling of the law stands."""
    tables = tomllib.loads(RULES_FILE.read_text("utf-8"))["money"]
    return [
        replace(
            rules,
            payment_min_minor=payment_min_minor,
            payment_max_minor=payment_max_minor,
            visit_max_minor=max(rules.visit_max_minor, payment_max_minor),
        )
        for rules in msgspec.convert(tables, list[MoneyRules])
    ]
