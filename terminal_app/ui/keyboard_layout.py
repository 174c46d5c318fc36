"""The keys of the on-screen keyboard: which stand where, what they are called. Pure; the widget only draws it.

Four shapes, because a key is never below 20 mm and its letter has to fit: 22 inches of standing glass take twelve keys
in a row, so ЙЦУКЕН keeps its three rows there; where letters are larger the same order runs on in rows of eight.
Letters are always drawn as capitals, as on a real keyboard: nothing jumps under the finger when the shift goes.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, replace

from terminal_app.ipc.pages import EntryKind
from terminal_app.ui.locale import t

TYPE = "type_"  # before what a key types: «type_ё», «type_@mail.ru»
DIGIT = "digit_"  # as on the keypad, so that a tactile keypad types here too
SHIFT, LEFT, RIGHT, BACKSPACE, CLEAR, UNDO = "shift", "cursor_left", "cursor_right", "backspace", "clear", "undo"
SWITCH_LETTERS, SWITCH_SIGNS, SWITCH_ORDER = "switch_letters", "switch_signs", "switch_order"

RUSSIAN = ("йцукенгшщзхъ", "фывапролджэё", "ячсмитьбю")
ALPHABET = ("абвгдеёжзийк", "лмнопрстуфхц", "чшщъыьэюя")
LATIN = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
FULL_ROW = 12
DIGITS = "1234567890"
SIGNS = (":;?!", '()«»"', "№%+@_–")  # comma and full stop have places of their own, hyphen and slash stand by digits
SIGNS_AND_DIGITS = ("1234567890-/", ":;?!()«»", '№%+@_"–')
ENDINGS = ("@mail.ru", "@yandex.ru")

NAMES = {
    "й": "keyboard.short_i", "ъ": "keyboard.hard_sign", "ь": "keyboard.soft_sign",
    " ": "keyboard.space", ".": "keyboard.dot", ",": "keyboard.comma", ":": "keyboard.colon",
    ";": "keyboard.semicolon", "?": "keyboard.question", "!": "keyboard.exclamation", "(": "keyboard.bracket_open",
    ")": "keyboard.bracket_close", "«": "keyboard.quote_open", "»": "keyboard.quote_close", '"': "keyboard.quote",
    "№": "keyboard.number", "%": "keyboard.percent", "+": "keyboard.plus", "@": "keyboard.at", "_": "keyboard.low_line",
    "-": "keyboard.hyphen", "–": "keyboard.dash", "/": "keyboard.slash",
}  # fmt: skip


class Shape(enum.Enum):
    """How much room there is: the number is of the keys in a full row."""

    STANDING = 12  # a row of digits over the letters
    LYING = 15  # the digits beside the letters, 1-2-3 on top
    LYING_LARGE = 13  # twelve letters in a row, digits on the page of signs
    STANDING_LARGE = 8


@dataclass(frozen=True, slots=True)
class KeyCap:
    """One key. `label` or `icon` stands on it; `name` is what it is called; `key` is what a touch sends."""

    key: str
    label: str
    name: str
    icon: str = ""
    width_units: float = 1.0
    enabled: bool = True
    large: bool = False  # one sign, as large as it goes; else a word
    switch: bool = False  # it is on or off
    on: bool = False
    repeats: bool = False  # acts again while it is held


Layout = tuple[tuple[KeyCap, ...], ...]


@dataclass(frozen=True, slots=True)
class KeyboardState:
    """What the keyboard shows apart from what was typed."""

    latin: bool = False
    signs: bool = False
    alphabetical: bool = False
    capital: bool = False  # the next letter will be one
    undo: bool = False  # everything was cleared and can be had back
    address_open: bool = True  # an e-mail address has no @ yet
    empty: bool = True


def keyboard_layout(kind: EntryKind, state: KeyboardState, shape: Shape) -> Layout:
    """The rows of keys from the top. Every row fills the width: a key is as wide as its share of the row's units."""
    if kind in (EntryKind.DIGITS, EntryKind.PHONE):
        return _number_pad(state)
    if kind is EntryKind.EMAIL:
        return _with_digits(_email_rows(state, shape), shape, "", "-0_")
    if kind is EntryKind.NAME:
        return _text_rows(kind, replace(state, signs=False), shape)
    return _with_digits(_text_rows(kind, state, shape), shape, "-/", "-0/")


