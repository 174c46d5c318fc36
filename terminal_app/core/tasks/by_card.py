"""A service or city card in place of the account's number, where that is agreed. Pure.

It is held to the reader on the first screens and begins by itself. A card is no proof: what it names is asked for as a
typed number is, with the masked address first and the second attribute after it (docs/adr/0030).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.services import CardAsked, CardTold
from terminal_app.core.tasks.asked import CONSULTANT, led_on, why
from terminal_app.core.tasks.by_phone import ACCOUNT
from terminal_app.core.tasks.task import AccountNamed, AskOffice, Context, Event, Held, Silence, Step, Told
from terminal_app.ipc.pages import NOTHING, Page, PageKind, Phrase, Tone

WAYS = (ACCOUNT, CONSULTANT)
UNREADABLE = Phrase("by_card.unreadable")


@dataclass(frozen=True, slots=True)
class ByCard:
    """What the card said last; another one, or the same once more, may be held at any time."""

    trouble: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        if self.trouble == NOTHING:
            return Page("by_card", PageKind.SUMMARY, choices=list(WAYS))
        title = Phrase("by_card.failed")
        return Page("by_card", PageKind.SUMMARY, title, self.trouble, Tone.WARN, choices=list(WAYS))

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Held(card=""):
                return replace(self, trouble=UNREADABLE), []
            case Held(card=card):
                return replace(self, trouble=NOTHING), [AskOffice(CardAsked("-", card))]
            case Told(answer=CardTold(account=account)):
                return self, [AccountNamed(account)]
            case Told() | Silence():
                return replace(self, trouble=why(event)), []
            case _:
                return led_on(self, event)


def begin(context: Context) -> Step:
    return ByCard(), []
