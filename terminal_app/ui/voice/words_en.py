"""What stands on a screen as words to be said in English. Pure. Russian names from outside are said as they stand."""

from __future__ import annotations

import re

from num2words import num2words

MONTHS = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
]  # fmt: skip
_SPACES = "\u00a0\u202f "
_MONEY = re.compile(rf"(\d{{1,3}}(?:[{_SPACES}]\d{{3}})+|\d+)(?:,(\d\d))?[{_SPACES}]?₽")
_DATE = re.compile(r"\b(\d\d)\.(\d\d)\.(\d{4})\b")
_DIGITS = re.compile(rf"\b\d{{1,5}}(?:[{_SPACES}-]\d{{2,6}})+\b|\b\d{{5,}}\b")
_COUNT = re.compile(r"\b\d+\b")


def spoken_en(text: str) -> str:
    """`To pay 1 234,56 ₽` -> `To pay one thousand, two hundred and thirty-four rubles fifty-six kopecks`."""
    text = re.sub(r"[•*]+", " hidden ", text).replace("₽\u00a0sim.", "₽, simulated,")
    text = _MONEY.sub(_money, text)
    text = _DATE.sub(_date, text)
    text = _DIGITS.sub(
        lambda found: ", ".join(" ".join(map(_word, group)) for group in re.findall(r"\d+", found[0])), text
    )
    text = _COUNT.sub(lambda found: _word(found[0]), text)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ")).strip()


def _word(digits: str) -> str:
    return str(num2words(int(digits), lang="en"))


def _money(found: re.Match[str]) -> str:
    rubles, kopecks = int(re.sub(r"\D", "", found[1])), int(found[2] or 0)
    words = f"{_word(str(rubles))} {'ruble' if rubles == 1 else 'rubles'}"
    return f"{words} {_word(str(kopecks))} {'kopeck' if kopecks == 1 else 'kopecks'}" if kopecks else words


def _date(found: re.Match[str]) -> str:
    day, month, year = int(found[1]), int(found[2]), int(found[3])
    if not 1 <= month <= len(MONTHS):
        return found[0]
    return f"{MONTHS[month - 1]} {num2words(day, lang='en', to='ordinal')}, {num2words(year, lang='en', to='year')}"
