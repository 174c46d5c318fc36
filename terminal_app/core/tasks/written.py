"""Written обращения of the five kinds: a question a page, everything read over, then sent (clauses 3, 8.1.1b). Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from msgspec import structs

from signaling_server.contract.cases import (
    CONTRACT_TOPIC,
    SERVICE_TOPIC,
    AnswerWay,
    CaseKind,
    ComplaintSubject,
    Topic,
    VisitTime,
    is_site_visit,
)
from signaling_server.contract.knowledge import Consent, ConsentsAsked, ConsentsTold
from signaling_server.contract.services import ConsentRead
from terminal_app.core.tasks.asked import Stopped, stopped
from terminal_app.core.tasks.consent import Agreement
from terminal_app.core.tasks.task import (
    AskOffice,
    Chosen,
    Context,
    Drawn,
    Entered,
    Event,
    GoTo,
    KeepDrawing,
    Photographed,
    Silence,
    Step,
    TakePhoto,
    Task,
    Told,
)
from terminal_app.core.tasks.written_draft import (
    CALL_BACK,
    PAPERS_MAX,
    SHEETS_MAX,
    WITHOUT_ANSWER,
    Draft,
    Stage,
    stage_of,
    without,
)
from terminal_app.core.tasks.written_end import Check
from terminal_app.core.tasks.written_pages import STATUS, groups_of, page_of, topics_of
from terminal_app.ipc.pages import NOTHING, Choice, Page, PageKind, Part, Phrase

CONSENT = "personal_data"
STOPPED = "written.stopped"
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")


@dataclass(frozen=True, slots=True)
class Writing:
    """The first question of the draft that has no answer. `waiting`: the draft that is to be agreed to."""

    draft: Draft
    waiting: Draft | None = None
    error: Phrase = NOTHING

    def page(self, context: Context) -> Page:
        page = page_of(stage_of(self.draft, context), self.draft, context, self.error)
        topic = self.draft.topic
        return page if topic is None else structs.replace(page, topic_id=topic.topic_id)

    def step(self, event: Event, context: Context) -> Step:
        draft, stage = self.draft, stage_of(self.draft, context)
        match event:
            case Told(answer=ConsentsTold(consents=consents)) if self.waiting and (consent := _personal(consents)):
                return agreement(self.waiting, consent), []
            case Told() | Silence():
                return stopped(STOPPED, event) if self.waiting else (self, [])
            case Chosen(key=key) if key == STATUS:
                return self, [GoTo(STATUS)]
            case Chosen(key="photo" | "another") if stage is Stage.PAPERS:
                return Shooting(draft), []
            case Chosen(key="hand") if stage is Stage.TEXT:
                return Sheet(draft), []
            case Chosen(key=key):
                return onward(self, _chosen(draft, stage, key, context), context)
            case Entered(text=text) if stage is Stage.EMAIL and not _EMAIL.fullmatch(text):
                return replace(self, error=Phrase("written.email.wrong")), []
            case Entered(text=text):
                return onward(self, _entered(draft, stage, text), context)
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text by finger or stylus (clause 9.6.10)."""

    draft: Draft

    def page(self, context: Context) -> Page:
        return Page("written.sheet", PageKind.PAD, choices=[Choice("keep")])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Drawn(drawing=drawing):
                return self, [KeepDrawing(drawing)]
            case Photographed():
                return Looked(self.draft, event), []
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Looked:
    """Is it all? A sheet that is full has another after it."""

    draft: Draft
    sheet: Photographed

    def page(self, context: Context) -> Page:
        more = [Choice("more")] if len(self.draft.sheets) + 1 < SHEETS_MAX else []
        parts = [Part(picture=self.sheet.preview)]
        return Page("written.looked", PageKind.TEXT, parts=parts, choices=[Choice("keep"), *more, Choice("again")])

    def step(self, event: Event, context: Context) -> Step:
        kept = replace(self.draft, sheets=(*self.draft.sheets, self.sheet))
        match event:
            case Chosen(key="keep"):
                return onward(Writing(kept), kept, context)
            case Chosen(key="more"):
                return Sheet(kept), []
            case Chosen(key="again"):
                return Sheet(self.draft), []
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Shooting:
    """A paper before the camera."""

    draft: Draft
    failed: bool = False

    def page(self, context: Context) -> Page:
        sentence = Phrase("written.photo.failed") if self.failed else NOTHING
        return Page("written.photo", PageKind.PHOTO, sentence=sentence, choices=[Choice("take")])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="take"):
                return replace(self, failed=False), [TakePhoto()]
            case Photographed():
                return Shot(self.draft, event), []
            case Silence():
                return replace(self, failed=True), []
            case _:
                return self, []


@dataclass(frozen=True, slots=True)
class Shot:
    """Can it be read?"""

    draft: Draft
    paper: Photographed

    def page(self, context: Context) -> Page:
        picture = [Part(picture=self.paper.preview)] if self.paper.preview else []
        return Page("written.shot", PageKind.TEXT, parts=picture, choices=[Choice("keep"), Choice("retake")])

    def step(self, event: Event, context: Context) -> Step:
        match event:
            case Chosen(key="keep"):
                papers = (*self.draft.papers, self.paper)
                draft = replace(
                    self.draft, papers=papers, papers_done=len(papers) >= PAPERS_MAX - len(self.draft.sheets)
                )
                return onward(Writing(draft), draft, context)
            case Chosen(key="retake"):
                return Shooting(self.draft), []
            case _:
                return self, []


def begin(context: Context) -> Step:
    return started(Draft(account=context.account.account if context.account is not None else None), context)


