"""СМС-информирование of an account: on by consent, phone and code; off by phone and code (clause 8.1.4b). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.knowledge import Consent, ConsentsAsked, ConsentsTold
from signaling_server.contract.services import (
    CodeAsked,
    CodeEntered,
    CodeProved,
    CodePurpose,
    CodeSent,
    InformingAsked,
    InformingTold,
    ServiceRefused,
)
from terminal_app.core.tasks import survey
from terminal_app.core.tasks.asked import MENU, FirstAsked, Stopped, stopped, why
from terminal_app.core.tasks.task import AskOffice, Chosen, Context, Entered, Event, GoTo, Silence, Step, Told
from terminal_app.ipc.pages import NOTHING, Choice, Entry, EntryKind, Page, PageKind, Pair, Part, Phrase, Tone

CONSENT = "sms_informing"
CODE_LENGTH = 6
STOPPED = "informing.stopped"


@dataclass(frozen=True, slots=True)
class InformingState:
    """Who is informed now; masked."""

    phones_masked: tuple[str, ...]

    def page(self, context: Context) -> Page:
        on = bool(self.phones_masked)
        return Page(
            "informing",
            PageKind.SUMMARY,
            sentence=Phrase("informing.is_on" if on else "informing.is_off"),
            pairs=[Pair(Phrase("informing.phone_is"), Phrase(text=phone)) for phone in self.phones_masked],
            choices=[Choice("another"), Choice("off")] if on else [Choice("on")],
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="on" | "another"):
                return self, [AskOffice(ConsentsAsked("-"))]
            case Chosen(key="off"):
                return Phone(CodePurpose.INFORMING_OFF), []
            case Told(answer=ConsentsTold(consents=consents)) if consent := _informing(consents):
                return ConsentText(consent), []
            case Told() | Silence():
                return stopped(STOPPED, event)
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class ConsentText:
    """Read whole before it is agreed to (clause 6.3.6b)."""

    consent: Consent

    def page(self, context: Context) -> Page:
        return Page(
            "informing.consent",
            PageKind.TEXT,
            Phrase(text=self.consent.title),
            parts=[Part(text=Phrase(text=self.consent.text))],
            choices=[Choice("agree"), Choice("refuse")],
            to_the_end=True,
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="agree"):
                return Phone(CodePurpose.INFORMING_ON, self.consent.version), []
            case Chosen(key="refuse"):
                return self, [GoTo("menu")]
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone that the code goes to."""

    purpose: CodePurpose
    consent_version: str = ""
    phone: str = ""
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        name = "informing.phone" if self.purpose is CodePurpose.INFORMING_ON else "informing.phone_off"
        return Page(name, PageKind.ENTRY, entry=Entry(EntryKind.PHONE, length_max=16, error=self.error))

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Entered(text=phone):
                return replace(self, phone=phone, error=NOTHING), [self.asking(phone, context)]
            case Told(answer=CodeSent() as sent):
                return Code(self, sent, context.now_ms + sent.again_after_s * 1_000), []
            case Told(answer=ServiceRefused()):
                return replace(self, error=why(event)), []
            case Told() | Silence():
                return stopped(STOPPED, event)
            case _:
                return self, []

    def asking(self, phone: str, context: Context) -> AskOffice:
        account = context.account.account if context.account is not None else ""
        return AskOffice(CodeAsked("-", phone, self.purpose, account, self.consent_version))


@dataclass(frozen=True, slots=True)
class Code:
    """The six digits of the SMS. A new one may be asked for after a while."""

    asked: Phone
    sent: CodeSent
    again_ms: int
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        entry = Entry(EntryKind.DIGITS, length_max=CODE_LENGTH, length_min=CODE_LENGTH, error=self.error)
        again = Choice("again", enabled=context.now_ms >= self.again_ms)
        sentence = Phrase("informing.code.sent", {"phone": self.sent.phone_masked})
        return Page("informing.code", PageKind.ENTRY, sentence=sentence, entry=entry, choices=[again])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Entered(text=code):
                asked = CodeEntered("-", self.sent.code_id, self.asked.phone, code)
                return replace(self, error=NOTHING), [AskOffice(asked)] if code.isdigit() else []
            case Chosen(key="again"):
                return self, [self.asked.asking(self.asked.phone, context)]
            case Told(answer=CodeSent() as sent):
                return Code(self.asked, sent, context.now_ms + sent.again_after_s * 1_000), []
            case Told(answer=CodeProved()):
                return Done(self.asked.purpose), []
            case Told() | Silence():
                return replace(self, error=why(event)), []  # the code may still be right: the page stays
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Done:
    purpose: CodePurpose

    def page(self, context: Context) -> Page:
        name = "informing.on" if self.purpose is CodePurpose.INFORMING_ON else "informing.off"
        choices = [MENU, *survey.offered(context)]
        return Page(name, PageKind.SUMMARY, tone=Tone.GOOD, choices=choices, back=False)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="menu" | "survey" as service):
                return self, [GoTo(service)]
            case _:
                return self, []


def begin(context: Context) -> Step:
    if not context.facts.sms:
        return Stopped("informing.absent", Phrase("informing.absent.sentence")), []
    account = context.account.account if context.account is not None else ""
    return FirstAsked("informing", _answered, PageKind.SUMMARY), [AskOffice(InformingAsked("-", account))]


def _answered(event: Event, context: Context) -> Step:
    if isinstance(event, Told) and isinstance(event.answer, InformingTold):
        return InformingState(tuple(event.answer.phones_masked)), []
    return stopped(STOPPED, event)


def _informing(consents: list[Consent]) -> Consent | None:
    return next((consent for consent in consents if consent.consent_id == CONSENT), None)
