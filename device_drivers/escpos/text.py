"""Russian text on a printer's code page, wrapped by whole words. Pure.

A character the page lacks is written in other words (₽ is «руб.») or, failing that, shown as `?`: never dropped.
Control characters never reach the printer from a text: they would be commands.
"""

from __future__ import annotations

import unicodedata

UNKNOWN = "?"

# Printer's page numbers (ESC t n) on Epson-type tables, and the encoding of each.
ENCODING_OF_PAGE = {0: "cp437", 17: "cp866", 34: "cp855", 46: "cp1251"}
ENCODINGS = frozenset(ENCODING_OF_PAGE.values())

_IN_OTHER_WORDS = {
    "₽": "руб.",
    "—": "-",
    "–": "-",
    "‑": "-",
    "−": "-",
    "─": "-",
    "№": "N",
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "„": '"',
    "’": "'",
    "‘": "'",
    "…": "...",
    "•": "*",
    "·": "*",
    "×": "x",
    "²": "2",
    "³": "3",
    "€": "EUR",
}


def on_page(text: str, encoding: str) -> str:
    """The text in characters that `encoding` has; rows are parted by newline."""
    rows = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).split("\n")
    return "\n".join("".join(_on_page(character, encoding) for character in row) for row in rows)


def encode(text: str, encoding: str) -> bytes:
    """Bytes of a text that `on_page` gave."""
    return text.encode(encoding)


def wrap(text: str, width: int) -> list[str]:
    """Rows of at most `width`, broken between words; a longer word is cut. At least one row."""
    rows: list[str] = []
    for paragraph in text.split("\n"):
        rows += _wrap_paragraph(paragraph.split(), width)
    return rows


def pair_rows(name: str, value: str, width: int) -> list[str]:
    """`Сумма ........ 500,00`: the value stands at the right edge of the last row of the name, or on its own."""
    name_rows = wrap(name, width)
    last = name_rows[-1]
    gap = width - len(last) - len(value)
    if gap < 1 or "\n" in value:
        return name_rows + [row.rjust(width) for row in wrap(value, width)]
    leader = f" {'.' * (gap - 2)} " if gap >= 4 and last else " " * gap
    return [*name_rows[:-1], last + leader + value]


def _on_page(character: str, encoding: str) -> str:
    if unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp"):
        return "" if unicodedata.category(character) == "Cf" else " "
    if _has(character, encoding):
        return character
    other = _IN_OTHER_WORDS.get(character)
    return "".join(letter if _has(letter, encoding) else UNKNOWN for letter in other) if other else UNKNOWN


def _has(character: str, encoding: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _wrap_paragraph(words: list[str], width: int) -> list[str]:
    rows = [""]
    for word in words:
        if rows[-1] and len(rows[-1]) + 1 + len(word) <= width:
            rows[-1] += " " + word
            continue
        pieces = [word[at : at + width] for at in range(0, len(word), width)]
        rows += pieces if rows[-1] else []
        if not rows[-1]:
            rows[-1:] = pieces
    return rows
