"""Journals, payments, collections and items of money as rows."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.money import JournalRow, MoneyItemKind
from signaling_server.money.change_values import (
    CollectionCounted,
    CollectionSeen,
    ItemClosed,
    ItemOpened,
    PaymentAnswered,
    PaymentTaken,
    SessionSeen,
)
from signaling_server.storage.tables import (
    JOURNAL_RECORDS,
    JOURNALS,
    MONEY_COLLECTIONS,
    MONEY_ITEMS,
    MONEY_SESSIONS,
    PAYMENTS,
)

# --- journals ---------------------------------------------------------------------------------------------------------


async def journal_head(tx: AsyncConnection, terminal_id: str, journal_id: str) -> tuple[int, str] | None:
    """Sequence and hash of the last stored record of a journal; None: never heard of it."""
    same = (JOURNALS.c.terminal_id == terminal_id) & (JOURNALS.c.journal_id == journal_id)
    row = (await tx.execute(select(JOURNALS).where(same))).mappings().first()
    return (row["last_sequence"], row["last_hash"]) if row else None


async def has_other_journal(tx: AsyncConnection, terminal_id: str, journal_id: str) -> bool:
    other = (JOURNALS.c.terminal_id == terminal_id) & (JOURNALS.c.journal_id != journal_id)
    return (await tx.execute(select(JOURNALS.c.journal_id).where(other).limit(1))).first() is not None


async def add_journal(tx: AsyncConnection, terminal_id: str, journal_id: str, at_ms: int) -> None:
    values = {"terminal_id": terminal_id, "journal_id": journal_id, "first_heard_at_ms": at_ms}
    await tx.execute(insert(JOURNALS).values(last_sequence=0, last_hash="", **values))


async def journal_first_heard_ms(tx: AsyncConnection, terminal_id: str, journal_id: str) -> int:
    same = (JOURNALS.c.terminal_id == terminal_id) & (JOURNALS.c.journal_id == journal_id)
    return int((await tx.execute(select(JOURNALS.c.first_heard_at_ms).where(same))).scalar_one())


async def add_records(
    tx: AsyncConnection, terminal_id: str, journal_id: str, rows: Sequence[JournalRow], at_ms: int
) -> None:
    """Stores records that follow the last one, and moves the head."""
    values = [
        {
            "terminal_id": terminal_id,
            "journal_id": journal_id,
            "received_at_ms": at_ms,
            **{name: getattr(row, name) for name in JournalRow.__struct_fields__},
        }
        for row in rows
    ]
    await tx.execute(insert(JOURNAL_RECORDS), values)
    same = (JOURNALS.c.terminal_id == terminal_id) & (JOURNALS.c.journal_id == journal_id)
    head = {"last_sequence": rows[-1].sequence, "last_hash": rows[-1].hash}
    await tx.execute(update(JOURNALS).where(same).values(**head))


async def record_hashes(
    tx: AsyncConnection, terminal_id: str, journal_id: str, first: int, last: int
) -> dict[int, str]:
    """Hashes of stored records by sequence."""
    columns = JOURNAL_RECORDS.c
    within = (columns.terminal_id == terminal_id) & (columns.journal_id == journal_id)
    asked = select(columns.sequence, columns.hash).where(within, columns.sequence.between(first, last))
    return {row.sequence: row.hash for row in await tx.execute(asked)}


# --- payments ---------------------------------------------------------------------------------------------------------


async def put_session(tx: AsyncConnection, terminal_id: str, seen: SessionSeen) -> None:
    if await account_of_session(tx, terminal_id, seen.session_id) is None:
        values = {"session_id": seen.session_id, "account": seen.account, "opened_at_ms": seen.at_ms}
        await tx.execute(insert(MONEY_SESSIONS).values(terminal_id=terminal_id, **values))


async def account_of_session(tx: AsyncConnection, terminal_id: str, session_id: str) -> str | None:
    same = (MONEY_SESSIONS.c.terminal_id == terminal_id) & (MONEY_SESSIONS.c.session_id == session_id)
    found: str | None = (await tx.execute(select(MONEY_SESSIONS.c.account).where(same))).scalar()
    return found


async def payment(tx: AsyncConnection, terminal_id: str, txn_id: str) -> RowMapping | None:
    same = (PAYMENTS.c.terminal_id == terminal_id) & (PAYMENTS.c.txn_id == txn_id)
    return (await tx.execute(select(PAYMENTS).where(same))).mappings().first()


async def add_payment(tx: AsyncConnection, terminal_id: str, taken: PaymentTaken) -> None:
    values = {name: getattr(taken, name) for name in PaymentTaken.__slots__ if name != "at_ms"}
    await tx.execute(
        insert(PAYMENTS).values(terminal_id=terminal_id, outcome="unknown", taken_at_ms=taken.at_ms, **values)
    )


async def answer_payment(tx: AsyncConnection, terminal_id: str, answered: PaymentAnswered) -> None:
    await _change_payment(
        tx,
        terminal_id,
        answered.txn_id,
        outcome=answered.outcome,
        provider_txn=answered.provider_txn,
        answered_at_ms=0 if answered.outcome == "unknown" else answered.at_ms,
    )


async def cancel_payment(tx: AsyncConnection, terminal_id: str, txn_id: str) -> None:
    """Credited no more; its provider's number stays."""
    await _change_payment(tx, terminal_id, txn_id, outcome="cancelled")