def _number_pad(state: KeyboardState) -> Layout:
    rows = [tuple(_digit(digit) for digit in digits) for digits in ("123", "456", "789")]
    clear = _clear(state, 1.0)
    if clear.key == CLEAR:
        clear = replace(clear, label=t("keypad.clear"))  # one word: there is nothing else that it could be
    return (*rows, (clear, _digit("0"), _backspace(1.0)))


def _with_digits(rows: Layout, shape: Shape, after_digits: str, beside_zero: str) -> Layout:
    if shape is Shape.STANDING:
        return (_signs(DIGITS + after_digits), *rows)
    if shape is Shape.LYING:
        pad = ("123", "456", "789", beside_zero)
        return tuple((*_stretched(row), *_signs(digits)) for row, digits in zip(rows, pad, strict=True))
    return rows


def _stretched(row: tuple[KeyCap, ...]) -> tuple[KeyCap, ...]:
    """As wide as a full row of letters, so that what stands beside it makes columns."""
    scale = FULL_ROW / sum(cap.width_units for cap in row)
    return tuple(replace(cap, width_units=cap.width_units * scale) for cap in row)


def _around_space(before: tuple[KeyCap, ...], after: tuple[KeyCap, ...], units: float) -> tuple[KeyCap, ...]:
    """The lowest row: the space takes what the others leave, so that they keep their places on every page."""
    taken = sum(cap.width_units for cap in (*before, *after))
    return (*before, _space(units - taken), *after)


def _text_rows(kind: EntryKind, state: KeyboardState, shape: Shape) -> Layout:
    large = shape in (Shape.LYING_LARGE, Shape.STANDING_LARGE)
    signs = SIGNS_AND_DIGITS if large else SIGNS
    letters = LATIN if state.latin else ALPHABET if state.alphabetical else RUSSIAN
    rows = _broken(signs if state.signs else letters, shape)
    shift = () if state.signs else (_shift(state),)
    arrows = _arrows(state)
    between = (_sign("-"),) if kind is EntryKind.NAME else (_sign(","), _sign("."))
    switches = _switches(kind, state, 1.5 if large else 1.0)
    order = () if state.latin or state.signs else (_order(state),)
    if shape is Shape.STANDING_LARGE:
        last = (*shift, *_signs(rows[-1]), *between, *arrows, _backspace(1.5))
        below = _around_space(switches, (*order, _clear(state, 1.0, word=False)), shape.value)
        return (*map(_signs, rows[:-1]), last, below)
    last = (*shift, *_signs(rows[-1]), _backspace(1.5))
    clear = _clear(state, 1.0 if large else 2.0, word=not large)
    below = _around_space((*switches, *between[:1]), (*between[1:], *arrows, *order, clear), FULL_ROW)
    return (*map(_signs, rows[:-1]), last, below)


def _email_rows(state: KeyboardState, shape: Shape) -> Layout:
    large = shape in (Shape.LYING_LARGE, Shape.STANDING_LARGE)
    arrows = _arrows(state)
    switches = _switches(EntryKind.EMAIL, state, 1.5) if large else ()
    own, last = {Shape.LYING: ("", "."), Shape.STANDING_LARGE: ("", "-_.")}.get(shape, ("-_", "."))
    rows = _broken((DIGITS, ".-_+") if state.signs and large else (LATIN[0], LATIN[1] + own, LATIN[2] + last), shape)
    letters = (*map(_signs, rows[:-1]), (*_signs(rows[-1]), _ending(".ru", 1.5, not state.empty), _backspace(1.5)))
    may_end = state.address_open and not state.empty
    at = _sign("@", enabled=may_end)
    mail, yandex = _ending(ENDINGS[0], 2.5, may_end), _ending(ENDINGS[1], 3.5, may_end)
    clear = _clear(state, 1.0 if large else 2.0, word=not large)
    if shape is Shape.STANDING_LARGE:
        return (*letters, (at, mail, yandex), (*switches, *arrows, clear))
    return (*letters, (at, mail, yandex, *switches, *arrows, clear))


