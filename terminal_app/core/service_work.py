"""What a technician asks of the terminal in service mode: tests, the day's report, the network, a bundle, the shift.

No test moves money: a slip that says that it is no receipt, lamps, and whether a device still speaks.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from device_drivers.contract.fiscal_printer import ShiftState
from payment.journal.journal import JournalError, read_journal
from payment.local_time import local_stamp
from payment.receipt import Heading, Pair, ReceiptLine, Rule, Words
from signaling_server.contract.readiness import ReadinessReport
from terminal_app.config import JOURNAL_FILE, TerminalConfig
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.office_side import OfficeSide
from terminal_app.core.service_bundle import RecentLog, cleaned, write_bundle
from terminal_app.core.service_mode.mode import SHEETS
from terminal_app.core.service_mode.report import DayReport, Standing, day_report
from terminal_app.core.service_mode.values import Facts, Result, Shift, Test, Wanted
from terminal_app.core.site_side import SiteSide
from terminal_app.core.state import may_work
from terminal_app.core.till import Till
from terminal_app.ipc import pages
from terminal_app.ipc.pages import Phrase
from terminal_app.version import SOFTWARE_VERSION

LISTEN_S = 2.0  # a device that is polled has spoken within this time
LAMPS_S = 8.0
SHIFT_S_MAX = 60.0
NETWORKS = Path("/sys/class/net")
PICTURES = Path(__file__).parent / "service_mode" / "paper"  # drawn by terminal_app.ui.assets.draw_paper

TEST_SLIP: tuple[ReceiptLine, ...] = (
    Heading("Проверка принтера", large=False),
    Rule(),
    Words("Съешь же ещё этих мягких французских булок, да выпей чаю. 0123456789 №"),
    Pair("Сумма", "0,00 ₽"),
    Rule(),
    Words("Это не чек."),
)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """The terminal's parts that service mode looks at."""

    config: TerminalConfig
    till: Till
    devices: DeviceManager
    site: SiteSide
    office: OfficeSide


