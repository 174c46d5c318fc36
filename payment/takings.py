"""What was taken for each account today, by the journal's records: what limits of a day are held against. Pure.

What one customer has paid at the terminal is known while he stays; a restart ends his stay.
"""

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
        self._stay_id, self._stay_minor = "", 0
        self._session_id = ""  # of the payment in hand, which belongs to the stay

    def opened(self, session_id: str, stay_id: str) -> None:
        """A payment begins; "" is a stay of its own."""
        if not stay_id or stay_id != self._stay_id:
            self._stay_id, self._stay_minor = stay_id, 0
        self._session_id = session_id

    def add(self, kind: str, data: Mapping[str, Any]) -> None:
        """A payment counts from its intent: what billing refuses later lies with us all the same."""
        if kind != "pay_intent" or "from" in data:  # money that the office moved was counted when it was taken
            return
        day, account = data["txn_date"][:8], data["account"]
        amount_minor = data["amount_minor"] + data.get("fee_minor", 0)
        if data.get("session_id") == self._session_id:
            self._stay_minor += amount_minor
        if day > self._day:
            self._day, self._all, self._cash = day, {}, {}
        if day == self._day:
            self._all[account] = self._all.get(account, 0) + amount_minor
            if data.get("means", "cash") == "cash":
                self._cash[account] = self._cash.get(account, 0) + amount_minor

    def of(self, account: str, day: str, stay_id: str = "") -> Taken:
        """What the account has paid on this day, YYYYMMDD, and what the customer has in his stay."""
        stay_minor = self._stay_minor if stay_id and stay_id == self._stay_id else 0
        if day != self._day:
            return Taken(visit_minor=stay_minor)
        return Taken(stay_minor, self._all.get(account, 0), self._cash.get(account, 0))
