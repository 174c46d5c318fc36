"""What is typed by the keyboard: a text with a cursor, one key in, a new text out. Pure.

Whether a text is a right name or address is for core and the office to say; here it is only empty, or full.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from terminal_app.ipc.pages import EntryKind
from terminal_app.ui import theme
from terminal_app.ui.keyboard_layout import (
    BACKSPACE,
    CLEAR,
    DIGIT,
    LEFT,
    RIGHT,
    SHIFT,
    SWITCH_LETTERS,
    SWITCH_ORDER,
    SWITCH_SIGNS,
    TYPE,
    UNDO,
    KeyboardState,
    Layout,
    Shape,
    keyboard_layout,
)
from terminal_app.ui.locale import plural

PHONE_DIGITS = 10  # after +7
TOLD_LEFT_MAX = 20  # signs: in a short field the rest is told only when it comes to an end
NUMBERS = (EntryKind.DIGITS, EntryKind.PHONE)
SENTENCE_ENDS = ".!?"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed so far and how the keyboard stands. Of a phone `text` is the digits after +7."""

    text: str = ""
    cursor: int = 0  # before this sign
    length_max: int = 60
    shift: bool | None = None  # None: a capital where one belongs
    latin: bool = False
    signs: bool = False
    alphabetical: bool = False
    cleared: str = ""  # what «Вернуть» brings back


def new_draft(kind: EntryKind, text: str = "", length_max: int = 60) -> Draft:
    """A field as it comes up, with what was typed before. A phone may come in any spelling."""
    if kind is EntryKind.PHONE:
        text, length_max = _national("".join(sign for sign in text if sign.isdigit())), PHONE_DIGITS
    text = text[:length_max]
    return Draft(text=text, cursor=len(text), length_max=length_max)


def typed_text(draft: Draft, key: str, kind: EntryKind) -> Draft:
    """After one key. What cannot be typed here, or is too much, changes nothing."""
    if key.startswith(DIGIT):
        return _put(draft, key.removeprefix(DIGIT), kind)
    if key.startswith(TYPE) and kind not in NUMBERS:
        return _put(draft, key.removeprefix(TYPE), kind)
    if key == BACKSPACE and draft.cursor:
        left = draft.text[: draft.cursor - 1]
        return replace(draft, text=left + draft.text[draft.cursor :], cursor=len(left), shift=None, cleared="")
    if key == CLEAR and draft.text:
        return replace(draft, text="", cursor=0, shift=None, cleared=draft.text)
    if key == UNDO and draft.cleared:
        return replace(draft, text=draft.cleared, cursor=len(draft.cleared), shift=None, cleared="")
    if key == SHIFT:
        return replace(draft, shift=not capital(draft, kind))
    if key in (LEFT, RIGHT) and kind not in NUMBERS:
        cursor = min(max(0, draft.cursor + (1 if key == RIGHT else -1)), len(draft.text))
        return replace(draft, cursor=cursor, shift=None)
    if key == SWITCH_LETTERS:
        return replace(draft, latin=not draft.latin, signs=False)
    if key == SWITCH_SIGNS:
        return replace(draft, signs=not draft.signs)
    if key == SWITCH_ORDER:
        return replace(draft, alphabetical=not draft.alphabetical)
    return draft


def capital(draft: Draft, kind: EntryKind) -> bool:
    """The next letter will be a capital: the customer said so, or a sentence or a name begins here."""
    if draft.shift is not None:
        return draft.shift
    before = draft.text[: draft.cursor]
    if kind is EntryKind.NAME:
        return before == "" or before[-1] in " -"
    if kind in (EntryKind.TEXT, EntryKind.LONG_TEXT):
        return before == "" or (before[-1].isspace() and before.rstrip()[-1:] in SENTENCE_ENDS)
    return False


def keyboard_of(draft: Draft, kind: EntryKind) -> Layout:
    """The keys to be shown now, in the shape that fits this glass and these letters."""
    state = KeyboardState(
        latin=draft.latin,
        signs=draft.signs,
        alphabetical=draft.alphabetical,
        capital=capital(draft, kind),
        undo=bool(draft.cleared),
        address_open="@" not in draft.text.removesuffix("@"),
        empty=not draft.text,
    )
    return keyboard_layout(kind, state, shape())


def shape() -> Shape:
    if theme.portrait():
        return Shape.STANDING_LARGE if theme.large() else Shape.STANDING
    return Shape.LYING_LARGE if theme.large() else Shape.LYING


def field_text(draft: Draft, kind: EntryKind) -> tuple[str, int]:
    """What stands in the field, and before which of its signs the cursor is."""
    if kind is not EntryKind.PHONE:
        return draft.text, draft.cursor
    if not draft.text:
        return "", 0
    groups = [draft.text[start:end] for start, end in ((0, 3), (3, 6), (6, 8), (8, 10)) if draft.text[start:end]]
    code = f"({groups[0]}" + (")" if len(groups[0]) == 3 else "")
    shown = f"+7 {code}" + (" " + "-".join(groups[1:]) if groups[1:] else "")
    return shown.replace(" ", "\u00a0"), len(shown)


def sent_text(draft: Draft, kind: EntryKind) -> str:
    """What core is given. Empty: nothing was typed."""
    text = draft.text.strip()
    return f"+7{text}" if kind is EntryKind.PHONE and text else text


def is_enough(draft: Draft, kind: EntryKind, length_min: int = 1) -> bool:
    """There is something to send: of a phone all its digits."""
    least = PHONE_DIGITS if kind is EntryKind.PHONE else length_min
    return len(draft.text.strip()) >= least


def left_told(draft: Draft, kind: EntryKind) -> str:
    """How many signs still fit: always under a long text, elsewhere when it comes to an end. Empty: nothing to say."""
    left = draft.length_max - len(draft.text)
    if kind in NUMBERS or (kind is not EntryKind.LONG_TEXT and left > TOLD_LEFT_MAX):
        return ""
    return plural("signs_left", left)


def _put(draft: Draft, piece: str, kind: EntryKind) -> Draft:
    before, after = draft.text[: draft.cursor], draft.text[draft.cursor :]
    if piece == " " and (before == "" or before.endswith(" ")):
        return draft  # a trembling finger, or a space that nobody sees
    if kind is EntryKind.EMAIL and piece.startswith("@"):
        before = before.removesuffix("@")
        if "@" in before + after:
            return draft
    if kind is EntryKind.EMAIL and piece.startswith("."):
        before = before.removesuffix(".")
    if capital(draft, kind):
        piece = piece.upper()
    text = before + piece + after
    if kind is EntryKind.PHONE:
        text = _national(text)
    if len(text) > draft.length_max:
        return draft
    return replace(draft, text=text, cursor=len(text) - len(after), shift=None, cleared="")


def _national(digits: str) -> str:
    """Ten digits: the 8 or 7 that people say before them falls away once there are eleven."""
    return digits[1:] if len(digits) == PHONE_DIGITS + 1 and digits[0] in "78" else digits
