"""A payment beside the talk: begun by the customer's touch, covered by nothing, told to the agent (6.1.1)."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from payment.contract import CashInSnapshot, PayOutcome, Receipt
from signaling_server.contract.messages import CallEnded, CallEndReason
from signaling_server.contract.notes import Card, CardAnswer, CardKind, NoteAuthor, is_card
from terminal_app.core import call_paying
from terminal_app.core.call import CallTick, ToMedia, ToOffice, ToPayment
from terminal_app.core.call_paying import BESIDE, PayStage, VisitPays, pays_now
from terminal_app.core.state import call_tick
from terminal_app.core.visit import step
from terminal_app.core.visit_events import AccountFound, AttributeAccepted, FindAccount, PaymentProposed
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.call_messages import Pays, StopHelp
from terminal_app.ipc.messages import (
    AccountView,
    BalanceView,
    ConfirmAccount,
    Dismiss,
    GoHome,
    Screen,
    SubmitSecondAttribute,
)

sys.path.append(str(Path(__file__).parent))
from test_call_cards import answers, card
from test_terminal_call import TO_LIVE, tell

from terminal_app.core.call import Press

ENDED = CallEnded("c1", CallEndReason.AGENT_ENDED)


def tick(pays: VisitPays) -> CallTick:
    return CallTick(pays=pays)


def paying():
    """He has touched «Оплатить», and the payment stands there."""
    call, _ = tell(*TO_LIVE, card(CardKind.PAYMENT), answers(CardAnswer.PAY), tick(VisitPays.IN_HAND))
    return call


def told(effects) -> list[tuple[NoteAuthor, CardAnswer | None]]:
    notes = [effect.message for effect in effects if isinstance(effect, ToOffice)]
    return [(note.author, note.answer) for note in notes if getattr(note, "answer_to", "") == "k1"]


@pytest.mark.clause("6.1.1", owner="terminal_app")
def test_his_own_touch_tells_the_agent_and_brings_the_payment_while_the_talk_goes_on():
    before, _ = tell(*TO_LIVE, card(CardKind.PAYMENT))
    assert before.covers(Screen.ATTRACT)
    assert before.view().pays is Pays.NO
    call, effects = tell(answers(CardAnswer.PAY), call=before)
    assert told(effects) == [(NoteAuthor.CUSTOMER, CardAnswer.PAY)]
    assert [effect for effect in effects if isinstance(effect, ToPayment)] == [ToPayment(1_500_00)]
    assert not [effect for effect in effects if isinstance(effect, ToMedia)], "sound and picture go on"
    assert (call.screen, call.view().pays) == (Screen.CALL_LIVE, Pays.FREE)
    assert tell(answers(CardAnswer.PAY), call=call) == (call, []), "a second touch is none"
    assert all(not call.covers(screen) for screen in BESIDE)
    assert call.covers(Screen.BALANCE)
    stays, effects = tell(answers(CardAnswer.NOT_NOW), call=before)
    assert (stays.view().pays, [each for each in effects if isinstance(each, ToPayment)]) == (Pays.NO, [])


@pytest.mark.clause("6.1.1", owner="terminal_app")
def test_what_the_agent_sends_meanwhile_waits_and_lies_over_no_money():
    call, _ = tell(card(CardKind.QUESTION, "k2"), card(CardKind.PAUSE, "k3"), call=paying())
    assert not call.covers(Screen.CASH_IN)
    back, _ = tell(tick(VisitPays.AWAY), call=call)
    assert back.covers(Screen.ATTRACT)
    assert back.notes.card_id == "k3"


@pytest.mark.clause("6.1.1", owner="terminal_app")
def test_what_was_paid_is_told_once_and_then_the_talk_stands_again():
    call, effects = tell(tick(VisitPays.MONEY), tick(VisitPays.PAID), call=paying())
    assert told(effects) == [(NoteAuthor.TERMINAL, CardAnswer.PAID)]
    assert not call.covers(Screen.RECEIPT), "he takes his receipt"
    call, effects = tell(tick(VisitPays.PAID), tick(VisitPays.AWAY), call=call)
    assert (told(effects), call.view().pays) == ([], Pays.NO)
    assert call.covers(Screen.ATTRACT)


@pytest.mark.clause("6.1.1", owner="terminal_app")
def test_he_comes_back_without_paying_but_not_from_money_that_lies_inside():
    free, effects = tell(Press(StopHelp()), call=paying())
    assert (free.view().pays, told(effects)) == (Pays.NO, [(NoteAuthor.TERMINAL, CardAnswer.NOT_PAID)])
    at_once, effects = tell(*TO_LIVE, card(CardKind.PAYMENT), answers(CardAnswer.PAY), Press(StopHelp()))
    assert at_once.view().pays is Pays.NO, "before any time has passed"
    assert told(effects)[-1] == (NoteAuthor.TERMINAL, CardAnswer.NOT_PAID)
    held, _ = tell(tick(VisitPays.MONEY), call=paying())
    assert held.view().pays is Pays.HELD
    assert tell(Press(StopHelp()), call=held) == (held, [])
    left, effects = tell(tick(VisitPays.AWAY), call=paying())
    assert (left.view().pays, told(effects)) == (Pays.NO, [(NoteAuthor.TERMINAL, CardAnswer.NOT_PAID)])


@pytest.mark.clause("6.1.1", owner="terminal_app")
@pytest.mark.parametrize("reason", [CallEndReason.AGENT_ENDED, CallEndReason.TERMINAL_LOST, CallEndReason.MISCONDUCT])
def test_the_end_of_the_talk_waits_until_the_money_is_paid(reason):
    held, _ = tell(tick(VisitPays.MONEY), CallEnded("c1", reason), call=paying())
    assert held.screen is not Screen.CALL_LIVE
    assert not held.covers(Screen.CASH_IN)
    assert held.view().pays is Pays.NO, "nobody is on the line any more"
    waited, _ = tell(*[tick(VisitPays.MONEY)] * 3, call=held, now_s=10_000.0)
    assert waited.screen is held.screen, "however long he counts his notes"
    over, _ = tell(tick(VisitPays.PAID), tick(VisitPays.AWAY), call=waited, now_s=10_001.0)
    assert over.covers(Screen.ATTRACT)
    assert over.screen is held.screen


def test_a_touch_that_leads_to_no_payment_leaves_the_talk_as_it_was():
    call, _ = tell(*TO_LIVE, card(CardKind.PAYMENT), answers(CardAnswer.PAY))
    after, effects = tell(*[tick(VisitPays.AWAY)] * 5, call=call)
    assert effects == []
    assert after.covers(Screen.ATTRACT)


# --- the visit --------------------------------------------------------------------------------------------------------

ACCOUNT = AccountView("100000017", "Бел••••• И. П.", "Невский пр., д. 1•")
BALANCE = BalanceView(1_543_21, "ноябрь 2026", [], "23.11.2026")
RULES = VisitRules()


def test_a_named_account_is_looked_up_and_confirmed_by_the_customer_like_a_typed_one():
    at, effects = step(Visit(), PaymentProposed(1_500_00, "100000017"), RULES, 0.0)
    assert (at.screen, at.account_typed, at.busy) == (Screen.ACCOUNT_ENTRY, "100000017", True)
    assert effects == [FindAccount("100000017")]
    at, _ = step(at, AccountFound(ACCOUNT), RULES, 1.0)
    assert (at.screen, at.balance) == (Screen.ACCOUNT_CONFIRM, None), "whose it is, masked; no sum due"
    for event in (ConfirmAccount(), SubmitSecondAttribute("1234"), AttributeAccepted(BALANCE)):
        at, _ = step(at, event, RULES, 2.0)
    assert (at.screen, at.proposed_minor) == (Screen.AMOUNT, 1_500_00)


def test_his_own_known_account_is_not_asked_again_and_another_one_is():
    known = Visit(screen=Screen.BALANCE, account=ACCOUNT, balance=BALANCE)
    assert step(known, PaymentProposed(1_500_00, "100000017"), RULES, 0.0)[0].screen is Screen.AMOUNT
    other, _ = step(known, PaymentProposed(1_500_00, "200000025"), RULES, 0.0)
    assert (other.screen, other.account, other.balance) == (Screen.ACCOUNT_ENTRY, None, None)


def cash(**changed: object) -> CashInSnapshot:
    return CashInSnapshot(**changed)


def receipt(outcome: PayOutcome) -> Receipt:
    return Receipt("t-1", "23.11.2026 12:00", "T1", "100000017", "Электроэнергия", 1_500_00, 0, 1_500_00, outcome)


@pytest.mark.parametrize(
    ("visit", "pays"),
    [
        (Visit(), VisitPays.AWAY),
        (Visit(screen=Screen.BALANCE), VisitPays.AWAY),
        (Visit(screen=Screen.AMOUNT), VisitPays.IN_HAND),
        (Visit(screen=Screen.PAGE_LIST), VisitPays.AWAY),
        (Visit(screen=Screen.PAGE_LIST, proposed_minor=1_00), VisitPays.IN_HAND),
        (Visit(screen=Screen.CASH_IN), VisitPays.IN_HAND),
        (Visit(screen=Screen.CASH_IN, cash=cash(inserted_minor=100_00)), VisitPays.MONEY),
        (Visit(screen=Screen.CASH_IN, cash=cash(note_moving=True)), VisitPays.MONEY),
        (Visit(screen=Screen.PAYING), VisitPays.MONEY),
        (Visit(screen=Screen.QR_PAYMENT), VisitPays.MONEY),
        (Visit(screen=Screen.RECEIPT), VisitPays.IN_HAND),
        (Visit(screen=Screen.RECEIPT, cash=cash(receipt=receipt(PayOutcome.CREDITED))), VisitPays.PAID),
        (Visit(screen=Screen.RECEIPT, cash=cash(receipt=receipt(PayOutcome.UNKNOWN))), VisitPays.PAID),
        (Visit(screen=Screen.RECEIPT, cash=cash(receipt=receipt(PayOutcome.REFUSED))), VisitPays.IN_HAND),
    ],
)
def test_where_the_visit_is_with_its_money(visit, pays):
    assert pays_now(visit) is pays
    assert call_tick(visit, printer="").pays is pays


@pytest.mark.parametrize("screen", sorted(BESIDE))
def test_no_screen_of_the_camera_or_of_the_call_is_a_payment(screen):
    assert screen not in (Screen.BILL_SCAN, Screen.PAGE_PHOTO, Screen.CALL_LIVE, Screen.ATTRACT)


def test_an_account_stands_on_a_card_of_payment_alone():
    assert is_card(Card(CardKind.PAYMENT, amount_minor=1_500_00, account="100000017"))
    assert not is_card(Card(CardKind.WRITTEN, account="100000017"))


def test_leaving_the_receipt_ends_the_payment_and_home_ends_one_that_is_not_begun():
    at = Visit(screen=Screen.RECEIPT)
    assert pays_now(step(at, Dismiss(), RULES, 0.0)[0]) is VisitPays.AWAY
    assert pays_now(step(Visit(screen=Screen.AMOUNT, account=ACCOUNT), GoHome(), RULES, 0.0)[0]) is VisitPays.AWAY
    assert call_paying.NO_PAYING.stage is PayStage.NONE
