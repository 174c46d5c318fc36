"""Every service of the terminal by its name: what has to be known before it, and how it begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from terminal_app.core.tasks import (
    account_site,
    booking,
    booking_cancel,
    by_card,
    by_phone,
    case_status,
    check_in,
    commercial,
    history,
    informing,
    knowledge,
    layout,
    menu,
    not_credited,
    parts,
    places,
    readings,
    receipt_contact,
    standard,
    survey,
    written,
)
from terminal_app.core.tasks.task import Context, Need, Step


@dataclass(frozen=True, slots=True)
class Service:
    need: Need
    begin: Callable[[Context], Step]


SERVICES: dict[str, Service] = {
    "menu": Service(Need.NOBODY, menu.menu("menu", menu.HOUSEHOLDS)),
    "organisations": Service(Need.NOBODY, menu.menu("organisations", menu.ORGANISATIONS)),
    "office": Service(Need.NOBODY, menu.menu("office", menu.OFFICE)),
    "account_site": Service(Need.NOBODY, account_site.begin),
    "knowledge": Service(Need.NOBODY, knowledge.begin),
    "standard": Service(Need.NOBODY, standard.begin),
    "places": Service(Need.NOBODY, places.begin),
    "booking": Service(Need.NOBODY, booking.begin),
    "booking_cancel": Service(Need.NOBODY, booking_cancel.begin),
    "check_in": Service(Need.NOBODY, check_in.begin),
    "not_credited": Service(Need.NOBODY, not_credited.begin),
    "readings": Service(Need.ACCOUNT, readings.begin),
    "history": Service(Need.IDENTIFIED, history.begin),
    "informing": Service(Need.IDENTIFIED, informing.begin),
    "written": Service(Need.NOBODY, written.begin),
    "site_visit": Service(Need.NOBODY, written.site_visit),
    "new_client": Service(Need.NOBODY, written.new_client),
    "call_back": Service(Need.NOBODY, written.call_back),
    "message": Service(Need.NOBODY, written.message),
    "case_status": Service(Need.NOBODY, case_status.begin),
    "receipt_contact": Service(Need.NOBODY, receipt_contact.begin),
    "parts": Service(Need.IDENTIFIED, parts.begin),
    "survey": Service(Need.NOBODY, survey.begin),
    "survey_call": Service(Need.NOBODY, survey.after_call),
    "ways": Service(Need.NOBODY, places.ways),
    "layout": Service(Need.NOBODY, layout.begin),
    "commercial": Service(Need.NOBODY, commercial.begin),
    "by_phone": Service(Need.NOBODY, by_phone.begin),
    "by_card": Service(Need.NOBODY, by_card.begin),
}
IDENTIFYING = frozenset({"by_phone", "by_card"})  # over the question whose account it is, and from nowhere else
