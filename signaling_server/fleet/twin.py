"""The reported half of every terminal's twin: is it there, and what does it say of itself.

Presence lives in memory under a lease; the rows are written in batches, so they may be a few seconds old after a crash.
"""

from __future__ import annotations

import asyncio
import logging

import msgspec
from msgspec import Struct
from sqlalchemy.ext.asyncio import AsyncEngine

from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.messages import (
    AlarmReport,
    CassetteReport,
    DeviceReport,
    FleetAnswer,
    Heartbeat,
    TerminalHello,
    TerminalRow,
)
from signaling_server.contract.preflight import LastPreflight
from signaling_server.contract.readiness import ReadinessReport
from signaling_server.storage.terminals import StoredTerminal, all_terminals, save_reports

PRESENCE_LEASE_S = 15.0  # three heartbeats
FLUSH_PERIOD_S = 5.0

_log = logging.getLogger(__name__)


class TerminalReport(Struct, frozen=True):
    """What a terminal said last."""

    software_version: str = ""
    screen: str = ""
    devices: list[DeviceReport] = []
    cassette: CassetteReport | None = None
    undelivered_payments: int = 0
    alarms: list[AlarmReport] = []
    cash_stopped: str = ""
    preflight: LastPreflight | None = None
    readiness: ReadinessReport | None = None


class Fleet:
    """Takes heartbeats, answers the operations page."""

    def __init__(self, database: AsyncEngine, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._reports: dict[str, TerminalReport] = {}
        self._seen_at_s: dict[str, float] = {}
        self._epochs: dict[str, int] = {}  # of the connections that stand
        self._unsaved: set[str] = set()

    def connected(self, terminal_id: str, epoch: int, hello: TerminalHello) -> None:
        """A terminal said hello: its whole state."""
        self._epochs[terminal_id] = epoch
        before = self._reports.get(terminal_id, TerminalReport())
        self._note(
            terminal_id,
            msgspec.structs.replace(
                before,
                software_version=hello.software_version,
                devices=hello.devices,
                cassette=hello.cassette,
            ),
        )

    def heard(self, terminal_id: str, beat: Heartbeat) -> None:
        """What it says of itself now; an alarm that is new stands in the log too."""
        before = self._reports.get(terminal_id, TerminalReport())
        for alarm in beat.alarms:
            if alarm not in before.alarms:
                _log.warning("terminal %s: %s", terminal_id, alarm.kind)
        self._note(
            terminal_id,
            TerminalReport(
                before.software_version,
                beat.screen,
                beat.devices,
                beat.cassette,
                beat.undelivered_payments,
                beat.alarms,
                beat.cash_stopped,
                beat.preflight,
                beat.readiness,
            ),
        )

    def disconnected(self, terminal_id: str, epoch: int) -> None:
        """Without effect when a newer connection stands."""
        if self._epochs.get(terminal_id) == epoch:
            del self._epochs[terminal_id]

    def _note(self, terminal_id: str, report: TerminalReport) -> None:
        self._reports[terminal_id] = report
        self._seen_at_s[terminal_id] = self._clock.now_s()
        self._unsaved.add(terminal_id)

    async def answer(self) -> FleetAnswer:
        """Every terminal that was ever certified, by title."""
        async with self._database.begin() as tx:
            stored = await all_terminals(tx)
        return FleetAnswer(milliseconds(self._clock.now_s()), [self._row(terminal) for terminal in stored])

    def _row(self, stored: StoredTerminal) -> TerminalRow:
        terminal_id = stored.terminal.terminal_id
        report = self._reports.get(terminal_id) or msgspec.json.decode(stored.report, type=TerminalReport)
        seen_at_s = self._seen_at_s.get(terminal_id)
        lease_holds = seen_at_s is not None and self._clock.now_s() < seen_at_s + PRESENCE_LEASE_S
        return TerminalRow(
            terminal_id=terminal_id,
            title=stored.terminal.title,
            site=stored.terminal.site,
            online=terminal_id in self._epochs and lease_holds,
            last_seen_ms=stored.last_seen_ms if seen_at_s is None else milliseconds(seen_at_s),
            software_version=report.software_version,
            screen=report.screen,
            devices=report.devices,
            cassette=report.cassette,
            undelivered_payments=report.undelivered_payments,
            alarms=report.alarms,
            cash_stopped=report.cash_stopped,
            preflight=report.preflight,
            readiness=report.readiness,
        )

    async def run(self) -> None:
        """Saves what is new every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(FLUSH_PERIOD_S)
            await self.flush()

    async def flush(self) -> None:
        """Writes the unsaved reports in one transaction."""
        batch, self._unsaved = self._unsaved, set()
        if batch:
            saved = [
                (name, milliseconds(self._seen_at_s[name]), msgspec.json.encode(self._reports[name]).decode())
                for name in batch
            ]
            async with self._database.begin() as tx:
                await save_reports(tx, saved)
