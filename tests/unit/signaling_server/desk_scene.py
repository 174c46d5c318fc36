"""A desk on a real database, with a clock that is told and sockets that only remember."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from signaling_server.cases.classifier import load_topics
from signaling_server.contract.messages import (
    AcceptCall,
    CallContext,
    CallOffered,
    CallQuality,
    CallQueued,
    CallRequested,
    CaseKind,
    CloseWrapUp,
    Plate,
    SetReady,
    TerminalHello,
    WayToTalk,
)
from signaling_server.contract.turns import Turn
from signaling_server.desk.call import Agent, Terminal
from signaling_server.desk.card_sending import OfficeMessages
from signaling_server.desk.desk import Desk
from signaling_server.desk.limits import DeskLimits
from signaling_server.desk.recording import NO_RECORDING, RecordingRules
from signaling_server.desk.turns import load_categories
from signaling_server.messaging.post import Post
from signaling_server.messaging.rules import Channel
from signaling_server.messaging.senders import Sender
from signaling_server.schedules.calendar import load_calendar
from signaling_server.schedules.places import SHIPPED, load_places
from signaling_server.schedules.zones import Zones
from signaling_server.storage.engine import open_database, sqlite_url
from signaling_server.storage.people import agent_with_hash, put_agent
from signaling_server.storage.terminals import OrderStore
from tests.well_workplace import WELL

COMPANY = "АО «Энергосбыт»"
GUARD_PHONES = {"Зал t1": "8 812 000-11-22"}
START_S = 1_795_500_000.0  # 24.11.2026 in Saint Petersburg
Message = TypeVar("Message")


class ToldClock:
    def __init__(self) -> None:
        self.at_s = START_S

    def now_s(self) -> float:
        return self.at_s


class Ear:
    """The outlet of a connection: remembers what it was sent."""

    def __init__(self) -> None:
        self.heard: list[object] = []
        self.closed: int | None = None

    def send(self, message: object) -> None:
        self.heard.append(message)

    def close(self, code: int, reason: str) -> None:
        self.closed = code

    def all(self, kind: type[Message]) -> list[Message]:
        return [message for message in self.heard if isinstance(message, kind)]

    def last(self, kind: type[Message]) -> Message:
        return self.all(kind)[-1]

    def names(self) -> list[str]:
        return [type(message).__name__ for message in self.heard]


class Scene:
    """Everybody around one desk."""

    def __init__(
        self,
        folder: Path,
        *,
        recording: RecordingRules = NO_RECORDING,
        senders: Mapping[Channel, Sender] = MappingProxyType({}),
    ) -> None:
        self.folder = folder
        self.recording = recording
        self.senders = senders
        self.clock = ToldClock()
        self._counter = itertools.count(1)

    async def open(self) -> Scene:
        self.database = await open_database(sqlite_url(self.folder))
        self.post = Post(self.database, self.clock, self.senders)
        places = load_places(SHIPPED, load_calendar(), date(2026, 11, 24))
        self.desk = Desk(
            self.database,
            self.clock,
            company=COMPANY,
            topics=load_topics(),
            categories=load_categories(),
            limits=DeskLimits(),
            guard_phones=GUARD_PHONES,
            recording=self.recording,
            messages=OfficeMessages(self.post, Zones(places)),
        )
        await self.desk.restore()
        return self

    async def restart(self) -> None:
        """As after kill -9: nothing but the database is left."""
        await self.database.dispose()
        await self.open()

    async def close(self) -> None:
        await self.database.dispose()

    async def pass_s(self, seconds: float) -> None:
        """Time passes; the desk wakes when it asked to."""
        end_s = self.clock.at_s + seconds
        while (wakes_at_s := self.desk.wakes_at_s()) <= end_s:
            self.clock.at_s = max(self.clock.at_s, wakes_at_s)
            await self.desk.tick()
            assert self.desk.wakes_at_s() > self.clock.at_s, "woken for nothing, again and again"
        self.clock.at_s = end_s

    async def agent(self, login: str, *, ready: bool = True, roles: tuple[str, ...] = ("agent",)) -> tuple[Agent, Ear]:
        plate = Plate("", login.title(), "Анна", "Викторовна", "консультант")
        async with self.database.begin() as tx:
            await put_agent(tx, login=login, password_hash="-", plate=plate, roles=roles, replace=False)
            found = await agent_with_hash(tx, login, COMPANY)
        assert found is not None
        ear = Ear()
        await self.desk.page_opened(found[0], ear)
        if ready:
            await self.ready(found[0], ear)
        return found[0], ear

    async def ready(self, agent: Agent, ear: Ear, command_id: str = "ready") -> None:
        """His page has looked at the workplace, and he presses «Готов»."""
        await self.desk.page_said(agent.agent_id, ear, WELL)
        await self.desk.page_said(agent.agent_id, ear, SetReady(command_id, True))

    async def terminal(self, name: str) -> tuple[Terminal, Ear]:
        await OrderStore(self.database).terminal_certified(
            terminal_id=name, title=name, site=f"Зал {name}", fingerprint_hex=name, at_ms=0
        )
        terminal, ear = Terminal(name, name, f"Зал {name}"), Ear()
        await self.hello(terminal, ear)
        return terminal, ear

    async def hello(self, terminal: Terminal, ear: Ear, call_id: str | None = None) -> None:
        hello = TerminalHello("1.0", call_id=call_id)
        await self.desk.terminal_opened(terminal, ear, next(self._counter), hello)

    async def request(self, terminal: Terminal, ear: Ear, request_id: str = "", turn: Turn | None = None) -> str:
        """The customer asks for a call; gives the call's id."""
        request_id = request_id or f"request-{next(self._counter)}"
        context = CallContext("balance", "•••1234", "Иван П.", turn=turn or Turn())
        request = CallRequested(request_id, WayToTalk.SPEAK, "Показания", context)
        await self.desk.terminal_said(terminal, request)
        return ear.last(CallQueued).call_id

    async def accept(self, agent: Agent, ear: Ear) -> str:
        """The agent takes what rings; gives the call's id."""
        call = ear.last(CallOffered).call
        await self.desk.page_said(agent.agent_id, ear, AcceptCall("accept", call.call_id, call.token))
        return call.call_id

    async def flow(self, terminal: Terminal, agent: Agent, ear: Ear, call_id: str) -> None:
        """Both sides decode."""
        await self.desk.terminal_said(terminal, CallQuality(call_id, 30, -20.0))
        await self.desk.page_said(agent.agent_id, ear, CallQuality(call_id, 30, -20.0))

    async def wrap_up(self, agent: Agent, ear: Ear, call_id: str, topic_id: str = "readings.submit") -> None:
        form = CloseWrapUp("wrap", call_id, CaseKind.QUESTION, topic_id, "Рассказали, как передать показания")
        await self.desk.page_said(agent.agent_id, ear, form)


async def on_air(scene: Scene) -> tuple[Terminal, Ear, Agent, Ear, str]:
    """One terminal and one agent in a call."""
    terminal, booth = await scene.terminal("t1")
    agent, page = await scene.agent("anna")
    await scene.request(terminal, booth)
    call_id = await scene.accept(agent, page)
    return terminal, booth, agent, page, call_id
