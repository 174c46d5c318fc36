"""A written обращение as far as the customer has come, and what he is to be asked next. Pure.

Everything that was answered stays, so that one answer can be taken back and the others are not asked again.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, replace

from signaling_server.contract.cases import (
    AnswerWay,
    CaseForm,
    CaseKind,
    ComplaintSubject,
    NewClient,
    SiteVisit,
    Topic,
    VisitTime,
)
from signaling_server.contract.knowledge import Consent
from signaling_server.contract.services import ConsentRead
from terminal_app.core.tasks.task import Context, Photographed

WITHOUT_ANSWER = frozenset({CaseKind.GRATITUDE, CaseKind.SUGGESTION})  # nothing personal has to be left
PAPERS_MAX = 5
SHEETS_MAX = 3
BY_HAND = "Написано от руки: см. приложенный лист"  # instead of a text, in the office's register
CALL_BACK = "Прошу перезвонить: договорить с консультантом на терминале не получилось"
LARGE_BYTES = 3_000_000  # above it the customer is asked whether all of it is to be sent


class Stage(enum.StrEnum):
    """One question each, in this order."""

    KIND = "kind"
    SUBJECT = "subject"
    GROUP = "group"
    TOPIC = "topic"
    PLACE = "place"
    TIME = "time"
    NOTE = "note"
    TEXT = "text"
    WAY = "way"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    NAME = "name"
    ACCOUNT = "account"
    CONSENT = "consent"
    PAPERS = "papers"
    LARGE = "large"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Draft:
    """None: not asked yet; empty: he was asked and left it out."""

    kind: CaseKind | None = None
    subject: ComplaintSubject | None = None
    group: str = ""
    topic: Topic | None = None
    text: str = ""
    way: AnswerWay | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    name: str | None = None
    account: str | None = None
    consent_version: str = ""  # of the text that he agreed to
    consent_read: ConsentRead | None = None
    papers: tuple[Photographed, ...] = ()
    papers_done: bool = False
    large_confirmed: bool = False
    appeal_of: str = ""
    sheets: tuple[Photographed, ...] = ()  # the text by hand, in place of `text`
    site_visit: bool = False  # a specialist is to come: where to, when, what to mind
    place: str = ""
    time: VisitTime | None = None
    note: str | None = None
    new_client: bool = False  # who wants a contract: where, who, a phone, papers
    consent: Consent | None = None  # the text itself, for his copy
    replaces: str = ""  # the submission that the office has refused, of which this is the mended one

    @property
    def personal(self) -> bool:
        return self.way is not AnswerWay.NONE

    @property
    def large(self) -> bool:
        return sum(paper.size_bytes for paper in self.papers) > LARGE_BYTES

    @property
    def written(self) -> bool:
        return bool(self.text or self.sheets) or self.site_visit or self.new_client


def stage_of(draft: Draft, context: Context) -> Stage:
    """The first question that has no answer."""
    return next((stage for stage, missing in _questions(draft, context) if missing), Stage.CHECK)


def _questions(draft: Draft, context: Context) -> Iterable[tuple[Stage, bool]]:
    personal = draft.personal
    yield Stage.KIND, draft.kind is None
    yield Stage.SUBJECT, draft.kind is CaseKind.COMPLAINT and draft.subject is None
    yield Stage.GROUP, draft.topic is None and not draft.group
    yield Stage.TOPIC, draft.topic is None
    yield Stage.PLACE, (draft.site_visit or draft.new_client) and not draft.place
    yield Stage.TIME, draft.site_visit and draft.time is None
    yield Stage.NOTE, draft.site_visit and draft.note is None
    yield Stage.TEXT, not draft.written
    yield Stage.WAY, draft.way is None
    called = draft.site_visit or draft.new_client or draft.way in (AnswerWay.SMS, AnswerWay.OFFICE)
    yield Stage.PHONE, called and not draft.phone
    wants_copy = draft.new_client and draft.email is None
    yield Stage.EMAIL, wants_copy or (draft.way is AnswerWay.EMAIL and not draft.email)
    yield Stage.ADDRESS, draft.way is AnswerWay.POST and not draft.address
    yield Stage.NAME, personal and (not draft.name if named(draft) else draft.name is None)
    yield Stage.ACCOUNT, personal and draft.account is None
    yield Stage.CONSENT, personal and not draft.consent_version
    yield Stage.PAPERS, personal and context.availability.camera and not draft.papers_done
    yield Stage.LARGE, draft.large and not draft.large_confirmed


def named(draft: Draft) -> bool:
    """A letter and a contract need the name."""
    return draft.new_client or draft.way is AnswerWay.POST


def ways_of(draft: Draft, context: Context) -> list[AnswerWay]:
    """Where the answer may go: what this office can send, and none only where none is owed (clause 9.5.4)."""
    ways = [AnswerWay.NONE] if draft.kind in WITHOUT_ANSWER and not draft.appeal_of else []
    ways += [AnswerWay.SMS] if context.facts.sms else []
    ways += [AnswerWay.EMAIL] if context.facts.email else []
    ways += [AnswerWay.ACCOUNT] if draft.account else []
    return [*ways, AnswerWay.OFFICE, AnswerWay.POST]


def without(draft: Draft, stage: Stage) -> Draft:
    """The same with one answer taken back; what hung on it is asked anew."""
    match stage:
        case Stage.KIND:
            return replace(draft, kind=None, subject=None)
        case Stage.SUBJECT:
            return replace(draft, subject=None)
        case Stage.TOPIC:
            return replace(draft, topic=None, group=draft.group if draft.site_visit else "")
        case Stage.PLACE:
            return replace(draft, place="")
        case Stage.TIME:
            return replace(draft, time=None)
        case Stage.NOTE:
            return replace(draft, note=None)
        case Stage.TEXT:
            return replace(draft, text="", sheets=())
        case Stage.WAY:
            known = draft.phone if draft.appeal_of else None  # an appeal is his by the phone that he has proved
            return replace(draft, way=None, phone=known, email=None, address=None)
        case Stage.PHONE:
            return replace(draft, phone=None)
        case Stage.EMAIL:
            return replace(draft, email=None)
        case Stage.NAME:
            return replace(draft, name=None)
        case Stage.ACCOUNT:
            return replace(draft, account=None, way=None if draft.way is AnswerWay.ACCOUNT else draft.way)
        case Stage.CONSENT:
            return replace(draft, consent_version="", consent_read=None, consent=None)
        case Stage.PAPERS:
            return replace(draft, papers=(), papers_done=False, large_confirmed=False)
        case _:
            return draft


def form_of(draft: Draft, submission_id: str, context: Context) -> CaseForm:
    """What is sealed. Nothing personal is in it where no answer is wanted."""
    assert draft.kind is not None
    assert draft.topic is not None
    assert draft.way is not None
    kept = draft if draft.personal else Draft()
    phone = kept.phone or ""
    return CaseForm(
        submission_id,
        context.now_ms,
        context.segment,
        draft.kind,
        draft.topic.topic_id,
        draft.topic.title if draft.site_visit or draft.new_client else draft.text or BY_HAND,
        draft.way,
        complaint_subject=draft.subject,
        customer_name=kept.name or "",
        phone=phone,
        email=kept.email or "",
        postal_address=kept.address or "",
        account=kept.account or "",
        consent_version=kept.consent_version,
        consent_read=kept.consent_read,
        number_by_sms=bool(phone) and context.facts.sms,
        appeal_of=draft.appeal_of,
        attachments=[paper.attachment() for paper in (*draft.sheets, *kept.papers)],
        large_confirmed=kept.large_confirmed,
        site_visit=_site_visit(draft),
        new_client=NewClient(draft.place) if draft.new_client else None,
    )


def _site_visit(draft: Draft) -> SiteVisit | None:
    if not draft.site_visit:
        return None
    return SiteVisit(draft.place, draft.time or VisitTime.ANY, draft.note or "")
