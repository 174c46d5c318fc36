"""The one picture of the terminal that ui draws, put together from visit, call, cash and devices. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import structs

from device_drivers.contract.status import DeviceState
from payment.contract import CashInSnapshot, CashSettings
from signaling_server.contract import messages as office
from signaling_server.contract.help import HelpState
from signaling_server.contract.notes import CardKind
from signaling_server.contract.ring_back import CallRinging
from terminal_app.contacts import Contacts
from terminal_app.core import call_check, call_document, call_help, call_notes, call_sending, call_still
from terminal_app.core.basket import PUT_TOGETHER, order_view
from terminal_app.core.call import Call, CallTick, Press, Rung
from terminal_app.core.call_paying import pays_now
from terminal_app.core.call_values import Command
from terminal_app.core.sums import fee_minor, sum_above, to_pay_minor
from terminal_app.core.tasks import readings
from terminal_app.core.tasks.check_in import CheckedIn
from terminal_app.core.tasks.task import Facts
from terminal_app.core.visit_money import may_pay_unseen, money_in_hand, receipt_view
from terminal_app.core.visit_tasks import ON_PAGE, PAGE_SCREENS, opens_here
from terminal_app.core.visit_values import Visit, acceptor_stopped
from terminal_app.ipc.call_messages import HOLD_SERVICES, CallPane, HoldStage
from terminal_app.ipc.messages import (
    Availability,
    CallView,
    CashView,
    NoteAnswer,
    Notice,
    Screen,
    TerminalState,
)
from terminal_app.ipc.pages import Page

_CASH_SCREENS = frozenset(
    {Screen.CASH_IN, Screen.CARD_PAYMENT, Screen.QR_PAYMENT, Screen.MEANS, Screen.PAYING, Screen.NOTICE, Screen.AMOUNT}
)

_PANES = {
    CallPane.PAD: Screen.CALL_PAD,
    CallPane.KEYBOARD: Screen.CALL_TYPING,
    CallPane.NOTES: Screen.CALL_NOTES,
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is true of the terminal whoever stands before it."""

    availability: Availability
    contacts: Contacts
    terminal_title: str
    settings: CashSettings
    ending: bool = False  # the power goes
    receipt_sent: bool = False  # an electronic receipt can be sent: there is a register, and an address it comes from


def terminal_state(visit: Visit, call: Call, cash: CashInSnapshot, around: Surroundings) -> TerminalState:
    """Revision 0: the sender numbers it when it differs from the last one."""
    over = call.covers(visit.screen)
    screen = (_call_screen(call) if over else None) or visit.screen
    if around.ending and screen is Screen.ATTRACT:
        screen = Screen.OUT_OF_SERVICE
    return TerminalState(
        revision=0,
        screen=screen,
        availability=around.availability,
        notice=call.notice if over else visit.notice,
        input_error=Notice.NONE if over else visit.input_error,
        attempts_left=visit.attempts_left,
        may_pay_unseen=may_pay_unseen(visit) and not over,
        account=visit.account,
        account_typed=visit.account_typed,
        balance=visit.balance,
        cash=_cash_view(cash, visit, around.settings) if screen in _CASH_SCREENS else None,
        order=order_view(visit, receipt_sent=around.receipt_sent) if screen in PUT_TOGETHER else None,
        receipt=receipt_view(cash) if screen is Screen.RECEIPT else None,
        call=_call_view(call, visit, around) if call.screen is not None else None,
        page=(_call_page(call) if over else visit.page) if screen in ON_PAGE else None,
        photo_hint=call.still.hint if over else visit.photo_hint,
        busy=(call.still.busy or call.sending.busy) if over else visit.busy,
        idle_left_s=0 if over else visit.idle_left_s,
        help_offered=visit.help_offered and not over,
        support_phone=around.contacts.support_phone,
        support_hours=around.contacts.support_hours,
        terminal_title=around.terminal_title,
        modes=visit.modes,
    )


def _call_screen(call: Call) -> Screen | None:
    """The talk itself, a card that stands over it, or what the customer writes in it; over the wait, one question."""
    if _asks_of_sound(call):
        return Screen.PAGE_LIST
    if call.screen is not Screen.CALL_LIVE:
        return call.screen
    if (pane := _PANES.get(call.notes.pane)) is not None:
        return pane
    if call.still.stands:
        return PAGE_SCREENS[call_still.page(call.still).kind]
    if call.sending.stands:
        return PAGE_SCREENS[call_sending.page(call.sending).kind]
    if call.notes.card_id:
        return Screen.CALL_CARD
    if call.document.stands:
        return Screen.CALL_DOCUMENT
    return Screen.PAGE_TEXT if call.help.state is HelpState.OFFERED else Screen.CALL_LIVE


def _asks_of_sound(call: Call) -> bool:
    return call.screen is Screen.CALL_WAITING and call_check.asks(call.check, call.way)


