"""The life of calls: waiting -> on the air -> wrap-up -> closed. Every change is stored first, then told to both sides.

The two sides of a call are its terminal and the agent who took it; nobody else's frames reach them.
"""

from __future__ import annotations

import logging
import uuid
from dataclasses import replace

import msgspec
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.cases.register import UNNAMED_TITLE, OpenedCase, break_off, hand_over, open_case
from signaling_server.clock import milliseconds
from signaling_server.contract.closing import CASES_MAX, CallCase, CallCasesChanged, CaseResult, NextCase, PortalAnswer
from signaling_server.contract.messages import (
    ActiveCall,
    CallAccepted,
    CallChecked,
    CallEnded,
    CallEndReason,
    CallQuality,
    CallRequested,
    CloseWrapUp,
    Topic,
)
from signaling_server.contract.notes import CallNote, is_card, of_agent
from signaling_server.contract.turns import TurnCategory, Verdict
from signaling_server.desk import call_cases
from signaling_server.desk.call import Agent, Call, CallStage, Terminal
from signaling_server.desk.form_help import FormHelp
from signaling_server.desk.ice import IceServers
from signaling_server.desk.links import Links
from signaling_server.desk.media_path import MediaPath
from signaling_server.desk.recording import CallRecording, RecordingRules
from signaling_server.desk.routing.decisions import RefusedError
from signaling_server.desk.turns import declared
from signaling_server.storage import calls as rows
from signaling_server.storage.call_cards import keep_card

SILENCE_DB = -100.0
_LOG = logging.getLogger(__name__)


