"""The agents the desk knows, and what each one's page shows."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.cases.guides import load_guides
from signaling_server.clock import milliseconds
from signaling_server.contract.messages import (
    AgentState,
    CallOffered,
    DeskSnapshot,
    OfferedCall,
    QueueChanged,
    Topic,
)
from signaling_server.desk.call import Agent
from signaling_server.desk.calls import Calls
from signaling_server.desk.router import Router
from signaling_server.desk.routing.decisions import OfferMade
from signaling_server.storage.people import agent_by_id, ready_agents, set_agent_ready


class Agents:
    """Profiles from the staff directory, beside the router's states."""

    def __init__(
        self, database: AsyncEngine, router: Router, calls: Calls, *, company: str, topics: tuple[Topic, ...]
    ) -> None:
        self._database = database
        self._router = router
        self._calls = calls
        self._company = company
        self._topics = list(topics)
        self._guides = list(load_guides(topics))
        self._profiles: dict[str, Agent] = {}
        self._ready_stored: dict[str, bool] = {}

    def __getitem__(self, agent_id: str) -> Agent:
        return self._profiles[agent_id]

    def known(self) -> list[Agent]:
        """By name."""
        return sorted(self._profiles.values(), key=lambda agent: (agent.plate.last_name, agent.plate.first_name))

    def arrived(self, agent: Agent) -> None:
        """His page connected; the directory may have changed since the last time."""
        self._profiles[agent.agent_id] = agent

    async def restore(self, busy_ids: set[str]) -> list[Agent]:
        """Who was on duty, and who has one of `busy_ids` calls, when the office stopped."""
        async with self._database.begin() as tx:
            found = {agent.agent_id: agent for agent in await ready_agents(tx, self._company)}
            for agent_id in busy_ids - set(found):
                if (agent := await agent_by_id(tx, agent_id, self._company)) is not None:
                    found[agent_id] = agent
        self._profiles |= found
        self._ready_stored = {agent.agent_id: agent.ready for agent in found.values()}
        return list(found.values())

    async def remember_duty(self, agent_id: str, state: AgentState) -> None:
        """So that our restart does not send the agents off duty."""
        ready = state != AgentState.NOT_READY
        if self._ready_stored.get(agent_id) != ready:
            async with self._database.begin() as tx:
                await set_agent_ready(tx, agent_id, ready)
            self._ready_stored[agent_id] = ready

    def snapshot(self, agent_id: str, now_s: float) -> DeskSnapshot:
        """Everything the page shows."""
        queue = self.queue(now_s)
        offer = self._router.offer_to(agent_id)
        call = None if offer else self._calls.live(self._router.call_of(agent_id))
        return DeskSnapshot(
            server_time_ms=milliseconds(now_s),
            plate=self._profiles[agent_id].plate,
            state=self._router.state(agent_id),
            topics=self._topics,
            waiting=queue.waiting,
            longest_wait_ms=queue.longest_wait_ms,
            agents_on_duty=queue.agents_on_duty,
            offered=self.offered(offer, now_s).call if offer else None,
            active=self._calls.active(call) if call else None,
            guides=self._guides,
        )

    def queue(self, now_s: float) -> QueueChanged:
        waiting = [call for call_id in self._router.waiting() if (call := self._calls.live(call_id))]
        longest_ms = max((milliseconds(now_s) - call.requested_at_ms for call in waiting), default=0)
        return QueueChanged(len(waiting), max(0, longest_ms), self._router.agents_on_duty())

    def offered(self, offer: OfferMade, now_s: float) -> CallOffered:
        call = self._calls.live(offer.call_id)
        assert call is not None, "the router offers live calls"
        return CallOffered(
            OfferedCall(
                call_id=call.call_id,
                token=offer.token,
                way=call.way,
                topic=call.topic,
                site=call.site,
                waited_ms=max(0, milliseconds(now_s) - call.requested_at_ms),
                ring_timeout_ms=max(0, milliseconds(offer.expires_at_s - now_s)),
                context=call.context,
            )
        )
