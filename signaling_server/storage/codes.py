"""One-time codes and СМС-информирование as rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import case, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.services import ACCOUNTS_MAX, CodePurpose
from signaling_server.storage.service_tables import INFORMING, ONE_TIME_CODES


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """A code that was sent; phone and code only as keyed hashes."""

    code_id: str
    phone_hash: str
    code_hash: str
    terminal_id: str
    purpose: CodePurpose
    account: str
    consent_version: str
    tries_left: int
    created_at_ms: int
    proved_at_ms: int = 0


async def insert_code(tx: AsyncConnection, code: OneTimeCode) -> None:
    await tx.execute(insert(ONE_TIME_CODES).values({name: getattr(code, name) for name in OneTimeCode.__slots__}))


async def code_by_id(tx: AsyncConnection, code_id: str) -> OneTimeCode | None:
    found = select(ONE_TIME_CODES).where(ONE_TIME_CODES.c.code_id == code_id)
    row = (await tx.execute(found)).mappings().first()
    if row is None:
        return None
    return OneTimeCode(**{**row, "purpose": CodePurpose(row["purpose"])})


async def codes_of_phone(tx: AsyncConnection, phone_hash: str, *, since_ms: int) -> list[int]:
    """When codes went to this phone, newest first."""
    table = ONE_TIME_CODES.c
    sent = select(table.created_at_ms).where(table.phone_hash == phone_hash, table.created_at_ms > since_ms)
    return list((await tx.execute(sent.order_by(table.created_at_ms.desc()))).scalars())


async def codes_of_terminal(tx: AsyncConnection, terminal_id: str, *, since_ms: int) -> int:
    table = ONE_TIME_CODES.c
    sent = select(func.count()).where(table.terminal_id == terminal_id, table.created_at_ms > since_ms)
    return int((await tx.execute(sent)).scalar_one())


async def wrong_codes(
    tx: AsyncConnection, *, phone_hash: str = "", terminal_id: str = "", tries: int, since_ms: int
) -> int:
    """How many wrong codes were typed for a phone, or at a terminal; every code began with so many `tries`."""
    table = ONE_TIME_CODES.c
    right = case((table.proved_at_ms > 0, 1), else_=0)
    wrong = select(func.coalesce(func.sum(tries - table.tries_left - right), 0)).where(table.created_at_ms > since_ms)
    whose = table.phone_hash == phone_hash if phone_hash else table.terminal_id == terminal_id
    return int((await tx.execute(wrong.where(whose))).scalar_one())


async def spend_try(tx: AsyncConnection, code_id: str) -> bool:
    """Takes one of the tries that are left. False: none was."""
    left = update(ONE_TIME_CODES).where(ONE_TIME_CODES.c.code_id == code_id, ONE_TIME_CODES.c.tries_left > 0)
    return bool((await tx.execute(left.values(tries_left=ONE_TIME_CODES.c.tries_left - 1))).rowcount)


async def mark_proved(tx: AsyncConnection, code_id: str, *, at_ms: int) -> None:
    await tx.execute(update(ONE_TIME_CODES).where(ONE_TIME_CODES.c.code_id == code_id).values(proved_at_ms=at_ms))


async def forget_codes(tx: AsyncConnection, *, before_ms: int) -> None:
    await tx.execute(delete(ONE_TIME_CODES).where(ONE_TIME_CODES.c.created_at_ms < before_ms))


async def set_informing(
    tx: AsyncConnection, *, account: str, phone: str, active: bool, consent_version: str, terminal_id: str, at_ms: int
) -> None:
    """Turns it on with the consent that was given, or off; when was it is kept."""
    changed = {"active": active, "terminal_id": terminal_id}
    if active:
        changed |= {"consent_version": consent_version, "consented_at_ms": at_ms, "withdrawn_at_ms": 0}
    else:
        changed |= {"withdrawn_at_ms": at_ms}
    mine = update(INFORMING).where(INFORMING.c.account == account, INFORMING.c.phone == phone)
    if (await tx.execute(mine.values(changed))).rowcount == 0 and active:
        await tx.execute(insert(INFORMING).values(account=account, phone=phone, **changed))


async def informed_phones(tx: AsyncConnection, account: str) -> list[str]:
    table = INFORMING.c
    on = select(table.phone).where(table.account == account, table.active).order_by(table.phone).limit(ACCOUNTS_MAX)
    return list((await tx.execute(on)).scalars())


async def informed_accounts(tx: AsyncConnection, phone: str) -> list[str]:
    table = INFORMING.c
    on = select(table.account).where(table.phone == phone, table.active).order_by(table.account).limit(ACCOUNTS_MAX)
    return list((await tx.execute(on)).scalars())
