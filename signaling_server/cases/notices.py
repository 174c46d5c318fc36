"""What a customer is told of his case by SMS and e-mail. Pure: rows in, messages out."""

from __future__ import annotations

from datetime import date

from signaling_server.contract.cases import AnswerWay, CaseKind
from signaling_server.contract.knowledge import Consent
from signaling_server.messaging.rules import Channel, OutgoingMessage
from signaling_server.messaging.templates import Written, write_email, write_sms
from signaling_server.storage.cases import Case


def registered_messages(case: Case, *, by_sms_too: bool, company: str) -> list[OutgoingMessage]:
    """Number and date by the way the answer will come, and by SMS when he asked for it."""
    thanks = case.kind is CaseKind.GRATITUDE or not case.due_date
    name = "gratitude_registered" if thanks else "case_registered"
    values = {"number": case.number, "date": _shown(case.received_date), "company": company}
    if not thanks:
        values["due"] = _shown(case.due_date)
    messages = []
    if case.phone and (by_sms_too or case.answer_way is AnswerWay.SMS):
        messages.append(_sms(case, name, write_sms(name, **values)))
    if case.email and case.answer_way is AnswerWay.EMAIL:
        messages.append(_email(case, name, write_email(name, **values)))
    return messages


def consent_copy(case: Case, consent: Consent, *, company: str) -> OutgoingMessage:
    """His copy of what he agreed to, by e-mail (clause 6.3.6b)."""
    values = {"number": case.number, "date": _shown(case.received_date), "company": company}
    written = write_email("consent_copy", **values, title=consent.title, version=consent.version, text=consent.text)
    return _email(case, "consent_copy", written)


def answered_messages(case: Case, *, answer: str, company: str) -> list[OutgoingMessage]:
    """The answer itself by e-mail, or by SMS that it is ready; other ways go by hand."""
    name = "case_answered"
    if case.answer_way is AnswerWay.EMAIL:
        values = {"number": case.number, "date": _shown(case.received_date), "answer": answer, "company": company}
        return [_email(case, name, write_email(name, **values))]
    if case.phone and case.answer_way in (AnswerWay.SMS, AnswerWay.OFFICE, AnswerWay.ACCOUNT):
        return [_sms(case, name, write_sms(name, number=case.number, company=company))]
    return []


def _sms(case: Case, name: str, written: Written) -> OutgoingMessage:
    key = f"{name}-sms-{case.number}-{case.notified_at_ms}"
    return OutgoingMessage(key, Channel.SMS, case.phone, written.body, name, written.owner)


def _email(case: Case, name: str, written: Written) -> OutgoingMessage:
    key = f"{name}-email-{case.number}-{case.notified_at_ms}"
    address, subject = case.email, written.subject
    return OutgoingMessage(key, Channel.EMAIL, address, written.body, name, written.owner, subject)


def _shown(day: str) -> str:
    return date.fromisoformat(day).strftime("%d.%m.%Y")
