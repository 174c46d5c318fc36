"""An office's money rooms over a database of their own, and journals to feed them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from payment.journal.chain import GENESIS, chained
from signaling_server.contract.messages import Plate
from signaling_server.contract.money import JournalAcknowledged, JournalBatch, JournalRow
from signaling_server.desk.call import Agent
from signaling_server.money.journals import Journals
from signaling_server.money.money_desk import MoneyDesk
from signaling_server.storage.engine import open_database, sqlite_url
from signaling_server.storage.terminals import OrderStore

FIRST_MS = 1_795_432_320_000  # 23.11.2026 14:12 in Moscow
PLATE = Plate("АО «Энергосбыт»", "Орлова", "Мария", "Петровна", "бухгалтер")
ORLOVA = Agent("a1", "orlova", PLATE, ("accountant",))
PETROV = Agent("a2", "petrov", PLATE, ("supervisor",))
CONSULTANT = Agent("a3", "anna", PLATE, ("agent",))


class Clock:
    def __init__(self) -> None:
        self.s = FIRST_MS / 1_000

    def now_s(self) -> float:
        return self.s


class JournalOfTerminal:
    """Writes records as a terminal's journal does."""

    def __init__(self, boot_id: str = "boot") -> None:
        self.rows: list[JournalRow] = []
        self._boot_id = boot_id

    def write(self, kind: str, **data: object) -> JournalRow:
        return self.write_text(kind, json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")))

    def write_text(self, kind: str, text: str) -> JournalRow:
        sequence = len(self.rows) + 1
        previous = bytes.fromhex(self.rows[-1].hash) if self.rows else GENESIS
        stamp = (sequence, kind, text, FIRST_MS + sequence * 1_000, sequence, self._boot_id, "0.1.0")
        self.rows.append(JournalRow(*stamp, hash=chained(previous, stamp).hex()))
        return self.rows[-1]

    def batch(self, first: int = 1, last: int | None = None) -> JournalBatch:
        previous = self.rows[first - 2].hash if first > 1 else GENESIS.hex()
        return JournalBatch(self.rows[0].hash, previous, self.rows[first - 1 : last])

    def visit(self, txn_id: str = "261123141200000100", account: str = "001234567", outcome: str = "credited") -> None:
        """A whole cash payment of 500 rubles."""
        session_id = f"s-{txn_id}"
        self.write("session_open", session_id=session_id, account=account, service="electricity")
        self.write("stacked", session_id=session_id, value_minor=50_000)
        known = {"txn_id": txn_id, "amount_minor": 50_000, "fee_minor": 0}
        intent = {**known, "txn_date": "20261123141200", "account": account, "service": "electricity"}
        self.write("pay_intent", session_id=session_id, means="cash", **intent)
        self.write("pay_result", **known, outcome=outcome, provider_txn="77", result_code=0)
        self.write("receipt_done", session_id=session_id, txn_id=txn_id, printed=True, reason="")


class MoneyScene:
    def __init__(self, database: AsyncEngine) -> None:
        self.clock = Clock()
        self.database = database
        self.journals = Journals(database, self.clock)
        self.desk = MoneyDesk(database, self.clock)

    async def take(self, journal: JournalOfTerminal, first: int = 1, last: int | None = None) -> JournalAcknowledged:
        return await self.journals.take("T-1", journal.batch(first, last))

    async def items(self, *, closed: bool = False):
        return (await self.desk.items(ORLOVA, closed=closed)).items


@contextlib.asynccontextmanager
async def money_scene(folder: Path) -> AsyncIterator[MoneyScene]:
    database = await open_database(sqlite_url(folder))
    store = OrderStore(database)
    for number in (1, 2):
        await store.terminal_certified(
            terminal_id=f"T-{number}",
            title=f"Терминал {number}",
            site="Невский, 1",
            fingerprint_hex=f"{number}",
            at_ms=1,
        )
    try:
        yield MoneyScene(database)
    finally:
        await database.dispose()
