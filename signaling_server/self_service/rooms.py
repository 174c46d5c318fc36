"""The rooms behind self-service, made of one office's data, settings and keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.cases.case_desk import CaseDesk
from signaling_server.cases.deadlines import TermsError, load_terms
from signaling_server.cases.filing import Filing
from signaling_server.clock import Clock
from signaling_server.config import Settings
from signaling_server.contract.cases import Topic
from signaling_server.contract.sealing import OfficeSeal
from signaling_server.keys import SecretError, open_secret
from signaling_server.knowledge.content import SHIPPED, Content, ContentError, load_content
from signaling_server.knowledge.knowledge import Knowledge
from signaling_server.messaging.codes import Codes
from signaling_server.messaging.post import Post
from signaling_server.messaging.senders import SenderError
from signaling_server.messaging.templates import TemplateError, load_templates
from signaling_server.messaging.ways import senders_of
from signaling_server.self_service.hub import SelfService


class ServicesError(Exception):
    """Self-service cannot be opened; the text is for the person who starts the office."""


@dataclass(frozen=True, slots=True)
class ServiceRooms:
    """What the sites hand requests of self-service to."""

    self_service: SelfService
    post: Post
    filing: Filing
    case_desk: CaseDesk


def open_services(
    data_dir: Path, database: AsyncEngine, clock: Clock, settings: Settings, topics: Sequence[Topic]
) -> ServiceRooms:
    """Raises ServicesError."""
    try:
        load_terms()
        load_templates()
        post = Post(database, clock, senders_of(settings))
        knowledge = Knowledge(_content(data_dir, settings.company, topics))
        consents = knowledge.consent_versions
        codes = Codes(database, clock, post, open_secret(data_dir / "codes.key"), consents)
        seal = OfficeSeal(open_secret(data_dir / "seal.key"))
    except (TermsError, TemplateError, SenderError, SecretError, ContentError) as error:
        raise ServicesError(str(error)) from error
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
    )
    self_service = SelfService(seal=seal, topics=topics, post=post, codes=codes, filing=filing, knowledge=knowledge)
    return ServiceRooms(self_service, post, filing, CaseDesk(database, clock, post, settings.company))


def _content(data_dir: Path, company: str, topics: Sequence[Topic]) -> Content:
    """The office's own content where it has some, else what is shipped."""
    own = data_dir / "knowledge"
    folder = own if own.is_dir() else SHIPPED
    return load_content(folder, company=company, topic_ids=frozenset(topic.topic_id for topic in topics))
