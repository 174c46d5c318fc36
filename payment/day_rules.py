"""What the rules of the day make of a visit: its fees, and how much its accounts may still pay. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec.structs import replace

from payment.contract import CashSettings, Means, OrderLine, PaymentOrder
from payment.contract.order import NO_FEE
from payment.limits import room, settings_of
from payment.money_rules import DatedRules, MoneyRules, MoneyRulesError
from payment.rules.pay import amount_asked_minor
from payment.takings import Takings
from payment.transaction_values import VisitOpened


class DayRules:
    """The till's settings, and the dated rules that narrow them; before the first of these the settings hold alone."""

    def __init__(
        self, settings: CashSettings, rules: DatedRules | None, records: Iterable[tuple[str, Mapping[str, Any]]] = ()
    ) -> None:
        self._settings = settings
        self._rules = rules
        self._takings = Takings()
        if rules is not None:
            for kind, data in records:
                self._takings.add(kind, data)

    def add(self, kind: str, data: Mapping[str, Any]) -> None:
        """A durable record; only dated rules look at what was taken."""
        if self._rules is not None:
            self._takings.add(kind, data)

    def opened(self, visit: VisitOpened, local: str) -> tuple[VisitOpened, CashSettings]:
        """A visit that begins now, by the rules of now."""
        self._takings.opened(visit.session_id, visit.order.stay_id)
        order, settings = self.of(visit.order, local)
        return replace(visit, order=order), settings

    def of(self, order: PaymentOrder, local: str) -> tuple[PaymentOrder, CashSettings]:
        """The order with the fees of the day, and the settings for it. `local` is the wall time, YYYYMMDDHHMMSS."""
        rules = self._of_day(local)
        if rules is None:
            return order, self._settings
        cash = order.means is Means.CASH
        accounts = {line.account for line in order.lines}
        taken = [self._takings.of(account, local[:8], order.stay_id) for account in accounts]
        least = min((room(rules, each, cash=cash) for each in taken), key=lambda most: most.amount_minor)
        priced = _with_fees(order, rules)
        return priced, settings_of(self._settings, rules, least, amount_asked_minor(priced))

    def _of_day(self, local: str) -> MoneyRules | None:
        if self._rules is None:
            return None
        try:
            return self._rules.on(date(int(local[:4]), int(local[4:6]), int(local[6:8])))
        except MoneyRulesError:
            return None


def _with_fees(order: PaymentOrder, rules: MoneyRules) -> PaymentOrder:
    """A fee that the order names itself stands."""
    fee = rules.fee_of(order.service) if order.fee == NO_FEE else order.fee
    return replace(order, fee=fee, more=tuple(_line_with_fee(line, rules) for line in order.more))


def _line_with_fee(line: OrderLine, rules: MoneyRules) -> OrderLine:
    return replace(line, fee=rules.fee_of(line.service)) if line.fee == NO_FEE else line
