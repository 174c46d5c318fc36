"""A card of the consultant on paper, in large letters, with whom to ask later (clauses 6.3.7, 9.3.5c)."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from payment.receipt import Heading, ReceiptLine, Rule, Words
from signaling_server.contract.notes import CallNote, CardKind
from terminal_app.contacts import Contacts
from terminal_app.core.call_notes import CardPrinted

TITLES = {
    CardKind.WRITTEN: "От консультанта",
    CardKind.SUMMARY: "Итог разговора",
    CardKind.PLAN: "Что будем делать",
}
Print = Callable[[str, tuple[ReceiptLine, ...], Callable[[bool], None]], None]


def print_card(printer: Print, note: CallNote, contacts: Contacts, tell: Callable[[CardPrinted], None]) -> None:
    """`tell` hears what came of it."""

    def done(on_paper: bool) -> None:
        tell(CardPrinted(note.note_id, on_paper, str(uuid.uuid4())))

    printer(f"card-{uuid.uuid4()}", card_lines(note, contacts), done)


def card_lines(note: CallNote, contacts: Contacts) -> tuple[ReceiptLine, ...]:
    assert note.card is not None
    title = note.card.title or TITLES[note.card.kind]
    rows = tuple(Words(row, large=True) for row in note.text.splitlines() if row.strip())
    whom = f"{contacts.organisation}, {contacts.support_phone}, {contacts.support_hours}"
    return (Heading(title, large=False), Rule(), *rows, Rule(), Words(whom, large=False))
