"""Customers' cards as rows: which account a card stands for."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.storage.service_tables import CUSTOMER_CARDS


async def account_of(tx: AsyncConnection, card_hash: str) -> str | None:
    found = select(CUSTOMER_CARDS.c.account).where(CUSTOMER_CARDS.c.card_hash == card_hash)
    return (await tx.execute(found)).scalar_one_or_none()


async def bind(tx: AsyncConnection, card_hash: str, account: str, *, at_ms: int) -> None:
    """A card stands for one account: another binding takes its place."""
    await unbind(tx, card_hash)
    await tx.execute(insert(CUSTOMER_CARDS).values(card_hash=card_hash, account=account, bound_at_ms=at_ms))


async def unbind(tx: AsyncConnection, card_hash: str) -> bool:
    """False: it was bound to nothing."""
    return bool((await tx.execute(delete(CUSTOMER_CARDS).where(CUSTOMER_CARDS.c.card_hash == card_hash))).rowcount)


async def forget_account(tx: AsyncConnection, account: str) -> int:
    """Every card of an account: lost, or the contract is over. How many there were."""
    return (await tx.execute(delete(CUSTOMER_CARDS).where(CUSTOMER_CARDS.c.account == account))).rowcount


async def number_of_cards(tx: AsyncConnection, account: str) -> int:
    counted = select(func.count()).where(CUSTOMER_CARDS.c.account == account)
    return int((await tx.execute(counted)).scalar_one())
