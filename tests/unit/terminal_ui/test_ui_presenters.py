"""Presenters: a state becomes a view value, a press becomes at most one command."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from signaling_server.contract.messages import WayToTalk
from terminal_app.ipc.messages import (
    SCAN_AGAIN,
    AccountView,
    Availability,
    BalanceView,
    CashView,
    ChargeView,
    ChooseAmount,
    ChooseWay,
    ConfirmAccount,
    CustomerActive,
    Dismiss,
    GoBack,
    GoHome,
    HangUp,
    NoteAnswer,
    Notice,
    PressPay,
    Screen,
    StartBillScan,
    StartCall,
    StartPayment,
    SubmitAccount,
    SubmitSecondAttribute,
    TerminalState,
)
from terminal_app.ipc.orders import ReceiptView
from terminal_app.ipc.pages import OpenService
from terminal_app.ui import theme
from terminal_app.ui.presenters.account_confirm import AccountConfirmPresenter
from terminal_app.ui.presenters.account_entry import AccountEntryPresenter
from terminal_app.ui.presenters.amount import AmountPresenter, suggested
from terminal_app.ui.presenters.attract import AttractPresenter
from terminal_app.ui.presenters.away import MOMENT_S, away_view
from terminal_app.ui.presenters.balance import BalancePresenter
from terminal_app.ui.presenters.bill_scan import BillScanPresenter
from terminal_app.ui.presenters.call_live import CallLivePresenter
from terminal_app.ui.presenters.call_result import CallResultPresenter
from terminal_app.ui.presenters.call_waiting import CallWaitingPresenter
from terminal_app.ui.presenters.call_way import CallWayPresenter
from terminal_app.ui.presenters.cash_in import CashInPresenter
from terminal_app.ui.presenters.chrome import ChromePresenter
from terminal_app.ui.presenters.notice import NoticePresenter
from terminal_app.ui.presenters.out_of_service import OutOfServicePresenter
from terminal_app.ui.presenters.paying import PayingPresenter
from terminal_app.ui.presenters.receipt import ReceiptPresenter
from terminal_app.ui.presenters.second_attribute import SecondAttributePresenter

ABLE = Availability(cash=True, printer=True, camera=True, sound=True, billing=True, server=True, agents_on_duty=1)
ACCOUNT = AccountView("040123456", "К••• А. В.", "ул. Б•••, д. 1•")
BALANCE = BalanceView(3_214_56, "ноябрь 2026", [ChargeView("Электроэнергия", 3_214_56)], "23.11.2026")
STATE = TerminalState(revision=1, screen=Screen.ATTRACT, availability=ABLE, account=ACCOUNT, balance=BALANCE)
PAYABLE = replace(STATE, cash=CashView(inserted_minor=500_00, may_pay=True, acceptor_ready=True))
ALL = [
    AccountConfirmPresenter, AccountEntryPresenter, AmountPresenter, AttractPresenter, BalancePresenter,
    BillScanPresenter, CallLivePresenter, CallResultPresenter, CallWaitingPresenter, CallWayPresenter,
    CashInPresenter, NoticePresenter, OutOfServicePresenter, PayingPresenter, ReceiptPresenter,
    SecondAttributePresenter,
]  # fmt: skip
PRESSES = [
    (AttractPresenter, STATE, "pay", StartPayment()),
    (AttractPresenter, STATE, "scan", StartBillScan()),
    (AccountEntryPresenter, STATE, "scan", StartBillScan()),
    (AccountEntryPresenter, STATE, "by_phone", OpenService("by_phone")),
    (AccountEntryPresenter, replace(STATE, account_typed="040123456"), "next", SubmitAccount("040123456")),
    (BillScanPresenter, STATE, "by_hand", GoBack()),
    (AccountConfirmPresenter, STATE, "yes", ConfirmAccount()),
    (AccountConfirmPresenter, STATE, "no", GoBack()),
    (BalancePresenter, STATE, "pay", ChooseAmount(0)),
    (AmountPresenter, STATE, "sum_325000", ChooseAmount(3_250_00)),
    (CashInPresenter, PAYABLE, "pay", PressPay()),
    (ReceiptPresenter, STATE, "done", Dismiss()),
    (NoticePresenter, STATE, "dismiss", Dismiss()),
    (CallWayPresenter, STATE, "speak", ChooseWay(WayToTalk.SPEAK)),
    (CallWayPresenter, STATE, "write", ChooseWay(WayToTalk.WRITE)),
    (CallWayPresenter, STATE, "type", ChooseWay(WayToTalk.TYPE)),
    (CallWaitingPresenter, STATE, "cancel", HangUp()),
    (CallLivePresenter, STATE, "hang_up", HangUp()),
    (CallResultPresenter, STATE, "done", OpenService("survey_call")),
]
WAITS_FOR_AN_ANSWER = {
    AccountEntryPresenter, BillScanPresenter, AccountConfirmPresenter, BalancePresenter, AmountPresenter,
    CashInPresenter, CallWayPresenter,
}  # fmt: skip


def typed(presenter, digits, state=STATE):
    for digit in digits:
        assert presenter.press(f"digit_{digit}", state) is None
    return presenter


@pytest.mark.parametrize("kind", ALL)
def test_a_state_with_nothing_in_it_is_shown(kind):
    bare = TerminalState(revision=0, screen=Screen.ATTRACT, availability=Availability())
    assert kind(bare).view(bare) is not None


@pytest.mark.parametrize(("kind", "state", "key", "command"), PRESSES)
def test_a_press_is_one_command(kind, state, key, command):
    assert kind(state).press(key, state) == command


@pytest.mark.parametrize(("kind", "state", "key", "command"), [p for p in PRESSES if p[0] in WAITS_FOR_AN_ANSWER])
def test_no_press_counts_while_an_answer_is_awaited(kind, state, key, command):
    busy = replace(state, busy=True)
    assert kind(busy).press(key, busy) is None


@pytest.mark.parametrize("kind", ALL)
def test_an_unknown_key_presses_nothing(kind):
    assert kind(PAYABLE).press("nonsense", PAYABLE) is None


# --- the account ---------------------------------------------------------------------------------------------------


def test_second_attribute_is_sent_only_whole_and_emptied_after_a_refusal():
    asked = replace(STATE, attempts_left=3)
    presenter = typed(SecondAttributePresenter(asked), "123", asked)
    assert presenter.press("next", asked) is None
    typed(presenter, "45", asked)
    assert presenter.press("next", asked) == SubmitSecondAttribute("1234")
    refused = replace(asked, attempts_left=2, input_error=Notice.ATTRIBUTE_WRONG)
    view = presenter.view(refused)
    assert view.digits == ("", "", "", "")
    assert view.error == "Данные не совпали"
    assert view.attempts == "Осталось 2 попытки"


# --- the money -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due_minor", "title", "amount"),
    [
        (1_234_56, "К оплате", "1\u00a0234,56\u00a0₽"),
        (-150_00, "Переплата", "150,00\u00a0₽"),
        (0, "Долга нет", "0,00\u00a0₽"),
    ],
)
def test_balance_has_no_bare_minus(due_minor, title, amount):
    state = replace(STATE, balance=replace(BALANCE, due_minor=due_minor))
    view = BalancePresenter(state).view(state)
    assert (view.title, view.amount) == (title, amount)


def test_without_cash_the_balance_says_why_it_cannot_be_paid():
    state = replace(STATE, availability=replace(ABLE, cash=False))
    presenter = BalancePresenter(state)
    assert presenter.view(state).no_cash
    assert presenter.press("pay", state) is None


@pytest.mark.parametrize(
    ("due_minor", "sums"),
    [
        (3_214_56, [3_214_56, 3_250_00, 3_300_00]),
        (3_250_00, [3_250_00, 3_300_00]),
        (3_300_00, [3_300_00]),
        (20_00, [20_00, 50_00, 100_00]),
        (-10_00, [500_00, 1000_00, 2000_00]),
    ],
)
def test_suggested_sums_are_each_once_and_never_below_the_due(due_minor, sums):
    assert [amount_minor for _, amount_minor in suggested(due_minor)] == sums


def test_only_offered_sums_are_taken():
    assert AmountPresenter(STATE).press("sum_1", STATE) is None


def test_own_sum_is_typed_in_rubles_within_the_limits():
    state = replace(STATE, cash=CashView(amount_min_minor=10_00, amount_max_minor=15_000_00))
    presenter = AmountPresenter(state)
    presenter.press("other", state)
    typed(presenter, "05", state)
    assert presenter.view(state).typed == "5\u00a0₽"
    assert presenter.view(state).error == "Не меньше 10,00\u00a0₽"
    assert presenter.press("next", state) is None
    typed(presenter, "00", state)
    assert presenter.press("next", state) == ChooseAmount(500_00)
    typed(presenter, "00", state)
    assert presenter.view(state).typed == "50\u00a0000\u00a0₽"
    assert presenter.view(state).error == "Не больше 15\u00a0000,00\u00a0₽"


STOPPED = {"acceptor_ready": False, "acceptor_stopped": True}


def cash_view(**changes):
    state = replace(STATE, cash=replace(CashView(asked_minor=1000_00, acceptor_ready=True), **changes))
    return CashInPresenter(state).view(state)


@pytest.mark.parametrize(
    ("inserted_minor", "left", "progress"),
    [
        (0, "", 0.0),
        (5_00, "Самый маленький платёж 10,00\u00a0₽. Не хватает 5,00\u00a0₽", 0.005),
        (250_00, "Осталось внести 750,00\u00a0₽", 0.25),
        (1000_00, "Сумма набрана. Нажмите «Оплатить»", 1.0),
        (1500_00, "Сверху 500,00\u00a0₽: они зачислятся на ваш счёт авансом", 1.0),
    ],
)
def test_what_is_missing_and_what_is_over_is_said(inserted_minor, left, progress):
    view = cash_view(inserted_minor=inserted_minor, amount_min_minor=10_00)
    assert (view.left, view.progress) == (left, progress)


def test_paying_is_allowed_by_core_alone():
    assert not cash_view(inserted_minor=1000_00, may_pay=False).may_pay
    view = cash_view(inserted_minor=510_00, fee_minor=10_00, may_pay=True)
    assert view.may_pay
    assert view.pay_label == "Оплатить 500,00\u00a0₽"


@pytest.mark.parametrize(
    ("changes", "words", "tone"),
    [
        ({"note_moving": True, "note_answer": NoteAnswer.STACKED}, "Проверяем", "info"),
        ({"note_answer": NoteAnswer.NOT_RECOGNISED}, "Заберите её", "warn"),
        ({"note_answer": NoteAnswer.STACKED}, "принята", "good"),
        ({"acceptor_ready": False, "acceptor_fault": "starting"}, "готовится", "info"),
        (STOPPED | {"acceptor_fault": "jammed"}, "остановился", "warn"),
        (STOPPED | {"acceptor_fault": "jammed", "may_pay": True}, "зачислится", "warn"),
        (STOPPED | {"acceptor_fault": "jammed", "inserted_minor": 50_00}, "не пропадут", "warn"),
        (STOPPED | {"acceptor_fault": "cassette_full"}, "заполнен", "warn"),
        ({"in_doubt_minor": 500_00}, "на проверке", "warn"),
    ],
)
def test_the_acceptor_and_the_last_note_are_told_plainly(changes, words, tone):
    told = cash_view(**changes).told
    assert words in told.sentence
    assert told.tone == tone


def test_an_acceptor_that_stopped_offers_no_notes():
    notes = {"denominations_minor": [50_00, 100_00]}
    assert [chip.text for chip in cash_view(**notes).chips] == ["50", "100"]
    assert cash_view(**notes, **STOPPED).chips == ()


@pytest.mark.parametrize("inserted_minor", [0, 5_00, 250_00, 1000_00, 1500_00])
@pytest.mark.parametrize("fault", ["jammed", "cassette_full"])
def test_once_the_acceptor_has_stopped_nothing_on_the_screen_asks_for_a_note(inserted_minor, fault):
    inside = {
        "inserted_minor": inserted_minor,
        "amount_min_minor": 10_00,
        "above_minor": 1050_00,
        "advance_minor": 50_00,
    }
    going = cash_view(**inside, limit_words="Сегодня можно внести ещё до 500,00\u00a0₽.")
    assert going.title == "Внесите купюры по одной"
    view = cash_view(
        **inside, **STOPPED, acceptor_fault=fault, limit_words="Сегодня можно внести ещё до 500,00\u00a0₽."
    )
    assert view.title == "Больше купюр не вставляйте"
    said = f"{view.left} {view.no_change} {view.told.sentence}".lower()
    assert not any(word in said for word in ("внести", "внесите", "вставьте", "не хватает", "не вставляйте"))


def test_what_is_not_inside_when_the_acceptor_stops_may_be_paid_later():
    assert cash_view(inserted_minor=250_00, **STOPPED).left == "Ещё 750,00\u00a0₽ можно заплатить позже"


@pytest.mark.parametrize(
    ("printed", "paper", "number"),
    [(None, "печатается", ""), (True, "Возьмите чек", ""), (False, "Запишите номер", "26112 52230 25978 40012")],
)
def test_the_number_is_shown_in_fives_when_there_is_no_paper(printed, paper, number):
    state = replace(STATE, receipt=ReceiptView("26112522302597840012", 500_00, credited=True, printed=printed))
    view = ReceiptPresenter(state).view(state)
    assert paper in view.paper
    assert view.number == number


def test_a_payment_not_credited_yet_is_not_called_credited():
    state = replace(STATE, receipt=ReceiptView("1", 500_00, credited=False, printed=True))
    view = ReceiptPresenter(state).view(state)
    assert view.title == "Платёж принят"
    assert "в течение суток" in view.sentence


@pytest.mark.parametrize("notice", sorted(SCAN_AGAIN))
def test_a_code_that_could_not_be_used_is_held_up_again_or_the_number_is_typed(notice):
    state = replace(STATE, notice=notice)
    presenter = NoticePresenter(state)
    view = presenter.view(state)
    assert (view.first, view.button) == ("Попробовать ещё раз", "Ввести номер")
    assert presenter.press("again", state) == StartBillScan()
    assert presenter.press("dismiss", state) == Dismiss()


def test_other_notices_have_one_way_on():
    state = replace(STATE, notice=Notice.QR_FOREIGN_PAYEE)
    assert NoticePresenter(state).view(state).first == ""
    assert NoticePresenter(state).press("again", state) is None


# --- around the screen ---------------------------------------------------------------------------------------------

CHROME_PRESSES = [
    (Screen.BALANCE, "home", GoHome()),
    (Screen.AMOUNT, "back", GoBack()),
    (Screen.BALANCE, "back", None),
    (Screen.ATTRACT, "home", None),
    (Screen.PAYING, "home", None),
    (Screen.CALL_LIVE, "consultant", None),
    (Screen.BALANCE, "stay", CustomerActive()),
    (Screen.BALANCE, "leave", GoHome()),
]


@pytest.mark.parametrize(("screen", "key", "command"), CHROME_PRESSES)
def test_the_frame_sends_what_its_buttons_say(screen, key, command):
    assert ChromePresenter(theme.brand).press(key, replace(STATE, screen=screen)) == command


@pytest.mark.parametrize("screen", [s for s in Screen if not s.startswith("call_") or s is Screen.CALL_RESULT])
@pytest.mark.parametrize("able", [ABLE, Availability()])
def test_the_consultant_is_one_touch_away_and_answers_even_when_not_able(screen, able):
    state = replace(STATE, screen=screen, availability=able)
    presenter = ChromePresenter(theme.brand)
    view = presenter.view(state)
    assert view.consultant
    assert view.consultant_hint
    assert view.consultant_able == able.server
    assert presenter.press("consultant", state) == StartCall()


def test_other_ways_open_and_close_and_do_not_stay_for_the_next_screen():
    presenter = ChromePresenter(theme.brand)
    state = replace(STATE, support_phone="8 800 000-00-00", support_hours="с 8:00")
    assert presenter.press("other_ways", state) is None
    view = presenter.view(state)
    assert view.dialog == "other_ways"
    assert view.ways[0].text == "8\u00a0800\u00a0000-00-00, с\u00a08:00"
    presenter.press("close_window", state)
    assert presenter.view(state).dialog == ""
    presenter.press("other_ways", state)
    presenter.screen_changed()
    assert presenter.view(state).dialog == ""


def test_the_idle_question_counts_and_speaks_of_money_inside():
    presenter = ChromePresenter(theme.brand)
    view = presenter.view(replace(STATE, idle_left_s=21))
    assert view.dialog == "idle"
    assert view.idle_sentence.endswith("через 21 секунду")
    with_money = presenter.view(replace(STATE, idle_left_s=5, cash=CashView(inserted_minor=100_00)))
    assert "зачислятся" in with_money.idle_sentence


def test_away_says_a_moment_first_and_then_the_truth():
    assert away_view(0).title == "Секундочку…"
    assert away_view(MOMENT_S).title == "Терминал временно не работает"
