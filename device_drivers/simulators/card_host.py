"""The inside of a simulated bank terminal: its last operation, what the bank approved. Knows no wire. Pure.

`approved_minor` is the oracle of tests: what the bank holds or has taken from cards, by operation.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from device_drivers.simulators.core import SimulatorError

CARD_S = 2.0  # from the request to the approval, when a card is put to it
HOLD_S = 60.0  # an approval without an end is given back after this
MASKED_PAN = "220220******1234"
TERMINAL_ID = "10012345"
SLIP = "ОПЛАТА\nСумма: {rubles} р.\nКарта: {pan}\nОДОБРЕНО"


@dataclass(slots=True)
class Sale:
    """One operation of the terminal."""

    number: int
    asked_minor: int
    answer_minor: int | None = None  # None: still under way; 0: declined
    final_minor: int | None = None  # None: neither captured nor given back
    approved_s: float = 0.0


@dataclass(slots=True)
class CardHost:
    """Approves, declines and remembers; all of it outlives the power."""

    sales: list[Sale] = field(default_factory=list)
    card: str = "approve"  # what the next card does: approve, decline, none, partial
    hold_s: float | None = HOLD_S  # None: an approval is final by itself
    started_s: float = 0.0

    @property
    def last(self) -> Sale | None:
        return self.sales[-1] if self.sales else None

    @property
    def last_number(self) -> int:
        return self.sales[-1].number if self.sales else 0

    def find(self, number: int) -> Sale | None:
        """A sale by its number."""
        return next((sale for sale in self.sales if sale.number == number), None)

    def begin(self, number: int, amount_minor: int, now_s: float) -> Sale:
        """A sale waits for a card."""
        self.sales.append(Sale(number, amount_minor))
        self.started_s = now_s
        return self.sales[-1]

    def advance(self, now_s: float) -> None:
        """Cards are put to the terminal, approvals nobody ended are given back."""
        for sale in self.sales[-2:]:
            if sale.answer_minor is None and self.card != "none" and now_s >= self.started_s + CARD_S:
                amounts = {"approve": sale.asked_minor, "partial": sale.asked_minor // 2, "decline": 0}
                sale.answer_minor, sale.approved_s = amounts[self.card], now_s
                if self.hold_s is None:
                    sale.final_minor = sale.answer_minor
            if sale.answer_minor and sale.final_minor is None and now_s >= sale.approved_s + (self.hold_s or HOLD_S):
                sale.final_minor = 0

    def end_waiting(self) -> None:
        """Nobody puts a card any more."""
        if self.last is not None and self.last.answer_minor is None:
            self.last.answer_minor = 0

    def approved_minor(self) -> int:
        """What is taken from cards, or held."""
        return sum(
            sale.answer_minor if sale.final_minor is None else sale.final_minor
            for sale in self.sales
            if sale.answer_minor is not None
        )

    def memory(self) -> dict[str, Any]:
        return {"sales": [asdict(sale) for sale in self.sales]}

    def recall(self, memory: dict[str, Any]) -> None:
        """Raises SimulatorError when it is no such memory."""
        try:
            self.sales = [Sale(**sale) for sale in memory["sales"]]
        except (KeyError, TypeError) as error:
            raise SimulatorError("this is no memory of a bank terminal") from error
        self.end_waiting()

    def describe(self) -> dict[str, Any]:
        """What `{"do": "state"}` says."""
        return {
            "sales": len(self.sales),
            "approvals": sum(bool(sale.answer_minor) for sale in self.sales),
            "approved_minor": self.approved_minor(),
            "last_number": self.last_number,
            "card": self.card,
        }


def slip_text(amount_minor: int) -> str:
    """What the bank prints."""
    return SLIP.format(rubles=f"{amount_minor // 100}.{amount_minor % 100:02d}", pan="2202201234561234")
