"""What billing tells of an account, as values. Money in kopecks, days and months in ISO form, checked as they are read.

Personal data is masked by billing (152-ФЗ): initials, part of the address. Consumption is whole kWh.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct

AMOUNT_MAX_MINOR = 10**12
READING_MAX = 10**9

Text = Annotated[str, Meta(max_length=200)]
AmountMinor = Annotated[int, Meta(ge=-AMOUNT_MAX_MINOR, le=AMOUNT_MAX_MINOR)]
OwedMinor = Annotated[int, Meta(ge=0, le=AMOUNT_MAX_MINOR)]
Month = Annotated[str, Meta(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]  # the accounting period, YYYY-MM
VatCode = Annotated[int, Meta(ge=1, le=12)]  # tag 1199; the rate belongs to the accounting period, not to today
Kwh = Annotated[int, Meta(ge=0, le=READING_MAX)]
Zone = Literal["T1", "T2", "T3"]
ALL_ZONES: tuple[Zone, ...] = ("T1", "T2", "T3")  # two: day, night; three: peak, night, half-peak


class AccountSummary(Struct, frozen=True):
    """Enough for the customer to recognise the account, nothing for a stranger to learn."""

    account: Text
    name_masked: Text
    address_masked: Text


class AccountsOfPhone(Struct, frozen=True):
    """Accounts whose contracts name a phone: for the one who has proved that the phone is his. None: an empty list."""

    accounts: Annotated[tuple[AccountSummary, ...], Meta(max_length=20)]

    def __post_init__(self) -> None:
        if len({account.account for account in self.accounts}) < len(self.accounts):
            raise ValueError("an account is named twice")


class Charge(Struct, frozen=True):
    """A line of the bill; payments since are below zero and carry no VAT of their own."""

    title: Text
    amount_minor: AmountMinor
    month: Month | None = None
    vat_code: VatCode | None = None
    service: Text = ""  # what can be paid by itself beside the energy; empty: energy, penalty or a payment
    purpose: Literal["supply", "commercial", "other"] = "supply"  # of that service


class AccountDetails(Struct, frozen=True):
    """What is owed: for the one who proved to be the account's customer."""

    account: Text
    due_minor: AmountMinor  # debt and penalty less advance; below zero: overpayment
    debt_minor: OwedMinor
    penalty_minor: OwedMinor
    advance_minor: OwedMinor
    period: Text  # «ноябрь 2026»
    month: Month
    charges: Annotated[tuple[Charge, ...], Meta(max_length=50)]
    as_of: Annotated[str, Meta(pattern=r"^\d{2}\.\d{2}\.\d{4}$")]

    def __post_init__(self) -> None:
        if self.due_minor != self.debt_minor + self.penalty_minor - self.advance_minor:
            raise ValueError("debt, penalty and advance do not make what is due")


class ChargesOfMonth(Struct, frozen=True):
    """What one month's bill is made of."""

    account: Text
    month: Month
    total_minor: AmountMinor
    charges: Annotated[tuple[Charge, ...], Meta(max_length=50)]

    def __post_init__(self) -> None:
        if self.total_minor != sum(charge.amount_minor for charge in self.charges):
            raise ValueError("the lines do not make the total")


class HistoryMonth(Struct, frozen=True):
    """One month of the past: charged, paid and consumed."""

    month: Month
    charged_minor: AmountMinor
    paid_minor: AmountMinor
    balance_minor: AmountMinor  # owed at the end of the month; below zero: overpayment
    consumption_kwh: Kwh


class History(Struct, frozen=True):
    """The last months, the newest first."""

    account: Text
    months: Annotated[tuple[HistoryMonth, ...], Meta(max_length=60)]

    def __post_init__(self) -> None:
        named = [month.month for month in self.months]
        if named != sorted(set(named), reverse=True):
            raise ValueError("the months are not in order, the newest first")


class ZonePrice(Struct, frozen=True):
    """Price of one kWh in a zone, up to so many kWh a month (None: without an end)."""

    zone: Zone
    price_minor: Annotated[int, Meta(ge=0, le=100_000)]
    up_to_kwh: Annotated[int, Meta(gt=0, le=READING_MAX)] | None = None


class Tariff(Struct, frozen=True):
    """Prices and when they hold; `valid_until` is the last day (None: not announced yet)."""

    account: Text
    title: Text
    valid_from: date
    valid_until: date | None
    prices: Annotated[tuple[ZonePrice, ...], Meta(min_length=1, max_length=12)]

    def __post_init__(self) -> None:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("the tariff ends before it begins")

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


class BilledReading(Struct, frozen=True):
    """The last reading that was charged, of one zone."""

    zone: Zone
    value: Kwh
    day: date


class Meter(Struct, frozen=True):
    """A meter as billing knows it. `digits`: integer digits of its counter. A new one has no billed readings yet."""

    meter_id: Text
    title: Text
    zones: Annotated[tuple[Zone, ...], Meta(min_length=1, max_length=3)]
    digits: Annotated[int, Meta(ge=1, le=9)]
    last_billed: Annotated[tuple[BilledReading, ...], Meta(max_length=3)]
    allowed_kw: Annotated[int, Meta(ge=1, le=1000)]
    verification_until: date | None = None
    average_kwh_month: Kwh | None = None  # over all zones; None: not known yet
    installed_on: date | None = None  # told of a new meter

    def __post_init__(self) -> None:
        if self.zones != ALL_ZONES[: len(self.zones)]:
            raise ValueError("the zones are not T1, T1 and T2, or all three")
        if not self.last_billed and self.installed_on is None:
            raise ValueError("neither a billed reading nor the day of installation")
        if self.last_billed and [reading.zone for reading in self.last_billed] != list(self.zones):
            raise ValueError("the last readings are not one for each zone, in order")
        if any(reading.value >= 10**self.digits for reading in self.last_billed):
            raise ValueError("a last reading has more digits than the meter")


class Meters(Struct, frozen=True):
    account: Text
    meters: Annotated[tuple[Meter, ...], Meta(max_length=20)]


class ZoneReading(Struct, frozen=True):
    zone: Zone
    value: Kwh


class Readings(Struct, frozen=True):
    """Readings of one meter as the customer gave them. `key` is chosen before the first try and kept for ever."""

    key: Annotated[str, Meta(pattern=r"^[0-9A-Za-z-]{8,64}$")]
    account: Text
    meter_id: Text
    taken_on: date
    values: Annotated[tuple[ZoneReading, ...], Meta(min_length=1, max_length=3)]
    rollover: bool = False  # the customer confirmed that the counter went past its end
    unusual: bool = False  # he was asked whether he really used so much, and said yes


class ReadingsTaken(Struct, frozen=True):
    """Billing has the readings."""

    key: Text
    account: Text
    meter_id: Text
    month: Month  # the accounting period they count for
    used_for_charging: bool  # False: the verification interval is over


class ReadingsRefused(Struct, frozen=True):
    """Billing will not take these readings, now or later; `reason` is one of its own words."""

    reason: Literal[
        "account_not_found", "meter_not_found", "wrong_zones", "too_many_digits", "less_than_previous",
        "too_much", "key_reused",
    ]  # fmt: skip
