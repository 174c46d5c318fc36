"""After the talk: every case of it with number, date, term and way of the answer, on the glass and on paper. Pure.

One call holds one case or more (clauses 5.1.3, 9.5.5).
"""

from __future__ import annotations

from signaling_server.contract.cases import AnswerWay
from signaling_server.contract.messages import CaseRegistered
from signaling_server.contract.notes import CallNote, Card, CardKind, NoteAuthor
from terminal_app.core.call_notes import CardPrinted, Notes
from terminal_app.ipc.call_messages import Printing

SLIP = "cases"
TITLE = "Ваши обращения"
WAYS = {
    AnswerWay.SMS: "по СМС",
    AnswerWay.EMAIL: "по электронной почте",
    AnswerWay.POST: "письмом по почте",
    AnswerWay.ACCOUNT: "в личном кабинете",
    AnswerWay.OFFICE: "в офисе",
}
PRINTING = Notes(printing=Printing.BUSY)


def told(cases: tuple[CaseRegistered, ...], case: CaseRegistered) -> tuple[CaseRegistered, ...]:
    """What was told first, without topic or term, is told anew under the same number."""
    others = [known.case_number for known in cases]
    if case.case_number not in others:
        return (*cases, case)
    return tuple(case if known.case_number == case.case_number else known for known in cases)


def may_print(notes: Notes, cases: tuple[CaseRegistered, ...]) -> bool:
    return bool(cases) and notes.printing in (Printing.NONE, Printing.FAILED)


def printed(notes: Notes, event: CardPrinted) -> Notes:
    if event.note_id != SLIP:
        return notes  # of a card of the talk
    return Notes(printing=Printing.DONE if event.done else Printing.FAILED)


def slip(call_id: str, cases: tuple[CaseRegistered, ...]) -> CallNote:
    """Nothing personal stands on it."""
    text = "\n".join(line for case in cases for line in _lines(case))
    return CallNote(call_id, SLIP, NoteAuthor.AGENT, text, card=Card(CardKind.WRITTEN, title=TITLE))


def _lines(case: CaseRegistered) -> list[str]:
    lines = [f"Номер {case.case_number}", f"от {case.received_date}", case.topic_title]
    if case.due_date:
        lines.append(f"Ответим до {case.due_date}")
    if case.answer_way is not AnswerWay.NONE:
        lines.append(f"Ответ: {WAYS[case.answer_way]}")
    return [line for line in lines if line]