async def refused_payments(tx: AsyncConnection, terminal_id: str, session_id: str) -> list[str]:
    """Numbers of the lines of a visit that billing refused."""
    columns = PAYMENTS.c
    mine = (columns.terminal_id == terminal_id) & (columns.session_id == session_id)
    asked = select(columns.txn_id).where(mine, columns.outcome == "refused")
    return list((await tx.execute(asked)).scalars())


async def note_receipt(tx: AsyncConnection, terminal_id: str, txn_id: str, *, printed: bool) -> None:
    await _change_payment(tx, terminal_id, txn_id, receipt="printed" if printed else "not_printed")


async def _change_payment(tx: AsyncConnection, terminal_id: str, txn_id: str, **values: Any) -> None:
    same = (PAYMENTS.c.terminal_id == terminal_id) & (PAYMENTS.c.txn_id == txn_id)
    await tx.execute(update(PAYMENTS).where(same).values(**values))


async def note_document(tx: AsyncConnection, terminal_id: str, session_id: str, number: str) -> None:
    same = (PAYMENTS.c.terminal_id == terminal_id) & (PAYMENTS.c.session_id == session_id)
    await tx.execute(update(PAYMENTS).where(same).values(fiscal=number))


# --- items ------------------------------------------------------------------------------------------------------------


async def open_item(tx: AsyncConnection, terminal_id: str, opened: ItemOpened, account: str) -> bool:
    """False: it stands already, open or closed; nothing is opened twice."""
    columns = MONEY_ITEMS.c
    same = (
        (columns.terminal_id == terminal_id) & (columns.kind == opened.kind) & (columns.reference == opened.reference)
    )
    if (await tx.execute(select(columns.item_id).where(same))).first() is not None:
        return False
    values = {
        "item_id": uuid.uuid4().hex,
        "terminal_id": terminal_id,
        "kind": opened.kind.value,
        "reference": opened.reference,
        "account": account,
        "amount_minor": opened.amount_minor,
        "owner": opened.owner,
        "detail": opened.detail,
        "opened_at_ms": opened.at_ms,
    }
    await tx.execute(insert(MONEY_ITEMS).values(**values))
    return True