def _broken(rows: tuple[str, ...], shape: Shape) -> list[str]:
    """Rows of eight in the same order where letters are large; the rest comes last, beside shift and backspace."""
    if shape is not Shape.STANDING_LARGE:
        return list(rows)
    signs, width = "".join(rows), shape.value
    return [signs[at : at + width] for at in range(0, len(signs), width)]


def _switches(kind: EntryKind, state: KeyboardState, width: float) -> tuple[KeyCap, ...]:
    """To the other letters and to the signs: each says where it leads."""
    if state.signs:
        russian = kind is not EntryKind.EMAIL and not state.latin
        label, name = ("АБВ", "keyboard.to_russian") if russian else ("ABC", "keyboard.to_latin")
        return (_word(SWITCH_SIGNS, label, name, width if kind is EntryKind.EMAIL else 2 * width),)
    label, name = ("АБВ", "keyboard.to_russian") if state.latin else ("ABC", "keyboard.to_latin")
    letters = () if kind is EntryKind.EMAIL else (_word(SWITCH_LETTERS, label, name, width),)
    digits = width > 1.0  # where there is no place for them among the letters
    signs = _word(
        SWITCH_SIGNS, "123" if digits else "?!", "keyboard.to_digits" if digits else "keyboard.to_signs", width
    )
    return letters if kind is EntryKind.NAME else (*letters, signs)


def _signs(signs: str) -> tuple[KeyCap, ...]:
    return tuple(map(_sign, signs))


def _sign(sign: str, enabled: bool = True) -> KeyCap:
    if sign.isdigit():
        return _digit(sign)
    return KeyCap(TYPE + sign, sign.upper(), _name(sign), enabled=enabled, large=True)


def _digit(digit: str) -> KeyCap:
    return KeyCap(DIGIT + digit, digit, digit, large=True)


def _name(sign: str) -> str:
    if sign in NAMES:
        return t(NAMES[sign])
    return t("keyboard.latin_letter" if sign.isascii() else "keyboard.letter", letter=sign.upper())


def _word(key: str, label: str, name: str, width: float = 1.0, *, enabled: bool = True) -> KeyCap:
    return KeyCap(key, label, t(name), width_units=width, enabled=enabled, large=len(label) == 1)


def _arrows(state: KeyboardState) -> tuple[KeyCap, ...]:
    able = not state.empty
    return _word(LEFT, "←", "keyboard.left", enabled=able), _word(RIGHT, "→", "keyboard.right", enabled=able)


def _ending(text: str, width: float, enabled: bool) -> KeyCap:
    return KeyCap(TYPE + text, text, text, width_units=width, enabled=enabled)


def _space(width: float) -> KeyCap:
    return KeyCap(TYPE + " ", t("keyboard.space"), t("keyboard.space"), width_units=width)


def _shift(state: KeyboardState) -> KeyCap:
    name = t("keyboard.shift")
    return KeyCap(SHIFT, "", name, icon="shift", width_units=1.5, switch=True, on=state.capital)


def _order(state: KeyboardState) -> KeyCap:
    label, name = ("ЙЦУ", "keyboard.as_usual") if state.alphabetical else ("А–Я", "keyboard.alphabetical")
    return _word(SWITCH_ORDER, label, name, 1.5)


def _backspace(width: float) -> KeyCap:
    return KeyCap(BACKSPACE, "", t("keyboard.backspace"), icon="backspace", width_units=width, repeats=True)


def _clear(state: KeyboardState, width: float, *, word: bool = True) -> KeyCap:
    """Takes everything away, and then is the way back."""
    if state.undo:
        name = t("keyboard.undo")
        return KeyCap(UNDO, name if word else "", name, icon="" if word else "back", width_units=width)
    name = t("keyboard.clear")
    icon = "" if word else "cross"
    return KeyCap(CLEAR, name if word else "", name, icon=icon, width_units=width, enabled=not state.empty)
