"""What has become of an обращение; «Ответ не помог»; an appeal against the decision (clauses 5.1.4, 8.2.2). Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.cases import TEXT_LENGTH_MAX, CaseAsked, CaseKind, CaseReopened, CaseState, CaseTold
from signaling_server.contract.services import CodeProved, CodePurpose, ServiceRefused
from terminal_app.core.tasks import written
from terminal_app.core.tasks.asked import CONSULTANT, MENU, led_on, stopped, why
from terminal_app.core.tasks.phone_code import Phone, code_asked
from terminal_app.core.tasks.task import AskOffice, Chosen, Context, Entered, Event, Silence, Step, Told
from terminal_app.core.tasks.written_draft import Draft
from terminal_app.ipc.pages import NOTHING, Choice, Entry, EntryKind, Page, PageKind, Part, Phrase

YEAR_LENGTH = 2  # 26-000001: typed as digits, without the hyphen
NUMBER_LENGTH_MIN, NUMBER_LENGTH_MAX = 8, 10
STOPPED = "case_status.stopped"


@dataclass(frozen=True, slots=True)
class Owner:
    """Why a case may be told to him: its account, which he is identified for, or its phone, proved by a code."""

    account: str = ""
    phone: str = ""
    code_id: str = ""


@dataclass(frozen=True, slots=True)
class Number:
    """The number from the slip or the SMS."""

    typed: str = ""
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        entry = Entry(EntryKind.DIGITS, length_max=NUMBER_LENGTH_MAX, length_min=NUMBER_LENGTH_MIN, error=self.error)
        return Page("case_status", PageKind.ENTRY, entry=entry)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Entered(text=typed) if not typed.isdecimal() or len(typed) < NUMBER_LENGTH_MIN:
                return replace(self, error=Phrase("case_status.wrong")), []
            case Entered(text=typed) if context.identified and context.account is not None:
                asking = replace(self, typed=typed, error=NOTHING)
                return asking, [_asking(_number(typed), Owner(account=context.account.account))]
            case Entered(text=typed):
                return self._by_phone(typed, context)
            case Told(answer=CaseTold() as told) if context.account is not None:
                return CaseShown(told, Owner(account=context.account.account)), []
            case Told(answer=ServiceRefused()):  # not of this account: perhaps he left his phone
                return self._by_phone(self.typed, context)
            case Told() | Silence():
                return stopped(STOPPED, event)
            case _:
                return self, []

    def _by_phone(self, typed: str, context: Context) -> Step:
        if not context.facts.sms:
            return replace(self, typed=typed, error=Phrase("case_status.no_sms")), []
        number = _number(typed)
        return Phone("case_status.phone", code_asked(CodePurpose.IDENTIFY), Proved(number), STOPPED), []


@dataclass(frozen=True, slots=True)
class Proved:
    """What follows the right code: the case of this number is asked for."""

    number: str

    def __call__(self, phone: Phone, proved: CodeProved) -> Step:
        owner = Owner(phone=phone.phone, code_id=proved.code_id)
        return Looking(self.number, owner), [_asking(self.number, owner)]


@dataclass(frozen=True, slots=True)
class Looking:
    number: str
    owner: Owner

    def page(self, context: Context) -> Page:
        return Page("case_status.told", PageKind.TEXT, back=False)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Told(answer=CaseTold() as told):
                return CaseShown(told, self.owner), []
            case Told(answer=ServiceRefused()):
                return Number(error=why(event)), []
            case Told() | Silence():
                return stopped(STOPPED, event)
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class CaseShown:
    """State and answer, and what can be done about it."""

    told: CaseTold
    owner: Owner
    reopened: bool = False

    def page(self, context: Context) -> Page:
        told = self.told
        parts = [
            _part("number", Phrase(text=told.case_number)),
            _part("state", Phrase(f"case_status.is_{told.state.value}")),
            _part("kind", Phrase(f"written.{told.kind.value}")),
            _part("topic", Phrase(text=told.topic_title)),
            _part("received", Phrase(text=told.received_date)),
            _part("due", Phrase(text=told.due_date)),
            _part("answer", Phrase(text=told.answer)),
        ]
        unhelped = [Choice("unhelped")] if told.state is CaseState.ANSWERED else []
        appeal = [Choice("appeal")] if told.may_appeal and context.facts.sealed else []
        return Page(
            "case_status.told",
            PageKind.TEXT,
            sentence=Phrase("case_status.reopened") if self.reopened else NOTHING,
            parts=[part for part in parts if part.text not in (NOTHING, Phrase(text=""))],
            choices=[MENU, *unhelped, *appeal, CONSULTANT],
        )

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="unhelped"):
                return Reason(self), []
            case Chosen(key="appeal"):
                return written.started(self._appeal(context), context)
            case _:
                return led_on(self, event)

    def _appeal(self, context: Context) -> Draft:
        """A complaint about the decision; it is his by what this case is his by."""
        topics = context.facts.topics
        topic = next((topic for topic in topics if topic.title == self.told.topic_title), None)
        return Draft(
            CaseKind.COMPLAINT,
            topic=topic,
            phone=self.owner.phone or None,
            account=self.owner.account or None,
            appeal_of=self.told.case_number,
        )


@dataclass(frozen=True, slots=True)
class Reason:
    """What the answer lacks; a person reads it."""

    shown: CaseShown
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        entry = Entry(EntryKind.LONG_TEXT, length_max=TEXT_LENGTH_MAX, error=self.error)
        return Page("case_status.reason", PageKind.ENTRY, entry=entry)

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Entered(text=reason):
                owner, number = self.shown.owner, self.shown.told.case_number
                asked = CaseReopened("-", number, reason, owner.account, owner.phone, owner.code_id)
                return replace(self, error=NOTHING), [AskOffice(asked)]
            case Told(answer=CaseTold() as told):
                return CaseShown(told, self.shown.owner, reopened=True), []
            case Told() | Silence():
                return replace(self, error=why(event)), []
            case _:
                return self, []


def begin(context: Context) -> Step:
    return Number(), []


def _asking(number: str, owner: Owner) -> AskOffice:
    return AskOffice(CaseAsked("-", number, owner.account, owner.phone, owner.code_id))


def _number(typed: str) -> str:
    return f"{typed[:YEAR_LENGTH]}-{typed[YEAR_LENGTH:]}"


def _part(name: str, words: Phrase) -> Part:
    return Part(heading=Phrase(f"case_status.{name}"), text=words)
