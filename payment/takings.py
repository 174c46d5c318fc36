"""What was taken for each account today, by the journal's records: what limits of a day are held against. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from payment.limits import Taken


class Takings:
    """Counts durable records of one day; a record of a later day begins anew."""

    def __init__(self) -> None:
        self._day = ""
        self._all: dict[str, int] = {}
        self._cash: dict[str, int] = {}

    def add(self, kind: str, data: Mapping[str, Any]) -> None:
        """A payment counts from its intent: what billing refuses later lies with us all the same."""
        if kind != "pay_intent" or "from" in data:  # money that the office moved was counted when it was taken
            return
        day, account = data["txn_date"][:8], data["account"]
        if day > self._day:
            self._day, self._all, self._cash = day, {}, {}
        if day == self._day:
            amount_minor = data["amount_minor"] + data.get("fee_minor", 0)
            self._all[account] = self._all.get(account, 0) + amount_minor
            if data.get("means", "cash") == "cash":
                self._cash[account] = self._cash.get(account, 0) + amount_minor

    def of(self, account: str, day: str) -> Taken:
        """What the account has paid on this day, YYYYMMDD."""
        if day != self._day:
            return Taken()
        return Taken(account_today_minor=self._all.get(account, 0), account_today_cash_minor=self._cash.get(account, 0))
