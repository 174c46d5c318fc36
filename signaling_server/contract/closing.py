"""How the cases of a call end: the result, the term and the way of the answer, what was said of the ЛКК.

One call holds one case or more (clause 5.1.3). The page sends `Closing` with the form of each; the office judges it.
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.cases import AnswerWay, CaseKind
from signaling_server.contract.services import Id, Line, Word

CASES_MAX = 20  # of one call

Summary = Annotated[str, Meta(max_length=4_000)]


class CaseResult(enum.StrEnum):
    """What became of a case by the end of its part of the call."""

    SOLVED = "solved"  # решено: the customer has seen the summary
    IN_WORK = "in_work"  # в работе: by when and how the answer comes is said (5.1.3)
    UNFINISHED = "unfinished"  # the talk broke off before the summary


class PortalAnswer(enum.StrEnum):
    """What the customer says of the ЛКК (clause 6.3.7)."""

    NOT_ASKED = "not_asked"
    USES = "uses"
    REGISTERS = "registers"  # he wants help to register
    REGISTERED = "registered"  # and has done it in this call
    REFUSED = "refused"


class Closing(Struct, frozen=True):
    """The result of one case. Term and way stand there exactly when the work goes on."""

    result: CaseResult = CaseResult.UNFINISHED
    answer_way: AnswerWay = AnswerWay.NONE
    due_date: Word = ""  # YYYY-MM-DD
    contact: Line = ""  # phone, e-mail or postal address, by the way


class CallCase(Struct, frozen=True):
    """A case of a call, as its agent sees it; `closed_at_ms` 0: the present one."""

    number: Word
    received_date: Word  # DD.MM.YYYY
    opened_at_ms: int
    due_latest: Word  # YYYY-MM-DD: no answer may be promised for later
    closed_at_ms: int = 0
    topic_title: Line = ""
    result: CaseResult = CaseResult.UNFINISHED
    due_date: Word = ""  # DD.MM.YYYY
    answer_way: AnswerWay = AnswerWay.NONE


class NextCase(Struct, frozen=True, tag=True, tag_field="type"):
    """«Есть ещё вопрос»: closes the present case of a call on the air and opens the next one."""

    command_id: Id
    call_id: Id
    case_number: Id  # the present one: sent twice, the form does not close the next too
    kind: CaseKind
    topic_id: Id
    summary: Summary = ""
    closing: Closing = Closing()


class TellPortal(Struct, frozen=True, tag=True, tag_field="type"):
    """What the customer said to the agent of the ЛКК."""

    command_id: Id
    call_id: Id
    answer: PortalAnswer


class CallCasesChanged(Struct, frozen=True, tag=True, tag_field="type"):
    """To the agent: the cases of his call, the present one last, and what is known of the ЛКК."""

    call_id: Id
    cases: list[CallCase]
    portal: PortalAnswer
