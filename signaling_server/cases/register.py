"""The register of обращения: a case has a number and a date of receipt, and the customer is told both (clause 3).

When it is registered. The case is opened, with its number, in the same transaction that hands the call to an agent: so
a lost page, a power cut or a forgotten form cannot lose it. Kind, topic and summary are filled by the wrap-up. The
customer gets `CaseRegistered` when the agent closes the wrap-up; if that takes longer than `DeskLimits.wrap_up_s` he
gets it without waiting, under the title «Консультация», and the agent's form fills the same number later.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.clock import local_date, milliseconds
from signaling_server.contract.messages import CaseKind
from signaling_server.storage.tables import CASE_COUNTERS, CASES

UNNAMED_TITLE = "Консультация"


@dataclass(frozen=True, slots=True)
class OpenedCase:
    number: str
    received_date: str  # DD.MM.YYYY


async def open_case(tx: AsyncConnection, *, call_id: str, terminal_id: str, agent_id: str, now_s: float) -> OpenedCase:
    """Registers the case of a call: from now on its number exists and is never given again."""
    day = local_date(now_s)
    number = case_number(day.year, await _next_number(tx, day.year))
    row = {
        "number": number,
        "received_date": day.isoformat(),
        "call_id": call_id,
        "terminal_id": terminal_id,
        "agent_id": agent_id,
        "opened_at_ms": milliseconds(now_s),
    }
    await tx.execute(insert(CASES).values(row))
    return OpenedCase(number, shown_date(day))


async def close_case(
    tx: AsyncConnection, number: str, *, kind: CaseKind, topic_id: str, summary: str, now_s: float
) -> None:
    """Fills what the agent's form says."""
    form = {"kind": kind, "topic_id": topic_id, "summary": summary, "closed_at_ms": milliseconds(now_s)}
    await tx.execute(update(CASES).where(CASES.c.number == number).values(form))


def case_number(year: int, count: int) -> str:
    """`26-000001`: the first case received in 2026."""
    return f"{year % 100:02d}-{count:06d}"


def shown_date(day: date) -> str:
    return day.strftime("%d.%m.%Y")


async def _next_number(tx: AsyncConnection, year: int) -> int:
    grown = (
        update(CASE_COUNTERS)
        .where(CASE_COUNTERS.c.year == year)
        .values(last_number=CASE_COUNTERS.c.last_number + 1)
        .returning(CASE_COUNTERS.c.last_number)
    )
    number = (await tx.execute(grown)).scalar()
    if number is None:
        try:
            async with tx.begin_nested():
                await tx.execute(insert(CASE_COUNTERS).values(year=year, last_number=0))
        except IntegrityError:
            pass  # another node has just begun the year
        number = (await tx.execute(grown)).scalar_one()
    return int(number)
