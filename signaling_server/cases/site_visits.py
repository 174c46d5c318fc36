"""A specialist comes to the customer (clauses 6.2.10, 6.4.2-6.4.4, 6.5): the words of the case, and whose it is. Pure.

The terminal names the need by a topic of the group `visit`; address, time and what to mind are fields of the form.
"""

from __future__ import annotations

import enum

from signaling_server.contract.cases import CaseForm, CaseKind, Segment, SiteVisit, VisitTime, is_site_visit

ADDRESS_LENGTH_MIN = 10


class Route(enum.StrEnum):
    """Who takes a visit up."""

    CURATOR = "curator"
    PERSONAL_MANAGER = "personal_manager"
    SITE_SPECIALIST = "site_specialist"


ROUTE_WORDS = {
    Route.CURATOR: "куратору организации",
    Route.PERSONAL_MANAGER: "персональному менеджеру",
    Route.SITE_SPECIALIST: "специалисту участка",
}
# By segment; of a household it hangs on whether the customer is VIP.
_ROUTES = {
    (Segment.B2C, False): Route.SITE_SPECIALIST,
    (Segment.B2C, True): Route.PERSONAL_MANAGER,
    (Segment.B2B, False): Route.CURATOR,
    (Segment.B2B, True): Route.CURATOR,
    (Segment.B2B2C, False): Route.CURATOR,
    (Segment.B2B2C, True): Route.CURATOR,
}
_TIME_WORDS = {
    VisitTime.MORNING: "с 9 до 12 часов",
    VisitTime.AFTERNOON: "с 12 до 17 часов",
    VisitTime.EVENING: "с 17 до 20 часов",
    VisitTime.ANY: "любое",
}


def route_of(topic_id: str, segment: Segment, *, vip: bool) -> Route | None:
    """None: nobody has to come."""
    return _ROUTES[segment, vip] if is_site_visit(topic_id) else None


def is_whole(form: CaseForm) -> bool:
    """A visit says where to, and nothing else does."""
    visit = form.site_visit
    if visit is None:
        return not is_site_visit(form.topic_id)
    named = len(visit.address.strip()) >= ADDRESS_LENGTH_MIN
    return is_site_visit(form.topic_id) and form.kind is CaseKind.REQUEST and named


def text_of(visit: SiteVisit, need: str) -> str:
    """The case as the one who goes reads it."""
    lines = [f"Выезд специалиста: {need}", f"Адрес: {visit.address.strip()}"]
    lines += [f"Удобное время: {_TIME_WORDS[visit.time]}"]
    lines += [f"Учесть: {visit.note.strip()}"] if visit.note.strip() else []
    return "\n".join(lines)
