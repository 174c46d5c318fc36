"""What stands on the glass at the end of a call: texts of its cards, and its cases after it."""

from __future__ import annotations

from signaling_server.contract.cases import AnswerWay
from signaling_server.contract.messages import CaseRegistered
from signaling_server.contract.notes import CardAnswer
from terminal_app.ipc.call_messages import Printing

CARD_TEXTS = {
    "written": "1. Паспорт\n2. Выписка из ЕГРН\n3. Акт ввода прибора учёта\n4. Заявление (бланк у консультанта)",
    "summary": (
        "Обращение 26-000123 от 23.11.2026: Разъяснение начислений. Решено.\n"
        "Обращение 26-000124 от 23.11.2026: Перерасчёт. В работе, ответим до 07.12.2026 по электронной почте."
    ),
    "more": "Если вопросов нет, спасибо, что обратились к нам",
    "portal": "Квитанции, показания и оплата без очереди, в любое время. Пользуетесь личным кабинетом?",
    "payment": "за электроэнергию, ноябрь",
}
SOLVED = CaseRegistered("call-1", "26-000123", "23.11.2026", "Начисления и счета: разъяснение")
IN_WORK = CaseRegistered("call-1", "26-000124", "23.11.2026", "Перерасчёт по показаниям", "07.12.2026", AnswerWay.EMAIL)
THIRD = CaseRegistered("call-1", "26-000125", "23.11.2026", "Поверка счётчика", "15.12.2026", AnswerWay.OFFICE)
RESULTS: dict[str, dict[str, object]] = {
    "call_result": {"cases": [SOLVED]},
    "call_result_way_on": {"cases": [SOLVED], "way_on": CardAnswer.CALL_BACK},
    "call_result_neutral": {"cases": [SOLVED], "neutral": True},
    "call_result_registering": {},
    "call_result_in_work": {"cases": [IN_WORK], "printing": Printing.FAILED},
    "call_result_three": {"cases": [SOLVED, IN_WORK, THIRD]},
}