async def close_items(tx: AsyncConnection, terminal_id: str, closed: ItemClosed) -> int:
    """Closes the named item, or the oldest open one of that amount; gives how many were closed."""
    columns = MONEY_ITEMS.c
    wanted = select(columns.item_id).where(
        columns.terminal_id == terminal_id, columns.kind == closed.kind, columns.closed_at_ms == 0
    )
    wanted = (
        wanted.where(columns.reference == closed.reference)
        if closed.reference
        else wanted.where(columns.amount_minor == closed.amount_minor).order_by(columns.opened_at_ms).limit(1)
    )
    found = list((await tx.execute(wanted)).scalars())
    values = {"closed_at_ms": closed.at_ms, "resolution": closed.resolution}
    await tx.execute(update(MONEY_ITEMS).where(columns.item_id.in_(found)).values(**values))
    return len(found)


async def doubt_item(tx: AsyncConnection, terminal_id: str, txn_id: str, detail: str) -> None:
    """Says of an open item of refused money that it may not be ours any more."""
    columns = MONEY_ITEMS.c
    same = (columns.terminal_id == terminal_id) & (columns.reference == txn_id) & (columns.closed_at_ms == 0)
    await tx.execute(
        update(MONEY_ITEMS).where(same, columns.kind == MoneyItemKind.UNALLOCATED.value).values(detail=detail)
    )


async def doubts_of_collection(tx: AsyncConnection, terminal_id: str, opened_at_ms: int) -> list[RowMapping]:
    """Open doubts between the collection before and the one opened at this moment, oldest first: it can decide them."""
    before = select(func.max(MONEY_COLLECTIONS.c.opened_at_ms)).where(
        MONEY_COLLECTIONS.c.terminal_id == terminal_id, MONEY_COLLECTIONS.c.opened_at_ms < opened_at_ms
    )
    since_ms = (await tx.execute(before)).scalar() or 0
    columns = MONEY_ITEMS.c
    asked = select(MONEY_ITEMS).where(
        columns.terminal_id == terminal_id,
        columns.kind == MoneyItemKind.IN_DOUBT,
        columns.closed_at_ms == 0,
        columns.opened_at_ms > since_ms,
        columns.opened_at_ms <= opened_at_ms,
    )
    return list((await tx.execute(asked.order_by(columns.opened_at_ms))).mappings())


# --- collections ------------------------------------------------------------------------------------------------------


async def collection(tx: AsyncConnection, terminal_id: str, collection_id: str) -> RowMapping | None:
    columns = MONEY_COLLECTIONS.c
    same = (columns.terminal_id == terminal_id) & (columns.collection_id == collection_id)
    return (await tx.execute(select(MONEY_COLLECTIONS).where(same))).mappings().first()


async def put_collection(tx: AsyncConnection, terminal_id: str, seen: CollectionSeen) -> None:
    if await collection(tx, terminal_id, seen.collection_id) is not None:
        return
    values = {name: getattr(seen, name) for name in CollectionSeen.__slots__ if name != "at_ms"}
    await tx.execute(insert(MONEY_COLLECTIONS).values(terminal_id=terminal_id, opened_at_ms=seen.at_ms, **values))


async def count_collection(tx: AsyncConnection, terminal_id: str, counted: CollectionCounted) -> None:
    values = {"counts": counts_text(counted.counts), "in_doubt_minor": counted.in_doubt_minor}
    await change_collection(tx, terminal_id, counted.collection_id, **values)


async def change_collection(tx: AsyncConnection, terminal_id: str, collection_id: str, **values: Any) -> None:
    columns = MONEY_COLLECTIONS.c
    same = (columns.terminal_id == terminal_id) & (columns.collection_id == collection_id)
    await tx.execute(update(MONEY_COLLECTIONS).where(same).values(**values))


def counts_text(counts: Mapping[int, int]) -> str:
    """Number by value in kopecks, as it is stored."""
    return json.dumps({str(value): number for value, number in sorted(counts.items())})


def counts_of(text: str) -> dict[int, int]:
    return {int(value): number for value, number in json.loads(text).items()}
