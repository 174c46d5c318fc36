"""May a case of a call end like this? Pure: told the day (clauses 5.1.3, 6.3.7)."""

from __future__ import annotations

from datetime import date

from signaling_server.contract.cases import AnswerWay, CaseKind
from signaling_server.contract.closing import CaseResult, Closing
from signaling_server.messaging.rules import AddressError, checked_email, checked_phone

NO_TERMS = "no_answer_terms"  # in work without term or way
BAD_DUE_DATE = "bad_due_date"  # gone by, or later than the office may answer
BAD_CONTACT = "bad_contact"
NO_SUMMARY = "no_summary"  # решено, and the customer has seen none
COMPLAINT_STAYS = "complaint_stays"  # it is decided by people, not in the talk (4.2.3c)


def wrong_closing(kind: CaseKind, closing: Closing, *, today: date, latest: date, summarised: bool) -> str:
    """A stable word; "": nothing is wrong."""
    if closing.result is not CaseResult.IN_WORK:
        if kind is CaseKind.COMPLAINT:
            return COMPLAINT_STAYS
        return NO_SUMMARY if closing.result is CaseResult.SOLVED and not summarised else ""
    if closing.answer_way is AnswerWay.NONE or not closing.due_date:
        return NO_TERMS
    due = _day(closing.due_date)
    if due is None or not today <= due <= latest:
        return BAD_DUE_DATE
    return "" if _reaches(closing) else BAD_CONTACT


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _reaches(closing: Closing) -> bool:
    try:
        match closing.answer_way:
            case AnswerWay.SMS:
                checked_phone(closing.contact)
            case AnswerWay.EMAIL:
                checked_email(closing.contact)
            case AnswerWay.POST:
                return bool(closing.contact.strip())
    except AddressError:
        return False
    return True
