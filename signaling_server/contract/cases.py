"""Written обращения from the terminal: what is sealed, how it is handed in, what the customer is told."""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.services import ConsentRead, Id, Line, PhoneText, Sha256Hex, Word

TEXT_LENGTH_MAX = 4_000
ATTACHMENTS_MAX = 5
SERVICE_TOPIC = "complaints.service"
READINGS_TOPIC = "readings.submit"  # a photo beside readings that were given; nobody waits for an answer to it
SEALED_SIZE_MAX = 30_000  # bytes; a form of the longest texts is about 20 kB

Text = Annotated[str, Meta(max_length=TEXT_LENGTH_MAX)]
Sealed = Annotated[bytes, Meta(min_length=1, max_length=SEALED_SIZE_MAX)]


class CaseKind(enum.StrEnum):
    """The five kinds of обращение (clause 3)."""

    QUESTION = "question"  # вопрос
    REQUEST = "request"  # заявка
    COMPLAINT = "complaint"  # претензия (жалоба)
    SUGGESTION = "suggestion"  # предложение
    GRATITUDE = "gratitude"  # благодарность


class ComplaintSubject(enum.StrEnum):
    """What a complaint is about (clause 3, Жалоба)."""

    RIGHTS = "rights"  # права и законные интересы
    CONTRACT = "contract"  # исполнение договора
    SERVICE = "service"  # качество обслуживания


class Topic(Struct, frozen=True):
    """A leaf of the classifier (ЕКТО). Of a simple one the answer is shown before a consultant is called (clause 3)."""

    topic_id: Id
    group_title: Line
    title: Line
    simple: bool = False
    service: Word = ""  # of the terminal, by which a customer settles it himself


class TopicGuide(Struct, frozen=True):
    """What an agent says and does about a topic (clause 3, Скрипт and Алгоритм). Never sent to terminals."""

    topic_id: Word  # empty: while no topic is chosen
    say: list[Line]
    steps: list[Line]


class Segment(enum.StrEnum):
    """Who the customer is (clause 2.3)."""

    B2C = "b2c"  # физическое лицо
    B2B = "b2b"  # организация, ИП, ТСЖ, ЖСК, УК
    B2B2C = "b2b2c"  # принципал


class AnswerWay(enum.StrEnum):
    """How the customer wants the answer (clause 7.1.11)."""

    SMS = "sms"
    EMAIL = "email"
    POST = "post"
    ACCOUNT = "account"  # ЛКК
    OFFICE = "office"  # ЦОК
    NONE = "none"  # thanks and suggestions need none


class CaseState(enum.StrEnum):
    """Clause 3, Обработка обращения."""

    ACCEPTED = "accepted"  # принято
    REGISTERED = "registered"  # зарегистрировано
    IN_WORK = "in_work"  # в работе
    ANSWERED = "answered"  # ответ дан
    CLOSED = "closed"  # закрыто
    REFUSED = "refused"  # отказ без рассмотрения


class VisitTime(enum.StrEnum):
    """When a specialist may come."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"
    ANY = "any"


def is_site_visit(topic_id: str) -> bool:
    """Topics of «Выезд специалиста» name what the specialist comes for."""
    return topic_id.startswith("visit.")


# --- what is sealed ---------------------------------------------------------------------------------------------------


class AttachmentSlip(Struct, frozen=True):
    """A photo that follows the form by itself; `sha256` is of the open bytes."""

    attachment_id: Id
    sha256: Sha256Hex
    size_bytes: Annotated[int, Meta(ge=1)]


class SiteVisit(Struct, frozen=True):
    """Where and when a specialist is to come; `note`: what to mind, a disability or a long way (clause 6.2.10)."""

    address: Line
    time: VisitTime = VisitTime.ANY
    note: Line = ""


class NewClient(Struct, frozen=True):
    """Who is no customer yet and wants a contract (clause 6.3.6b); name, phone and papers are the form's own."""

    supply_address: Line  # where the electricity is to be sold


CONTRACT_TOPIC = "contract.conclude"


class CaseForm(Struct, frozen=True):
    """What the customer filled in. Its JSON is sealed under `form_context(submission_id)`."""

    submission_id: Id
    written_at_ms: int  # when he handed it in at the terminal: the term runs from that day
    segment: Segment
    kind: CaseKind
    topic_id: Id
    text: Text
    answer_way: AnswerWay
    complaint_subject: ComplaintSubject | None = None  # of a complaint, and of nothing else
    customer_name: Line = ""
    phone: PhoneText = ""
    email: Line = ""
    postal_address: Line = ""
    account: Word = ""
    consent_version: Word = ""  # of the text that he agreed to; needed with anything personal
    consent_read: ConsentRead | None = None
    number_by_sms: bool = False  # tell number and date by SMS too
    appeal_of: Word = ""  # number of the case whose decision he appeals against
    attachments: Annotated[list[AttachmentSlip], Meta(max_length=ATTACHMENTS_MAX)] = []
    site_visit: SiteVisit | None = None  # of a topic of «Выезд специалиста», and of no other
    new_client: NewClient | None = None  # only of a request of `CONTRACT_TOPIC`; its consent is told whole
    large_confirmed: bool = False  # he was asked, and wants to send more than 5 MB


# --- terminal -> server -----------------------------------------------------------------------------------------------


class CaseSubmitted(Struct, frozen=True, tag=True, tag_field="type"):
    """One sealed form out of the outbox; repeated until it is answered, and filed once."""

    request_id: Id
    submission_id: Id
    key_id: Word
    sealed: Sealed


class UploadAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """Where may the sealed photo of a filed case be put?"""

    request_id: Id
    submission_id: Id
    attachment_id: Id


class CaseAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """How is my case? For the account of an identified customer, or for a phone just proved by a code."""

    request_id: Id
    case_number: Word
    account: Word = ""
    phone: PhoneText = ""
    code_id: Word = ""


class CaseReopened(Struct, frozen=True, tag=True, tag_field="type"):
    """«Ответ не помог»: an answered case goes back to a person. Asked like `CaseAsked`."""

    request_id: Id
    case_number: Word
    reason: Text
    account: Word = ""
    phone: PhoneText = ""
    code_id: Word = ""


# --- server -> terminal -----------------------------------------------------------------------------------------------


class CaseFiled(Struct, frozen=True, tag=True, tag_field="type"):
    """Registered: what is shown, printed and said. Dates are DD.MM.YYYY; no due date where no answer is owed."""

    request_id: Id
    submission_id: Id
    case_number: Word
    received_date: Word
    due_date: Word
    answer_way: AnswerWay
    attachments_missing: list[Id]


class UploadGranted(Struct, frozen=True, tag=True, tag_field="type"):
    """PUT the sealed bytes to this path of the terminals' site, with the terminal's certificate, within `valid_s`."""

    request_id: Id
    attachment_id: Id
    path: Line
    valid_s: int


class CaseTold(Struct, frozen=True, tag=True, tag_field="type"):
    """A case as its customer may see it."""

    request_id: Id
    case_number: Word
    kind: CaseKind
    state: CaseState
    topic_title: Line
    received_date: Word
    due_date: Word
    answer: str
    may_appeal: bool


CaseRequest = CaseSubmitted | UploadAsked | CaseAsked | CaseReopened
CaseAnswer = CaseFiled | UploadGranted | CaseTold
