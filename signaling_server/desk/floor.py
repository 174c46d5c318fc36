"""What stands behind both sides of the desk: the router and the calls, and telling everybody what changed for him.

One thing happens at a time, in a turn: the router decides, the decision is stored, then it is told. So the rows, the
memory and the screens never disagree about an order of events. If a turn breaks half-way (the disk is full), memory
can no longer be trusted: `broken` is set, the office stops, and its next start goes on from the rows.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.messages import (
    AgentStateChanged,
    CallEnded,
    CallEndReason,
    CallQueued,
    CallRefusal,
    CallRefused,
    CallStarted,
    DutyChanged,
    OfferWithdrawn,
    Topic,
)
from signaling_server.contract.turns import CategoryChecked, TurnCategory, Verdict
from signaling_server.desk.agents import Agents
from signaling_server.desk.calls import Calls
from signaling_server.desk.card_sending import CardSendings, OfficeMessages
from signaling_server.desk.deadlines import Deadlines
from signaling_server.desk.documents import CallDocuments
from signaling_server.desk.ice import IceServers
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.links import Links
from signaling_server.desk.recording import RecordingRules
from signaling_server.desk.router import Router
from signaling_server.desk.routing.asked import Asked
from signaling_server.desk.routing.decisions import (
    CallDeserted,
    Decision,
    OfferClosed,
    OfferMade,
    OfferOutcome,
    StateChanged,
)
from signaling_server.desk.stills import CallStills
from signaling_server.storage import calls as rows

_WITHDRAWN = {
    OfferOutcome.TIMEOUT: "timeout",
    OfferOutcome.DECLINED: "declined",
    OfferOutcome.CUSTOMER_LEFT: "customer_left",
    OfferOutcome.AGENT_LOST: "timeout",
}
_LOG = logging.getLogger(__name__)


class Floor:
    """State of the desk; used by `Desk` alone."""

    def __init__(
        self,
        database: AsyncEngine,
        clock: Clock,
        *,
        company: str,
        topics: tuple[Topic, ...],
        categories: tuple[TurnCategory, ...],
        ice_servers: IceServers,
        limits: DeskLimits,
        recording: RecordingRules,
        messages: OfficeMessages | None,
    ) -> None:
        self.database = database
        self.clock = clock
        self.limits = limits
        self.terminals, self.pages = Links(), Links()
        self.router = Router(limits, lambda: secrets.token_hex(8))
        self.asked = Asked(topics)
        self.calls = Calls(
            database,
            self.terminals,
            self.pages,
            ice_servers=ice_servers,
            topics=topics,
            categories=categories,
            recording=recording,
        )
        self.documents = CallDocuments(clock, self.terminals, self.pages, self.calls.talk)
        self.stills = CallStills(database, clock, self.terminals, self.pages, self.calls)
        self.sendings = CardSendings(database, clock, self.terminals, self.pages, self.calls, messages, company)
        self.agents = Agents(database, self.router, self.calls, company=company, topics=topics)
        self.deadlines = Deadlines()
        self.changed = asyncio.Event()  # the next wake-up may have moved
        self.broken = asyncio.Event()
        self.on_talk_over: Callable[[str, float], None] = lambda call_id, now_s: None
        self._lock = asyncio.Lock()
        self._told_duty = 0
        self._told_queue: tuple[int, int, str] = (0, 0, "")
        self._told_places: dict[str, CallQueued] = {}

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[float]:
        """One thing happens; gives the time it happens at."""
        async with self._lock:
            now_s = self.clock.now_s()
            try:
                yield now_s
                await self.carry_out(self.router.take_decisions(), now_s)
            except Exception:
                _LOG.critical("a turn of the desk broke half-way: the office stops to go on from storage")
                self.broken.set()
                raise
            self.stills.forget_over()
            self.documents.forget_over()
            self.sendings.forget_over()
            self._announce(now_s)
            self.changed.set()

    async def end(self, call_id: str, reason: CallEndReason, now_s: float) -> None:
        """The talk is over: the agent wraps up."""
        self.on_talk_over(call_id, now_s)
        await self.calls.end(call_id, reason, now_s)
        self.router.end_call(call_id, now_s)
        self.deadlines.cancel("terminal", call_id)
        self.deadlines.set("wrap_up", call_id, now_s + self.limits.wrap_up_s)

    async def leave_queue(self, call_id: str, reason: CallEndReason, now_s: float) -> None:
        """The customer has gone before an agent took him."""
        self.router.remove_call(call_id, now_s)
        call = await self.calls.leave_queue(call_id, reason, now_s)
        self.deadlines.cancel("terminal", call_id)
        self.terminals.send(call.terminal_id, CallEnded(call_id, reason))
        await self.calls.tell_registrations(call)

    async def check_category(self, call_id: str, confirmed: bool, now_s: float) -> None:
        """The agent has seen the document, or that there is none. Who needs special help stays all the same."""
        call = await self.calls.check_category(call_id, confirmed=confirmed)
        turn = call.context.turn
        self.pages.send(call.agent_id, CategoryChecked(call_id, turn.verdict))
        if turn.verdict is Verdict.REJECTED and not turn.special_help:
            self.on_talk_over(call_id, now_s)
            call = await self.calls.back_to_queue(call_id)
            asked_at_s, here = call.requested_at_ms / 1_000, call.terminal_id in self.terminals
            self.router.return_call(call_id, asked_at_s, self.asked.band(call), now_s, reachable=here)

    async def rebuild(self, call_id: str) -> None:
        """The terminal makes a new peer connection under the same call; in a room everybody does."""
        call = await self.calls.rebuild(call_id)
        if (room := self.calls.media.rooms.get(call_id)) is not None:
            room.renew(call.media_epoch)
            return
        self.terminals.send(call.terminal_id, self.calls.accepted(call, self.agents[call.agent_id]))

    def forget_place(self, call_id: str) -> None:
        """The terminal is back: tell it its place again."""
        self._told_places.pop(call_id, None)

    async def carry_out(self, decisions: list[Decision], now_s: float) -> None:
        """Stores what the router decided, then tells it."""
        for decision in decisions:
            match decision:
                case OfferMade():
                    await self._offer_made(decision, now_s)
                case OfferClosed():
                    await self._offer_closed(decision, now_s)
                case StateChanged(agent_id=agent_id, state=state):
                    await self.agents.remember_duty(agent_id, state)
                    self.pages.send(agent_id, AgentStateChanged(state))
                case CallDeserted(call_id=call_id):
                    call = await self.calls.leave_queue(call_id, None, now_s)
                    refused = CallRefused(call.request_id, CallRefusal.NO_AGENT_ON_DUTY)
                    self.terminals.send(call.terminal_id, refused)
                    await self.calls.tell_registrations(call)

    async def _offer_made(self, offer: OfferMade, now_s: float) -> None:
        async with self.database.begin() as tx:
            await rows.insert_offer(
                tx, token=offer.token, call_id=offer.call_id, agent_id=offer.agent_id, at_ms=milliseconds(now_s)
            )
        self.pages.send(offer.agent_id, self.agents.offered(offer, self.clock.now_s()))

    async def _offer_closed(self, closed: OfferClosed, now_s: float) -> None:
        async with self.database.begin() as tx:
            await rows.close_offer(tx, token=closed.token, outcome=closed.outcome, at_ms=milliseconds(now_s))
        if closed.outcome != OfferOutcome.ACCEPTED:
            self.pages.send(closed.agent_id, OfferWithdrawn(closed.call_id, _WITHDRAWN[closed.outcome]))
            return
        call = self.calls.live(closed.call_id)
        assert call is not None, "an accepted call is live"
        self.terminals.send(call.terminal_id, self.calls.accepted(call, self.agents[closed.agent_id]))
        self.pages.send(closed.agent_id, CallStarted(self.calls.active(call)))

    def _announce(self, now_s: float) -> None:
        waiting, duty = self.router.waiting(), self.router.agents_on_duty()
        if duty != self._told_duty:
            self._told_duty = duty
            self.terminals.send_all(DutyChanged(duty))
        queue = (len(waiting), duty, waiting[0] if waiting else "")
        if queue != self._told_queue:
            self._told_queue = queue
            self.pages.send_all(self.agents.queue(now_s))
        self._tell_places(waiting)

    def _tell_places(self, waiting: list[str]) -> None:
        places: dict[str, CallQueued] = {}
        for position, call_id in enumerate(waiting, start=1):
            call = self.calls.live(call_id)
            assert call is not None, "the router queues live calls"
            place = CallQueued(call.request_id, call_id, position, *self.router.promise_s(call_id, position))
            places[call_id] = place
            if self._told_places.get(call_id) != place:
                self.terminals.send(call.terminal_id, place)
        self._told_places = places