def _call_page(call: Call) -> Page | None:
    """Before the wait: why out of turn; in it: how to go on without sound; in the talk: papers, help with a form."""
    if _asks_of_sound(call):
        return call_check.page(call.check.trouble)
    if call.still.stands:
        return call_still.page(call.still)
    if call.sending.stands:
        return call_sending.page(call.sending)
    return call_help.OFFER if call.screen is Screen.CALL_LIVE else call.page


def _call_view(call: Call, visit: Visit, around: Surroundings) -> CallView:
    """With what can be done from here instead of waiting for an agent who is away, and the code of the ЛКК."""
    view, card = call.view(), call_notes.card_of(call.notes, call.notes.card_id)
    if _call_screen(call) is Screen.CALL_DOCUMENT:
        return structs.replace(view, document=call_document.view(call.document))
    if card is not None and card.kind is CardKind.PORTAL:
        return structs.replace(view, portal_url=around.contacts.account_site_url)
    if view.hold is not HoldStage.WAYS:
        return view
    serves = around.availability.offer.serves
    ways = [way for way, service in HOLD_SERVICES.items() if opens_here(visit, service) and serves(service)]
    return structs.replace(view, ways=ways)


def call_tick(visit: Visit, printer: str) -> CallTick:
    """What a call is told of its customer as time passes; `printer` of sheets: empty where there is none."""
    return CallTick(
        visit.modes.patience,
        voice=visit.modes.voice,
        visited=visit.screen is not Screen.ATTRACT,
        form=call_help.form_of(visit),
        pays=pays_now(visit),
        printer=printer,
        account=visit.account.account if visit.account is not None and visit.balance is not None else "",
    )


def told_to_call(visit: Visit, message: office.ServerToTerminal) -> office.ServerToTerminal | Rung:
    """What the office says of the call; a ring comes with what the customer has in hand."""
    return Rung(message, money_in_hand(visit)) if isinstance(message, CallRinging) else message


def call_context(visit: Visit, caller: str) -> office.CallContext:
    """What the consultant need not ask; `caller`: who calls from service mode."""
    account = visit.account
    known = account.name_masked if account is not None and visit.balance is not None else ""
    return office.CallContext(
        screen=visit.page.name if visit.page is not None else visit.screen.value,
        account_masked=f"•••{account.account[-4:]}" if account is not None else "",
        customer_name=caller or known,
        segment=visit.segment,
        ticket=_ticket(visit),
        draft=_draft(visit),
        language=visit.modes.language.value,
    )


def call_press(visit: Visit, command: Command, request_id: str, facts: Facts, caller: str = "") -> Press:
    """A touch that the call takes, with what is true around it now."""
    topic_id = visit.page.topic_id if visit.page is not None else ""
    topic = next((topic.title for topic in facts.topics if topic_id and topic.topic_id == topic_id), "")
    return Press(command, request_id, call_context(visit, caller), topic, categories=facts.categories)


def _ticket(visit: Visit) -> str:
    """By which he has marked himself for the video consultant in this visit, wherever he went then."""
    stay = visit.stay
    tasks = [] if stay is None else [task for _, task in stay.past] + [stay.task]
    marked = [task.told for task in tasks if isinstance(task, CheckedIn)]
    return next((told.ticket for told in reversed(marked) if told.video), "")


def _draft(visit: Visit) -> list[office.DraftLine]:
    """Of the service that he is in now; what was typed elsewhere is nobody's business."""
    if visit.stay is None or visit.page is None:
        return []
    return [office.DraftLine(zone, value) for zone, value in readings.typed_in(visit.stay.task)]


def _cash_view(cash: CashInSnapshot, visit: Visit, terminal: CashSettings) -> CashView:
    settings = cash.settings or terminal
    above_minor, advance_minor = sum_above(visit, settings)
    return CashView(
        asked_minor=to_pay_minor(visit),
        above_minor=above_minor,
        advance_minor=advance_minor,
        recovered_minor=visit.recovered_minor,
        inserted_minor=cash.inserted_minor,
        in_doubt_minor=cash.in_doubt_minor,
        fee_minor=fee_minor(visit),
        limit_words=settings.limit_words,
        amount_min_minor=settings.amount_min_minor,
        amount_max_minor=settings.amount_max_minor,
        denominations_minor=sorted(settings.denominations_minor),
        note_moving=cash.note_moving,
        note_answer=NoteAnswer(cash.note_answer.value) if cash.note_answers > visit.stale_answers else NoteAnswer.NONE,
        note_answers=cash.note_answers,
        may_pay=cash.may_pay,
        acceptor_ready=cash.acceptor_ready,
        acceptor_stopped=acceptor_stopped(cash),
        acceptor_fault=cash.acceptor_fault,
        qr=_code(visit),
    )


def _code(visit: Visit) -> str:
    """Of this payment: what the till still says of one that was left a moment ago is not its code."""
    return visit.cash.qr_payload if visit.screen is Screen.QR_PAYMENT and visit.cash is not None else ""


def may_work(state: DeviceState) -> bool:
    """Busy is still at work: a validator that stacks, a printer that prints."""
    return state in (DeviceState.ONLINE, DeviceState.DEVICE_BUSY)
