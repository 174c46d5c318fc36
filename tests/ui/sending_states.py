"""A written card that the consultant offers to send: read, addressed, looked over, and what became of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from msgspec import structs

from signaling_server.contract.card_sending import SendingState, SendingWay
from signaling_server.messaging.templates import SMS_LENGTH_MAX, write_email
from terminal_app.core import call_sending
from terminal_app.core.call_sending import Sending, Stage
from terminal_app.core.visit_tasks import PAGE_SCREENS
from terminal_app.ipc.messages import CallView, Liveness, TerminalState

COMPANY = "АО «Петербургская сбытовая компания»"
DOCUMENTS = (
    "1. Паспорт\n2. Документ о праве собственности\n3. Акт ввода счётчика\n4. Заявление (бланк даст консультант)"
)
SMS = f"Документы для договора. {DOCUMENTS}\n{COMPANY}"
EMAIL = write_email("call_card", title="Документы для договора", text=DOCUMENTS, company=COMPANY).body
LONG_EMAIL = "ekaterina.smirnova@yandex.ru"
assert len(SMS) <= SMS_LENGTH_MAX
OUTCOMES = (
    SendingState.QUEUED,
    SendingState.MORNING,
    SendingState.RETRYING,
    SendingState.TAKEN,
    SendingState.FAILED,
)


def sending_states(at: Callable[..., TerminalState], call: CallView) -> dict[str, TerminalState]:
    talk = structs.replace(call, liveness=Liveness.LIVE, agent_has_video=True)
    sms, email = Sending(text=SMS), Sending(way=SendingWay.EMAIL, text=EMAIL, address=LONG_EMAIL)

    def state(sending: Sending, stage: Stage, **changes: object) -> TerminalState:
        now = replace(sending, stage=stage, sending_id="s1", **changes)
        page = call_sending.page(now)
        return at(PAGE_SCREENS[page.kind], page=page, call=talk, busy=now.busy)

    known, typed = "+7 921 ***-**-67", "+79211234567"
    return {
        "send_sms": state(sms, Stage.ASKED),
        "send_sms_known": state(sms, Stage.ASKED, known=known),
        "send_sms_to": state(sms, Stage.TYPING),
        "send_sms_to_wrong": state(sms, Stage.TYPING, address=typed, wrong=True),
        "send_sms_check": state(sms, Stage.CHECKING, address=typed, morning=True),
        "send_sms_sending": state(sms, Stage.SENDING, known=known),
        "send_email": state(email, Stage.ASKED),
        "send_email_to": state(email, Stage.TYPING, wrong=True),
        "send_email_check": state(email, Stage.CHECKING),
        **{f"send_done_{now}": state(sms, Stage.DONE, state=now) for now in OUTCOMES},
    }
