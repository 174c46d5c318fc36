"""The desk: what the sockets of terminals and of agents' pages talk to. Each of their events is one turn."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.closing import NextCase, TellPortal
from signaling_server.contract.incidents import EndForMisconduct, RaiseAlarm
from signaling_server.contract.messages import (
    AcceptCall,
    AgentPing,
    AgentState,
    AgentToServer,
    CallCancelled,
    CallEnded,
    CallEndReason,
    CallRefusal,
    CallRefused,
    CallRequested,
    CloseWrapUp,
    CommandDone,
    CommandRefused,
    DeclineCall,
    EndCall,
    RingHeard,
    SetReady,
    TerminalHello,
    TerminalToServer,
    TerminalWelcome,
    Topic,
)
from signaling_server.contract.ring_back import AnswerRing, RingBack, RingState, StopRinging
from signaling_server.contract.staff import StaffNoteRead
from signaling_server.contract.turns import CheckCategory, TurnCategory
from signaling_server.contract.workplace import WorkplaceSeen
from signaling_server.desk import within_call
from signaling_server.desk.appointments import NO_APPOINTMENTS, Appointments
from signaling_server.desk.call import Agent, Call, CallStage, Terminal, reason_of
from signaling_server.desk.card_sending import OfficeMessages
from signaling_server.desk.colleagues import StaffRoom
from signaling_server.desk.floor import Floor
from signaling_server.desk.ice import NO_SERVERS, IceServers
from signaling_server.desk.incidents import IncidentRoom
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.links import Outlet
from signaling_server.desk.recording import NO_RECORDING, RecordingRules
from signaling_server.desk.rooms import Rooms
from signaling_server.desk.routing.decisions import RefusedError
from signaling_server.desk.troubles import TroubleCommand, Troubles
from signaling_server.desk.within_call import FromAgent, FromTerminal
from signaling_server.desk.workplaces import Workplaces
from signaling_server.media_server.server import MediaServer, MediaServerSettings
from signaling_server.storage import calls as rows

_Talk = EndCall | CheckCategory | NextCase | TellPortal | TroubleCommand
Command = SetReady | AcceptCall | DeclineCall | _Talk | CloseWrapUp
IDLE_S_MAX = 60.0  # the ticker looks at the clock at least this often


class Desk:
    """Every method may be called at any time; `run` keeps the deadlines."""

    def __init__(
        self,
        database: AsyncEngine,
        clock: Clock,
        *,
        company: str,
        topics: tuple[Topic, ...],
        categories: tuple[TurnCategory, ...] = (),
        ice_servers: IceServers = NO_SERVERS,
        limits: DeskLimits | None = None,
        appointments: Appointments = NO_APPOINTMENTS,
        guard_phones: Mapping[str, str] = MappingProxyType({}),
        recording: RecordingRules = NO_RECORDING,
        media_server: MediaServer | None = None,
        messages: OfficeMessages | None = None,
    ) -> None:
        self._limits = limits or DeskLimits()
        self._clock, self._ice_servers, self._appointments = clock, ice_servers, appointments
        self._floor = Floor(
            database,
            clock,
            company=company,
            topics=topics,
            categories=categories,
            ice_servers=ice_servers,
            limits=self._limits,
            recording=recording,
            messages=messages,
        )
        self._calls, self._agents, self._router = self._floor.calls, self._floor.agents, self._floor.router
        self._deadlines = self._floor.deadlines
        self.staff = StaffRoom(clock, self._agents, self._router, self._floor.pages)
        self.incidents = IncidentRoom(database, clock, self._agents, self._floor.pages, guard_phones)
        self.workplaces = Workplaces(database, clock, self._agents, self._floor.pages)
        self.stills, self.documents = self._floor.stills, self._floor.documents
        self._troubles = Troubles(self._floor, self.incidents)
        self._rings = self._troubles.rings
        self.rooms = Rooms(self._floor, media_server or MediaServer(MediaServerSettings()))

    # --- time ----------------------------------------------------------------------------------------------------

    async def restore(self) -> None:
        """Goes on where a stopped office left off: nobody loses his place, call or case."""
        async with self._floor.turn() as now_s:
            back_s = now_s + self._limits.restart_return_s
            taken: dict[str, Call] = {}
            for call in await self._calls.restore(now_s):
                if call.stage == CallStage.WRAP_UP:
                    overdue_s = call.ended_at_ms / 1_000 + self._limits.wrap_up_s
                    self._deadlines.set("wrap_up", call.call_id, overdue_s)
                else:
                    self._deadlines.set("terminal", call.call_id, now_s + self._limits.terminal_return_s)
                if call.stage == CallStage.WAITING:
                    await self._queue(call, now_s, reachable=False)
                else:
                    taken[call.agent_id] = call
            for agent in await self._agents.restore(set(taken)):
                self._restore_agent(agent, taken.get(agent.agent_id), now_s)
                self._deadlines.set("page", agent.agent_id, back_s)

    def _restore_agent(self, agent: Agent, call: Call | None, now_s: float) -> None:
        if call is None:
            self._router.restore_agent(agent.agent_id, AgentState.READY, now_s)
            return
        state = AgentState.ON_CALL if call.stage == CallStage.ON_AIR else AgentState.WRAP_UP
        self._router.restore_agent(agent.agent_id, state, now_s, call.call_id)

    async def run(self) -> None:
        """Keeps leases and deadlines until cancelled."""
        while True:
            self._floor.changed.clear()
            wait_s = min(IDLE_S_MAX, max(0.0, self.wakes_at_s() - self._clock.now_s()))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._floor.changed.wait()
            if self.wakes_at_s() <= self._clock.now_s():
                await self.tick()

    async def broken_off(self) -> None:
        """Waits for the moment from which the memory of this desk cannot be trusted: stop and start anew."""
        await self._floor.broken.wait()

    def wakes_at_s(self) -> float:
        """When `tick` has something to do."""
        return min(self._router.wakes_at_s(), self._deadlines.wakes_at_s())

    async def tick(self) -> None:
        """Does what has come due."""
        async with self._floor.turn() as now_s:
            self._router.tick(now_s)
            for kind, subject in self._deadlines.take_due(now_s):
                if kind == "page":
                    await self._page_lost(subject, now_s)
                elif kind == "terminal":
                    await self._terminal_lost(subject, now_s)
                elif kind == "invitation":
                    self.rooms.unanswered(subject)
                elif kind == "ring":
                    self._rings.stop(subject, RingState.UNANSWERED)
                else:
                    await self._calls.tell_number(subject)

    # --- terminals -----------------------------------------------------------------------------------------------

    async def terminal_opened(self, terminal: Terminal, outlet: Outlet, epoch: int, hello: TerminalHello) -> None:
        """A terminal's connection stands. It says which call it believes it is in; we say which it is in."""
        async with self._floor.turn() as now_s:
            self._floor.terminals.attach(terminal.terminal_id, outlet)
            duty = self._router.agents_on_duty()
            outlet.send(
                TerminalWelcome(
                    terminal.terminal_id,
                    epoch,
                    milliseconds(now_s),
                    self._ice_servers.told(terminal.terminal_id, milliseconds(now_s)),
                    duty,
                )
            )
            call = self._calls.of_terminal(terminal.terminal_id)
            if call and call.call_id == hello.call_id:
                await self._call_found_again(call, now_s)
                return
            if call and call.stage == CallStage.ON_AIR:  # the terminal has forgotten its call
                await self._floor.end(call.call_id, CallEndReason.TERMINAL_LOST, now_s)
            elif call:  # perhaps it asks again in a moment: its place is kept as long as for a lost one
                self._await_terminal(call, now_s)
            if hello.call_id:
                await self._tell_fate(terminal.terminal_id, hello.call_id)

    async def terminal_closed(self, terminal_id: str, outlet: Outlet) -> None:
        """The connection is gone; media may go on, so a call waits for its return."""
        async with self._floor.turn() as now_s:
            if self._floor.terminals.detach(terminal_id, outlet):
                call = self._calls.of_terminal(terminal_id)
                if call is not None:
                    self._await_terminal(call, now_s)

    def _await_terminal(self, call: Call, now_s: float) -> None:
        self._deadlines.set("terminal", call.call_id, now_s + self._limits.terminal_return_s)
        if call.stage == CallStage.WAITING:
            self._router.set_reachable(call.call_id, False, now_s)

    def send_to_terminal(self, terminal_id: str, message: Struct) -> None:
        """Something of another room; to nobody when the terminal is not connected."""
        self._floor.terminals.send(terminal_id, message)

    def terminal_is_here(self, terminal_id: str) -> bool:
        """Connected now."""
        return terminal_id in self._floor.terminals

    def send_to_all_terminals(self, message: Struct) -> None:
        """To those that are connected."""
        self._floor.terminals.send_all(message)

    async def terminal_said(self, terminal: Terminal, message: TerminalToServer) -> None:
        """A message of a terminal whose connection stands."""
        async with self._floor.turn() as now_s:
            match message:
                case CallRequested():
                    await self._call_requested(terminal, message, now_s)
                case AnswerRing():
                    await self._rings.answered(terminal.terminal_id, message, now_s)
                case CallCancelled():
                    await self._call_cancelled(terminal.terminal_id, message, now_s)
                case _ if isinstance(message, FromTerminal):
                    await within_call.heard(self._floor, terminal.terminal_id, message, now_s)

    async def _call_requested(self, terminal: Terminal, request: CallRequested, now_s: float) -> None:
        if (before := await self._calls.requested_before(terminal.terminal_id, request.request_id)) is not None:
            await self._repeat_request(before, now_s)
            return
        call = self._calls.of_terminal(terminal.terminal_id)
        if call and call.stage == CallStage.WAITING and not self._router.is_reachable(call.call_id):
            await self._floor.leave_queue(call.call_id, CallEndReason.TERMINAL_LOST, now_s)
            call = None
        if call or not self._router.agents_on_duty():
            reason = CallRefusal.ALREADY_IN_CALL if call else CallRefusal.NO_AGENT_ON_DUTY
            self._floor.terminals.send(terminal.terminal_id, CallRefused(request.request_id, reason))
            return
        call = await self._calls.add(terminal, request, now_s)
        await self._queue(call, now_s)

    async def _queue(self, call: Call, now_s: float, *, reachable: bool = True) -> None:
        """By the time it was asked at, whatever has happened since."""
        due_at_s = await self._appointments.video_due_at_s(call.context.ticket)
        self._floor.asked.queue(self._router, call, due_at_s, now_s, reachable=reachable)

    async def _repeat_request(self, before: Call, now_s: float) -> None:
        call = self._calls.live(before.call_id)
        if call and call.stage != CallStage.WRAP_UP:
            await self._call_found_again(call, now_s)
        elif before.stage == CallStage.CLOSED and before.end_reason is None:
            refused = CallRefused(before.request_id, CallRefusal.NO_AGENT_ON_DUTY)
            self._floor.terminals.send(before.terminal_id, refused)
        else:
            await self._tell_fate(before.terminal_id, before.call_id)

    async def _call_found_again(self, call: Call, now_s: float) -> None:
        """The terminal is back in its call."""
        self._deadlines.cancel("terminal", call.call_id)
        if call.stage == CallStage.WAITING:
            self._floor.forget_place(call.call_id)
            self._router.set_reachable(call.call_id, True, now_s)
        elif not self._calls.is_flowing(call.call_id) and call.agent_id in self._floor.pages:
            await self._floor.rebuild(call.call_id)  # what was sent between may be lost: begin the media anew

    async def _call_cancelled(self, terminal_id: str, cancelled: CallCancelled, now_s: float) -> None:
        call, call_id = self._calls.of_terminal(terminal_id), cancelled.call_id
        if call is None or call.call_id != call_id:
            return
        if call.stage == CallStage.WAITING:
            await self._floor.leave_queue(call_id, CallEndReason.CUSTOMER_LEFT, now_s)
        else:
            await self._floor.end(call_id, reason_of(cancelled), now_s)
            if cancelled.way_on is not None:
                await self._calls.tell_number(call_id)

    async def _tell_fate(self, terminal_id: str, call_id: str) -> None:
        """The terminal asks about a call that is over."""
        call = self._calls.live(call_id) or await self._calls.stored(call_id)
        if call is None or call.terminal_id != terminal_id:
            self._floor.terminals.send(terminal_id, CallEnded(call_id, CallEndReason.TERMINAL_LOST))
            return
        reason = call.end_reason or CallEndReason.AGENT_LOST
        self._floor.terminals.send(terminal_id, CallEnded(call_id, reason))
        await self._calls.tell_registrations(call)

    async def _terminal_lost(self, call_id: str, now_s: float) -> None:
        call = self._calls.live(call_id)
        if call and call.stage == CallStage.WAITING:
            await self._floor.leave_queue(call_id, CallEndReason.TERMINAL_LOST, now_s)
        elif call and call.stage == CallStage.ON_AIR:
            await self._floor.end(call_id, CallEndReason.TERMINAL_LOST, now_s)

    # --- agents' pages -------------------------------------------------------------------------------------------

    async def page_opened(self, agent: Agent, outlet: Outlet) -> None:
        """A page is connected: it gets the whole state. In a call it has lost its media, which is built anew."""
        async with self._floor.turn() as now_s:
            self._agents.arrived(agent)
            self._deadlines.cancel("page", agent.agent_id)
            self._router.page_opened(agent.agent_id, now_s)
            call = self._calls.live(self._router.call_of(agent.agent_id))
            if call is not None and call.stage == CallStage.ON_AIR:
                await self._floor.rebuild(call.call_id)
            await self._floor.carry_out(self._router.take_decisions(), now_s)
            self._floor.pages.attach(agent.agent_id, outlet)
            outlet.send(self._agents.snapshot(agent.agent_id, self._clock.now_s()))
            self.staff.tell_unread(agent.agent_id)
            await self.incidents.tell_open(agent, call)
            self._rings.tell_again(agent.agent_id, now_s)
            await self.rooms.came_back(agent.agent_id)

    async def page_closed(self, agent_id: str, outlet: Outlet, *, gone: bool) -> None:
        """The page is away; `gone`: silent or signed out, so not merely reloading."""
        async with self._floor.turn() as now_s:
            if not self._floor.pages.detach(agent_id, outlet):
                return
            self._router.page_closed(agent_id, now_s)
            if gone and self._router.state(agent_id) not in (AgentState.ON_CALL, AgentState.IN_ROOM):
                self._router.page_lost(agent_id, now_s)
            else:
                self._deadlines.set("page", agent_id, now_s + self._limits.page_return_s)

    def close_page(self, agent_id: str, code: int, reason: str) -> None:
        """Ends the connection of this agent's page, if he has one."""
        self._floor.pages.close(agent_id, code, reason)

    async def page_said(self, agent_id: str, outlet: Outlet, message: AgentToServer) -> None:
        """A message of an agent's page; commands are answered, done or refused."""
        if isinstance(message, AgentPing):
            return
        async with self._floor.turn() as now_s:
            match message:
                case _ if isinstance(message, FromAgent):
                    await within_call.said(self._floor, agent_id, message, now_s)
                case WorkplaceSeen():
                    await self.workplaces.seen(agent_id, message)
                case StaffNoteRead(note_id=note_id):
                    self.staff.read(agent_id, note_id)
                case RingHeard(token=token):
                    async with self._floor.database.begin() as tx:
                        await rows.mark_rang(tx, token=token, agent_id=agent_id, at_ms=milliseconds(now_s))
                case _:
                    try:
                        await self._obey(agent_id, message, now_s)
                        outlet.send(CommandDone(message.command_id))
                    except RefusedError as refusal:
                        outlet.send(CommandRefused(message.command_id, refusal.reason))

    async def _obey(self, agent_id: str, command: Command, now_s: float) -> None:
        match command:
            case SetReady(ready=ready):
                if ready and self._router.state(agent_id) is AgentState.NOT_READY:
                    await self.workplaces.check(agent_id)
                self._router.set_ready(agent_id, ready, now_s)
            case AcceptCall(call_id=call_id, token=token):
                self._router.accept(agent_id, call_id, token, now_s)
                await self._calls.accept(call_id, self._agents[agent_id], now_s)
                if call := self._calls.live(call_id):
                    await self._appointments.video_begun(call.context.ticket)
            case DeclineCall(call_id=call_id, token=token):
                self._router.decline(agent_id, call_id, token, now_s)
            case EndCall(call_id=call_id):
                self._calls.check_on_air(agent_id, call_id)
                await self._floor.end(call_id, CallEndReason.AGENT_ENDED, now_s)
            case EndForMisconduct() | RaiseAlarm() | RingBack() | StopRinging():
                await self._troubles.obey(agent_id, command, now_s)
            case CheckCategory(call_id=call_id, confirmed=confirmed):
                self._calls.check_on_air(agent_id, call_id)
                await self._floor.check_category(call_id, confirmed, now_s)
            case NextCase():
                await self._calls.check_form(agent_id, command, now_s)
                await self._calls.next_case(command, now_s)
            case TellPortal(call_id=call_id, answer=answer):
                self._calls.check_on_air(agent_id, call_id)
                await self._calls.tell_portal(call_id, answer)
            case CloseWrapUp():
                await self._calls.check_form(agent_id, command, now_s)
                self._rings.close(command.call_id, now_s)
                await self._calls.close_wrap_up(command, now_s)
                self._deadlines.cancel("wrap_up", command.call_id)
                self._router.close_wrap_up(command.call_id, now_s)

    async def _page_lost(self, agent_id: str, now_s: float) -> None:
        call = self._calls.live(self._router.call_of(agent_id))
        await self.rooms.gone(agent_id, now_s)
        self._router.page_lost(agent_id, now_s)
        if call is not None and call.stage == CallStage.ON_AIR:
            await self._floor.end(call.call_id, CallEndReason.AGENT_LOST, now_s)