def message(context: Context) -> Step:
    """«Оставить сообщение», where no consultant answers: a question, its answer by SMS if there are any."""
    way = AnswerWay.SMS if context.facts.sms else None
    account = context.account.account if context.account is not None else ""
    return started(Draft(CaseKind.QUESTION, way=way, account=account), context)


def call_back(context: Context) -> Step:
    """«Перезвоните мне», after a long hold or a line that broke: the topic and the phone are all that is asked."""
    way = AnswerWay.SMS if context.facts.sms else AnswerWay.OFFICE
    account = context.account.account if context.account is not None else ""
    return started(Draft(CaseKind.REQUEST, text=CALL_BACK, way=way, account=account, papers_done=True), context)


def site_visit(context: Context) -> Step:
    """«Вызвать специалиста» (clause 6.2.10): what for, where to, when, what to mind."""
    group = next((topic.group_title for topic in context.facts.topics if is_site_visit(topic.topic_id)), "")
    if not group:
        return Stopped("written.absent", Phrase("written.absent.sentence")), []
    account = context.account.account if context.account is not None else None
    return started(Draft(CaseKind.REQUEST, group=group, account=account, papers_done=True, site_visit=True), context)


def new_client(context: Context) -> Step:
    """«Заключить договор» (clause 6.3.6b): where, a phone, a mail for the copy, who, the consent, papers."""
    topic = next((topic for topic in context.facts.topics if topic.topic_id == CONTRACT_TOPIC), None)
    if topic is None:
        return Stopped("written.absent", Phrase("written.absent.sentence")), []
    way = AnswerWay.SMS if context.facts.sms else AnswerWay.OFFICE
    return started(Draft(CaseKind.REQUEST, topic=topic, way=way, account="", new_client=True), context)


def started(draft: Draft, context: Context) -> Step:
    """A draft of which something is known already: an appeal, a message."""
    if not (context.facts.sealed and context.facts.topics):
        return Stopped("written.absent", Phrase("written.absent.sentence")), []
    return Writing(draft), []


def onward(at: Writing, draft: Draft, context: Context) -> Step:
    """The next question; the office is asked for the text of the consent before it is shown."""
    stage = stage_of(draft, context)
    if stage is Stage.CONSENT:
        return replace(at, waiting=draft, error=NOTHING), [AskOffice(ConsentsAsked("-"))]
    if stage is Stage.CHECK:
        return Check(draft, context.fresh_id, mend), []
    return Writing(draft), []


def agreement(draft: Draft, consent: Consent) -> Agreement:
    """Nothing personal is sent without it."""

    def agreed(consent: Consent, read: ConsentRead, context: Context) -> Step:
        given = replace(draft, consent_version=consent.version, consent_read=read, consent=consent)
        return onward(Writing(given), given, context)

    def refused(_: Task) -> Step:
        return Stopped("written.no_consent", Phrase("written.no_consent.sentence")), []

    return Agreement("written.consent", consent, agreed, refused)


def mend(draft: Draft, stage: Stage, context: Context) -> Step:
    """From the end back to one question, or to the end again."""
    draft = without(draft, stage)
    return onward(Writing(draft), draft, context)


def _chosen(draft: Draft, stage: Stage, key: str, context: Context) -> Draft:
    match stage:
        case Stage.KIND:
            kind = CaseKind(key)
            owed = draft.way is AnswerWay.NONE and kind not in WITHOUT_ANSWER
            return replace(draft, kind=kind, subject=None, way=None if owed else draft.way)
        case Stage.SUBJECT:
            subject = ComplaintSubject(key)
            return replace(draft, subject=subject, topic=draft.topic or _topic_of(subject, context))
        case Stage.GROUP:
            return replace(draft, group=groups_of(context.facts.topics)[_number(key)])
        case Stage.TOPIC:
            return replace(draft, topic=topics_of(draft, context)[_number(key)])
        case Stage.TIME:
            return replace(draft, time=VisitTime(key))
        case Stage.NOTE:
            return replace(draft, note="")
        case Stage.WAY:
            return replace(draft, way=AnswerWay(key))
        case Stage.EMAIL:
            return replace(draft, email="")
        case Stage.NAME:
            return replace(draft, name="")
        case Stage.ACCOUNT:
            return replace(draft, account="")
        case Stage.PAPERS:
            return replace(draft, papers_done=True)
        case Stage.LARGE:
            confirmed = key == "send"
            return replace(draft, large_confirmed=confirmed) if confirmed else without(draft, Stage.PAPERS)
        case _:
            return draft


def _topic_of(subject: ComplaintSubject, context: Context) -> Topic | None:
    """Who complains of how he was served has named the topic by it."""
    if subject is not ComplaintSubject.SERVICE:
        return None
    return next((topic for topic in context.facts.topics if topic.topic_id == SERVICE_TOPIC), None)


def _entered(draft: Draft, stage: Stage, text: str) -> Draft:
    match stage:
        case Stage.TEXT:
            return replace(draft, text=text, sheets=())
        case Stage.PLACE:
            return replace(draft, place=text)
        case Stage.NOTE:
            return replace(draft, note=text)
        case Stage.PHONE:
            return replace(draft, phone=text)
        case Stage.EMAIL:
            return replace(draft, email=text)
        case Stage.ADDRESS:
            return replace(draft, address=text)
        case Stage.NAME:
            return replace(draft, name=text)
        case Stage.ACCOUNT:
            return replace(draft, account=text)
        case _:
            return draft


def _personal(consents: list[Consent]) -> Consent | None:
    return next((consent for consent in consents if consent.consent_id == CONSENT), None)


def _number(key: str) -> int:
    return int(key.removeprefix("topic_"))
