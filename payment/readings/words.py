"""What a slip says of readings that are taken. On the glass the terminal says it in the customer's language."""

from __future__ import annotations

from payment.readings.values import Notice

_FIRST_HALF = ("январь", "февраль", "март", "апрель", "май", "июнь")
_MONTHS = (*_FIRST_HALF, "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь")


def accepted(period: str, notices: tuple[Notice, ...]) -> str:
    said = f"Показания приняты за {month(period)}."
    if Notice.NEXT_PERIOD in notices:
        said = f"За этот месяц показания уже не принимаются, поэтому они приняты за {month(period)}."
    if Notice.NOT_CHARGED in notices:
        said += " Плату по ним пока не начислят: срок поверки счётчика прошёл. Что делать, подскажет консультант."
    return said


def month(period: str) -> str:
    """2026-11 -> «ноябрь 2026 года»."""
    return f"{_MONTHS[int(period[5:7]) - 1]} {period[:4]} года"
