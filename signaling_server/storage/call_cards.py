"""Cards of calls and the answers to them as rows: the text as it was shown, and when."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract.notes import CallNote, Card, CardKind
from signaling_server.storage.service_tables import CALL_CARDS


@dataclass(frozen=True, slots=True)
class ShownCard:
    """What stood before the customer, as it was shown; `title` empty: the kind's own."""

    kind: CardKind
    title: str
    text: str


async def keep_card(tx: AsyncConnection, note: CallNote, *, at_ms: int, shown: bool) -> bool:
    """Once, however often it is told; was it news? `shown`: the terminal says that it stands before the customer."""
    same = (CALL_CARDS.c.call_id == note.call_id) & (CALL_CARDS.c.note_id == note.note_id)
    known = (await tx.execute(select(CALL_CARDS.c.shown_at_ms).where(same))).scalar_one_or_none()
    if known is None:
        times = {"sent_at_ms": at_ms, "shown_at_ms": at_ms if shown else 0}
        await tx.execute(insert(CALL_CARDS).values({**_row(note), **times}))
    elif shown and not known:
        await tx.execute(update(CALL_CARDS).where(same).values(text=note.text, shown_at_ms=at_ms))
    return known is None


async def summary_shown(tx: AsyncConnection, call_id: str, *, since_ms: int) -> bool:
    """A summary of this call stood before the customer at this moment or later."""
    shown = (CALL_CARDS.c.call_id == call_id) & (CALL_CARDS.c.shown_at_ms >= since_ms)
    cards = (await tx.execute(select(CALL_CARDS.c.card).where(shown, CALL_CARDS.c.card != ""))).scalars()
    return any(msgspec.json.decode(card, type=Card).kind is CardKind.SUMMARY for card in cards)


async def was_shown(tx: AsyncConnection, call_id: str, kind: CardKind) -> bool:
    """Whether a card of this kind stood before the customer of this call."""
    stood = (CALL_CARDS.c.call_id == call_id) & (CALL_CARDS.c.shown_at_ms > 0) & (CALL_CARDS.c.card != "")
    cards = (await tx.execute(select(CALL_CARDS.c.card).where(stood))).scalars()
    return any(msgspec.json.decode(card, type=Card).kind is kind for card in cards)


async def shown_card(tx: AsyncConnection, call_id: str, note_id: str) -> ShownCard | None:
    """A card of the agent, once it has stood there."""
    same = (CALL_CARDS.c.call_id == call_id) & (CALL_CARDS.c.note_id == note_id) & (CALL_CARDS.c.card != "")
    found = select(CALL_CARDS.c.card, CALL_CARDS.c.text).where(same, CALL_CARDS.c.shown_at_ms > 0)
    row = (await tx.execute(found)).one_or_none()
    if row is None:
        return None
    card = msgspec.json.decode(row.card, type=Card)
    return ShownCard(card.kind, card.title, row.text)


def _row(note: CallNote) -> dict[str, str]:
    return {
        "call_id": note.call_id,
        "note_id": note.note_id,
        "author": note.author.value,
        "text": note.text,
        "card": msgspec.json.encode(note.card).decode() if note.card is not None else "",
        "answer_to": note.answer_to,
        "answer": note.answer.value if note.answer is not None else "",
    }
