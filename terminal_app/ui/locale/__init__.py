"""Words of the screens: `t("balance.due")`, `plural("minutes", 2)`. A key without words is our mistake."""

from __future__ import annotations

from terminal_app.ui.locale import ru

_CATALOGUE = ru


def t(key: str, **values: object) -> str:
    """The sentence under this key, with its values filled in."""
    return _CATALOGUE.unbroken(_CATALOGUE.TEXTS[key].format(**values))


def unbroken(text: str) -> str:
    """Words from outside (an address, a charge) with their numbers kept beside their units."""
    return _CATALOGUE.unbroken(text)


def plural(key: str, count: int) -> str:
    """«1 попытка», «2 попытки», «5 попыток»."""
    return _CATALOGUE.PLURALS[key][_CATALOGUE.plural_form(count)].format(count=count)
