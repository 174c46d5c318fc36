"""What the office answers to services in tests: its own shipped texts and places, and a few made-up bookings."""

from __future__ import annotations

from datetime import date
from functools import cache

from msgspec.structs import replace

from signaling_server.cases.classifier import load_topics
from signaling_server.contract import cases, services, visits
from signaling_server.contract import knowledge as texts
from signaling_server.contract.cases import Segment
from signaling_server.contract.self_service import ServiceAnswer, ServiceRequest
from signaling_server.knowledge.content import SHIPPED, load_content
from signaling_server.knowledge.knowledge import Knowledge
from signaling_server.schedules.calendar import load_calendar
from signaling_server.schedules.places import SHIPPED as PLACES
from signaling_server.schedules.places import load_places
from signaling_server.self_service.feedback import load_surveys

TODAY = date(2026, 11, 23)
NOW_MS = 1_795_420_800_000  # that Monday at 11:00 in Moscow
QUARTER_MS = 900_000
REFUSED = services.ServiceRefused("-", "taken", "Это время только что заняли. Выберите другое")
UNKNOWN_TICKET = services.ServiceRefused("-", "unknown_ticket", "Такой записи нет. Проверьте код")
SENT = services.CodeSent("-", "code-1", "+7 921 ***-**-67", 600, 60, 3)
SLOTS = visits.SlotsTold(
    "-",
    "office-central",
    15,
    [
        visits.SlotDay("2026-11-23", [visits.Slot(NOW_MS + n * QUARTER_MS, 2) for n in range(1, 7)]),
        visits.SlotDay("2026-11-24", [visits.Slot(NOW_MS + (96 + n) * QUARTER_MS, 3) for n in range(32)]),
    ],
)
BOOKED = visits.BookingTold(
    "-",
    "048315",
    visits.BookingState.BOOKED,
    "Центральный офис обслуживания",
    "г. Санкт-Петербург, ул. Михайлова, д. 11",
    "24.11.2026",
    "15:45",
    NOW_MS + 115 * QUARTER_MS,
    "charges.explain",
)
FILED = cases.CaseFiled("-", "s1", "26-000148", "23.11.2026", "23.12.2026", cases.AnswerWay.SMS, [])
NO_CONTACT = services.ServiceRefused("-", "no_contact", "Укажите телефон: на него придёт ответ")
UNKNOWN_CASE = services.ServiceRefused("-", "unknown_case", "Такого обращения нет среди ваших. Проверьте номер")
ANSWERED = cases.CaseTold(
    "-",
    "26-000148",
    cases.CaseKind.COMPLAINT,
    cases.CaseState.ANSWERED,
    "Качество обслуживания",
    "23.11.2026",
    "23.12.2026",
    "Мы разобрались: сотрудник был неправ. Просим у вас прощения. С сотрудником поговорили, ему объявлено замечание.",
    may_appeal=True,
)
IN_WORK = replace(ANSWERED, state=cases.CaseState.IN_WORK, answer="", may_appeal=False)
PHONES = ["+7 921 ***-**-67"]


@cache
def shipped_knowledge() -> Knowledge:
    topic_ids = frozenset(topic.topic_id for topic in load_topics())
    return Knowledge(load_content(SHIPPED, company="АО «Петербургская сбытовая компания»", topic_ids=topic_ids))


@cache
def places_told() -> visits.PlacesTold:
    places = load_places(PLACES, load_calendar(), TODAY)
    return places.tell(visits.PlacesAsked("-", Segment.B2C), site="", now_s=NOW_MS / 1_000)


@cache
def survey_told() -> visits.SurveyTold:
    (survey,) = load_surveys()
    return visits.SurveyTold("-", survey.version, survey.questions)


def answers(request: ServiceRequest) -> list[ServiceAnswer]:
    """What the office may say to this."""
    match request:
        case texts.SearchAsked():
            found = shipped_knowledge().answer(request)
            return [found, texts.SearchTold("-", [])]
        case _ if isinstance(request, texts.KnowledgeRequest):
            return [shipped_knowledge().answer(request)]
        case services.CardAsked():
            return [services.CardTold("-", "040123456"), REFUSED]
        case visits.PlacesAsked():
            return [places_told()]
        case visits.SlotsAsked():
            return [SLOTS, visits.SlotsTold("-", request.place_id, 15, [])]
        case visits.BookingAsked():
            return [BOOKED, REFUSED]
        case visits.BookingCancelled() | visits.CheckInAsked():
            return [BOOKED, UNKNOWN_TICKET, REFUSED]
        case visits.SurveyAsked():
            return [survey_told(), visits.SurveyTold("-", "", [])]
        case services.InformingAsked(account=account):
            return [services.InformingTold("-", account, phones) for phones in ([], PHONES)]
        case cases.CaseAsked():
            return [ANSWERED, IN_WORK, UNKNOWN_CASE]
        case cases.CaseReopened():
            return [IN_WORK, UNKNOWN_CASE]
        case services.CodeAsked():
            return [SENT, REFUSED]
        case services.CodeEntered(code_id=code_id):
            return [services.CodeProved("-", code_id, services.CodePurpose.INFORMING_ON, ["040123456"]), REFUSED]
        case _:
            return []
