"""The words of a page: keys of the catalogue or texts of the office, and the pictogram of each choice."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ipc.messages import TerminalState
from terminal_app.ipc.pages import Choice, Page, Phrase
from terminal_app.ui.locale import has, t, unbroken

CHOICE = "choose_"  # before the key of a choice: its keys are no keys of the chrome
ICONS = {
    "pay": "wallet",
    "readings": "meter",
    "account_site": "phone",
    "consultant": "headset",
    "account": "document",
    "organisations": "people",
    "take": "camera",
    "retake": "camera",
    "hand": "pencil",
    "question": "question",
    "done": "check",
    "print": "printer",
    "knowledge": "question",
    "not_credited": "receipt",
    "search": "glass",
    "groups": "book",
    "ask": "headset",
    "office": "pin",
    "places": "pin",
    "site_visit": "meter",
    "new_client": "pencil",
    "written": "document",
    "request": "document",
    "complaint": "scales",
    "suggestion": "bulb",
    "gratitude": "heart",
    "case_status": "glass",
    "photo": "camera",
    "booking": "calendar",
    "check_in": "ticket",
    "booking_cancel": "cross",
    "informing": "message",
    "commercial": "bulb",
    "standard": "book",
    "ways": "message",
    **{f"score_{score}": f"face_{score}" for score in range(1, 6)},
    "call": "headset",
    "special_help": "heart",
    "in_turn": "people",
    "camera": "camera",
    "receipt_printer": "printer",
    "paper": "printer",
    "by_keyboard": "keyboard",
    "by_hand": "pencil",
    "wait": "clock",
}


@dataclass(frozen=True, slots=True)
class ChoiceView:
    key: str
    title: str
    hint: str
    icon: str
    enabled: bool


@dataclass(frozen=True, slots=True)
class PairView:
    """A row as of the slip: `PairRow` draws both."""

    title: str
    amount: str


def said(phrase: Phrase) -> str:
    """Empty for `NOTHING`."""
    return t(phrase.key, **phrase.values) if phrase.key else unbroken(phrase.text)


def title_of(page: Page) -> str:
    return said(page.title) or t(f"{page.name}.title")


def sentence_of(page: Page) -> str:
    key = f"{page.name}.sentence"
    return said(page.sentence) or (t(key) if has(key) else "")


def choice_views(page: Page, *, busy: bool) -> tuple[ChoiceView, ...]:
    return tuple(_choice_view(page, choice, busy) for choice in page.choices)


def pair_views(page: Page) -> tuple[PairView, ...]:
    return tuple(PairView(said(pair.name), said(pair.value)) for pair in page.pairs)


def chosen(key: str, state: TerminalState) -> str:
    """The key of the choice that was touched; empty: none of the page, or it cannot be pressed now."""
    if state.page is None or state.busy or not key.startswith(CHOICE):
        return ""
    wanted = key.removeprefix(CHOICE)
    return next((choice.key for choice in state.page.choices if choice.key == wanted and choice.enabled), "")


def _choice_view(page: Page, choice: Choice, busy: bool) -> ChoiceView:
    words = f"{page.name}.{choice.key}"
    hint = said(choice.hint) or (t(f"{words}.hint") if has(f"{words}.hint") and not choice.title.text else "")
    return ChoiceView(
        key=CHOICE + choice.key,
        title=said(choice.title) or t(words),
        hint=hint,
        icon=ICONS.get(choice.key, ""),
        enabled=choice.enabled and not busy,
    )
