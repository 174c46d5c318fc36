"""What a customer is about to pay for, and how."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from typing import Self

import msgspec

from payment.fees import FeeRule

NO_FEE = FeeRule()


class Means(enum.Enum):
    """How a payment is paid; one for each payment."""

    CASH = "cash"  # notes and coins
    CARD = "card"
    QR = "qr"  # СБП


class Purpose(enum.Enum):
    """What a line is paid for (clause 8.1.4); they are different items of a fiscal document."""

    SUPPLY = "supply"  # the supply contract
    COMMERCIAL = "commercial"
    OTHER = "other"


class OrderLine(msgspec.Struct, frozen=True):
    """One account and service of a payment. `asked_minor` 0: any amount."""

    account: str
    service: str = "electricity"
    service_title: str = "Электроэнергия"
    asked_minor: int = 0
    purpose: Purpose = Purpose.SUPPLY
    period: str = ""  # accounting period of the charge, YYYY-MM
    vat_code: int = 0  # tag 1199 of the charge; 0: by the period
    fee: FeeRule = NO_FEE  # as it was shown before the first note


class PaymentOrder(msgspec.Struct, frozen=True):
    """What the customer is about to pay for: the first line's fields, and more lines where there are any."""

    account: str
    service: str = "electricity"
    service_title: str = "Электроэнергия"
    asked_minor: int = 0  # 0: any amount
    purpose: Purpose = Purpose.SUPPLY
    period: str = ""
    vat_code: int = 0
    fee: FeeRule = NO_FEE
    more: tuple[OrderLine, ...] = ()
    means: Means = Means.CASH
    contact: str = ""  # phone or e-mail for the electronic copy of the receipt
    stay_id: str = ""  # of the customer's stay at the terminal; payments of one stay share a limit
    checked: bool = True  # billing has confirmed the account lately; the offline policy asks for it

    @classmethod
    def of_lines(cls, lines: Sequence[OrderLine], means: Means, contact: str = "") -> Self:
        """At least one line."""
        first, *more = lines
        return cls(
            first.account,
            first.service,
            first.service_title,
            first.asked_minor,
            first.purpose,
            first.period,
            first.vat_code,
            first.fee,
            tuple(more),
            means,
            contact,
        )

    @property
    def lines(self) -> tuple[OrderLine, ...]:
        first = OrderLine(
            self.account,
            self.service,
            self.service_title,
            self.asked_minor,
            self.purpose,
            self.period,
            self.vat_code,
            self.fee,
        )
        return (first, *self.more)

    @property
    def asked_total_minor(self) -> int:
        """All lines together; 0 if one of them takes any amount."""
        asked = [self.asked_minor, *(line.asked_minor for line in self.more)]
        return sum(asked) if all(asked) else 0
