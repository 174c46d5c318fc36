"""Recordings at the office: taken sealed, listed, played to the entitled for a reason that is kept, destroyed in time.

The office keeps chunks as they came. A recording's own key lies in its row, sealed to the office's key; it is opened in
memory for a viewing. When the term of its queue is over and nobody holds it, the key is destroyed: what is left on any
disk or copy of a disk is noise.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.clock import DAY_MS, Clock, milliseconds
from signaling_server.contract.cases import Segment
from signaling_server.contract.messages import CallEndReason
from signaling_server.contract.recorded import RecordedError, is_last, key_context
from signaling_server.contract.recording import (
    CHUNKS_MAX,
    KEEP_DAYS_USUAL,
    HoldRecording,
    OpenRecording,
    RecordedSide,
    RecordingHead,
    RecordingOpened,
    RecordingsAnswer,
)
from signaling_server.contract.sealing import OfficeSeal, SealError
from signaling_server.desk.call import Agent
from signaling_server.recordings.shelf import Shelf
from signaling_server.recordings.side import Side, SideFile
from signaling_server.recordings.viewing import Opened, Viewing
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import recordings as rows
from signaling_server.storage.calls import call_by_id

FOLDER = "recordings"
LOOK_S = 3_600.0  # how often terms are looked at
VIEWING_S_MAX = 3_600.0
VIEWINGS_MAX = 20  # each holds a layout of some hundred kilobytes, and a key
ENTITLED = frozenset({"supervisor", "administrator"})
MISCONDUCT_HOLD = "Разговор завершён из-за недопустимого поведения"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Play:
    login: str
    viewing: Viewing
    opened: Opened
    until_s: float


class RecordingRoom:
    def __init__(
        self, database: AsyncEngine, clock: Clock, data_dir: Path, seal: OfficeSeal, keep_days: Mapping[Segment, int]
    ) -> None:
        self._database = database
        self._clock = clock
        self._shelf = Shelf(data_dir / FOLDER)
        self._seal = seal
        self._keep_days = keep_days
        self._plays: dict[str, _Play] = {}

    # --- from terminals --------------------------------------------------------------------------------------------

    async def take_head(self, terminal_id: str, recording_id: str, head: RecordingHead) -> None:
        """Raises ServiceRefusedError: no notice is stored for it, it is not wanted, or its key is no key."""
        recording = await self._awaited(terminal_id, recording_id)
        if recording.call_id != head.call_id:
            raise ServiceRefusedError("unknown_recording", "Такой записи не ждут")
        self._key(recording_id, head.call_id, head.sealed_key)
        async with self._database.begin() as tx:
            call = await call_by_id(tx, recording.call_id)
            assert call is not None, "a recording is of a call"
            days = self._keep_days.get(call.context.segment, KEEP_DAYS_USUAL)
            misconduct = call.end_reason is CallEndReason.MISCONDUCT  # clause 9.4.10: it is kept
            hold = recording.hold_reason or (MISCONDUCT_HOLD if misconduct else "")
            keep_until_ms = recording.noticed_at_ms + days * DAY_MS
            await rows.keep_head(tx, recording_id, head, keep_until_ms=keep_until_ms, hold_reason=hold)

    async def take_chunk(self, terminal_id: str, recording_id: str, number: int, sealed: bytes) -> None:
        """As it came: it cannot be read here without its key. Raises ServiceRefusedError, OSError."""
        recording = await self._awaited(terminal_id, recording_id)
        if not recording.sealed_key or number >= CHUNKS_MAX:
            raise ServiceRefusedError("no_head", "Сначала ключ записи")
        if await asyncio.to_thread(self._shelf.put, recording_id, number, sealed):
            async with self._database.begin() as tx:
                await rows.note_chunk(tx, recording_id, size=len(sealed), last=is_last(sealed))

    async def _awaited(self, terminal_id: str, recording_id: str) -> rows.Recording:
        async with self._database.begin() as tx:
            recording = await rows.recording_by_id(tx, recording_id)
        if recording is None or recording.terminal_id != terminal_id:
            raise ServiceRefusedError("unknown_recording", "Такой записи не ждут")
        if recording.destroyed_at_ms:
            raise ServiceRefusedError("not_wanted", "Клиент отказался от записи, или её срок истёк")
        return recording

    # --- for the desk ----------------------------------------------------------------------------------------------

    async def listed(self) -> RecordingsAnswer:
        async with self._database.begin() as tx:
            return RecordingsAnswer(await rows.listed(tx))

    async def open(self, agent: Agent, form: OpenRecording) -> RecordingOpened:
        """Kept with its reason before anything is seen. Raises ServiceRefusedError."""
        recording = await self._kept(form.recording_id)
        await self._note(form.recording_id, agent.login, "view", form.reason)
        key = self._key(recording.recording_id, recording.call_id, recording.sealed_key)
        viewing = Viewing(self._shelf, recording.recording_id, key)
        try:
            opened = await asyncio.to_thread(viewing.open)
        except (RecordedError, OSError) as error:
            _LOG.error("recording %s: %s", form.recording_id, error)
            raise ServiceRefusedError("unreadable", "Запись повреждена: она не открывается") from error
        token = secrets.token_urlsafe(24)
        self._forget_old()
        self._plays[token] = _Play(agent.login, viewing, opened, self._clock.now_s() + VIEWING_S_MAX)
        files = opened.sides
        sides = [
            RecordedSide(side.value, f"/api/recordings/play/{token}/{side}.webm", files[side].picture is not None)
            for side in Side
        ]
        duration_ms = max(file.duration_ms for file in files.values())
        begins_at_ms = recording.noticed_at_ms + opened.begins_us // 1_000
        return RecordingOpened(duration_ms, begins_at_ms, opened.missing, opened.whole, sides)

    async def file(self, agent: Agent, token: str, side: Side) -> SideFile:
        """Raises ServiceRefusedError: not his viewing, or its hour is over."""
        play = self._play(agent, token)
        return play.opened.sides[side]

    async def read(self, agent: Agent, token: str, file: SideFile, start: int, stop: int) -> AsyncIterator[bytes]:
        """Raises ServiceRefusedError, RecordedError, OSError."""
        pieces = self._play(agent, token).viewing.read(file, start, stop)
        while (piece := await asyncio.to_thread(next, pieces, None)) is not None:
            yield piece

    async def hold(self, agent: Agent, form: HoldRecording) -> None:
        """Held, or let go again: both are kept. Raises ServiceRefusedError."""
        await self._kept(form.recording_id)
        async with self._database.begin() as tx:
            await rows.set_hold(tx, form.recording_id, form.reason if form.hold else "")
        await self._note(form.recording_id, agent.login, "hold" if form.hold else "release", form.reason)

    # --- by itself -------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.destroy_overdue()
            await asyncio.sleep(LOOK_S)

    async def destroy_overdue(self) -> None:
        """The key first, then the chunks: if we fall between, what is left cannot be read."""
        now_ms = milliseconds(self._clock.now_s())
        async with self._database.begin() as tx:
            overdue = await rows.overdue(tx, now_ms)
        for recording_id in overdue:
            async with self._database.begin() as tx:
                await rows.destroy_key(tx, recording_id, at_ms=now_ms)
            await self._note(recording_id, "", "destroy", "")
            self._plays = {t: play for t, play in self._plays.items() if play.opened.recording_id != recording_id}
            await asyncio.to_thread(self._shelf.clear, recording_id)

    async def _kept(self, recording_id: str) -> rows.Recording:
        async with self._database.begin() as tx:
            recording = await rows.recording_by_id(tx, recording_id)
        if recording is None or not recording.sealed_key:
            raise ServiceRefusedError("unknown_recording", "Этой записи больше нет")
        return recording

    async def _note(self, recording_id: str, login: str, act: str, reason: str) -> None:
        at_ms = milliseconds(self._clock.now_s())
        async with self._database.begin() as tx:
            await rows.keep_act(tx, recording_id, login=login, act=act, reason=reason, at_ms=at_ms)

    def _key(self, recording_id: str, call_id: str, sealed_key: bytes) -> bytes:
        try:
            return self._seal.open(sealed_key, key_context(recording_id, call_id))
        except SealError as error:
            raise ServiceRefusedError("wrong_key", "Ключ записи не открывается ключом этого офиса") from error

    def _play(self, agent: Agent, token: str) -> _Play:
        self._forget_old()
        play = self._plays.get(token)
        if play is None or play.login != agent.login:
            raise ServiceRefusedError("unknown_viewing", "Просмотр закончился: откройте запись ещё раз")
        return play

    def _forget_old(self) -> None:
        now_s = self._clock.now_s()
        alive = [(token, play) for token, play in self._plays.items() if play.until_s > now_s]
        self._plays = dict(alive[-VIEWINGS_MAX:])


def may_play(agent: Agent) -> bool:
    return bool(ENTITLED & set(agent.roles))
