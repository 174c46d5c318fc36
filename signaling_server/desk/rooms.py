"""The third and the fourth in a call: invited, supervising, taking it over. They have a room while there are three.

The direct media stay until the room's first picture is decoded, and the room's until the direct one is again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from msgspec import structs

from signaling_server.contract.messages import AgentState, CallStarted, RoomChanged
from signaling_server.contract.rooms import (
    PARTIES_MAX,
    AnswerInvitation,
    HandOver,
    InvitationClosed,
    InviteParty,
    LeaveRoom,
    LiveCall,
    LiveCalls,
    Party,
    PartyInvited,
    PartyRole,
    Presence,
    SuperviseCall,
)
from signaling_server.desk.call import Agent, Call
from signaling_server.desk.colleagues import full_name
from signaling_server.desk.floor import Floor
from signaling_server.desk.room_call import RoomCall
from signaling_server.desk.routing.decisions import RefusedError
from signaling_server.media_server.janus import Janus, MediaServerError
from signaling_server.media_server.server import MediaServer
from signaling_server.refusal import ServiceRefusedError

DIRECT_S_MAX = 20.0  # the room stays so long for a direct path that is being built
GUESTS = (PartyRole.INTERPRETER, PartyRole.SPECIALIST)
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Invitation:
    call_id: str
    role: PartyRole


class Rooms:
    """Acts of employees; each is one turn of the desk."""

    def __init__(self, floor: Floor, server: MediaServer) -> None:
        self._floor = floor
        self._server = server
        self._invited: dict[str, _Invitation] = {}
        self._failing: set[asyncio.Task[None]] = set()
        floor.on_talk_over = self.talk_over

    # --- acts ----------------------------------------------------------------------------------------------------

    async def invite(self, agent: Agent, form: InviteParty) -> None:
        """Raises ServiceRefusedError: not_yours, no_media_server, not_here, busy, too_many."""
        await self._janus()
        async with self._turn() as now_s:
            call = self._mine(agent, form.call_id)
            room = self._floor.calls.media.rooms.get(call.call_id)
            if form.role not in GUESTS or form.agent_id == agent.agent_id or form.agent_id not in self._floor.pages:
                raise ServiceRefusedError("not_here", "Этого сотрудника сейчас нет на рабочем месте")
            state = self._floor.router.state(form.agent_id)
            if state not in (AgentState.READY, AgentState.NOT_READY) or form.agent_id in self._invited:
                raise ServiceRefusedError("busy", "Этот сотрудник сейчас занят")
            if room is not None and len(room.parties) >= PARTIES_MAX:
                raise ServiceRefusedError("too_many", "В разговоре уже столько участников, сколько может быть")
            invited = self._invited[form.agent_id] = _Invitation(call.call_id, form.role)
            self._floor.deadlines.set("invitation", form.agent_id, now_s + self._floor.limits.invitation_s)
            self._ask(form.agent_id, invited)

    async def answer(self, agent: Agent, form: AnswerInvitation) -> None:
        """Raises ServiceRefusedError: over, busy, no_media_server."""
        janus = await self._janus() if form.accepted else None
        async with self._turn() as now_s:
            invited = self._invited.pop(agent.agent_id, None)
            call = self._floor.calls.talk(form.call_id)
            if invited is None or invited.call_id != form.call_id or call is None:
                raise ServiceRefusedError("over", "Приглашение больше не действует")
            self._floor.pages.send(agent.agent_id, InvitationClosed(form.call_id))
            if janus is None:
                self._floor.pages.send(call.agent_id, InvitationClosed(form.call_id))
                return
            await self._enter(call, agent, invited.role, Presence.JOINED, janus, now_s)

    async def leave(self, agent: Agent, form: LeaveRoom) -> None:
        """Raises ServiceRefusedError: not_yours."""
        async with self._turn() as now_s:
            room = self._floor.calls.media.rooms.get(form.call_id)
            party = room.parties.get(form.party_id) if room is not None else None
            call = self._floor.calls.live(form.call_id)
            if party is None or call is None or party.role is PartyRole.AGENT:
                return  # he has left already
            lets_go = call.agent_id == agent.agent_id and party.role in GUESTS
            if form.party_id != agent.agent_id and not lets_go:
                raise ServiceRefusedError("not_yours", "Этого участника приглашали не вы")
            await self._left(call, form.party_id, now_s)

    async def hand_over(self, agent: Agent, form: HandOver) -> None:
        """The customer has both before him already. Raises ServiceRefusedError: not_yours, not_joined, no_plate."""
        async with self._turn() as now_s:
            call = self._mine(agent, form.call_id)
            room = self._floor.calls.media.rooms.get(call.call_id)
            party = room.parties.get(form.party_id) if room is not None else None
            if room is None or party is None or party.presence is not Presence.JOINED:
                raise ServiceRefusedError("not_joined", "Сначала коллега должен войти в разговор")
            taker = self._floor.agents[form.party_id]
            if party.role is PartyRole.INTERPRETER or not taker.has_plate:
                raise ServiceRefusedError("no_plate", "Этот сотрудник не ведёт приём клиентов")
            self._floor.router.transfer_call(call.call_id, taker.agent_id, now_s)
            call = await self._floor.calls.hand_over(call.call_id, taker, now_s)
            del room.parties[agent.agent_id]
            room.parties = {taker.agent_id: structs.replace(party, role=PartyRole.AGENT), **_without(room, taker)}
            room.plate = taker.plate
            room.call = call
            self._floor.pages.send(taker.agent_id, CallStarted(self._floor.calls.active(call)))
            self._floor.pages.send(agent.agent_id, RoomChanged(call.call_id, call.media_epoch, []))
            await self._settle(call, room)

    async def supervise(self, agent: Agent, form: SuperviseCall) -> None:
        """Raises ServiceRefusedError: over, busy, no_media_server."""
        janus = await self._janus()
        async with self._turn() as now_s:
            call = self._floor.calls.talk(form.call_id)
            if call is None or call.agent_id == agent.agent_id:
                raise ServiceRefusedError("over", "Этот разговор уже окончен")
            _LOG.info("%s %s the call %s", agent.login, form.presence.value, call.call_id)
            room = self._floor.calls.media.rooms.get(call.call_id)
            party = room.parties.get(agent.agent_id) if room is not None else None
            if room is None or party is None:
                await self._enter(call, agent, PartyRole.SUPERVISOR, form.presence, janus, now_s)
            else:
                room.parties[agent.agent_id] = structs.replace(party, presence=form.presence)
                room.tell()

    async def live_calls(self) -> LiveCalls:
        """For a supervisor's choice."""
        calls = sorted(self._floor.calls.on_air(), key=lambda call: call.accepted_at_ms)
        names = [full_name(self._floor.agents[call.agent_id]) for call in calls]
        told = zip(calls, names, strict=True)
        return LiveCalls([LiveCall(c.call_id, c.site, c.topic, name, c.accepted_at_ms) for c, name in told])

    # --- what happens to a party or a call -----------------------------------------------------------------------

    async def gone(self, agent_id: str, now_s: float) -> None:
        """His page did not come back, within a turn of the desk."""
        self._invited.pop(agent_id, None)
        for call_id, room in list(self._floor.calls.media.rooms.items()):
            call = self._floor.calls.live(call_id)
            if call is not None and agent_id in room.parties and call.agent_id != agent_id:
                await self._left(call, agent_id, now_s)

    async def came_back(self, agent_id: str) -> None:
        """His page is open again and has no media: the room begins anew, within a turn of the desk."""
        for call_id, room in self._floor.calls.media.rooms.items():
            if agent_id == room.call.agent_id:
                room.tell()  # it has begun anew already
            elif agent_id in room.parties:
                room.renew((await self._floor.calls.rebuild(call_id)).media_epoch)
        if (invited := self._invited.get(agent_id)) is not None:
            self._ask(agent_id, invited)

    def unanswered(self, agent_id: str) -> None:
        """Nobody is asked for ever."""
        if (invited := self._invited.pop(agent_id, None)) is not None:
            self._floor.pages.send(agent_id, InvitationClosed(invited.call_id))

    def talk_over(self, call_id: str, now_s: float) -> None:
        """The call has no agent any more: nobody stays in its room, nobody is asked into it."""
        for agent_id in [who for who, invited in self._invited.items() if invited.call_id == call_id]:
            del self._invited[agent_id]
            self._floor.pages.send(agent_id, InvitationClosed(call_id))
        room = self._floor.calls.media.rooms.pop(call_id, None)
        if room is None:
            return
        for party in room.parties.values():
            if party.role is not PartyRole.AGENT:
                self._floor.pages.send(party.party_id, RoomChanged(call_id, room.media_epoch, []))
                self._floor.router.leave_room(party.party_id, now_s)
        room.close_after(0.0)

    async def close(self) -> None:
        """With the office."""
        for room in self._floor.calls.media.rooms.values():
            await room.close()
        self._floor.calls.media.rooms.clear()
        await self._server.close()

    # --- inside --------------------------------------------------------------------------------------------------

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[float]:
        """A turn of the desk; a refusal changes nothing and does not break it."""
        refusal: ServiceRefusedError | None = None
        async with self._floor.turn() as now_s:
            try:
                yield now_s
            except ServiceRefusedError as error:
                refusal = error
        if refusal is not None:
            raise refusal

    def _ask(self, agent_id: str, invited: _Invitation) -> None:
        if (call := self._floor.calls.live(invited.call_id)) is not None:
            name = full_name(self._floor.agents[call.agent_id])
            self._floor.pages.send(agent_id, PartyInvited(call.call_id, invited.role, name, call.site, call.topic))

    def _mine(self, agent: Agent, call_id: str) -> Call:
        try:
            return self._floor.calls.check_on_air(agent.agent_id, call_id)
        except RefusedError:
            raise ServiceRefusedError("not_yours", "Этот разговор уже окончен или ведёте его не вы") from None

    async def _janus(self) -> Janus:
        try:
            return await self._server.session()
        except MediaServerError as error:
            _LOG.warning("no room: %s", error)
            sentence = "Сервер общих разговоров не отвечает: третьего подключить сейчас нельзя"
            raise ServiceRefusedError("no_media_server", sentence) from None

    async def _enter(
        self, call: Call, agent: Agent, role: PartyRole, presence: Presence, janus: Janus, now_s: float
    ) -> None:
        try:
            self._floor.router.join_room(agent.agent_id, now_s)
        except RefusedError:
            raise ServiceRefusedError("busy", "Сначала закончите своё дело: вы заняты") from None
        calls = self._floor.calls
        room = calls.media.rooms.get(call.call_id)
        if room is None:
            call = await calls.rebuild(call.call_id)
            host = self._floor.agents[call.agent_id]
            room = calls.media.rooms[call.call_id] = RoomCall(
                call,
                janus,
                self._floor.terminals,
                self._floor.pages,
                plate=host.plate,
                ice_servers=calls.accepted(call, host).ice_servers,
                on_failed=self._failed,
            )
            room.parties[host.agent_id] = _party(host, PartyRole.AGENT, Presence.JOINED)
        room.parties[agent.agent_id] = _party(agent, role, presence)
        room.tell()

    async def _left(self, call: Call, party_id: str, now_s: float) -> None:
        room = self._floor.calls.media.rooms[call.call_id]
        del room.parties[party_id]
        self._floor.router.leave_room(party_id, now_s)
        self._floor.pages.send(party_id, RoomChanged(call.call_id, room.media_epoch, []))
        await self._settle(call, room)

    async def _settle(self, call: Call, room: RoomCall) -> None:
        """Two that are left go direct again: a room costs both of them a hop and the office a server."""
        room.tell()
        if len(room.parties) > 1:
            return
        del self._floor.calls.media.rooms[call.call_id]
        self._floor.pages.send(call.agent_id, RoomChanged(call.call_id, room.media_epoch, []))
        room.close_after(DIRECT_S_MAX)
        await self._floor.rebuild(call.call_id)

    def _failed(self, call_id: str) -> None:
        self._failing.add(failing := asyncio.create_task(self._fall_back(call_id)))
        failing.add_done_callback(self._failing.discard)

    async def _fall_back(self, call_id: str) -> None:
        """The media server is gone: customer and agent go on without the others."""
        async with self._floor.turn() as now_s:
            if self._floor.calls.media.rooms.get(call_id) is None:
                return
            self.talk_over(call_id, now_s)
            if (call := self._floor.calls.talk(call_id)) is not None:
                self._floor.pages.send(call.agent_id, RoomChanged(call_id, call.media_epoch, []))
                await self._floor.rebuild(call_id)


def _party(agent: Agent, role: PartyRole, presence: Presence) -> Party:
    return Party(agent.agent_id, role, presence, full_name(agent), agent.plate.position)


def _without(room: RoomCall, agent: Agent) -> dict[str, Party]:
    return {party_id: party for party_id, party in room.parties.items() if party_id != agent.agent_id}
