"""The customer's stay: every screen has a way on and a way out, and money inside is never left behind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from payment.contract import (
    CashInSnapshot,
    CashPhase,
    CashSettings,
    NoteAnswer,
    PaymentOrder,
    PayOutcome,
    Receipt,
)
from payment.contract.order import Purpose
from payment.contract.printing import PaidLine
from terminal_app.contacts import Contacts
from terminal_app.core import visit_events as events
from terminal_app.core.call import Call
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.visit import SCAN_S_MAX, step
from terminal_app.core.visit_money import receipt_view
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import AccountView, BalanceView, Notice, Screen
from terminal_app.ipc.orders import ReceiptPair

RULES = VisitRules()
ACCOUNT = AccountView("100000017", "Бел••••• И. П.", "Невский пр., д. 1•")
BALANCE = BalanceView(1_543_21, "ноябрь 2026", [], "23.11.2026")


def walk(*told: events.Event, visit: Visit | None = None, now_s: float = 0.0) -> tuple[Visit, list[events.Effect]]:
    """Tells a visit one event after another; the effects are those of the last one."""
    visit = visit or Visit()
    effects: list[events.Effect] = []
    for event in told:
        visit, effects = step(visit, event, RULES, now_s)
    return visit, effects


TO_BALANCE = (
    ipc.StartPayment(),
    ipc.SubmitAccount("100000017"),
    events.AccountFound(ACCOUNT),
    ipc.ConfirmAccount(),
    ipc.SubmitSecondAttribute("4321"),
    events.AttributeAccepted(BALANCE),
)
TO_CASH = (*TO_BALANCE, ipc.ChooseAmount(0), ipc.ChooseAmount(1_600_00))


def inside(amount_minor: int, phase: CashPhase = CashPhase.ACCEPTING) -> events.CashChanged:
    snapshot = CashInSnapshot(phase=phase, inserted_minor=amount_minor, may_pay=amount_minor > 0, acceptor_ready=True)
    return events.CashChanged(snapshot)


def test_a_typed_account_leads_over_two_attributes_to_the_balance():
    visit, effects = walk(*TO_BALANCE[:2])
    assert visit.busy
    assert effects == [events.FindAccount("100000017")]
    visit, effects = walk(*TO_BALANCE[:5])
    assert effects == [events.AskDetails("100000017", "4321")]
    visit, _ = walk(*TO_BALANCE)
    assert visit.screen is Screen.BALANCE
    assert visit.balance == BALANCE


@pytest.mark.clause("3-Идентификация", owner="terminal_app")
def test_nothing_personal_is_known_before_the_second_attribute_fits():
    visit, _ = walk(*TO_BALANCE[:5])
    assert visit.balance is None
    visit, _ = walk(events.AttributeRefused(), visit=visit)
    assert visit.balance is None
    assert visit.input_error is Notice.ATTRIBUTE_WRONG


def test_a_bill_before_the_camera_counts_as_both_attributes():
    visit, effects = walk(ipc.StartPayment(), ipc.StartBillScan())
    assert effects == [events.SetScanning(True)]
    visit, effects = walk(events.BillRead("100000017", 1_543_21), visit=visit)
    assert effects == [events.SetScanning(False), events.FindAccount("100000017")]
    visit, effects = walk(events.AccountFound(ACCOUNT), ipc.ConfirmAccount(), visit=visit)
    assert effects == [events.AskByBill("100000017")]


def test_where_the_setting_says_so_a_bill_is_only_the_first_attribute():
    rules = replace(RULES, bill_counts_as_both=False)
    visit, _ = walk(
        ipc.StartPayment(), ipc.StartBillScan(), events.BillRead("100000017", 0), events.AccountFound(ACCOUNT)
    )
    visit, effects = step(visit, ipc.ConfirmAccount(), rules, 0.0)
    assert visit.screen is Screen.SECOND_ATTRIBUTE
    assert effects == []


def test_a_wrong_account_is_said_beside_the_field_and_the_task_goes_on():
    visit, _ = walk(ipc.StartPayment(), ipc.SubmitAccount("999999999"), events.AccountMissing())
    assert visit.screen is Screen.ACCOUNT_ENTRY
    assert visit.input_error is Notice.ACCOUNT_NOT_FOUND
    visit, effects = walk(ipc.SubmitAccount("100000017"), visit=visit)
    assert visit.input_error is Notice.NONE
    assert effects


@pytest.mark.parametrize("notice", [Notice.QR_FOREIGN_PAYEE, Notice.QR_NOT_A_BILL, Notice.QR_UNREADABLE])
def test_a_refused_bill_ends_in_a_sentence_and_leads_back_to_the_keypad(notice):
    visit, effects = walk(ipc.StartPayment(), ipc.StartBillScan(), events.BillRefused(notice))
    assert (visit.screen, visit.notice) == (Screen.NOTICE, notice)
    assert effects == [events.SetScanning(False)]
    visit, _ = walk(ipc.Dismiss(), visit=visit)
    assert visit.screen is Screen.ACCOUNT_ENTRY


@pytest.mark.parametrize("notice", [Notice.QR_NOT_A_BILL, Notice.QR_UNREADABLE])
@pytest.mark.parametrize("way_in", [(), (ipc.StartPayment(),)], ids=["first screen", "account"])
def test_a_code_that_could_not_be_used_may_be_held_up_again(way_in, notice):
    visit, effects = walk(*way_in, ipc.StartBillScan(), events.BillRefused(notice), ipc.StartBillScan())
    assert (visit.screen, visit.notice, effects) == (Screen.BILL_SCAN, Notice.NONE, [events.SetScanning(True)])
    visit, effects = walk(events.BillRead("100000017", 0), visit=visit)
    assert effects == [events.SetScanning(False), events.FindAccount("100000017")]


def test_another_companys_bill_is_not_scanned_again():
    visit, effects = walk(ipc.StartBillScan(), events.BillRefused(Notice.QR_FOREIGN_PAYEE), ipc.StartBillScan())
    assert (visit.screen, effects) == (Screen.NOTICE, [])


def test_a_bill_nobody_can_read_is_given_up_after_a_minute():
    visit, _ = walk(ipc.StartPayment(), ipc.StartBillScan())
    visit, effects = walk(ipc.CustomerActive(), events.Tick(), visit=visit, now_s=SCAN_S_MAX - 0.1)
    assert visit.screen is Screen.BILL_SCAN
    visit, effects = walk(events.Tick(), visit=visit, now_s=SCAN_S_MAX)
    assert visit.notice is Notice.QR_UNREADABLE
    assert effects == [events.SetScanning(False)]


def test_the_attempts_for_the_second_attribute_are_spent_and_going_back_buys_none():
    visit, _ = walk(*TO_BALANCE[:5], events.AttributeRefused())
    assert visit.attempts_left == 2
    visit, _ = walk(
        ipc.GoBack(), ipc.SubmitAccount("100000017"), events.AccountFound(ACCOUNT), ipc.ConfirmAccount(), visit=visit
    )
    assert visit.attempts_left == 2
    again = (ipc.SubmitSecondAttribute("0000"), events.AttributeRefused())
    visit, _ = walk(*again, *again, visit=visit)
    assert visit.notice is Notice.ATTRIBUTE_ATTEMPTS_SPENT
    assert visit.account is None


def test_billing_that_does_not_answer_is_said_and_the_customer_stays_where_they_were():
    visit, _ = walk(*TO_BALANCE[:2], events.AccountsUnreachable())
    assert visit.notice is Notice.BILLING_UNREACHABLE
    visit, _ = walk(ipc.Dismiss(), visit=visit)
    assert (visit.screen, visit.account_typed) == (Screen.ACCOUNT_ENTRY, "100000017")


def test_an_answer_that_comes_after_the_customer_left_is_for_nobody():
    visit, _ = walk(*TO_BALANCE[:5], ipc.GoHome(), events.AttributeAccepted(BALANCE))
    assert visit == Visit(active_at_s=visit.active_at_s, entered_at_s=visit.entered_at_s)


def test_money_inside_is_not_left_by_home_or_back():
    visit, effects = walk(*TO_CASH)
    assert effects == [events.OpenCashIn(PaymentOrder("100000017", asked_minor=1_600_00))]
    for way_out in (ipc.GoHome(), ipc.GoBack()):
        asked, effects = walk(inside(500_00), way_out, visit=visit)
        assert asked.notice is Notice.MONEY_INSIDE
        assert effects == []
        back, _ = walk(ipc.Dismiss(), visit=asked)
        assert back.screen is Screen.CASH_IN


def test_without_money_inside_back_closes_the_payment():
    visit, effects = walk(*TO_CASH, inside(0), ipc.GoBack())
    assert visit.screen is Screen.AMOUNT
    assert effects == [events.LeaveCashIn()]


def test_a_customer_who_walked_away_has_the_money_paid_to_their_account():
    visit, _ = walk(*TO_CASH, inside(500_00))
    visit, _ = walk(events.Tick(), visit=visit, now_s=RULES.idle_ask_personal_s + 1)
    assert visit.idle_left_s > 0
    visit, effects = walk(events.Tick(), visit=visit, now_s=RULES.idle_ask_personal_s + RULES.idle_leave_s)
    assert effects == [events.LeaveCashIn()]
    assert visit.screen is Screen.PAYING
    visit, _ = walk(inside(500_00, CashPhase.DONE), visit=visit)
    assert visit.screen is Screen.RECEIPT


def answered(answers: int, *, fault: str = "none") -> events.CashChanged:
    ready = fault == "none"
    told = NoteAnswer.STACKED
    return events.CashChanged(
        CashInSnapshot(
            CashPhase.ACCEPTING, note_answer=told, note_answers=answers, acceptor_ready=ready, acceptor_fault=fault
        )
    )


def shown_answer(visit: Visit) -> ipc.NoteAnswer:
    assert visit.cash is not None
    around = Surroundings(ipc.Availability(), Contacts(), "", CashSettings("t1"))
    cash = terminal_state(visit, Call(), visit.cash, around).cash
    assert cash is not None
    return cash.note_answer


def test_an_answer_from_before_a_jam_is_no_news_after_it():
    visit, _ = walk(*TO_CASH, answered(1))
    assert shown_answer(visit) is ipc.NoteAnswer.STACKED
    visit, _ = walk(answered(1, fault="jammed"), answered(1), visit=visit)
    assert shown_answer(visit) is ipc.NoteAnswer.NONE
    visit, _ = walk(answered(2), visit=visit)
    assert shown_answer(visit) is ipc.NoteAnswer.STACKED


def test_a_fault_that_passes_by_itself_leaves_the_answer():
    visit, _ = walk(*TO_CASH, answered(1), answered(1, fault="paused"), answered(1))
    assert shown_answer(visit) is ipc.NoteAnswer.STACKED


def test_a_new_payment_of_the_visit_counts_its_answers_anew():
    visit, _ = walk(*TO_CASH, answered(3, fault="jammed"), ipc.GoBack(), ipc.ChooseAmount(500_00), answered(1))
    assert shown_answer(visit) is ipc.NoteAnswer.STACKED


def test_a_note_on_its_way_stops_the_idle_clock():
    moving = events.CashChanged(CashInSnapshot(phase=CashPhase.ACCEPTING, note_moving=True))
    visit, _ = walk(*TO_CASH, moving)
    for now_s in range(0, 600, 30):
        visit, _ = walk(events.Tick(), visit=visit, now_s=float(now_s))
    assert (visit.screen, visit.idle_left_s) == (Screen.CASH_IN, 0)


def test_the_idle_question_is_answered_by_any_touch():
    visit, _ = walk(ipc.StartPayment())
    visit, _ = walk(events.Tick(), visit=visit, now_s=RULES.idle_ask_s + 1)
    assert visit.idle_left_s == 30 - 1 + 1
    visit, _ = walk(ipc.CustomerActive(), events.Tick(), visit=visit, now_s=RULES.idle_ask_s + 2)
    assert visit.idle_left_s == 0


def test_the_receipt_is_shown_and_its_end_wipes_the_visit():
    visit, _ = walk(*TO_CASH, inside(1_600_00), ipc.PressPay(), inside(1_600_00, CashPhase.PAYING))
    assert visit.screen is Screen.PAYING
    assert walk(ipc.GoHome(), visit=visit)[0].screen is Screen.PAYING
    visit, _ = walk(inside(1_600_00, CashPhase.DONE), visit=visit)
    visit, effects = walk(ipc.Dismiss(), visit=visit)
    assert effects == [events.CloseCashIn()]
    assert (visit.account, visit.balance, visit.cash, visit.account_typed) == (None, None, None, "")


def test_the_receipt_view_says_what_the_slip_says():
    receipt = Receipt(
        "7", "2026-11-23 12:00", "t", "100000017", "Электроэнергия", 500_00, 0, 500_00, PayOutcome.UNKNOWN
    )
    view = receipt_view(CashInSnapshot(receipt=receipt, receipt_printed=False))
    assert view is not None
    assert (view.paid_minor, view.credited, view.printed) == (500_00, False, False)
    assert ReceiptPair("Номер операции", "7") in view.pairs
    assert ReceiptPair("Лицевой счёт", "100 000 017") in view.pairs
    assert receipt_view(CashInSnapshot()) is None


EVENTS = st.sampled_from(
    [
        events.Tick(),
        events.AccountFound(ACCOUNT),
        events.AccountMissing(),
        events.AccountsUnreachable(),
        events.AttributeAccepted(BALANCE),
        events.AttributeRefused(),
        events.BillRead("100000017", 1),
        events.BillRefused(Notice.QR_NOT_A_BILL),
        events.ScanFailed(),
        inside(0),
        inside(500_00),
        inside(500_00, CashPhase.PAYING),
        inside(500_00, CashPhase.DONE),
        ipc.CustomerActive(),
        ipc.StartPayment(),
        ipc.SubmitAccount("100000017"),
        ipc.StartBillScan(),
        ipc.ConfirmAccount(),
        ipc.SubmitSecondAttribute("4321"),
        ipc.ChooseAmount(0),
        ipc.ChooseAmount(100_00),
        ipc.PressPay(),
        ipc.PrintCopy(),
        ipc.GoBack(),
        ipc.GoHome(),
        ipc.Dismiss(),
    ]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(EVENTS, st.floats(0.0, 40.0)), max_size=60))
def test_whatever_happens_money_is_left_only_with_an_order_to_pay_it(told):
    """At every step: the payment opened is closed by exactly one leave or close before the wiped screen."""
    visit, now_s, is_open = Visit(), 0.0, False
    for event, passed_s in told:
        now_s += passed_s
        if isinstance(event, events.CashChanged) and not is_open:
            continue  # a closed cashier tells nothing of a payment
        before = visit
        visit, effects = step(visit, event, RULES, now_s)
        for effect in effects:
            if isinstance(effect, events.OpenCashIn):
                assert not is_open
                is_open = True
            if isinstance(effect, events.LeaveCashIn | events.CloseCashIn):
                assert is_open
                # Left with money inside, the payment goes on to its receipt.
                is_open = isinstance(effect, events.LeaveCashIn) and before.money_inside
        if visit.screen is Screen.ATTRACT:
            assert not is_open
            assert (visit.account, visit.balance, visit.cash) == (None, None, None)
        if visit.screen is Screen.NOTICE:
            assert visit.notice is not Notice.NONE


@pytest.mark.parametrize(
    ("outcome", "unallocated_minor", "in_doubt_minor", "told"),
    [
        (PayOutcome.CREDITED, 0, 0, [("Зачислено", "400,00 ₽")]),
        (PayOutcome.UNKNOWN, 0, 0, [("К зачислению", "400,00 ₽")]),
        (PayOutcome.REFUSED, 400_00, 0, [("Не зачислено", "400,00 ₽")]),
        (PayOutcome.CREDITED, 100_00, 0, [("Зачислено", "400,00 ₽"), ("Не зачислено", "100,00 ₽")]),
        (None, 0, 500_00, [("На проверке", "500,00 ₽")]),
    ],
)
def test_the_screen_calls_nothing_credited_that_is_not(outcome, unallocated_minor, in_doubt_minor, told):
    receipt = Receipt(
        "1", "23.11.2026 14:12", "T-1", "100000017", "Электроэнергия", 400_00, 0, 400_00, outcome,
        in_doubt_minor=in_doubt_minor, unallocated_minor=unallocated_minor,
    )  # fmt: skip
    view = receipt_view(CashInSnapshot(receipt=receipt, receipt_printed=True))
    pairs = [(pair.name, pair.value.replace("\u00a0", " ")) for pair in view.pairs]
    assert pairs[2:-1] == told
    assert view.credited == (outcome is PayOutcome.CREDITED)


def test_the_screen_says_how_much_went_to_each_of_several_accounts():
    def shown(*accounts):
        lines = tuple(
            PaidLine(f"{number}", account, "Электроэнергия", Purpose.SUPPLY, 100_00, 0, PayOutcome.CREDITED)
            for number, account in enumerate(accounts)
        )
        total = 100_00 * len(lines)
        receipt = Receipt(
            "1", "23.11.2026 14:12", "T-1", accounts[0], "Электроэнергия", total, 0, total, PayOutcome.CREDITED,
            lines=lines,
        )  # fmt: skip
        pairs = receipt_view(CashInSnapshot(receipt=receipt, receipt_printed=True)).pairs
        return [(pair.name, pair.value.replace("\u00a0", " ")) for pair in pairs[:-1]]

    assert shown("100000017", "100000025", "100000017") == [
        ("100 000 017", "200,00 ₽"),
        ("100 000 025", "100,00 ₽"),
    ]
    assert shown("100000017", "100000025", "100000033", "100000041")[0] == ("Лицевых счетов", "4")  # the slip says each


def test_anyone_pays_by_the_number_alone_and_sees_nothing_of_the_account():
    visit, _ = walk(*TO_BALANCE[:3], ipc.ChooseAmount(0))
    assert (visit.screen, visit.balance) == (Screen.AMOUNT, None)
    assert walk(ipc.GoBack(), visit=visit)[0].screen is Screen.ACCOUNT_CONFIRM
    visit, (opened,) = walk(ipc.ChooseAmount(500_00), visit=visit)
    assert (visit.screen, opened.order.account, opened.order.asked_minor) == (Screen.CASH_IN, "100000017", 500_00)


def test_who_came_for_a_service_of_his_own_account_is_not_led_to_the_payment():
    visit, _ = walk(*TO_BALANCE[:3])
    visit, _ = walk(ipc.ChooseAmount(0), visit=replace(visit, purpose="informing"))
    assert visit.screen is Screen.ACCOUNT_CONFIRM
