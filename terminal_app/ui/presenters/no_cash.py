"""Why no cash is taken, and what is left to the customer: one sentence for each screen that says so."""

from __future__ import annotations

from terminal_app.ipc.messages import Availability, CashStop
from terminal_app.ui.locale import t

_SAID = frozenset({CashStop.POWER, CashStop.DOOR, CashStop.CASSETTE_FULL})  # what a customer can make something of


def no_cash(able: Availability, otherwise: str) -> str:
    """`otherwise`: the key of the screen's own words, where the reason is only a technician's."""
    way_on = t("stop.card") if able.card else ""
    if able.cash_stop in _SAID:
        return " ".join(filter(None, (t(f"stop.{able.cash_stop}"), way_on)))
    return " ".join((t("stop.none"), way_on)) if way_on else t(otherwise)
