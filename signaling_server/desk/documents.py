"""Documents that agents show in calls: drawn into pages, fetched by the call's terminal, gone with the talk."""

from __future__ import annotations

import logging
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from signaling_server.clock import Clock
from signaling_server.contract.documents import (
    TITLE_LENGTH_MAX,
    DocumentShown,
    DocumentTaken,
    DocumentTold,
    WithdrawDocument,
)
from signaling_server.desk.call import Agent, Call
from signaling_server.desk.links import Links
from signaling_server.documents.drawing import drawn
from signaling_server.refusal import ServiceRefusedError

LINK_VALID_S = 300
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class _Shown:
    """The document of a call; each page is given once."""

    document_id: str
    terminal_id: str
    token: str
    until_s: float
    pages: dict[int, bytes] = field(repr=False)


class CallDocuments:
    """One document a call: a newer one replaces it."""

    def __init__(self, clock: Clock, terminals: Links, pages: Links, talk: Callable[[str], Call | None]) -> None:
        self._clock = clock
        self._terminals = terminals
        self._pages = pages
        self._talk = talk
        self._shown: dict[str, _Shown] = {}  # by call

    async def show(self, agent: Agent, call_id: str, title: str, content: bytes) -> DocumentTaken:
        """Drawn, then told to the terminal. Raises ServiceRefusedError: unknown_call, not_shown."""
        self.own(agent.agent_id, call_id)
        pages = await drawn(content)
        call = self.own(agent.agent_id, call_id)  # drawing takes a while
        document_id, token = str(uuid.uuid4()), secrets.token_urlsafe(24)
        until_s = self._clock.now_s() + LINK_VALID_S
        self._shown[call_id] = _Shown(document_id, call.terminal_id, token, until_s, dict(enumerate(pages)))
        title = title.strip()[:TITLE_LENGTH_MAX] or "Документ"
        shown = DocumentShown(call_id, document_id, title, len(pages), f"/documents/{token}")
        self._terminals.send(call.terminal_id, shown)
        return DocumentTaken(document_id, len(pages))

    def page(self, terminal_id: str, token: str, number: int) -> bytes | None:
        """JPEG, for the call's terminal, once, while the link is valid."""
        for call_id, shown in self._shown.items():
            if shown.token == token and shown.terminal_id == terminal_id and shown.until_s > self._clock.now_s():
                return shown.pages.pop(number, None) if self._talk(call_id) else None
        return None

    def from_agent(self, agent_id: str, message: WithdrawDocument) -> None:
        call = self._talk(message.call_id)
        if call is None or call.agent_id != agent_id:
            _LOG.info("WithdrawDocument refused: not of the agent of a call on the air")
            return
        self._shown.pop(message.call_id, None)
        self._terminals.send(call.terminal_id, message)

    def from_terminal(self, terminal_id: str, told: DocumentTold) -> None:
        call = self._talk(told.call_id)
        if call is not None and call.terminal_id == terminal_id:
            self._pages.send(call.agent_id, told)

    def forget_over(self) -> None:
        """What belongs to talks that are over."""
        self._shown = {call_id: shown for call_id, shown in self._shown.items() if self._talk(call_id)}

    def own(self, agent_id: str, call_id: str) -> Call:
        """The agent's call, on the air. Raises ServiceRefusedError: unknown_call."""
        call = self._talk(call_id)
        if call is None or call.agent_id != agent_id:
            raise ServiceRefusedError("unknown_call", "Этого разговора уже нет")
        return call
