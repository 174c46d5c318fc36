"""Money on this terminal: journal, cashier and the devices that move cash and paper, wired together."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Mapping
from datetime import tzinfo
from pathlib import Path

import aiohttp

from device_drivers.catalog import make_bill_validator, make_receipt_printer, split_device_url
from device_drivers.contract.bill_validator import BillValidatorEvent
from payment.billing.account_values import Readings
from payment.billing.osmp import OsmpBilling
from payment.billing.osmp_dialects import DIALECTS
from payment.billing.outbox import OutboxError
from payment.billing.outbox_senders import readings_parcel
from payment.billing.sbp import SbpAcquirer
from payment.billing.sbp_dialects import ACQUIRERS
from payment.cashier import Cashier
from payment.contract import BillingChanged, CashierEvent, CashInSnapshot, CashSettings, CassetteChanged, Moment
from payment.inquiry import copy_of, inquire
from payment.journal.journal import Journal, JournalError, read_journal
from payment.local_time import local_date, local_stamp
from payment.receipt import Issuer, ReceiptLine, receipt_lines
from payment.rules.receipt import readable_moment
from signaling_server.contract.messages import CashCount, CassetteReport
from signaling_server.contract.money import MoneyMoveOrdered, MoneyMoveWithdrawn
from terminal_app.config import JOURNAL_FILE, Acquirer, TerminalConfig
from terminal_app.core import office_orders
from terminal_app.core.cash_in import ValidatorAcceptor, to_payment
from terminal_app.core.device_manager import DeviceManager
from terminal_app.core.fiscal import RegisterFiscalPort
from terminal_app.core.post import open_post
from terminal_app.core.printing import SlipReceiptPrinter
from terminal_app.core.storage_units import StorageUnits, units_of
from terminal_app.core.till_devices import TillDevices
from terminal_app.version import SOFTWARE_VERSION

SLIP_S_MAX = 60.0
SETTLEMENT_HOUR = "03"  # local; from then on, once a day, as soon as the terminal is at rest

_log = logging.getLogger(__name__)


class SystemClock:
    """payment's clock: wall and monotonic in one reading, and what a clock on the office's wall shows."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def now(self) -> Moment:
        wall_s = time.time()
        return Moment(int(wall_s * 1000), time.monotonic(), local_stamp(wall_s, self._zone))


