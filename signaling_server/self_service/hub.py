"""Which room of the office answers which request of a terminal; a refusal becomes its answer."""

from __future__ import annotations

from signaling_server.contract.services import (
    CodeAsked,
    CodeEntered,
    InformingAsked,
    ServiceAnswer,
    ServiceRefused,
    ServiceRequest,
)
from signaling_server.desk.call import Terminal
from signaling_server.messaging.codes import Codes
from signaling_server.refusal import ServiceRefusedError


class SelfService:
    """What customers do alone."""

    def __init__(self, *, codes: Codes) -> None:
        self._codes = codes

    async def answer(self, terminal: Terminal, request: ServiceRequest) -> ServiceAnswer:
        """Exactly one answer to each request."""
        try:
            return await self._answer(terminal, request)
        except ServiceRefusedError as refusal:
            return ServiceRefused(request.request_id, refusal.reason, refusal.sentence)

    async def _answer(self, terminal: Terminal, request: ServiceRequest) -> ServiceAnswer:
        match request:
            case CodeAsked():
                return await self._codes.ask(terminal.terminal_id, request)
            case CodeEntered():
                return await self._codes.enter(terminal.terminal_id, request)
            case InformingAsked():
                return await self._codes.informing(request)
