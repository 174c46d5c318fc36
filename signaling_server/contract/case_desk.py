"""HTTP of those who work on written cases: what they see, and what they do."""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.cases import AnswerWay, CaseKind, CaseState, Segment

POINTS_MAX = 20

Number = Annotated[str, Meta(min_length=1, max_length=16)]
Sentence = Annotated[str, Meta(min_length=1, max_length=1_000)]
Answer = Annotated[str, Meta(max_length=4_000)]


class RefusalReason(enum.StrEnum):
    """When a written case is not considered (clause 9.5.3)."""

    OBSCENE = "obscene"  # брань или угрозы
    UNREADABLE = "unreadable"  # текст не читается
    ALREADY_ANSWERED = "already_answered"  # новых доводов нет
    SECRET = "secret"  # noqa: S105 - ответ раскрыл бы коммерческую тайну


class CaseRow(Struct, frozen=True):
    """One line of the list; `escalation` is 0, 50, 80 or 100 per cent of the term gone."""

    number: str
    state: CaseState
    kind: CaseKind | None
    topic_id: str
    channel: str
    received_date: str
    due_date: str
    escalation: int
    agent_id: str
    appeal_of: str
    route: str = ""  # of a visit: curator, personal_manager or site_specialist


class CaseList(Struct, frozen=True):
    today: str
    cases: list[CaseRow]


class CaseEvent(Struct, frozen=True):
    at_ms: int
    actor: str
    from_state: str
    to_state: str
    detail: str


class CasePaper(Struct, frozen=True):
    """A photo: at `/api/cases/{number}/papers/{attachment_id}` once it has arrived."""

    attachment_id: str
    media_type: str
    size_bytes: int
    arrived_at_ms: int  # 0: still on its way


class CaseCard(Struct, frozen=True):
    """Everything of one case."""

    row: CaseRow
    segment: Segment
    complaint_subject: str
    text: str
    account: str
    customer_name: str
    phone: str
    email: str
    postal_address: str
    answer_way: AnswerWay | None
    answer: str
    decision: str
    decided_by: str
    execution: str
    notified_at_ms: int
    refusal_reason: str
    refusal_by: str
    missing_to_close: list[str]
    events: list[CaseEvent]
    papers: list[CasePaper]


class TakeCase(Struct, frozen=True):
    """I work on it."""

    number: Number


class AnswerPoint(Struct, frozen=True):
    """One question of the customer, and the concrete answer to it (clauses 9.5.2, 9.5.7)."""

    question: Sentence
    answer: Answer


class AnswerCase(Struct, frozen=True):
    """The answer, and for a complaint the decision that was taken on it."""

    number: Number
    points: Annotated[list[AnswerPoint], Meta(min_length=1, max_length=POINTS_MAX)]
    decision: Annotated[str, Meta(max_length=1_000)] = ""


class ExecuteDecision(Struct, frozen=True):
    """The decision is carried out: the proof of it."""

    number: Number
    proof: Sentence


class NotifyCustomer(Struct, frozen=True):
    """The customer was told by hand: by post, in the office, in ЛКК."""

    number: Number
    how: Sentence


class CloseCase(Struct, frozen=True):
    number: Number


class RefuseCase(Struct, frozen=True):
    """Proposed by one person, done when another one says the same; an answered one names the earlier case."""

    number: Number
    reason: RefusalReason
    earlier_number: Annotated[str, Meta(max_length=16)] = ""
