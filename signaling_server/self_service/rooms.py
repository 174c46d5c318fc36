"""The rooms behind self-service, made of one office's data, settings and keys."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.cases.case_desk import CaseDesk
from signaling_server.cases.deadlines import TermsError, load_terms
from signaling_server.cases.filing import Filing
from signaling_server.clock import Clock
from signaling_server.config import Settings
from signaling_server.contract.cases import Topic
from signaling_server.contract.sealing import OfficeSeal
from signaling_server.contract.turns import TurnCategory
from signaling_server.keys import SecretError, open_secret
from signaling_server.knowledge.content import SHIPPED, Content, ContentError, load_content
from signaling_server.knowledge.knowledge import Knowledge
from signaling_server.local_time import local_date
from signaling_server.messaging.codes import Codes
from signaling_server.messaging.post import Post
from signaling_server.messaging.senders import SenderError
from signaling_server.messaging.templates import TemplateError, load_templates
from signaling_server.messaging.ways import senders_of
from signaling_server.quality.self_service import SelfServiceUse
from signaling_server.schedules.booking import Bookings
from signaling_server.schedules.calendar import ScheduleError, calendar_of
from signaling_server.schedules.places import SHIPPED as SHIPPED_PLACES
from signaling_server.schedules.places import Places, load_places
from signaling_server.schedules.rules import CHECKED_WEEKS
from signaling_server.schedules.zones import Zones
from signaling_server.self_service.cards import KEY_FILE, CustomerCards
from signaling_server.self_service.feedback import Feedback, SurveyError, load_surveys
from signaling_server.self_service.hub import SelfService

_LOG = logging.getLogger(__name__)


class ServicesError(Exception):
    """Self-service cannot be opened; the text is for the person who starts the office."""


@dataclass(frozen=True, slots=True)
class ServiceRooms:
    """What the sites hand requests of self-service to."""

    self_service: SelfService
    post: Post
    zones: Zones
    knowledge: Knowledge
    filing: Filing
    case_desk: CaseDesk
    bookings: Bookings
    use: SelfServiceUse
    seal: OfficeSeal


def open_services(
    data_dir: Path,
    database: AsyncEngine,
    clock: Clock,
    settings: Settings,
    topics: Sequence[Topic],
    categories: Sequence[TurnCategory],
) -> ServiceRooms:
    """Raises ServicesError."""
    try:
        load_terms()
        load_templates()
        surveys = load_surveys()
        places = _places(data_dir, clock)
        content = _content(data_dir, settings.company, topics)
        post = Post(database, clock, senders_of(settings))
        codes_secret = open_secret(data_dir / "codes.key")
        cards_secret = open_secret(data_dir / KEY_FILE)
        seal = OfficeSeal(open_secret(data_dir / "seal.key"))
    except (TermsError, TemplateError, SenderError, SecretError, ContentError, ScheduleError, SurveyError) as error:
        raise ServicesError(str(error)) from error
    zones, consents = Zones(places), content.consent_versions
    codes = Codes(database, clock, post, codes_secret, consents, zones)
    filing = Filing(
        database,
        clock,
        seal=seal,
        topics=topics,
        post=post,
        codes=codes,
        company=settings.company,
        vip_accounts=settings.vip_accounts,
        consent_versions=consents,
        consents=content.consents,
        zones=zones,
    )
    titles = {topic.topic_id: topic.title for topic in topics}
    bookings = Bookings(database, clock, places=places, post=post, topics=titles, consent_versions=consents)
    use = SelfServiceUse(database, clock, topics, content.articles)
    knowledge = Knowledge(content)
    self_service = SelfService(
        seal=seal,
        topics=topics,
        categories=categories,
        post=post,
        codes=codes,
        cards=CustomerCards(database, clock, cards_secret),
        filing=filing,
        knowledge=knowledge,
        use=use,
        places=places,
        bookings=bookings,
        feedback=Feedback(database, clock, surveys),
        clock=clock,
    )
    case_desk = CaseDesk(database, clock, post, settings.company, zones, vip_accounts=settings.vip_accounts)
    return ServiceRooms(self_service, post, zones, knowledge, filing, case_desk, bookings, use, seal)


def _places(data_dir: Path, clock: Clock) -> Places:
    """The office's own places where it has described them, else those that are shipped."""
    own = data_dir / "places.toml"
    calendar, today = calendar_of(data_dir), local_date(clock.now_s())
    for year in sorted({today.year, (today + timedelta(weeks=CHECKED_WEEKS)).year} - calendar.years):
        _LOG.warning("the production calendar has no %s: its holidays count as working days", year)
    return load_places(own if own.exists() else SHIPPED_PLACES, calendar, today)


def _content(data_dir: Path, company: str, topics: Sequence[Topic]) -> Content:
    """The office's own content where it has some, else what is shipped."""
    own = data_dir / "knowledge"
    folder = own if own.is_dir() else SHIPPED
    content = load_content(folder, company=company, topic_ids=frozenset(topic.topic_id for topic in topics))
    answered = {article.topic_id for article in content.articles}
    if unanswered := [topic.topic_id for topic in topics if topic.simple and topic.topic_id not in answered]:
        _LOG.warning("simple topics without an article go to the consultant at once: %s", ", ".join(unanswered))
    return content
