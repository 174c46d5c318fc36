"""Help with a form, as rows: when it was allowed or ended, what the customer answered; never a value."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.help import HelpTold
from signaling_server.storage.service_tables import CALL_HELP


async def keep_help(tx: AsyncConnection, told: HelpTold, *, at_ms: int) -> None:
    """What is told again after a lost link adds no row."""
    row = {
        "state": told.state.value,
        "form": told.form,
        "proposal_id": told.proposal_id,
        "answer": told.answer.value if told.answer is not None else "",
    }
    of_call = select(CALL_HELP).where(CALL_HELP.c.call_id == told.call_id)
    last = (await tx.execute(of_call.order_by(CALL_HELP.c.sequence.desc()).limit(1))).mappings().first()
    if last is not None and all(last[name] == value for name, value in row.items()):
        return
    sequence = last["sequence"] + 1 if last is not None else 0
    await tx.execute(insert(CALL_HELP).values(call_id=told.call_id, sequence=sequence, at_ms=at_ms, **row))