class ServiceWork:
    """Each question is answered once, by a `Result`."""

    def __init__(self, parts: Parts, readiness: Callable[[], ReadinessReport]) -> None:
        self._parts = parts
        self._readiness = readiness
        self._data = Path(parts.config.data_dir)
        self._report: DayReport | None = None
        self._paper = tuple((PICTURES / f"step_{number}.png").read_bytes() for number in range(1, SHEETS + 1))
        self._recent = RecentLog()
        logging.getLogger().addHandler(self._recent)

    def facts(self) -> Facts:
        fiscal = self._parts.till.fiscal
        return Facts(
            devices=tuple(self._parts.devices.reports()),
            fiscal=fiscal is not None,
            shift=self._shift(),
            paper=self._paper,
            readiness=self._readiness(),
        )

    @property
    def reader_works(self) -> bool:
        return may_work(self._parts.devices.state("card_reader"))

    async def try_device(self, name: str, test: Test) -> Result:
        match test:
            case Test.SLIP:
                printed = await self._parts.till.on_paper(f"service-{uuid.uuid4()}", TEST_SLIP)
                return Result(printed, Phrase(f"service.test.{'printed' if printed else 'not_printed'}"))
            case Test.LAMPS:
                self._parts.site.devices.try_lights(LAMPS_S)
                return Result(True, Phrase("service.test.lamps"))
            case _:
                return await self._listen(name)

    async def answer(self, wanted: Wanted) -> Result:
        match wanted:
            case Wanted.REPORT:
                return await self._day()
            case Wanted.REPORT_SLIP:
                return await self._print_report()
            case Wanted.NETWORK:
                return self._network()
            case Wanted.BUNDLE:
                return await self._bundle()
            case Wanted.SHIFT_OPEN | Wanted.SHIFT_CLOSE:
                return await self._turn_shift(opens=wanted is Wanted.SHIFT_OPEN)

    # --- tests ------------------------------------------------------------------------------------------------------

    async def _listen(self, name: str) -> Result:
        """A device on a line is polled all the time: bytes come, or they do not. Of others their own state tells."""
        before = self._bytes_read(name)
        if before is None:
            speaks = may_work(self._parts.devices.state(name))
        else:
            await asyncio.sleep(LISTEN_S)
            speaks = (self._bytes_read(name) or 0) > before
        return Result(speaks, Phrase(f"service.test.{'speaks' if speaks else 'silent'}"))

    def _bytes_read(self, name: str) -> int | None:
        counters = self._parts.devices.counters().get(name)
        return counters.bytes_read if counters is not None else None

    # --- reports ----------------------------------------------------------------------------------------------------

    async def _day(self) -> Result:
        try:
            records = await asyncio.to_thread(read_journal, self._data / JOURNAL_FILE)
        except JournalError as error:
            _log.error("the journal is not read for a technician: %s", error)
            return Result(False, Phrase("service_report.unreadable"))
        cashier, site = self._parts.till.cashier, self._parts.site
        now = Standing(
            self._parts.till.cassette().total_minor, cashier.undelivered(), cashier.unfiscalised(), site.alarms()
        )
        self._report = day_report(records, self._stamp()[:8], now)
        return Result(True, pairs=self._report.pairs)

    async def _print_report(self) -> Result:
        if self._report is None:
            return Result(False, Phrase("service.test.not_printed"))
        printed = await self._parts.till.on_paper(f"service-{uuid.uuid4()}", self._report.lines)
        words = Phrase("service_report.printed" if printed else "service.test.not_printed")
        return Result(printed, words, self._report.pairs)

    def _network(self) -> Result:
        linked = self._parts.office.linked
        pairs = [pages.Pair(Phrase("service.network.office"), _yes(linked))]
        pairs += [
            pages.Pair(Phrase(text=name), Phrase(f"service.network.{'up' if up else 'down'}"))
            for name, up in interfaces(NETWORKS)
        ]
        return Result(linked, Phrase(f"service_network.{'linked' if linked else 'alone'}"), tuple(pairs))

    async def _bundle(self) -> Result:
        try:
            records = await asyncio.to_thread(read_journal, self._data / JOURNAL_FILE)
            path = await asyncio.to_thread(
                write_bundle, self._data, self._stamp(), self._state(), records, list(self._recent.lines)
            )
        except (OSError, JournalError) as error:
            _log.error("no bundle is written: %s", error)
            return Result(False, Phrase("service_bundle.failed"))
        name = pages.Pair(Phrase("service.field.file"), Phrase(text=f"{path.parent.name}/{path.name}"))
        return Result(True, Phrase("service_bundle.written"), (name,), qr=path.name)

    def _state(self) -> dict[str, object]:
        devices = self._parts.config.devices
        protocols = {name: str(getattr(devices, name)).partition(":")[0] for name in devices.__struct_fields__}
        return {
            "software": SOFTWARE_VERSION,
            "devices": [
                {
                    "class": report.device_class,
                    "state": report.state,
                    "fault": report.fault,
                    "detail": cleaned(report.detail),
                    "model": report.model,
                    "serial": report.serial,
                    "fitted": report.fitted,
                }
                for report in self._parts.devices.reports()
            ],
            "protocols": protocols,
            "lines": {name: str(counters) for name, counters in self._parts.devices.counters().items()},
            "alarms": self._parts.site.alarms(),
            "office": self._parts.office.linked,
            "journal_writable": self._parts.till.writable(),
        }

    # --- the fiscal shift ---------------------------------------------------------------------------------------------

    def _shift(self) -> Shift:
        fiscal = self._parts.till.fiscal
        drive = fiscal.drive if fiscal is not None else None
        if drive is None:
            return Shift()
        is_open = drive.shift is not ShiftState.CLOSED
        return Shift(True, is_open, drive.shift_number, drive.shift_hours, drive.unsent_documents)

    async def _turn_shift(self, *, opens: bool) -> Result:
        fiscal = self._parts.till.fiscal
        if fiscal is None:
            return Result(False, Phrase("service_shift.unknown"))
        if opens:
            fiscal.open_shift()
        else:
            fiscal.close_shift()
        ends_s = time.monotonic() + SHIFT_S_MAX
        done = False
        while not done and time.monotonic() < ends_s:
            await asyncio.sleep(0.2)
            done = self._shift().open is opens
        key = ("opened" if opens else "was_closed") if done else "refused"
        return Result(done, Phrase(f"service_shift.{key}"))

    def _stamp(self) -> str:
        return local_stamp(time.time(), self._parts.config.office.zone())


def interfaces(folder: Path) -> list[tuple[str, bool]]:
    """Network cards by name, and whether each has a line; loopback is none."""
    found = []
    for place in sorted(folder.iterdir()) if folder.is_dir() else []:
        try:
            state = (place / "operstate").read_text("ascii").strip()
        except OSError:
            continue
        if place.name != "lo":
            found.append((place.name, state == "up"))
    return found


def _yes(holds: bool) -> Phrase:
    return Phrase("service.yes" if holds else "service.no")
