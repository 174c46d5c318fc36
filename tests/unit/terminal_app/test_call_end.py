"""The end of a call at the terminal: its cases, their paper, and the way from the consultant's card to the payment."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from signaling_server.contract.cases import AnswerWay
from signaling_server.contract.messages import CallEnded, CallEndReason, CaseRegistered
from terminal_app.contacts import Contacts
from terminal_app.core import call_end
from terminal_app.core.basket import order_view
from terminal_app.core.call import Press
from terminal_app.core.call_notes import CardPrinted, ToPrinter
from terminal_app.core.card_slip import card_lines
from terminal_app.core.visit import step
from terminal_app.core.visit_events import AccountFound, AttributeAccepted, OpenCashIn, PaymentProposed
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.call_messages import PrintCases, Printing
from terminal_app.ipc.messages import (
    AccountView,
    BalanceView,
    ChooseAmount,
    ConfirmAccount,
    Screen,
    SubmitAccount,
    SubmitSecondAttribute,
)

sys.path.append(str(Path(__file__).parent))
from test_terminal_call import TO_LIVE, tell

SOLVED = CaseRegistered("c1", "26-000001", "23.11.2026", "Показания")
IN_WORK = CaseRegistered("c1", "26-000002", "23.11.2026", "Перерасчёт", "07.12.2026", AnswerWay.SMS)
ENDED = CallEnded("c1", CallEndReason.AGENT_ENDED)


@pytest.mark.clause("5.1.3a", owner="terminal_app")
def test_every_case_of_a_call_is_shown_after_it_once_with_the_newest_words():
    early = CaseRegistered("c1", "26-000002", "23.11.2026", "Консультация")
    call, _ = tell(*TO_LIVE, SOLVED, ENDED, early, IN_WORK)
    assert call.screen is Screen.CALL_RESULT
    assert call.view().cases == [SOLVED, IN_WORK]


@pytest.mark.clause("5.1.3c", owner="terminal_app")
def test_on_paper_stand_number_date_term_and_way_of_the_answer():
    call, effects = tell(*TO_LIVE, ENDED, IN_WORK, Press(PrintCases()))
    (printed,) = (effect for effect in effects if isinstance(effect, ToPrinter))
    assert printed.card.text.splitlines() == [
        "Номер 26-000002",
        "от 23.11.2026",
        "Перерасчёт",
        "Ответим до 07.12.2026",
        "Ответ: по СМС",
    ]
    assert card_lines(printed.card, Contacts())[0].text == "Ваши обращения"
    assert tell(Press(PrintCases()), call=call) == (call, [])  # one paper at a time
    failed, _ = tell(CardPrinted(call_end.SLIP, False, "w1"), call=call)
    assert failed.view().printing is Printing.FAILED
    again, effects = tell(Press(PrintCases()), call=failed)
    assert effects == [printed]
    done, _ = tell(CardPrinted(call_end.SLIP, True, "w1"), call=again)
    assert tell(Press(PrintCases()), call=done) == (done, [])


def test_before_the_number_is_there_nothing_is_printed():
    call, _ = tell(*TO_LIVE, ENDED)
    assert tell(Press(PrintCases()), call=call) == (call, [])


def proposed(visit: Visit, rules: VisitRules | None = None) -> Visit:
    return step(visit, PaymentProposed(1_500_00), rules or VisitRules(), 0.0)[0]


ACCOUNT = AccountView("100000017", "Бел••••• И. П.", "Невский пр., д. 1•")
BALANCE = BalanceView(1_543_21, "ноябрь 2026", [], "23.11.2026")


def test_who_is_known_is_asked_how_much_with_the_sum_named_and_nothing_is_paid_without_his_touch():
    at = proposed(Visit(screen=Screen.PAGE_LIST, account=ACCOUNT, balance=BALANCE, purpose="readings"))
    assert (at.screen, at.proposed_minor, at.purpose) == (Screen.AMOUNT, 1_500_00, "")
    assert order_view(at, receipt_sent=False).proposed_minor == 1_500_00
    paying, effects = step(at, ChooseAmount(1_500_00), VisitRules(), 1.0)
    assert paying.screen is Screen.CASH_IN
    (opened,) = effects
    assert isinstance(opened, OpenCashIn)
    assert [line.asked_minor for line in opened.order.lines] == [1_500_00]


def test_of_a_stranger_the_account_is_asked_first_and_the_sum_is_kept():
    at = proposed(Visit(screen=Screen.ATTRACT))
    assert (at.screen, at.proposed_minor) == (Screen.ACCOUNT_ENTRY, 1_500_00)
    for told in (SubmitAccount("100000017"), AccountFound(ACCOUNT), ConfirmAccount(), SubmitSecondAttribute("1234")):
        at, _ = step(at, told, VisitRules(), 1.0)
    at, _ = step(at, AttributeAccepted(BALANCE), VisitRules(), 2.0)
    assert (at.screen, at.proposed_minor) == (Screen.AMOUNT, 1_500_00)


@pytest.mark.parametrize("screen", [Screen.CASH_IN, Screen.CARD_PAYMENT, Screen.QR_PAYMENT, Screen.PAYING])
def test_a_payment_in_hand_goes_on_whatever_was_proposed(screen):
    at = Visit(screen=screen, account=ACCOUNT, balance=BALANCE)
    assert proposed(at).screen is screen
    assert proposed(at).proposed_minor == 0


def test_where_nothing_can_be_paid_he_stays_where_he_was():
    at = Visit(screen=Screen.BALANCE, account=ACCOUNT, balance=BALANCE)
    assert proposed(at, VisitRules(cash=False)).screen is Screen.BALANCE
