"""What the customer is told of his readings: one or two plain sentences, the last of them a way on."""

from __future__ import annotations

from payment.readings.values import ZONE_TITLES, Meter, Notice, Question, Why

_FIRST_HALF = ("январь", "февраль", "март", "апрель", "май", "июнь")
_MONTHS = (*_FIRST_HALF, "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь")
_ASK = "Исправьте показание или позовите консультанта."


def refusal(why: Why, meter: Meter, zone: str) -> str:
    of_zone = "" if len(meter.zones) == 1 else f" «{zone_title(meter, zone)}»" if zone else ""
    match why:
        case Why.FORMAT:
            return f"Показание{of_zone} не похоже на число. Введите цифры со счётчика до запятой."
        case Why.TOO_MANY_DIGITS:
            return (
                f"В показании{of_zone} больше цифр, чем на счётчике: их {meter.digits}. "
                "Красные цифры после запятой вводить не нужно. Исправьте показание."
            )
        case Why.ZONES:
            titles = ", ".join(f"«{zone_title(meter, known)}»" for known in meter.zones)
            return f"Нужны показания всех зон счётчика: {titles}. Введите недостающие."
        case Why.LESS_THAN_BILLED:
            return f"Показание{of_zone} меньше прошлого: {_billed(meter, zone)}. {_ASK}"
        case Why.ZONES_SWAPPED:
            return "Похоже, показания зон перепутаны местами. Проверьте, где день, а где ночь, и поменяйте их."
        case Why.MORE_THAN_POSSIBLE:
            return (
                "Столько электроэнергии за это время израсходовать нельзя. "
                "Исправьте показание. Если на счётчике именно оно, позовите консультанта: он примет его."
            )


def question(asked: Question, meter: Meter, rolled: tuple[str, ...], used_kwh: int) -> str:
    used = f"{used_kwh:,}".replace(",", "\u00a0")
    if asked is Question.ROLLOVER:
        which = "" if len(meter.zones) == 1 else f" в зоне {' и '.join(rolled)}"
        return (
            f"Счётчик дошёл до девяток и начал считать{which} с нуля, а расход — {used}\u00a0кВт·ч? "
            "Если да, подтвердите. Если нет, исправьте показание."
        )
    return (
        f"Расход {used}\u00a0кВт·ч — это намного больше обычного. "
        "Если на счётчике так и есть, подтвердите. Если нет, исправьте показание."
    )


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


def zone_title(meter: Meter, zone: str) -> str:
    """The title of a zone on this meter's screen; a zone that it does not have, as it was named."""
    return ZONE_TITLES.get((len(meter.zones), zone), zone[:10])


def _billed(meter: Meter, zone: str) -> str:
    value = f"{(meter.billed or {}).get(zone, 0):0{meter.digits}d}"
    return f"{value} от {meter.billed_on:%d.%m.%Y}"
