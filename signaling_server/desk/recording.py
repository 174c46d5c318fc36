"""Whether a call is recorded, between its two sides (clause 9.4.3): no notice stored, nothing recorded.

The terminal tells that the notice was given; its event is stored before the terminal may begin. What the terminal tells
of its recording goes on to the agent's page, and stays with the call.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from signaling_server.clock import milliseconds
from signaling_server.contract.cases import Segment
from signaling_server.contract.recording import (
    NoticeGiven,
    RecordingAllowed,
    RecordingPolicy,
    RecordingState,
    RecordingTold,
)
from signaling_server.desk.call import Call
from signaling_server.desk.links import Links
from signaling_server.storage import recordings as rows

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RecordingRules:
    """Policies by queue (private customers, organisations), and the key that recordings are sealed to."""

    policies: Mapping[Segment, RecordingPolicy] = field(default_factory=dict)
    seal_key_id: str = ""
    seal_key_hex: str = ""

    def policy(self, call: Call) -> RecordingPolicy:
        return self.policies.get(call.context.segment, RecordingPolicy.OFF)


NO_RECORDING = RecordingRules()


class CallRecording:
    """How it stands with each live call."""

    def __init__(
        self,
        database: AsyncEngine,
        terminals: Links,
        pages: Links,
        talk: Callable[[str], Call | None],
        rules: RecordingRules,
    ) -> None:
        self.rules = rules
        self._database = database
        self._terminals = terminals
        self._pages = pages
        self._talk = talk
        self._states: dict[str, RecordingState] = {}

    async def restore(self, tx: AsyncConnection, call_id: str) -> None:
        """After our restart."""
        if told := await rows.events(tx, call_id):
            self._states[call_id] = told[-1][0]

    def state(self, call: Call) -> RecordingState:
        """What the agent is shown."""
        off = self.rules.policy(call) is RecordingPolicy.OFF
        return self._states.get(call.call_id, RecordingState.NONE if off else RecordingState.NOTICE)

    async def from_terminal(self, terminal_id: str, message: NoticeGiven | RecordingTold, now_s: float) -> None:
        call = self._talk(message.call_id)
        if call is None or call.terminal_id != terminal_id or self.rules.policy(call) is RecordingPolicy.OFF:
            _LOG.info("%s refused: not of the terminal of a call that may be recorded", type(message).__name__)
        elif isinstance(message, RecordingTold):
            await self._told(call, message, now_s)
        elif self.state(call) is not RecordingState.DECLINED:
            await self._noticed(call, now_s)

    def forget(self, call_id: str) -> None:
        """The talk is over, or another agent goes on with it: the customer is told anew."""
        self._states.pop(call_id, None)

    async def _noticed(self, call: Call, now_s: float) -> None:
        """Stored first; each answer is a recording of its own, since media may have lost the key of the last one."""
        at_ms = milliseconds(now_s)
        recording = rows.Recording(uuid.uuid4().hex, call.call_id, call.terminal_id, call.agent_id, at_ms)
        async with self._database.begin() as tx:
            await rows.keep_event(tx, call.call_id, RecordingState.NOTICE, "", at_ms=at_ms)
            await rows.insert_recording(tx, recording)
        self._states[call.call_id] = RecordingState.NOTICE
        key_id, key_hex = self.rules.seal_key_id, self.rules.seal_key_hex
        allowed = RecordingAllowed(call.call_id, recording.recording_id, key_id, key_hex)
        self._terminals.send(call.terminal_id, allowed)

    async def _told(self, call: Call, told: RecordingTold, now_s: float) -> None:
        at_ms = milliseconds(now_s)
        async with self._database.begin() as tx:
            await rows.keep_event(tx, call.call_id, told.state, told.reason, at_ms=at_ms)
            if told.state is RecordingState.DECLINED:
                await rows.refuse_call(tx, call.call_id, at_ms=at_ms)
        self._states[call.call_id] = told.state
        self._pages.send(call.agent_id, told)
