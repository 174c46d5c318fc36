"""What the terminal tells billing without a customer waiting: registers of the days that are over, readings.

All of it goes through the outbox (`payment/billing/outbox.py`), so that a night without a network delays it and loses
nothing. The journal is read in a thread, beside its writer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import aiohttp

from payment.billing.accounts import AccountsClient
from payment.billing.outbox import Outbox, OutboxError, Sender
from payment.billing.outbox_senders import READINGS, REGISTER, readings_sender, register_sender
from payment.billing.register import DayRegister, write_changed
from payment.contract import JournalRecord
from payment.journal.journal import JournalError
from payment.reconciliation.daily_totals import JournalSummary
from payment.reconciliation.registers import RegisterError
from terminal_app.config import Billing

LOOK_S = 600  # how often it is asked whether a day is over
REGISTERS_FOLDER = "registers"
OUTBOX_FILE = "outbox.sqlite"

_log = logging.getLogger(__name__)


def open_post(
    billing: Billing,
    http: aiohttp.ClientSession,
    data: Path,
    terminal_id: str,
    *,
    records: Callable[[], Sequence[JournalRecord]],
    today: Callable[[], date],
) -> Post | None:
    """None: there is nobody to write to, or the outbox cannot be opened; money is taken without it too."""
    senders: dict[str, Sender] = {}
    if billing.accounts_url:
        senders[READINGS] = readings_sender(AccountsClient(billing.accounts_url, http))
    if billing.registers_url:
        senders[REGISTER] = register_sender(billing.registers_url, http)
    if not senders:
        return None
    try:
        outbox = Outbox(data / OUTBOX_FILE, senders)
    except OutboxError as error:
        _log.critical("nothing is told to billing at night: %s", error)
        return None
    tells_registers = REGISTER in senders
    return Post(outbox, data, terminal_id, records=records, tells_registers=tells_registers, today=today)


class Post:
    """Runs beside the till; touches no money."""

    def __init__(
        self,
        outbox: Outbox,
        data: Path,
        terminal_id: str,
        *,
        records: Callable[[], Sequence[JournalRecord]],
        tells_registers: bool = True,
        today: Callable[[], date],
    ) -> None:
        self.outbox = outbox
        self._folder = data / REGISTERS_FOLDER
        self._terminal_id = terminal_id
        self._records = records
        self._tells_registers = tells_registers
        self._today = today
        self._told: date | None = None

    async def run(self) -> None:
        """Delivers, and looks for days that are over, for as long as it is not cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self.outbox.run())
            while True:
                await self.tell_registers()
                await asyncio.sleep(LOOK_S)

    async def tell_registers(self) -> None:
        """Once a day: registers that are new, or changed by a payment that was confirmed late."""
        today = self._today()
        if self._told == today or not self._tells_registers:
            return
        try:
            for register in await asyncio.to_thread(self._changed, today):
                await self.outbox.put(REGISTER, register.key, await asyncio.to_thread(register.path.read_bytes))
        except (JournalError, RegisterError, OutboxError, OSError) as error:
            _log.error("registers of the day: %s", error)
            return
        self._told = today

    async def close(self) -> None:
        await self.outbox.close()

    def _changed(self, today: date) -> list[DayRegister]:
        """The first day is that of the first payment: before it there was nothing to tell."""
        records = self._records()
        days = (str(record.data["txn_date"]) for record in records if record.kind == "pay_intent")
        first = next(days, None)
        if first is None:
            return []
        self._folder.mkdir(exist_ok=True)
        summary = JournalSummary(records)
        return write_changed(self._folder, summary, self._terminal_id, _day(first), today)


def _day(moment: str) -> date:
    return date(int(moment[:4]), int(moment[4:6]), int(moment[6:8]))