class Calls:
    """Calls that are not closed, in memory and in storage alike."""

    def __init__(
        self,
        database: AsyncEngine,
        terminals: Links,
        pages: Links,
        *,
        ice_servers: IceServers,
        topics: tuple[Topic, ...],
        categories: tuple[TurnCategory, ...],
        recording: RecordingRules,
    ) -> None:
        self._database = database
        self._terminals = terminals
        self._pages = pages
        self._ice_servers = ice_servers
        self._categories = categories
        self._titles = {topic.topic_id: topic.title for topic in topics}
        self._live: dict[str, Call] = {}
        self._quality: dict[str, dict[str, CallQuality]] = {}
        self._cases: dict[str, list[CallCase]] = {}
        self._flowing: set[str] = set()  # calls whose both sides decode what the present peer connection brings
        self.media = MediaPath(self.talk, self.begin_epoch, terminals, pages)
        self.help = FormHelp(database, terminals, pages, self.talk)
        self.recording = CallRecording(database, terminals, pages, self.talk, recording)

    # --- what can be asked ---------------------------------------------------------------------------------------

    async def restore(self, now_s: float) -> list[Call]:
        """The live calls of the storage, oldest first, after our restart."""
        async with self._database.begin() as tx:
            await rows.close_stray_offers(tx, at_ms=milliseconds(now_s))
            restored = await rows.live_calls(tx)
            for call in restored:
                self._cases[call.call_id] = await call_cases.of_call(tx, call.call_id, self._titles)
                await self.recording.restore(tx, call.call_id)
        self._live = {call.call_id: call for call in restored}
        return restored

    def live(self, call_id: str) -> Call | None:
        return self._live.get(call_id)

    def talk(self, call_id: str) -> Call | None:
        """The call while it is on the air."""
        call = self._live.get(call_id)
        return call if call is not None and call.stage == CallStage.ON_AIR else None

    def of_terminal(self, terminal_id: str) -> Call | None:
        """The call the customer is in: waiting or on the air."""
        stages = (CallStage.WAITING, CallStage.ON_AIR)
        return next((c for c in self._live.values() if c.terminal_id == terminal_id and c.stage in stages), None)

    def on_air(self) -> list[Call]:
        return [call for call in self._live.values() if call.stage == CallStage.ON_AIR]

    def is_flowing(self, call_id: str) -> bool:
        """Both sides decode what the present peer connection brings."""
        return call_id in self._flowing

    async def requested_before(self, terminal_id: str, request_id: str) -> Call | None:
        async with self._database.begin() as tx:
            return await rows.call_by_request(tx, terminal_id, request_id)

    async def stored(self, call_id: str) -> Call | None:
        async with self._database.begin() as tx:
            return await rows.call_by_id(tx, call_id)

    def active(self, call: Call) -> ActiveCall:
        return ActiveCall(
            call_id=call.call_id,
            way=call.way,
            topic=call.topic,
            site=call.site,
            context=call.context,
            started_at_ms=call.accepted_at_ms,
            media_epoch=call.media_epoch,
            ice_servers=self._ice_servers.told(call.call_id, call.requested_at_ms),
            ended_at_ms=call.ended_at_ms,
            end_reason=call.end_reason,
            cases=self._cases.get(call.call_id, []),
            portal=call.portal,
            recording=self.recording.state(call),
        )

    def accepted(self, call: Call, agent: Agent) -> CallAccepted:
        """What the terminal is told of an accepted or rebuilt call."""
        servers = self._ice_servers.told(call.call_id, call.requested_at_ms)
        policy = self.recording.rules.policy(call)
        return CallAccepted(call.call_id, agent.plate, servers, call.media_epoch, policy)

    # --- the life ------------------------------------------------------------------------------------------------

    async def add(self, terminal: Terminal, request: CallRequested, now_s: float) -> Call:
        """The waiting clock starts."""
        call = Call(
            call_id=uuid.uuid4().hex,
            terminal_id=terminal.terminal_id,
            site=terminal.site,
            request_id=request.request_id,
            way=request.way,
            topic=request.topic,
            context=msgspec.structs.replace(request.context, turn=declared(request.context.turn, self._categories)),
            requested_at_ms=milliseconds(now_s),
        )
        async with self._database.begin() as tx:
            await rows.insert_call(tx, call)
        self._live[call.call_id] = call
        return call

    async def accept(self, call_id: str, agent: Agent, now_s: float) -> Call:
        """An agent took the call: its case is opened with it; the caller tells the sides."""
        call = self._live[call_id]
        async with self._database.begin() as tx:
            case = await self._case(tx, call, agent, now_s)
            call = replace(
                call,
                stage=CallStage.ON_AIR,
                agent_id=agent.agent_id,
                accepted_at_ms=milliseconds(now_s),
                case_number=case.number,
                case_date=case.received_date,
            )
            await rows.save_call(tx, call)
            self._cases[call_id] = await call_cases.of_call(tx, call_id, self._titles)
        self._live[call_id] = call
        return call

    async def _case(self, tx: AsyncConnection, call: Call, agent: Agent, now_s: float) -> OpenedCase:
        """A call that came back has its case already: the next agent goes on with it."""
        if call.case_number:
            await hand_over(tx, call.case_number, agent_id=agent.agent_id, now_s=now_s)
            return OpenedCase(call.case_number, call.case_date)
        return await open_case(
            tx, call_id=call.call_id, terminal_id=call.terminal_id, agent_id=agent.agent_id, now_s=now_s
        )

    async def checked(self, terminal_id: str, told: CallChecked) -> Call | None:
        """What the terminal found of itself, and how its customer wants to talk now. None: not its call, or over."""
        call = self._live.get(told.call_id)
        if call is None or call.terminal_id != terminal_id or call.stage == CallStage.WRAP_UP:
            return None
        context = msgspec.structs.replace(call.context, preflight=told.preflight)
        return await self._save(replace(call, way=told.way, context=context))

    async def check_category(self, call_id: str, *, confirmed: bool) -> Call:
        """Yes or no is kept of the document. No: the call waits again. Raises RefusedError: none was declared."""
        call = self._live[call_id]
        turn = call.context.turn
        if not turn.category_id or turn.verdict is not Verdict.UNCHECKED:
            raise RefusedError("no_category")
        verdict = Verdict.CONFIRMED if confirmed else Verdict.REJECTED
        context = msgspec.structs.replace(call.context, turn=msgspec.structs.replace(turn, verdict=verdict))
        return await self._save(replace(call, context=context))

    async def back_to_queue(self, call_id: str) -> Call:
        """Its number, date and original time stay; its picture is built anew by the next agent."""
        self._flowing.discard(call_id)
        self._quality.pop(call_id, None)
        self.help.forget(call_id)
        self.recording.forget(call_id)
        call = self._live[call_id]
        epoch = call.media_epoch + 1
        back = replace(
            call, stage=CallStage.WAITING, agent_id="", accepted_at_ms=0, connected_at_ms=0, media_epoch=epoch
        )
        return await self._save(back)

    async def rebuild(self, call_id: str) -> Call:
        """On the air anew, by a higher media epoch: a side has lost the connection, or it was rung back (9.4.2)."""
        self._flowing.discard(call_id)
        call = replace(self._live[call_id], stage=CallStage.ON_AIR, ended_at_ms=0, end_reason=None)
        return await self._save(replace(call, media_epoch=call.media_epoch + 1, case_told_title=""))

    async def begin_epoch(self, call_id: str, media_epoch: int) -> Call:
        """What flowed by the epoch before tells nothing of this one."""
        self._flowing.discard(call_id)
        return await self._save(replace(self._live[call_id], media_epoch=media_epoch))

    async def hand_over(self, call_id: str, agent: Agent, now_s: float) -> Call:
        """Another agent goes on with the talk and its case; number, date and times stay."""
        async with self._database.begin() as tx:
            await self._case(tx, self._live[call_id], agent, now_s)
        return await self._save(replace(self._live[call_id], agent_id=agent.agent_id))

    async def end(self, call_id: str, reason: CallEndReason, now_s: float) -> Call:
        """The talk is over; from here the agent wraps up."""
        call = self._live[call_id]
        self._flowing.discard(call_id)
        self.help.forget(call_id)
        self.recording.forget(call_id)
        quality = msgspec.json.encode(self._quality.pop(call_id, {})).decode()
        at_ms = milliseconds(now_s)
        ended = replace(call, stage=CallStage.WRAP_UP, ended_at_ms=at_ms, end_reason=reason, quality=quality)
        call = await self._save(ended)
        self._terminals.send(call.terminal_id, CallEnded(call_id, reason))
        self._pages.send(call.agent_id, CallEnded(call_id, reason))
        return call

    async def leave_queue(self, call_id: str, reason: CallEndReason | None, now_s: float) -> Call:
        """Closed without an agent; `None` when it was we who could not serve it. One that had come back to the queue
        has a case: it ends with the call, unfinished, and the customer may be told its number.
        """
        at_ms = milliseconds(now_s)
        call = replace(
            self._live[call_id], stage=CallStage.CLOSED, end_reason=reason, ended_at_ms=at_ms, closed_at_ms=at_ms
        )
        async with self._database.begin() as tx:
            if call.case_number:
                await break_off(tx, call.case_number, now_s=now_s)
                call = replace(call, case_told_title=UNNAMED_TITLE)
            await rows.save_call(tx, call)
        del self._live[call_id]
        self._cases.pop(call_id, None)
        return call

    def check_mine(self, agent_id: str, call_id: str, stage: CallStage) -> Call:
        """The call. Raises RefusedError unless it is this agent's, and at this stage."""
        call = self._live.get(call_id)
        if call is None or call.agent_id != agent_id:
            raise RefusedError("unknown_call")
        if call.stage != stage:
            raise RefusedError("wrong_state")
        return call

    def check_on_air(self, agent_id: str, call_id: str) -> Call:
        """The call. Raises RefusedError unless this agent talks in it."""
        return self.check_mine(agent_id, call_id, CallStage.ON_AIR)

    async def check_form(self, agent_id: str, form: CloseWrapUp | NextCase, now_s: float) -> None:
        """Raises RefusedError when this form does not fit."""
        stage = CallStage.WRAP_UP if isinstance(form, CloseWrapUp) else CallStage.ON_AIR
        call = self.check_mine(agent_id, form.call_id, stage)
        if form.topic_id not in self._titles:
            raise RefusedError("unknown_topic")
        if isinstance(form, NextCase) and len(self._cases[call.call_id]) >= CASES_MAX:
            raise RefusedError("too_many_cases")
        async with self._database.begin() as tx:
            await call_cases.check(tx, form, call.case_number, now_s)

    async def next_case(self, form: NextCase, now_s: float) -> None:
        """The present case is closed and told to the customer; the next has its number at once."""
        call = self._live[form.call_id]
        async with self._database.begin() as tx:
            await call_cases.close(tx, form, call.case_number, now_s)
            ids = {"call_id": call.call_id, "terminal_id": call.terminal_id, "agent_id": call.agent_id}
            opened = await open_case(tx, **ids, now_s=now_s)
            call = replace(call, case_number=opened.number, case_date=opened.received_date, case_told_title="")
            await rows.save_call(tx, call)
            cases = await call_cases.of_call(tx, call.call_id, self._titles)
        self._live[call.call_id] = call
        self._cases[call.call_id] = cases
        self._terminals.send(call.terminal_id, call_cases.registered(call.call_id, cases[-2]))
        self._tell_cases(call)

    async def tell_portal(self, call_id: str, answer: PortalAnswer) -> None:
        """What the customer says of the ЛКК, by his touch or to the agent."""
        self._tell_cases(await self._save(replace(self._live[call_id], portal=answer)))

    def _tell_cases(self, call: Call) -> None:
        told = CallCasesChanged(call.call_id, self._cases[call.call_id], call.portal)
        self._pages.send(call.agent_id, told)

    async def close_wrap_up(self, form: CloseWrapUp, now_s: float) -> Call:
        """Fills the case and tells its number and date: to the agent now, to the customer unless he has them."""
        call = self._live[form.call_id]
        title = self._titles[form.topic_id]
        told = call.case_told_title
        call = replace(call, stage=CallStage.CLOSED, closed_at_ms=milliseconds(now_s), case_told_title=told or title)
        async with self._database.begin() as tx:
            await call_cases.close(tx, form, call.case_number, now_s)
            await rows.save_call(tx, call)
            case = (await call_cases.of_call(tx, call.call_id, self._titles))[-1]
        del self._live[call.call_id]
        del self._cases[call.call_id]
        registered = call_cases.registered(call.call_id, case)
        if not told or case.result is CaseResult.IN_WORK:  # term and way of the answer are told in any case
            self._terminals.send(call.terminal_id, registered)
        self._pages.send(call.agent_id, registered)
        return call

    async def tell_number(self, call_id: str) -> None:
        """The customer does not wait for the form: he gets the number and the date of his case at least."""
        call = self._live.get(call_id)
        if call and call.stage == CallStage.WRAP_UP and not call.case_told_title:
            await self.tell_registrations(await self._save(replace(call, case_told_title=UNNAMED_TITLE)))

    async def tell_registrations(self, call: Call) -> None:
        """The customer gets every number of this call, when that of the last may be told."""
        if call.case_told_title:
            async with self._database.begin() as tx:
                told = await call_cases.registrations(tx, call, self._titles)
            for registered in told:
                self._terminals.send(call.terminal_id, registered)

    # --- between the two sides -----------------------------------------------------------------------------------

    async def pass_note(self, sender_id: str, note: CallNote, now_s: float) -> None:
        """What one side of a call on the air wrote, to the other side. Cards and answers are kept first."""
        call = self.talk(note.call_id)
        if call is None or sender_id not in (call.terminal_id, call.agent_id):
            return self._refuse_relay(note)
        if note.card is not None and not is_card(note.card):
            return self._refuse_relay(note)
        told = sender_id == call.terminal_id
        note = note if told else of_agent(note)
        news = False
        if note.card is not None or (told and note.answer is not None):
            async with self._database.begin() as tx:
                news = await keep_card(tx, note, at_ms=milliseconds(now_s), shown=told)
        if told:
            self._pages.send(call.agent_id, note)
            if news and note.answer in call_cases.PORTAL_ANSWERS:
                await self.tell_portal(call.call_id, call_cases.PORTAL_ANSWERS[note.answer])
        else:
            self._terminals.send(call.terminal_id, note)
        return None

    async def note_quality(self, owner_id: str, report: CallQuality, now_s: float) -> None:
        """Keeps the last report of each side; connected means that both of them see or hear."""
        call = self.talk(report.call_id)
        if call is None or owner_id not in (call.terminal_id, call.agent_id):
            return
        sides = self._quality.setdefault(call.call_id, {})
        sides["terminal" if owner_id == call.terminal_id else "agent"] = report
        if len(sides) == 2 and all(_decodes(side) for side in sides.values()):
            self._flowing.add(call.call_id)
            if not call.connected_at_ms:
                await self._save(replace(call, connected_at_ms=milliseconds(now_s)))

    def _refuse_relay(self, message: msgspec.Struct) -> None:
        _LOG.info(
            "%s refused: not of the sides of a call on the air, or no card",
            type(message).__name__,
        )

    async def _save(self, call: Call) -> Call:
        async with self._database.begin() as tx:
            await rows.save_call(tx, call)
        self._live[call.call_id] = call
        return call


def _decodes(report: CallQuality) -> bool:
    return report.frames_decoded > 0 or report.audio_level_db > SILENCE_DB
