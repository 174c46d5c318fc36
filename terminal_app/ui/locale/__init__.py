"""Words of the screens: `t("balance.due")`, `plural("minutes", 2)`. A key without words is our mistake.

A language is a module with TEXTS, PLURALS, plural_form and unbroken; its plain twin says some of the texts in simpler
words (clause 9.6.6). Why tables and no gettext: docs/adr/0026.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

from terminal_app.ipc.modes import Language
from terminal_app.ui.locale import en, en_plain, ru, ru_plain


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The words of one language, simpler ones first."""

    language: Language
    words: ModuleType
    texts: dict[str, str]


_WORDS = {Language.RUSSIAN: (ru, ru_plain), Language.ENGLISH: (en, en_plain)}
CATALOGUES = {
    (language, plain): Catalogue(language, words, {**words.TEXTS, **simpler.TEXTS} if plain else words.TEXTS)
    for language, (words, simpler) in _WORDS.items()
    for plain in (False, True)
}
_now = CATALOGUES[Language.RUSSIAN, False]


def use(language: Language, *, plain: bool) -> None:
    """From now on words come from this catalogue; screens on the glass are built anew by the caller."""
    global _now
    _now = CATALOGUES[language, plain]


def language() -> Language:
    return _now.language


def t(key: str, **values: object) -> str:
    """The sentence under this key, with its values filled in."""
    return unbroken(_now.texts[key].format(**values))


def has(key: str) -> bool:
    """Whether the catalogue says something under this key."""
    return key in _now.texts


def unbroken(text: str) -> str:
    """Words from outside (an address, a charge) with their numbers kept beside their units."""
    joined: str = _now.words.unbroken(text)
    return joined


def plural(key: str, count: int) -> str:
    """«1 попытка», «2 попытки», «5 попыток»."""
    forms: tuple[str, ...] = _now.words.PLURALS[key]
    return forms[_now.words.plural_form(count)].format(count=count)
