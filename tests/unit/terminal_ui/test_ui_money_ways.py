"""Cash or card, the card awaited, why no cash is taken: what the customer reads and what his touch means."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from terminal_app.ipc.messages import (
    Availability,
    CashStop,
    CashView,
    ChooseAmount,
    ChooseMeans,
    Notice,
    PaymentMeans,
    ReceiptView,
    Screen,
    TerminalState,
)
from terminal_app.ui import theme
from terminal_app.ui.presenters.attract import AttractPresenter
from terminal_app.ui.presenters.balance import BalancePresenter
from terminal_app.ui.presenters.card_payment import CardPaymentPresenter
from terminal_app.ui.presenters.cash_in import CashInPresenter
from terminal_app.ui.presenters.chrome import ChromePresenter
from terminal_app.ui.presenters.means import MeansPresenter
from terminal_app.ui.presenters.notice import NoticePresenter
from terminal_app.ui.presenters.receipt import ReceiptPresenter
from tests.unit.terminal_ui.test_ui_presenters import ABLE, STATE

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
    assert words in view(AttractPresenter, replace(STATE, availability=replace(ABLE, **able))).scan_hint


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
