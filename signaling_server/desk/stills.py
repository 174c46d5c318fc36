"""Papers that customers show in calls: asked for, sent by the customer, seen by the call's own agent alone.

They lie in memory only, re-rendered from what came, until the form of the call is closed. What the agent attaches goes
into the case, where it is kept as long as the case is.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.cases.attachments import AttachmentError, as_jpeg
from signaling_server.cases.register import note
from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.cases import AttachmentSlip
from signaling_server.contract.stills import STILLS_MAX, AskStill, AttachStill, StillAsked, StillTold, WithdrawStill
from signaling_server.desk.call import Agent, CallStage
from signaling_server.desk.calls import Calls
from signaling_server.desk.links import Links
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import cases as rows

LINK_VALID_S = 600  # the customer has to look for his paper, hold it and look at the picture
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class StillLink:
    """One picture may be put here, by this terminal, until then."""

    call_id: str
    still_id: str
    terminal_id: str
    until_s: float


class CallStills:
    """`calls`: those whose form is not closed."""

    def __init__(self, database: AsyncEngine, clock: Clock, terminals: Links, pages: Links, calls: Calls) -> None:
        self._database = database
        self._clock = clock
        self._terminals = terminals
        self._pages = pages
        self._calls = calls
        self._links: dict[str, StillLink] = {}  # by token
        self._kept: dict[str, dict[str, bytes]] = {}  # JPEG by call and still

    # --- the two sides of the call ---------------------------------------------------------------------------------

    def from_agent(self, agent_id: str, message: AskStill | WithdrawStill) -> None:
        """To the call's terminal, with a link for one picture."""
        call = self._calls.talk(message.call_id)
        if call is None or call.agent_id != agent_id or len(self._kept.get(message.call_id, {})) >= STILLS_MAX:
            _LOG.info("%s refused: not of the agent of a call on the air, or too many", type(message).__name__)
            return
        self._links = {token: link for token, link in self._links.items() if link.call_id != message.call_id}
        if isinstance(message, WithdrawStill):
            self._terminals.send(call.terminal_id, message)
            return
        token = secrets.token_urlsafe(24)
        until_s = self._clock.now_s() + LINK_VALID_S
        self._links[token] = StillLink(message.call_id, message.still_id, call.terminal_id, until_s)
        self._terminals.send(call.terminal_id, StillAsked(message.call_id, message.still_id, f"/stills/{token}"))

    def from_terminal(self, terminal_id: str, told: StillTold) -> None:
        call = self._calls.talk(told.call_id)
        if call is not None and call.terminal_id == terminal_id:
            self._pages.send(call.agent_id, told)

    def forget_over(self) -> None:
        """What belongs to calls whose form is closed, or that wait for another agent."""
        for call_id in [*self._kept, *{link.call_id for link in self._links.values()}]:
            call = self._calls.live(call_id)
            if call is None or call.stage not in (CallStage.ON_AIR, CallStage.WRAP_UP):
                self._kept.pop(call_id, None)
                self._links = {token: link for token, link in self._links.items() if link.call_id != call_id}

    # --- the picture -------------------------------------------------------------------------------------------------

    def link(self, terminal_id: str, token: str) -> StillLink | None:
        """What this terminal may put here now."""
        found = self._links.get(token)
        late = found is None or found.until_s <= self._clock.now_s() or self._calls.talk(found.call_id) is None
        return None if late or found is None or found.terminal_id != terminal_id else found

    async def take(self, token: str, link: StillLink, content: bytes) -> None:
        """Keeps the picture, drawn anew; the link is spent. Raises ServiceRefusedError: no_picture, spent."""
        try:
            jpeg = await asyncio.to_thread(as_jpeg, content)
        except AttachmentError:
            raise ServiceRefusedError("no_picture", "Документ — это не фотография") from None
        if self._links.pop(token, None) is None:
            raise ServiceRefusedError("spent", "Эта ссылка уже использована")
        self._kept.setdefault(link.call_id, {})[link.still_id] = jpeg

    def picture(self, agent: Agent, call_id: str, still_id: str) -> bytes:
        """JPEG, for the agent of this call alone. Raises ServiceRefusedError: unknown_still."""
        call = self._calls.live(call_id)
        jpeg = self._kept.get(call_id, {}).get(still_id)
        if call is None or call.agent_id != agent.agent_id or jpeg is None:
            raise ServiceRefusedError("unknown_still", "Этого снимка больше нет")
        return jpeg

    async def attach(self, agent: Agent, form: AttachStill) -> None:
        """Into the present case; a repeat changes nothing. Raises ServiceRefusedError: unknown_still."""
        jpeg = self.picture(agent, form.call_id, form.still_id)
        slip = AttachmentSlip(form.still_id, hashlib.sha256(jpeg).hexdigest(), len(jpeg))
        now_s = self._clock.now_s()
        async with self._database.begin() as tx:
            case = (await rows.cases_of_call(tx, form.call_id))[-1]
            if any(one.attachment_id == form.still_id for one in await rows.attachments_of(tx, case.number)):
                return
            await rows.promise_attachments(tx, case.number, [slip])
            await rows.store_attachment(
                tx, case.number, form.still_id, content=jpeg, media_type="image/jpeg", at_ms=milliseconds(now_s)
            )
            await note(tx, case, actor=agent.login, now_s=now_s, detail="Приложен документ, показанный в разговоре")
