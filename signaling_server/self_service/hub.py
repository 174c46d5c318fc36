"""Which room of the office answers which request of a terminal; a refusal becomes its answer."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import structs

from signaling_server.cases.filing import Filing
from signaling_server.clock import Clock
from signaling_server.contract.cases import (
    CaseAnswer,
    CaseAsked,
    CaseReopened,
    CaseRequest,
    CaseSubmitted,
    Topic,
    UploadAsked,
)
from signaling_server.contract.knowledge import FREQUENT_MAX, KnowledgeAnswer, KnowledgeRequest, KnowledgeTold
from signaling_server.contract.sealing import OfficeSeal
from signaling_server.contract.self_service import ServiceAnswer, ServiceRequest, ServicesAsked, ServicesTold
from signaling_server.contract.services import (
    CardAsked,
    CodeAnswer,
    CodeAsked,
    CodeEntered,
    CodeRequest,
    InformingAsked,
    ServiceRefused,
)
from signaling_server.contract.turns import TurnCategory
from signaling_server.contract.visits import (
    BookingAsked,
    BookingCancelled,
    CheckInAsked,
    PlacesAsked,
    RatingGiven,
    SlotsAsked,
    SurveyAsked,
    VisitAnswer,
    VisitRequest,
    VisitSteps,
)
from signaling_server.desk.call import Terminal
from signaling_server.knowledge.knowledge import Knowledge
from signaling_server.messaging.codes import Codes
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import Channel
from signaling_server.quality.self_service import SelfServiceUse
from signaling_server.refusal import ServiceRefusedError
from signaling_server.schedules.booking import Bookings
from signaling_server.schedules.places import Places
from signaling_server.self_service.cards import CustomerCards
from signaling_server.self_service.feedback import Feedback


class SelfService:
    """What customers do alone."""

    def __init__(
        self,
        *,
        seal: OfficeSeal,
        topics: Sequence[Topic],
        categories: Sequence[TurnCategory],
        post: Post,
        codes: Codes,
        cards: CustomerCards,
        filing: Filing,
        knowledge: Knowledge,
        use: SelfServiceUse,
        places: Places,
        bookings: Bookings,
        feedback: Feedback,
        clock: Clock,
    ) -> None:
        self._seal = seal
        self._topics = list(topics)
        self._categories = list(categories)
        self._post = post
        self._codes = codes
        self._cards = cards
        self._filing = filing
        self._knowledge = knowledge
        self._use = use
        self._places = places
        self._bookings = bookings
        self._feedback = feedback
        self._clock = clock

    async def answer(self, terminal: Terminal, request: ServiceRequest) -> ServiceAnswer:
        """Exactly one answer to each request."""
        try:
            if isinstance(request, ServicesAsked):
                return self._told(request.request_id)
            if isinstance(request, KnowledgeRequest):
                return await self._answered(request)
            if isinstance(request, CodeRequest):
                return await self._code(terminal.terminal_id, request)
            if isinstance(request, CardAsked):
                return await self._cards.find(terminal.terminal_id, request)
            if isinstance(request, CaseRequest):
                return await self._case(terminal.terminal_id, request)
            return await self._visit(terminal, request)
        except ServiceRefusedError as refusal:
            return ServiceRefused(request.request_id, refusal.reason, refusal.sentence)

    async def _answered(self, request: KnowledgeRequest) -> KnowledgeAnswer:
        """A list comes with what of it is asked most."""
        told = self._knowledge.answer(request)
        if not isinstance(told, KnowledgeTold):
            return told
        here = {line.article_id for line in told.articles}
        frequent = [article_id for article_id in await self._use.most_frequent() if article_id in here]
        return structs.replace(told, frequent=frequent[:FREQUENT_MAX])

    async def _code(self, terminal_id: str, request: CodeRequest) -> CodeAnswer:
        match request:
            case CodeAsked():
                return await self._codes.ask(terminal_id, request)
            case CodeEntered():
                return await self._codes.enter(terminal_id, request)
            case InformingAsked():
                return await self._codes.informing(request)

    async def _case(self, terminal_id: str, request: CaseRequest) -> CaseAnswer:
        match request:
            case CaseSubmitted():
                return await self._filing.submit(terminal_id, request)
            case UploadAsked():
                return await self._filing.grant_upload(terminal_id, request)
            case CaseAsked():
                return await self._filing.tell(terminal_id, request)
            case CaseReopened():
                return await self._filing.reopen(terminal_id, request)

    async def _visit(self, terminal: Terminal, request: VisitRequest) -> VisitAnswer:
        match request:
            case PlacesAsked():
                return self._places.tell(request, site=terminal.site, now_s=self._clock.now_s())
            case SlotsAsked():
                return await self._bookings.slots(request)
            case BookingAsked():
                return await self._bookings.book(terminal.terminal_id, request)
            case BookingCancelled():
                return await self._bookings.cancel(request)
            case CheckInAsked():
                return await self._bookings.check_in(request)
            case SurveyAsked():
                return self._feedback.survey(request)
            case RatingGiven():
                return await self._feedback.rate(terminal.terminal_id, request)
            case VisitSteps():
                return await self._feedback.store_steps(terminal.terminal_id, request)

    def _told(self, request_id: str) -> ServicesTold:
        return ServicesTold(
            request_id,
            self._seal.key_id,
            self._seal.public_key.hex(),
            self._topics,
            sms=self._post.serves(Channel.SMS),
            email=self._post.serves(Channel.EMAIL),
            categories=self._categories,
        )
