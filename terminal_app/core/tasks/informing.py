"""СМС-информирование of an account: on by consent, phone and code; off by phone and code (clause 8.1.4b). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.knowledge import Consent, ConsentsAsked, ConsentsTold
from signaling_server.contract.services import CodeProved, CodePurpose, ConsentRead, InformingAsked, InformingTold
from terminal_app.core.tasks import survey
from terminal_app.core.tasks.asked import MENU, FirstAsked, Stopped, led_on, stopped
from terminal_app.core.tasks.consent import Agreement
from terminal_app.core.tasks.phone_code import Phone, code_asked
from terminal_app.core.tasks.task import AskOffice, Chosen, Context, Event, GoTo, Silence, Step, Told
from terminal_app.ipc.pages import Choice, Page, PageKind, Pair, Phrase, Tone

CONSENT = "sms_informing"
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
                return phone_of(CodePurpose.INFORMING_OFF, context), []
            case Told(answer=ConsentsTold(consents=consents)) if consent := _informing(consents):
                return agreement(consent), []
            case Told() | Silence():
                return stopped(STOPPED, event)
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
        return led_on(self, event)


def begin(context: Context) -> Step:
    if not context.facts.sms:
        return Stopped("informing.absent", Phrase("informing.absent.sentence")), []
    account = context.account.account if context.account is not None else ""
    return FirstAsked("informing", _answered, PageKind.SUMMARY), [AskOffice(InformingAsked("-", account))]


def agreement(consent: Consent) -> Agreement:
    """Read whole before it is agreed to (clause 6.3.6b)."""
    return Agreement("informing.consent", consent, _agreed, lambda task: (task, [GoTo("menu")]))


def _agreed(consent: Consent, read: ConsentRead, context: Context) -> Step:
    return phone_of(CodePurpose.INFORMING_ON, context, consent.version, read), []


def phone_of(
    purpose: CodePurpose, context: Context, consent_version: str = "", read: ConsentRead | None = None
) -> Phone:
    """The phone that is turned on or off, proved by its code."""
    name = "informing.phone" if purpose is CodePurpose.INFORMING_ON else "informing.phone_off"
    account = context.account.account if context.account is not None else ""
    return Phone(name, code_asked(purpose, account, consent_version, read), _proved, STOPPED)


def _proved(phone: Phone, proved: CodeProved) -> Step:
    return Done(phone.asked.purpose), []


def _answered(event: Event, context: Context) -> Step:
    if isinstance(event, Told) and isinstance(event.answer, InformingTold):
        return InformingState(tuple(event.answer.phones_masked)), []
    return stopped(STOPPED, event)


def _informing(consents: list[Consent]) -> Consent | None:
    return next((consent for consent in consents if consent.consent_id == CONSENT), None)
