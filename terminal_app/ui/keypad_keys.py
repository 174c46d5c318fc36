"""What a tactile keypad (or any keyboard) means here: arrows, Enter, digits, and letters where they are typed. Pure.

Codes are those of SDL. There is no way out of the terminal by a key.
"""

from __future__ import annotations

from terminal_app.ui.keyboard_layout import TYPE

NEXT, PREVIOUS, ENTER, REPEAT, SLOWER = "next", "previous", "enter", "repeat", "slower"

_KEYS = {
    274: NEXT, 275: NEXT, 9: NEXT,  # down, right, Tab
    273: PREVIOUS, 276: PREVIOUS,  # up, left
    13: ENTER, 271: ENTER,
    42: REPEAT, 268: REPEAT,  # the star
    45: SLOWER, 269: SLOWER,  # the minus
    8: "backspace", 127: "clear",
}  # fmt: skip
_DIGITS = {**{48 + digit: digit for digit in range(10)}, **{256 + digit: digit for digit in range(10)}}
_NUMBER_BLOCK = range(256, 320)  # with arrows: its star and minus repeat and slow the voice wherever one is


def typed_key(code: int, sign: str) -> str:
    """The key of the keyboard on the glass that types what this one does; empty: none does. Digits have their own."""
    if code in _NUMBER_BLOCK or len(sign) != 1 or not sign.isprintable() or sign.isdigit():
        return ""
    return TYPE + sign.lower()


def meaning(code: int) -> str:
    """A movement, or the key of a target («digit_7», «backspace»); empty: nothing."""
    return f"digit_{_DIGITS[code]}" if code in _DIGITS else _KEYS.get(code, "")