class Till:
    """Opens the journal, recovers what an earlier run left open, then lets the devices speak."""

    def __init__(
        self,
        config: TerminalConfig,
        settings: CashSettings,
        devices: DeviceManager,
        http: aiohttp.ClientSession,
        *,
        terminal_title: str,
        post: Callable[[Callable[[], None]], None],
        on_journal_failed: Callable[[], None],
    ) -> None:
        """Raises: JournalBusyError, JournalDamagedError."""
        data = Path(config.data_dir)
        data.mkdir(parents=True, exist_ok=True)
        self._on_journal_failed = on_journal_failed
        self._tell: Callable[[CashInSnapshot], None] | None = None
        self.on_cassette: Callable[[bool], None] = lambda present: None  # told after the cashier
        zone = config.office.zone()
        self._clock = SystemClock(zone)
        self._journal = Journal.open(
            data / JOURNAL_FILE, post=post, on_failed=self._journal_failed, software_version=SOFTWARE_VERSION
        )
        validator_protocol, validator_line = _split(config.devices.bill_validator)
        printer_protocol, printer_line = _split(config.devices.receipt_printer)
        validator = make_bill_validator(validator_protocol) if validator_protocol else None
        printer = make_receipt_printer(printer_protocol) if printer_protocol else None
        self._issuer = Issuer(config.contacts.organisation, config.contacts.support_phone, terminal_title)
        self._terminal_id = settings.terminal_id
        self._printer = SlipReceiptPrinter(printer, self._issuer, self.on_event, training=config.training)
        self._billing = OsmpBilling(
            config.billing.osmp_url,
            session=http,
            post_event=self.on_event,
            dialect=DIALECTS[config.billing.osmp_dialect],
        )
        self._acquirer = _acquirer(config.acquirer, http, self.on_event)
        self._others = TillDevices(config, data, self.on_event)
        self._journal_file = journal_file = data / JOURNAL_FILE
        self._post = open_post(
            config.billing,
            http,
            data,
            settings.terminal_id,
            records=lambda: read_journal(journal_file),
            today=lambda: local_date(time.time(), zone),
        )
        self.cashier = Cashier(
            journal=self._journal,
            acceptor=ValidatorAcceptor(validator, settings.denominations_minor),
            billing=self._billing,
            printer=self._printer,
            clock=self._clock,
            settings=settings,
            tell=self._told,
            records=self._journal.records(),
            coins=self._others.coins,
            pinpad=self._others.pinpad,
            acquirer=self._acquirer,
            fiscal=self._others.fiscal,
            rules=config.dated_rules(),
        )
        units = units_of(config, local_date(time.time(), zone))
        self.storage = StorageUnits(units, self.cashier.cassette(), devices.store)
        if validator is not None:
            devices.add("bill_validator", validator_line, validator, self._from_validator)
        if printer is not None:
            devices.add("receipt_printer", printer_line, printer, self._printer.on_event)
        self._others.start(devices, self.cashier.coin_counter(), self.storage)

    def on_event(self, event: CashierEvent) -> None:
        self.cashier.on_event(event)

    def on_time(self, *, billing_reachable: bool, at_rest: bool) -> None:
        """Once a second: repeats of what is unanswered; once a day the bank's totals, when nobody stands there.

        `at_rest`: no customer has begun anything, so none finds the bank terminal busy with its totals.
        """
        now = self._clock.now()
        self.on_event(BillingChanged(billing_reachable))
        self.cashier.on_time(now)
        self.storage.counted(self.cashier.cassette())
        due = now.local[8:10] >= SETTLEMENT_HOUR and self.cashier.settled_on() != now.local[:8]
        if due and at_rest and self._others.pinpad is not None:
            self.cashier.settle()

    def print_slip(self, job_id: str, lines: tuple[ReceiptLine, ...], done: Callable[[bool], None]) -> None:
        """A slip that is no receipt; `done` is told, never before this returns, whether it is surely on paper."""
        loop = asyncio.get_running_loop()

        def later(printed: bool) -> None:
            loop.call_soon(done, printed)

        self._printer.print_slip(job_id, lines, later)

    async def on_paper(self, job_id: str, lines: tuple[ReceiptLine, ...]) -> bool:
        """Such a slip, surely on paper within `SLIP_S_MAX`."""
        ended: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def done(printed: bool) -> None:
            if not ended.done():  # else it came too late
                ended.set_result(printed)

        self.print_slip(job_id, lines, done)
        try:
            return await asyncio.wait_for(ended, SLIP_S_MAX)
        except TimeoutError:
            return False

    async def print_copy_of(self, txn_id: str) -> None:
        """The slip of any payment of this journal, marked КОПИЯ, as things stand now."""
        try:
            found = inquire(await asyncio.to_thread(read_journal, self._journal_file), txn_id)
        except JournalError as error:
            _log.error("the journal is not read for a copy: %s", error)
            return
        if not found:
            _log.error("a copy of an unknown payment is asked for")
            return
        copy = copy_of(found[0], terminal_id=self._terminal_id, printed_at=readable_moment(self._clock.now().local))
        self.print_slip(f"copy-{uuid.uuid4()}", receipt_lines(copy, self._issuer), lambda printed: None)

    async def keep_readings(self, readings: Readings) -> None:
        """On disk when this returns; billing is told until it has them. Raises: OutboxError."""
        if self._post is None:
            raise OutboxError("there is nobody to tell readings to")
        await self._post.outbox.put(*readings_parcel(readings))

    def note_service(self, act: Mapping[str, object]) -> None:
        """An act of service mode, in one chain with the money: the office hears of it as of every record."""
        self._journal.append("service_act", dict(act), lambda: None)

    @property
    def fiscal(self) -> RegisterFiscalPort | None:
        """The fiscal register, where there is one."""
        return self._others.fiscal

    def carry_out(self, order: MoneyMoveOrdered | MoneyMoveWithdrawn) -> None:
        """What two people at the office decided of money that lies here."""
        try:
            self.on_event(office_orders.to_payment(order))
        except ValueError as error:
            _log.error("an order of the office is not understood: %s", error)

    def listen(self, tell: Callable[[CashInSnapshot], None]) -> None:
        """The present state now, and each change after it; what a restart did before has no listener yet."""
        self._tell = tell
        tell(self.cashier.snapshot)

    def _told(self, snapshot: CashInSnapshot) -> None:
        if self._tell is not None:
            self._tell(snapshot)

    async def run(self) -> None:
        """What needs no customer: the post. Ends only when cancelled."""
        await (self._post.run() if self._post is not None else asyncio.Event().wait())

    def cancel_card(self) -> None:
        """The customer gave up before the card was put."""
        if self._others.pinpad is not None:
            self._others.pinpad.cancel()

    def between_customers(self) -> None:
        """The journal's log is folded in while nobody waits for it."""
        self._journal.checkpoint()

    def shows_qr(self, now: CashInSnapshot) -> bool:
        """A payment by СБП can begin: there is a bank for it, and what it needs of the till."""
        return self._acquirer is not None and now.journal_ok and now.fiscal_ready and self.writable()

    def writable(self) -> bool:
        return self._journal.writable()

    def cassette(self) -> CassetteReport:
        count = self.cashier.cassette()
        notes = [CashCount(value_minor, number) for value_minor, number in sorted(count.notes.items())]
        return CassetteReport(count.total_minor, notes, count.in_doubt_minor)

    async def close(self) -> None:
        await self._billing.close()
        if self._acquirer is not None:
            await self._acquirer.close()
        if self._post is not None:
            await self._post.close()
        self._journal.close()

    def _from_validator(self, event: BillValidatorEvent) -> None:
        self.storage.observe("bill_validator", event)
        if (told := to_payment(event)) is not None:
            self.on_event(told)
            if isinstance(told, CassetteChanged):
                self.on_cassette(told.present)

    def _journal_failed(self, error: Exception) -> None:
        _log.critical("the money journal cannot be written, cash is stopped: %s", error)
        self._on_journal_failed()


def _acquirer(
    settings: Acquirer, http: aiohttp.ClientSession, tell: Callable[[CashierEvent], None]
) -> SbpAcquirer | None:
    if not settings.url:
        return None
    dialect = ACQUIRERS[settings.dialect]
    return SbpAcquirer(settings.url, session=http, post_event=tell, dialect=dialect, token=settings.token)


def _split(device_url: str) -> tuple[str, str]:
    return split_device_url(device_url) if device_url else ("", "")
