"""By when an answer is owed: calendar days from the day of receipt, by terms that are data (clauses 5.3.2f, 9.5.1)."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from signaling_server.contract.cases import CaseKind

TERMS_PATH = Path(__file__).with_name("terms.toml")
ANSWER_DAYS_MAX, VIP_ANSWER_DAYS_MAX = 30, 10  # the standard's own: terms may be shorter, never longer
ESCALATES_AT = (50, 80, 100)  # per cent of the term that has gone
WITHOUT_ANSWER = frozenset({CaseKind.SUGGESTION, CaseKind.GRATITUDE})  # when the customer asks for none


class TermsError(ValueError):
    """The terms are not fit to open the office with."""


class Term(Struct, frozen=True, forbid_unknown_fields=True):
    """From a day on, cases of a channel ("": of all) are answered within so many calendar days."""

    since: date
    days: int
    vip: bool = False
    channel: str = ""


class _File(Struct, frozen=True, forbid_unknown_fields=True):
    term: list[Term]


@cache
def load_terms(path: Path = TERMS_PATH) -> tuple[Term, ...]:
    """Raises TermsError."""
    try:
        terms = tuple(msgspec.convert(tomllib.loads(path.read_text("utf-8")), _File).term)
    except (OSError, ValueError) as error:
        raise TermsError(f"{path.name}: {error}") from error
    for term in terms:
        longest = VIP_ANSWER_DAYS_MAX if term.vip else ANSWER_DAYS_MAX
        if not 1 <= term.days <= longest:
            raise TermsError(f"{path.name}: срок ответа {term.days} дней, а стандарт разрешает от 1 до {longest}")
    if missing := [vip for vip in (False, True) if not any(t.vip is vip and not t.channel for t in terms)]:
        raise TermsError(f"{path.name}: нет общего срока ответа{' для VIP' if missing[0] else ''}")
    return terms


def answer_days(terms: Sequence[Term], *, received: date, channel: str, vip: bool) -> int:
    """The term of the channel if it has one, else the general one; of several the one in force that day."""
    fitting = [term for term in terms if term.vip is vip and term.since <= received and term.channel in ("", channel)]
    if not fitting:
        return VIP_ANSWER_DAYS_MAX if vip else ANSWER_DAYS_MAX
    return max(fitting, key=lambda term: (term.channel == channel, term.since)).days


def due_date(terms: Sequence[Term], *, received: date, channel: str, vip: bool) -> date:
    """The last day of the term. The day of receipt is not counted; holidays do not lengthen it."""
    return received + timedelta(days=answer_days(terms, received=received, channel=channel, vip=vip))


def escalation(*, received: date, due: date, today: date) -> int:
    """The highest of 50, 80, 100 per cent of the term that has gone; 0: the first half."""
    gone, whole = (today - received).days, max((due - received).days, 1)
    return max((mark for mark in ESCALATES_AT if gone * 100 >= mark * whole), default=0)
