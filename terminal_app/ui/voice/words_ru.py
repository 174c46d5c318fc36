"""What stands on a screen as words to be said in Russian: sums, dates, times, telephones and accounts in words. Pure.

Numbers are put into words by num2words, which knows cases and genders; here is what a number stands for.
"""

from __future__ import annotations

import re

from num2words import num2words

MONTHS = [
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
]  # fmt: skip
ABBREVIATIONS = {
    "г": "город", "пос": "посёлок", "дер": "деревня", "ул": "улица", "пр": "проспект", "пер": "переулок",
    "наб": "набережная", "ш": "шоссе", "пл": "площадь", "д": "дом", "корп": "корпус", "к": "корпус",
    "стр": "строение", "кв": "квартира", "оф": "офис",
}  # fmt: skip
GENITIVE_AFTER = ("с", "до", "от", "около", "менее", "больше", "после")
_SPACES = "\u00a0\u202f "
_NUMBER = rf"\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d+"
_BEFORE = r"(?:(?P<before>\b[^\W\d]+)[\s\u00a0])?"

_RULES: list[tuple[re.Pattern[str], str]] = [
    (re.compile(rf"{_BEFORE}(?P<rubles>{_NUMBER})(?:,(?P<kopecks>\d\d))?[{_SPACES}]?₽", re.IGNORECASE), "money"),
    (re.compile(r"\b(?P<day>\d\d)\.(?P<month>\d\d)\.(?P<year>\d{4})\b"), "date"),
    (re.compile(rf"{_BEFORE}(?P<hour>\d{{1,2}}):(?P<minute>\d\d)\b", re.IGNORECASE), "time"),
    (re.compile(rf"\b8[{_SPACES}]\d{{3}}[{_SPACES}]\d{{3}}-\d\d-\d\d\b"), "digits"),
    (re.compile(r"\b\d{2,4}-\d{4,}\b"), "digits"),
    (re.compile(rf"\b\d{{2,5}}(?:[{_SPACES}]\d{{1,5}})+\b|\b\d{{5,}}\b|\b0\d+\b"), "digits"),
    (re.compile(rf"{_BEFORE}(?P<low>\d+)–(?P<high>\d+)[\s\u00a0](?P<noun>минут\w*|секунд\w*)", re.IGNORECASE), "span"),
    (re.compile(rf"{_BEFORE}(?P<count>\d+)[\s\u00a0]кВт·ч", re.IGNORECASE), "energy"),
    (re.compile(rf"{_BEFORE}(?P<count>\d+)(?P<noun>[\s\u00a0][а-яё]+)?", re.IGNORECASE), "count"),
]
_FEMININE = re.compile(r"(?:минут|секунд|попыт|цифр|копе|купюр)", re.IGNORECASE)


def spoken_ru(text: str) -> str:
    """«К оплате 1 234,56 ₽» -> «К оплате одна тысяча двести тридцать четыре рубля пятьдесят шесть копеек»."""
    text = (
        re.sub(r"[•*]+", " скрыто ", text)
        .replace("№", "номер ")
        .replace("QR", "кью-ар")
        .replace("«", "")
        .replace("»", "")
        .replace("₽\u00a0уч.", "₽ ненастоящих")
    )
    text = re.sub(r"\b([а-яё]{1,4})\.(?=[\s\u00a0])", lambda found: ABBREVIATIONS.get(found[1].lower(), found[0]), text)
    for rule, kind in _RULES:
        text = rule.sub(_SAYERS[kind], text)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def cardinal(number: int, *, case: str = "n", gender: str = "m") -> str:
    """Cases by their first letter as num2words has them: n, g, d, a, i, p; genders m, f, n."""
    return str(num2words(number, lang="ru", case=case, gender=gender))


def form(count: int, one: str, few: str, many: str) -> str:
    """The noun after a number in the nominative."""
    if count % 10 == 1 and count % 100 != 11:
        return one
    return few if count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14) else many


def _whole(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _case(found: re.Match[str]) -> str:
    return "g" if (found["before"] or "").lower() in GENITIVE_AFTER else "n"


def _kept(found: re.Match[str], words: str) -> str:
    return f"{found['before']} {words}" if found["before"] else words


def _money(found: re.Match[str]) -> str:
    case, rubles, kopecks = _case(found), _whole(found["rubles"]), int(found["kopecks"] or 0)
    if case == "g":
        noun, small = form(rubles, "рубля", "рублей", "рублей"), form(kopecks, "копейки", "копеек", "копеек")
    else:
        noun, small = form(rubles, "рубль", "рубля", "рублей"), form(kopecks, "копейка", "копейки", "копеек")
    words = f"{cardinal(rubles, case=case)} {noun}"
    if kopecks:
        words += f" {cardinal(kopecks, case=case, gender='f')} {small}"
    return _kept(found, words)


def _date(found: re.Match[str]) -> str:
    day, month, year = int(found["day"]), int(found["month"]), int(found["year"])
    if not 1 <= month <= len(MONTHS):
        return found[0]
    first = num2words(day, lang="ru", to="ordinal", gender="n", case="n")
    return f"{first} {MONTHS[month - 1]} {num2words(year, lang='ru', to='ordinal', gender='m', case='g')} года"


def _time(found: re.Match[str]) -> str:
    case, hour, minute = _case(found), int(found["hour"]), int(found["minute"])
    hours = form(hour, "часа", "часов", "часов") if case == "g" else form(hour, "час", "часа", "часов")
    words = f"{cardinal(hour, case=case)} {hours}"
    if minute:
        minutes = form(minute, "минуты", "минут", "минут") if case == "g" else form(minute, "минута", "минуты", "минут")
        words += f" {cardinal(minute, case=case, gender='f')} {minutes}"
    return _kept(found, words)


def _digits(found: re.Match[str]) -> str:
    """In the groups they are written in, a long run in threes; zeros in front are said one by one."""
    groups = re.findall(r"\d+", found[0])
    if len(groups) == 1:
        groups = [groups[0][at : at + 3] for at in range(0, len(groups[0]), 3)]
    return ", ".join(_group(group) for group in groups)


def _group(group: str) -> str:
    if len(group) > 3:
        return ", ".join(_group(group[at : at + 2]) for at in range(0, len(group), 2))
    rest = group.lstrip("0")
    return " ".join(["ноль"] * (len(group) - len(rest)) + ([cardinal(int(rest))] if rest else []))


def _span(found: re.Match[str]) -> str:
    low, high = (cardinal(int(found[name]), case="g", gender="f") for name in ("low", "high"))
    noun = "минут" if found["noun"].startswith("минут") else "секунд"
    return _kept(found, f"от {low} до {high} {noun if int(found['high']) != 1 else noun + 'ы'}")


def _energy(found: re.Match[str]) -> str:
    count = int(found["count"])
    return _kept(found, f"{cardinal(count)} {form(count, 'киловатт-час', 'киловатт-часа', 'киловатт-часов')}")


def _count(found: re.Match[str]) -> str:
    noun = found["noun"] or ""
    gender = "f" if _FEMININE.match(noun.strip()) else "m"
    case = "a" if gender == "f" and noun.endswith("у") else _case(found)
    return _kept(found, cardinal(int(found["count"]), case=case, gender=gender) + noun)


_SAYERS = {
    "money": _money, "date": _date, "time": _time, "digits": _digits, "span": _span, "energy": _energy, "count": _count,
}  # fmt: skip
