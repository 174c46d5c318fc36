"""How consents were read, as rows: which text, and how much of it was shown or heard (clause 9.6.9)."""

from __future__ import annotations

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.services import ConsentRead
from signaling_server.storage.service_tables import CONSENTS_READ


async def keep_read(
    tx: AsyncConnection, subject: str, version: str, read: ConsentRead | None, *, terminal_id: str, at_ms: int
) -> None:
    """`subject`: the number of the case, the id of the code or of the booking that it was given for."""
    if read is None:
        return
    row = {"version": version, "sha256": read.sha256, "coverage_percent": read.coverage_percent}
    await tx.execute(insert(CONSENTS_READ).values(subject=subject, terminal_id=terminal_id, agreed_at_ms=at_ms, **row))
