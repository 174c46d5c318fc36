"""The sandbox's JSON about supply: charges of a month, history, tariff, meters. Pure: it is told the day."""

from __future__ import annotations

from datetime import date, timedelta

from payment.sandbox.seed import SeedAccount
from payment.sandbox.tariffs import (
    ALLOWED_KW,
    METERS,
    RANGE_KWH,
    ZONE_TITLES,
    SeedMeter,
    TariffYear,
    tariff_on,
    vat_code,
)

CARRIED = ("Входящий остаток", "Оплачено ранее")  # lines of a bill that are no charges of its month
PENALTY = "Пени"
NO_VAT = (*CARRIED, PENALTY)
SERVICES = {  # beside the energy: each can be paid by itself
    "Повторное подключение": {"service": "reconnection", "purpose": "other"},
    "Замена счётчика": {"service": "meter_replacement", "purpose": "commercial"},
}
MONTHS_MAX = 60
BILLED_DAY = 25  # readings are taken for billing on this day of the month

Json = dict[str, object]


def charge_line(title: str, amount_minor: int, month: date) -> Json:
    """One line; what is no supply carries no VAT."""
    line: Json = {"title": title, "amount_minor": amount_minor}
    if title in NO_VAT:
        return line
    if title in SERVICES:
        line |= SERVICES[title]
    return line | {"month": month.strftime("%Y-%m"), "vat_code": vat_code(month)}


def charges(seed: SeedAccount, month: date, last_billed: date) -> Json | None:
    """The bill of a month; None: there was none."""
    lines = _lines(seed, month, last_billed)
    if lines is None:
        return None
    return {
        "account": seed.account,
        "month": month.strftime("%Y-%m"),
        "total_minor": sum(amount for _, amount in lines),
        "charges": [charge_line(title, amount, month) for title, amount in lines],
    }


def history(seed: SeedAccount, credited_minor: int, count: int, last_billed: date) -> Json:
    """Every month was paid on its bill; what is owed now came with the last one."""
    carried_minor = sum(amount for title, amount in seed.lines if title in CARRIED)
    months: list[Json] = []
    month = last_billed
    while len(months) < min(count, MONTHS_MAX) and (lines := _lines(seed, month, last_billed)) is not None:
        charged_minor = sum(amount for _, amount in lines)
        paid_minor = credited_minor if month == last_billed else charged_minor
        balance_minor = carried_minor + charged_minor - paid_minor
        months.append(
            {
                "month": month.strftime("%Y-%m"),
                "charged_minor": charged_minor,
                "paid_minor": paid_minor,
                "balance_minor": balance_minor,
                "consumption_kwh": sum(sum(meter.used_in(month, last_billed)) for meter in METERS[seed.account]),
            }
        )
        month = (month - timedelta(days=1)).replace(day=1)
    return {"account": seed.account, "months": months}


def tariff(seed: SeedAccount, day: date) -> Json | None:
    year = tariff_on(day)
    if year is None:
        return None
    zones = METERS[seed.account][0].zones
    return {
        "account": seed.account,
        "title": {1: "Одноставочный", 2: "Две зоны суток", 3: "Три зоны суток"}[len(zones)],
        "valid_from": year.valid_from.isoformat(),
        "valid_until": year.valid_until.isoformat() if year.valid_until else None,
        "prices": _prices(zones, year),
    }


def meters(seed: SeedAccount, last_billed: date) -> Json:
    billed_on = last_billed.replace(day=BILLED_DAY).isoformat()
    return {"account": seed.account, "meters": [_meter(meter, billed_on) for meter in METERS[seed.account]]}


def _meter(meter: SeedMeter, billed_on: str) -> Json:
    billed = () if meter.is_new else zip(meter.zones, meter.counters, strict=True)
    return {
        "meter_id": meter.meter_id,
        "title": meter.title,
        "zones": list(meter.zones),
        "digits": meter.digits,
        "installed_on": billed_on if meter.is_new else None,
        "last_billed": [{"zone": zone, "value": value, "day": billed_on} for zone, value in billed],
        "average_kwh_month": None if meter.is_new else meter.average_kwh_month,
        "allowed_kw": ALLOWED_KW,
        "verification_until": meter.verification_until.isoformat(),
    }


def _prices(zones: tuple[str, ...], year: TariffYear) -> list[Json]:
    if len(zones) == 1:
        below, above = year.one_rate
        return [
            {"zone": "T1", "price_minor": below, "up_to_kwh": RANGE_KWH},
            {"zone": "T1", "price_minor": above, "up_to_kwh": None},
        ]
    return [{"zone": zone, "price_minor": price} for zone, price in zip(zones, year.prices(zones), strict=True)]


def _lines(seed: SeedAccount, month: date, last_billed: date) -> tuple[tuple[str, int], ...] | None:
    """Charges of a month: the last bill's own lines, or use by the tariff of that month."""
    if month == last_billed:
        return tuple(line for line in seed.lines if line[0] not in CARRIED)
    year = tariff_on(month)
    if year is None or month > last_billed:
        return None
    return tuple(line for meter in METERS[seed.account] for line in _use_lines(meter, month, last_billed, year))


def _use_lines(meter: SeedMeter, month: date, last_billed: date, year: TariffYear) -> list[tuple[str, int]]:
    used = meter.used_in(month, last_billed)
    titles, prices = ZONE_TITLES[meter.zones], year.prices(meter.zones)
    return [
        (f"Электроэнергия{f', {title}' if title else ''}, {kwh} кВт·ч", kwh * price)
        for title, kwh, price in zip(titles, used, prices, strict=True)
        if kwh
    ]
