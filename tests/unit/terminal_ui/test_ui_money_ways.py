"""Cash or card, the card awaited, why no cash is taken: what the customer reads and what his touch means."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from terminal_app.ipc.messages import (
    AccountView,
    Availability,
    CashStop,
    CashView,
    ChooseAmount,
    ChooseMeans,
    Dismiss,
    Notice,
    PaymentMeans,
    PressPay,
    PrintCopy,
    Screen,
    TerminalState,
)
from terminal_app.ipc.orders import ReceiptView
from terminal_app.ui import theme
from terminal_app.ui.presenters.account_confirm import AccountConfirmPresenter
from terminal_app.ui.presenters.amount import AmountPresenter
from terminal_app.ui.presenters.attract import AttractPresenter
from terminal_app.ui.presenters.balance import BalancePresenter
from terminal_app.ui.presenters.card_payment import CardPaymentPresenter
from terminal_app.ui.presenters.cash_in import CashInPresenter
from terminal_app.ui.presenters.chrome import ChromePresenter
from terminal_app.ui.presenters.means import MeansPresenter
from terminal_app.ui.presenters.notice import NoticePresenter
from terminal_app.ui.presenters.qr_payment import QrPaymentPresenter
from terminal_app.ui.presenters.receipt import ReceiptPresenter
from tests.unit.terminal_ui.test_ui_presenters import ABLE, STATE

ACCOUNT = AccountView("100000017", "Бел••••• И. П.", "Невский пр., д. 1•")
BOTH = replace(ABLE, card=True)
ASKED = CashView(asked_minor=3_214_56)
MEANS = replace(STATE, screen=Screen.MEANS, cash=ASKED, availability=BOTH)
CARD = replace(STATE, screen=Screen.CARD_PAYMENT, cash=ASKED)


def view(presenter: type, state: TerminalState):
    return presenter(state).view(state)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(("key", "means"), [("cash", PaymentMeans.CASH), ("card", PaymentMeans.CARD)])
def test_each_way_to_pay_is_one_touch(key, means):
    assert MeansPresenter(MEANS).press(key, MEANS) == ChooseMeans(means)
    assert plain(view(MeansPresenter, MEANS).amount) == "К оплате 3 214,56 ₽"


@pytest.mark.parametrize(("key", "gone"), [("cash", {"cash": False}), ("card", {"card": False})])
def test_a_way_that_went_away_is_not_taken(key, gone):
    state = replace(MEANS, availability=replace(BOTH, **gone))
    assert MeansPresenter(state).press(key, state) is None
    assert MeansPresenter(MEANS).press("gold", MEANS) is None


def test_by_qr_is_a_way_where_there_is_a_bank_for_it():
    three = replace(MEANS, availability=replace(BOTH, qr=True))
    assert MeansPresenter(three).press("qr", three) == ChooseMeans(PaymentMeans.QR)
    assert MeansPresenter(MEANS).press("qr", MEANS) is None
    assert "карты" in view(MeansPresenter, three).hint
    without_card = replace(MEANS, availability=replace(BOTH, card=False, qr=True))
    assert "QR-коду" in view(MeansPresenter, without_card).hint


def test_the_code_of_a_payment_is_waited_for_and_then_shown_with_what_to_do():
    asking = view(QrPaymentPresenter, replace(CARD, screen=Screen.QR_PAYMENT))
    assert (asking.title, asking.qr, asking.steps) == ("Готовим код для оплаты…", "", "")
    shown = view(QrPaymentPresenter, replace(CARD, screen=Screen.QR_PAYMENT, cash=replace(ASKED, qr="https://qr")))
    assert (plain(shown.amount), shown.qr) == ("3 214,56 ₽", "https://qr")
    assert "ещё раз не нужно" in plain(shown.warning)


def test_the_card_screen_says_the_sum_and_after_the_way_back_that_it_is_let_go():
    waiting = view(CardPaymentPresenter, CARD)
    assert plain(waiting.amount) == "3 214,56 ₽"
    assert "Приложите карту" in waiting.title
    assert "ПИН" in waiting.hint
    leaving = view(CardPaymentPresenter, replace(CARD, busy=True))
    assert (leaving.title, leaving.hint) == ("Отменяем оплату картой…", "")


def test_the_way_back_from_the_card_is_there_until_it_was_touched():
    for state, there in ((CARD, True), (replace(CARD, busy=True), False)):
        chrome = ChromePresenter(theme.brand).view(state)
        assert (chrome.back, chrome.home) == (there, there)


@pytest.mark.parametrize(
    ("able", "home", "balance"),
    [
        (Availability(cash_stop=CashStop.POWER), "Нет электричества", "Нет электричества"),
        (Availability(cash_stop=CashStop.DOOR), "открыт для обслуживания", "открыт для обслуживания"),
        (Availability(cash_stop=CashStop.CASSETTE_FULL, card=True), "Можно оплатить картой", "Приёмник купюр заполнен"),
        (Availability(cash_stop=CashStop.JAMMED), "Узнать баланс можно", "в другом терминале или в офисе"),
        (Availability(cash_stop=CashStop.JOURNAL, card=True), "Можно оплатить картой", "Можно оплатить картой"),
    ],
)
def test_why_no_cash_is_taken_and_what_is_left_is_said(able, home, balance):
    state = replace(STATE, availability=able)
    assert home in view(AttractPresenter, state).warning
    assert balance in view(BalancePresenter, state).no_cash


def test_what_limits_a_payment_is_said_before_the_first_note():
    words = "На этот лицевой счёт сегодня больше внести нельзя. Продолжить можно завтра."
    limited = replace(STATE, cash=CashView(limit_words=words))
    assert view(CashInPresenter, limited).left == words
    assert "не даёт сдачу" in view(CashInPresenter, limited).no_change
    inside = replace(STATE, cash=CashView(limit_words=words, inserted_minor=500_00, asked_minor=600_00))
    assert "100,00" in view(CashInPresenter, inside).left


def test_who_can_pay_by_card_goes_on_without_cash():
    state = replace(STATE, availability=Availability(card=True, billing=True))
    assert BalancePresenter(state).press("pay", state) == ChooseAmount(0)
    assert BalancePresenter(STATE).press("pay", replace(STATE, availability=Availability())) is None


@pytest.mark.parametrize(
    ("able", "words"),
    [
        ({"camera": True, "scanner": False}, "к камере"),
        ({"camera": False, "scanner": True}, "к сканеру"),
        ({"camera": False, "scanner": False}, "не работает"),
        ({"scanner": True, "billing": False}, "нет связи"),
    ],
)
def test_a_bill_is_held_to_what_is_there(able, words):
    choices = view(AttractPresenter, replace(STATE, availability=replace(ABLE, **able))).choices
    assert [words in choice.hint for choice in choices if choice.key == "scan"] == [True]


def test_a_card_whose_bank_is_silent_is_called_neither_paid_nor_refused():
    receipt = ReceiptView("1", 0, credited=False, printed=True, card_unknown_minor=500_00)
    shown = view(ReceiptPresenter, replace(STATE, receipt=receipt))
    assert (shown.title, plain(shown.amount), shown.credited) == ("Банк не ответил", "500,00 ₽", False)
    assert "пока неизвестно" in shown.sentence


def test_a_recovered_payment_tells_its_sum_and_a_declined_card_that_nothing_was_taken():
    recovered = replace(STATE, notice=Notice.PAYMENT_RECOVERED, cash=CashView(recovered_minor=600_00))
    assert "600,00" in view(NoticePresenter, recovered).sentence
    declined = view(NoticePresenter, replace(STATE, notice=Notice.CARD_DECLINED))
    assert "не списались" in declined.sentence


# --- before the first note, less than is asked, the slip once more ----------------------------------------------------


def test_it_is_said_all_the_time_that_no_change_is_given_and_before_the_first_note_what_will_be_an_advance():
    asked = CashView(asked_minor=1_543_21)
    plainly = view(CashInPresenter, replace(STATE, cash=asked)).no_change
    assert "не даёт сдачу" in plainly
    assert "авансом" in plainly
    odd = replace(asked, above_minor=1_550_00, advance_minor=6_79)
    words = plain(view(CashInPresenter, replace(STATE, cash=odd)).no_change)
    for part in ("не даёт сдачу", "Если внести 1 550,00 ₽, то 6,79 ₽", "авансом"):
        assert part in words
    assert view(CashInPresenter, replace(STATE, cash=replace(odd, inserted_minor=100_00))).no_change == plainly
    assert view(CashInPresenter, replace(STATE, cash=replace(odd, inserted_minor=1_600_00))).no_change == ""
    assert view(CashInPresenter, replace(STATE, cash=replace(odd, acceptor_stopped=True))).no_change == ""


LESS = CashView(asked_minor=1_543_21, inserted_minor=1_500_00, may_pay=True)
ASKED_ABOUT_LESS = replace(STATE, screen=Screen.NOTICE, notice=Notice.PAY_LESS, cash=LESS)


def test_the_question_names_what_is_inside_and_what_is_to_pay_and_has_two_answers():
    shown = view(NoticePresenter, ASKED_ABOUT_LESS)
    assert plain(shown.title) == "Зачислить 1 500,00 ₽?"
    assert plain(shown.sentence) == "Вы внесли 1 500,00 ₽, к оплате 1 543,21 ₽"
    assert (plain(shown.first), shown.button) == ("Зачислить 1 500,00 ₽", "Внести ещё")
    presenter = NoticePresenter(ASKED_ABOUT_LESS)
    assert presenter.press(shown.first_key, ASKED_ABOUT_LESS) == PressPay()
    assert presenter.press("dismiss", ASKED_ABOUT_LESS) == Dismiss()
    assert not ChromePresenter(theme.brand).view(ASKED_ABOUT_LESS).home


def test_what_is_credited_is_named_without_the_fee_and_is_not_paid_when_it_may_not_be():
    with_fee = replace(ASKED_ABOUT_LESS, cash=replace(LESS, fee_minor=15_00))
    assert plain(view(NoticePresenter, with_fee).first) == "Зачислить 1 485,00 ₽"
    for cash in (None, replace(LESS, may_pay=False)):
        state = replace(ASKED_ABOUT_LESS, cash=cash)
        assert NoticePresenter(state).press("credit", state) is None


SLIP = ReceiptView("26112522302597840012", 500_00, credited=True, printed=True, copies_left=3)
DONE = replace(STATE, screen=Screen.RECEIPT, receipt=SLIP)


@pytest.mark.parametrize(
    ("changes", "hint", "able", "paper"),
    [
        ({}, "С отметкой «Копия»", True, "Возьмите чек"),
        ({"printed": None}, "", False, "Чек печатается…"),
        ({"copies": 1, "copies_left": 2}, "Копия печатается…", False, "Копия печатается…"),
        (
            {"copies": 1, "copies_left": 2, "copy_printed": True},
            "Можно ещё 2 раза",
            True,
            "Возьмите копию чека",
        ),
        (
            {"copies": 2, "copies_left": 1, "copy_printed": False},
            "Можно ещё 1 раз",
            True,
            "Копия не напечаталась",
        ),
        ({"copies": 3, "copies_left": 0, "copy_printed": True}, "", False, "Возьмите копию чека"),
    ],
)
def test_the_button_for_a_copy_tells_how_it_went_and_goes_away_after_the_third(changes, hint, able, paper):
    state = replace(DONE, receipt=replace(SLIP, **changes))
    shown = view(ReceiptPresenter, state)
    assert (shown.copy_hint, shown.copy_able, shown.paper) == (hint, able, paper)
    assert ReceiptPresenter(state).press("copy", state) == (PrintCopy() if able else None)


def test_without_a_printer_no_copy_is_offered():
    state = replace(DONE, availability=replace(ABLE, printer=False))
    assert view(ReceiptPresenter, state).copy_hint == ""
    assert ReceiptPresenter(state).press("copy", state) is None


def test_who_has_no_slip_keeps_the_number_until_a_copy_is_on_paper():
    for copy_printed, number in ((False, "26112 52230 25978 40012"), (True, "")):
        slipless = replace(SLIP, printed=False, copies=1, copies_left=2, copy_printed=copy_printed)
        assert view(ReceiptPresenter, replace(DONE, receipt=slipless)).number == number


def receipt_said(**changes: object):
    base = ReceiptView("26112522302597840012", 500_00, credited=False, printed=True)
    return view(ReceiptPresenter, replace(STATE, support_phone="8 800", receipt=replace(base, **changes)))


def test_money_that_billing_refused_is_never_called_accepted():
    shown = receipt_said(refused_minor=500_00)
    assert (shown.title, plain(shown.amount), shown.credited) == ("Платёж не зачислен", "500,00 ₽", False)
    assert "Позвоните 8 800" in plain(shown.sentence)
    assert (shown.paper, shown.number) == ("Возьмите извещение", "26112 52230 25978 40012")


def test_a_part_that_was_refused_is_told_beside_what_was_credited():
    shown = receipt_said(credited=True, refused_minor=100_00)
    assert (shown.title, plain(shown.amount)) == ("Платёж зачислен", "500,00 ₽")
    assert "Часть денег" in shown.sentence
    assert shown.number


def test_a_note_in_doubt_alone_is_called_so():
    shown = receipt_said(paid_minor=0, in_doubt_minor=1_000_00)
    assert (shown.title, plain(shown.amount)) == ("Купюра на проверке", "1 000,00 ₽")


def test_who_pays_for_somebody_is_offered_sums_and_told_nothing_of_a_debt():
    asked = replace(STATE, screen=Screen.ACCOUNT_CONFIRM, account=ACCOUNT, may_pay_unseen=True)
    assert AccountConfirmPresenter(asked).press("unseen", asked) == ChooseAmount(0)
    for idle in (replace(asked, may_pay_unseen=False), replace(asked, availability=replace(ABLE, cash=False))):
        assert AccountConfirmPresenter(idle).press("unseen", idle) is None
    sums = view(AmountPresenter, replace(STATE, screen=Screen.AMOUNT, account=ACCOUNT, balance=None)).suggestions
    assert {plain(one.title) for one in sums} == {"Внести"}
