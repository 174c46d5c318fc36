"""Takes journals of terminals: at least once on the wire, applied exactly once, in one transaction a batch.

A record is known by (terminal, journal, sequence), a payment by (terminal, txn_id). The same key with the same content
is a repeat; with other content it is an item with an owner, never an overwrite. The chain is checked here anew.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from payment.journal.chain import GENESIS, StoredRecord, follows
from signaling_server.clock import Clock, milliseconds
from signaling_server.contract.money import JournalAcknowledged, JournalBatch, JournalRow, MoneyItemKind
from signaling_server.money import orders, withdrawals
from signaling_server.money.change_values import (
    ACCOUNTING,
    OPERATIONS,
    CardDoubted,
    CardRefunded,
    Change,
    CollectionCounted,
    CollectionEnded,
    CollectionSeen,
    DocumentMade,
    ItemClosed,
    ItemOpened,
    OrderAccepted,
    OrderBegun,
    OrderEnded,
    OrderWithdrawn,
    PaymentAnswered,
    PaymentCancelled,
    PaymentTaken,
    QrPaid,
    ReceiptEnded,
    SessionSeen,
)
from signaling_server.money.changes import changes_of, unreadable
from signaling_server.storage import money as rows
from signaling_server.storage import money_orders as order_rows

BANK_FIRST = "Возврат на карту без ответа банка: деньги могут быть уже у клиента. Сначала спросите банк"
_LOG = logging.getLogger(__name__)


class Journals:
    """The receiving end of the upload."""

    def __init__(self, database: AsyncEngine, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._turn = asyncio.Lock()  # a fleet that comes back sends much: calls wait for one batch, not for all

    async def asked(self, terminal_id: str, journal_id: str) -> JournalAcknowledged:
        """How much of this journal is here."""
        async with self._database.begin() as tx:
            head = await rows.journal_head(tx, terminal_id, journal_id)
        return JournalAcknowledged(journal_id, head[0] if head else 0)

    async def take(self, terminal_id: str, batch: JournalBatch) -> JournalAcknowledged:
        """Stores and applies what is new of a batch; what it answers is durable."""
        at_ms = milliseconds(self._clock.now_s())
        async with self._turn, self._database.begin() as tx:
            head = await rows.journal_head(tx, terminal_id, batch.journal_id)
            if head is None:
                head = (0, "")
                await self._meet_journal(tx, terminal_id, batch.journal_id, at_ms)
            sequence, refused = await self._store(tx, terminal_id, batch, head, at_ms)
        if refused:
            _LOG.error("terminal %s: the journal's batch is refused: %s", terminal_id, refused)
        return JournalAcknowledged(batch.journal_id, sequence, refused)

    async def _meet_journal(self, tx: AsyncConnection, terminal_id: str, journal_id: str, at_ms: int) -> None:
        if await rows.has_other_journal(tx, terminal_id, journal_id):
            detail = "Терминал начал другой журнал: диск заменён или журнал удалён"
            reference = f"journal-{journal_id[:16]}"
            replaced = ItemOpened(MoneyItemKind.CHAIN, reference, 0, OPERATIONS, at_ms, detail)
            await rows.open_item(tx, terminal_id, replaced, "")
        await rows.add_journal(tx, terminal_id, journal_id, at_ms)

    async def _store(
        self, tx: AsyncConnection, terminal_id: str, batch: JournalBatch, head: tuple[int, str], at_ms: int
    ) -> tuple[int, str]:
        """The new last sequence, and why the batch was not taken."""
        last, last_hash = head
        known = [row for row in batch.rows if row.sequence <= last]
        fresh = [row for row in batch.rows if row.sequence > last]
        if known and (differs := await self._differing(tx, terminal_id, batch.journal_id, known)) is not None:
            detail = f"Запись {differs} пришла с другим содержанием; принятая раньше не изменена"
            reference = record_name(batch.journal_id, differs)
            conflict = ItemOpened(MoneyItemKind.CONFLICT, reference, 0, OPERATIONS, at_ms, detail)
            await rows.open_item(tx, terminal_id, conflict, "")
            return last, "other content under a known number"
        if not fresh:
            return last, ""
        if fresh[0].sequence != last + 1:
            return last, ""  # a gap: the terminal sends again from where we are
        broken = _break_of_chain(last_hash, batch, fresh)
        if broken is not None:
            detail = f"Запись {broken} не продолжает журнал: изменена или повреждена на терминале"
            reference = record_name(batch.journal_id, broken)
            item = ItemOpened(MoneyItemKind.CHAIN, reference, 0, OPERATIONS, at_ms, detail)
            await rows.open_item(tx, terminal_id, item, "")
            return last, "the chain is broken"
        await rows.add_records(tx, terminal_id, batch.journal_id, fresh, at_ms)
        for row in fresh:
            await apply(tx, terminal_id, row, batch.journal_id)
        return fresh[-1].sequence, ""

    async def _differing(
        self, tx: AsyncConnection, terminal_id: str, journal_id: str, known: Sequence[JournalRow]
    ) -> int | None:
        """The first record that is not what is stored under its number."""
        stored = await rows.record_hashes(tx, terminal_id, journal_id, known[0].sequence, known[-1].sequence)
        return next((row.sequence for row in known if stored.get(row.sequence) != row.hash), None)


def _break_of_chain(last_hash: str, batch: JournalBatch, fresh: Sequence[JournalRow]) -> int | None:
    """The first record that does not follow the one before it."""
    previous = bytes.fromhex(last_hash) if last_hash else GENESIS
    for place, row in enumerate(fresh, start=fresh[0].sequence):
        record = StoredRecord(
            row.sequence,
            row.kind,
            row.data,
            row.wall_ms,
            row.monotonic_ms,
            row.boot_id,
            row.software_version,
            bytes.fromhex(row.hash),
        )
        begins = row.sequence != 1 or row.hash == batch.journal_id
        if row.sequence != place or not begins or not follows(previous, record):
            return row.sequence
        previous = record.hash
    return None


# --- applying ---------------------------------------------------------------------------------------------------------


def record_name(journal_id: str, sequence: int) -> str:
    """What a record is called among all of its terminal; a replaced journal counts from one again."""
    return f"{sequence}-{journal_id[:8]}"


async def apply(tx: AsyncConnection, terminal_id: str, row: JournalRow, journal_id: str) -> None:
    """One record that is stored for the first time."""
    record = record_name(journal_id, row.sequence)
    try:
        data = json.loads(row.data)
        changes = changes_of(row.kind, data, record, row.wall_ms)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError):
        changes = [unreadable(row.kind, record, row.wall_ms)]
    for change in changes:
        await _apply(tx, terminal_id, journal_id, change)


async def _apply(tx: AsyncConnection, terminal_id: str, journal_id: str, change: Change) -> None:
    match change:
        case QrPaid(session_id=session_id, operation_id=operation_id, amount_minor=amount_minor):
            await order_rows.note_operation(tx, terminal_id, session_id, operation_id, amount_minor)
        case PaymentCancelled(txn_id=txn_id):
            await rows.cancel_payment(tx, terminal_id, txn_id)
            await orders.freed(tx, change)
        case OrderAccepted(order_id=order_id, at_ms=at_ms):
            await orders.accepted(tx, order_id, at_ms)
        case OrderBegun(order_id=order_id):
            await orders.begun(tx, order_id)
        case OrderWithdrawn():
            await withdrawals.withdrawn(tx, terminal_id, journal_id, change)
        case OrderEnded():
            await orders.ended(tx, change)
        case SessionSeen():
            await rows.put_session(tx, terminal_id, change)
        case PaymentTaken():
            await _take_payment(tx, terminal_id, change)
        case PaymentAnswered():
            await rows.answer_payment(tx, terminal_id, change)
        case ReceiptEnded(txn_id=txn_id, printed=printed):
            await rows.note_receipt(tx, terminal_id, txn_id, printed=printed)
        case DocumentMade(session_id=session_id, number=number):
            await rows.note_document(tx, terminal_id, session_id, number)
        case ItemOpened():
            await rows.open_item(tx, terminal_id, change, await _account(tx, terminal_id, change))
        case ItemClosed():
            await rows.close_items(tx, terminal_id, change)
        case CardRefunded(session_id=session_id, at_ms=at_ms):
            for txn_id in await rows.refused_payments(tx, terminal_id, session_id):
                back = ItemClosed(MoneyItemKind.UNALLOCATED, "Возвращено на карту", at_ms, txn_id)
                await rows.close_items(tx, terminal_id, back)
        case CardDoubted(session_id=session_id):
            for txn_id in await rows.refused_payments(tx, terminal_id, session_id):
                await rows.doubt_item(tx, terminal_id, txn_id, BANK_FIRST)
        case CollectionSeen():
            await rows.put_collection(tx, terminal_id, change)
        case CollectionCounted():
            await rows.count_collection(tx, terminal_id, change)
        case CollectionEnded(collection_id=collection_id, at_ms=at_ms):
            await rows.change_collection(tx, terminal_id, collection_id, closed_at_ms=at_ms)


async def _take_payment(tx: AsyncConnection, terminal_id: str, taken: PaymentTaken) -> None:
    """The same number with other content is never taken for a repeat."""
    known = await rows.payment(tx, terminal_id, taken.txn_id)
    if known is None:
        await rows.add_payment(tx, terminal_id, taken)
        return
    compared = ("account", "amount_minor", "fee_minor", "txn_date")
    if any(known[name] != getattr(taken, name) for name in compared):
        detail = f"Номер уже занят платежом на счёт {known['account']} от {known['txn_date']}; он не изменён"
        reference, amount_minor = f"payment-{taken.txn_id}", taken.amount_minor
        conflict = ItemOpened(MoneyItemKind.CONFLICT, reference, amount_minor, ACCOUNTING, taken.at_ms, detail)
        await rows.open_item(tx, terminal_id, conflict, taken.account)


async def _account(tx: AsyncConnection, terminal_id: str, opened: ItemOpened) -> str:
    if opened.account:
        return opened.account
    if opened.session_id:
        return await rows.account_of_session(tx, terminal_id, opened.session_id) or ""
    known = await rows.payment(tx, terminal_id, opened.reference)
    return str(known["account"]) if known is not None else ""
