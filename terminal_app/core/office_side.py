"""The office as core sees it: the link, whether somebody is on duty, and what goes up by itself: health and journal."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from payment.journal.rows import JournalRows
from provisioning.terminal.identity import Identity
from signaling_server.contract import messages as office
from signaling_server.contract.money import JournalAcknowledged
from signaling_server.contract.preflight import LastPreflight
from signaling_server.contract.readiness import ReadinessReport
from terminal_app.config import Office
from terminal_app.core.call import Call
from terminal_app.core.call_check import NOTHING_FOUND, LinkMeasured
from terminal_app.core.journal_upload import JournalUpload
from terminal_app.core.link import Link
from terminal_app.core.link_check import LinkCheck
from terminal_app.core.recording_upload import RecordingUpload
from terminal_app.ipc import recordings
from terminal_app.ipc.messages import Screen
from terminal_app.version import SOFTWARE_VERSION


@dataclass(frozen=True, slots=True)
class Condition:
    """What the office is told of this terminal."""

    screen: str
    devices: list[office.DeviceReport]
    cassette: office.CassetteReport
    undelivered: int = 0
    alarms: list[office.AlarmReport] = field(default_factory=list)
    cash_stopped: str = ""
    readiness: ReadinessReport | None = None
    call_id: str | None = None


class OfficeSide:
    """Without an identity or an address there is no office, and all of this does nothing."""

    def __init__(
        self,
        settings: Office,
        identity: Identity | None,
        *,
        condition: Callable[[], Condition],
        on_message: Callable[[office.ServerToTerminal], None],
        on_changed: Callable[[office.TerminalWelcome | None], None],
    ) -> None:
        self.linked = False
        self.agents_on_duty = 0
        self._condition = condition
        self._on_message = on_message
        self._on_changed = on_changed
        self._link: Link | None = None
        self._link_check: LinkCheck | None = None
        self._preflight: LastPreflight | None = None
        if identity is not None and settings.url:
            self._link = Link(
                settings.url,
                identity.ssl_context(),
                hello=self._hello,
                heartbeat=self._heartbeat,
                on_message=self._heard,
                on_changed=self._link_changed,
                hurried=lambda: condition().call_id is not None,
            )
            self._link_check = LinkCheck(self._link.session)
        self._upload: JournalUpload | None = None
        self._recordings: RecordingUpload | None = None

    def upload(self, journal: Path) -> None:
        """The money journal, which exists now, goes up too, and recordings beside it. Raises JournalError."""
        if self._link is not None:
            self._upload = JournalUpload(JournalRows(journal), self._link.send)
            self._recordings = RecordingUpload(journal.parent / recordings.FOLDER, self.put, self._at_rest)

    async def run(self) -> None:
        """Keeps the link, for as long as it is not cancelled."""
        if self._link is None:
            return
        async with asyncio.TaskGroup() as group:
            group.create_task(self._link.run())
            if self._recordings is not None:
                group.create_task(self._recordings.run())

    def _at_rest(self) -> bool:
        """The line is free for what can wait."""
        return self.linked and self._condition().call_id is None

    @property
    def exists(self) -> bool:
        return self._link is not None

    def send(self, message: office.TerminalToServer) -> None:
        if self._link is not None:
            self._link.send(message)

    async def put(self, path: str, content: bytes) -> int:
        """To a path that the office has granted; its status. Raises OSError."""
        if self._link is None:
            raise OSError("there is no office")
        return await self._link.put(path, content)

    async def get(self, path: str, size_max: int) -> bytes:
        """From a path that the office has granted. Raises OSError: not given, or larger."""
        if self._link is None:
            raise OSError("there is no office")
        return await self._link.get(path, size_max)

    def follow(self, call: Call, tell: Callable[[LinkMeasured], None]) -> None:
        """While a customer waits his line is measured; what was found stays with the health of the terminal."""
        if self._link_check is not None:
            self._link_check.follow(self.linked and call.screen is Screen.CALL_WAITING, tell)
        found = call.check.found
        if found != NOTHING_FOUND and (self._preflight is None or self._preflight.found != found):
            self._preflight = LastPreflight(int(time.time() * 1_000), found)
            self.changed()

    def changed(self) -> None:
        """Something that the office shows."""
        if self._link is not None:
            self._link.changed()

    def on_time(self) -> None:
        """Once a second."""
        if self._upload is not None:
            self._upload.on_time(time.monotonic())

    def _hello(self) -> office.TerminalHello:
        now = self._condition()
        return office.TerminalHello(SOFTWARE_VERSION, now.devices, now.cassette, now.call_id)

    def _heartbeat(self, sequence: int) -> office.Heartbeat:
        now = self._condition()
        return office.Heartbeat(
            sequence,
            now.screen,
            now.devices,
            now.cassette,
            now.undelivered,
            now.alarms,
            now.cash_stopped,
            self._preflight,
            now.readiness,
        )

    def _heard(self, message: office.ServerToTerminal) -> None:
        if isinstance(message, office.DutyChanged):
            self.agents_on_duty = message.agents_on_duty
        if not isinstance(message, JournalAcknowledged):
            self._on_message(message)
        elif self._upload is not None:
            self._upload.on_acknowledged(message, time.monotonic())

    def _link_changed(self, welcome: office.TerminalWelcome | None) -> None:
        self.linked = welcome is not None
        self.agents_on_duty = welcome.agents_on_duty if welcome is not None else 0
        self._on_changed(welcome)
        if self._upload is not None:
            self._upload.link_changed(self.linked, time.monotonic())
