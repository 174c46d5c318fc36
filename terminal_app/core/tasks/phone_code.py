"""A phone is his who types the code that came to it. Two pages for every service that needs that. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from signaling_server.contract.services import (
    CodeAsked,
    CodeEntered,
    CodeProved,
    CodePurpose,
    CodeSent,
    ConsentRead,
    ServiceRefused,
)
from terminal_app.core.tasks.asked import CONSULTANT, MENU, stopped, why
from terminal_app.core.tasks.task import AskOffice, Chosen, Context, Entered, Event, Silence, Step, Told
from terminal_app.ipc.pages import NOTHING, Choice, Entry, EntryKind, Page, PageKind, Phrase

CODE_LENGTH = 6
_CODE = re.compile(r"[0-9]{6}")  # the office takes nothing else for a message
PHONE_LENGTH_MAX = 16
# What typing once more does not mend: another way is offered.
FINAL = frozenset({"no_sms", "too_many", "locked"})


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone that the code goes to. `name` is the page's; `proved` gets this, and what the code opened."""

    name: str
    asked: CodeAsked  # without the phone
    proved: Callable[[Phone, CodeProved], Step]
    stopped: str  # the page for an office that is not heard, or sends no code
    ways: tuple[Choice, ...] = (CONSULTANT, MENU)  # from there
    phone: str = ""
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        entry = Entry(EntryKind.PHONE, length_max=PHONE_LENGTH_MAX, error=self.error)
        return Page(self.name, PageKind.ENTRY, entry=entry)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Entered(text=phone):
                asking = replace(self, phone=phone, error=NOTHING)
                return asking, [asking.asking()]
            case Told(answer=CodeSent() as sent):
                return Code(self, sent, context.now_ms + sent.again_after_s * 1_000), []
            case Told(answer=ServiceRefused(reason=reason)) if reason not in FINAL:
                return replace(self, error=why(event)), []
            case Told() | Silence():
                return stopped(self.stopped, event, self.ways)
            case _:
                return self, []

    def asking(self) -> AskOffice:
        asked = self.asked
        return AskOffice(
            CodeAsked("-", self.phone, asked.purpose, asked.account, asked.consent_version, asked.consent_read)
        )


@dataclass(frozen=True, slots=True)
class Code:
    """The six digits of the SMS. A new one may be asked for after a while."""

    asked: Phone
    sent: CodeSent
    again_ms: int
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        entry = Entry(EntryKind.DIGITS, length_max=CODE_LENGTH, length_min=CODE_LENGTH, error=self.error)
        again = Choice("again", Phrase("phone_code.again"), enabled=context.now_ms >= self.again_ms)
        sentence = Phrase("phone_code.sent", {"phone": self.sent.phone_masked})
        return Page("phone_code", PageKind.ENTRY, sentence=sentence, entry=entry, choices=[again])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Entered(text=code) if _CODE.fullmatch(code):
                asked = CodeEntered("-", self.sent.code_id, self.asked.phone, code)
                return replace(self, error=NOTHING), [AskOffice(asked)]
            case Chosen(key="again"):
                return self, [self.asked.asking()]
            case Told(answer=CodeSent() as sent):
                return Code(self.asked, sent, context.now_ms + sent.again_after_s * 1_000), []
            case Told(answer=CodeProved() as proved):
                return self.asked.proved(self.asked, proved)
            case Told(answer=ServiceRefused(reason=reason)) if reason in FINAL:
                return stopped(self.asked.stopped, event, self.asked.ways)
            case Told() | Silence():
                return replace(self, error=why(event)), []  # the code may still be right: the page stays
            case _:
                return self, []


def code_asked(
    purpose: CodePurpose, account: str = "", consent_version: str = "", read: ConsentRead | None = None
) -> CodeAsked:
    """What a code is for; the phone is typed later."""
    return CodeAsked("-", "", purpose, account, consent_version, read)
