"""Which room of the office answers which request of a terminal; a refusal becomes its answer."""

from __future__ import annotations

from collections.abc import Sequence

from signaling_server.cases.filing import Filing
from signaling_server.contract.cases import CaseAsked, CaseReopened, CaseSubmitted, Topic, UploadAsked
from signaling_server.contract.sealing import OfficeSeal
from signaling_server.contract.self_service import ServiceAnswer, ServiceRequest, ServicesAsked, ServicesTold
from signaling_server.contract.services import CodeAsked, CodeEntered, InformingAsked, ServiceRefused
from signaling_server.desk.call import Terminal
from signaling_server.knowledge.knowledge import Knowledge
from signaling_server.messaging.codes import Codes
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import Channel
from signaling_server.refusal import ServiceRefusedError


class SelfService:
    """What customers do alone."""

    def __init__(
        self,
        *,
        seal: OfficeSeal,
        topics: Sequence[Topic],
        post: Post,
        codes: Codes,
        filing: Filing,
        knowledge: Knowledge,
    ) -> None:
        self._seal = seal
        self._topics = list(topics)
        self._post = post
        self._codes = codes
        self._filing = filing
        self._knowledge = knowledge

    async def answer(self, terminal: Terminal, request: ServiceRequest) -> ServiceAnswer:
        """Exactly one answer to each request."""
        try:
            return await self._answer(terminal.terminal_id, request)
        except ServiceRefusedError as refusal:
            return ServiceRefused(request.request_id, refusal.reason, refusal.sentence)

    async def _answer(self, terminal_id: str, request: ServiceRequest) -> ServiceAnswer:
        match request:
            case ServicesAsked():
                return self._told(request.request_id)
            case CodeAsked():
                return await self._codes.ask(terminal_id, request)
            case CodeEntered():
                return await self._codes.enter(terminal_id, request)
            case InformingAsked():
                return await self._codes.informing(request)
            case CaseSubmitted():
                return await self._filing.submit(terminal_id, request)
            case UploadAsked():
                return await self._filing.grant_upload(terminal_id, request)
            case CaseAsked():
                return await self._filing.tell(terminal_id, request)
            case CaseReopened():
                return await self._filing.reopen(terminal_id, request)
            case _:
                return self._knowledge.answer(request)

    def _told(self, request_id: str) -> ServicesTold:
        return ServicesTold(
            request_id,
            self._seal.key_id,
            self._seal.public_key.hex(),
            self._topics,
            sms=self._post.serves(Channel.SMS),
            email=self._post.serves(Channel.EMAIL),
        )
