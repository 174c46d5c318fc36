"""Each rule of a visit: what exactly it changes, writes and commands, and that it changes nothing else."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from payment.contract import (
    BillingChanged,
    FiscalChanged,
    FiscalDone,
    Means,
    NoteStacked,
    OrderLine,
    PayAnswered,
    PaymentOrder,
    PayOutcome,
    PayRequest,
    PinpadChanged,
)
from payment.effects import Authorize, RegisterQr, SendPay, Verb
from payment.transaction import step
from payment.transaction_values import (
    COIN_RESOLVE_S,
    COIN_S,
    FISCAL_S_MAX,
    PAY_S_MAX,
    Decided,
    Escrow,
    FiscalEnded,
    LeavePressed,
    Paused,
    Pay,
    PayPressed,
    Phase,
    TimePassed,
    Transaction,
    VisitClosed,
    VisitOpened,
)
from tests.unit.payment.rule_steps import CONTEXT, LOCAL, NOW_S, ORDER, TXN, VISIT, at, printing, record, went

CLOSED = record("session_closed")
BARE = Transaction(ready=True, greeted=True)  # what is left of VISIT
REQUEST = PayRequest(TXN, LOCAL, ORDER.account, 500_00)
PAY = Pay(REQUEST, "s1", OrderLine("100000017", asked_minor=500_00), Means.CASH)
PAYING = replace(VISIT, phase=Phase.PAYING, pays=(PAY,))
ORDERED = {
    "account": "100000017",
    "service": "electricity",
    "service_title": "Электроэнергия",
    "asked_minor": 500_00,
    "purpose": "supply",
}


def kinds(effects: list[object]) -> list[str]:
    """Records by their kind, all else by its type."""
    return [getattr(effect, "kind", type(effect).__name__) for effect in effects]


# --- opened and closed -----------------------------------------------------------------------------------------------


def opened(order: PaymentOrder):
    means = order.means.value
    limits = {"amount_min_minor": 10_00, "amount_max_minor": 15_000_00}
    return record("session_open", **ORDERED, means=means, **limits)


@pytest.mark.parametrize(
    ("left", "context", "slots"),
    [
        ({}, CONTEXT, [Verb.ENABLE]),
        ({}, at(coins=True), [Verb.ENABLE, Verb.ENABLE_COINS]),
        ({"paused": True}, CONTEXT, [Verb.DISABLE]),
        ({"paused": True}, at(coins=True), [Verb.DISABLE, Verb.DISABLE_COINS]),
        ({"alarm": True}, at(coins=True), []),
        ({"alarm": True, "paused": True}, CONTEXT, [Verb.DISABLE]),
    ],
)
def test_a_visit_by_cash_opens_the_slots_after_its_record(left, context, slots):
    before = replace(BARE, last_stacked_minor=5, **left)
    changes = {"phase": Phase.ACCEPTING, "session_id": "s1", "order": ORDER}
    went(before, VisitOpened("s1", ORDER), changes, [opened(ORDER), *slots], context)


@pytest.mark.parametrize(("most_minor", "slot"), [(10_00, Verb.ENABLE), (9_99, Verb.DISABLE)])
def test_a_visit_opens_no_slot_when_the_day_leaves_less_than_the_least_payment(most_minor: int, slot: Verb):
    context = at(amount_min_minor=10_00, amount_max_minor=most_minor)
    _, effects = step(BARE, VisitOpened("s1", ORDER), context)
    assert effects[1:] == [slot]


def test_no_coin_is_taken_where_the_largest_one_would_not_fit():
    state = replace(VISIT, inserted_minor=14_990_01)
    went(state, Paused(False), {}, [Verb.ENABLE, Verb.DISABLE_COINS], at(coins=True))
    went(replace(state, inserted_minor=14_990_00), Paused(False), {}, [Verb.ENABLE, Verb.ENABLE_COINS], at(coins=True))


def test_a_note_on_its_way_when_a_visit_begins_is_not_of_it():
    escrow = Escrow(100_00, Decided.RETURN)
    after, _ = step(replace(BARE, escrow=escrow), VisitOpened("s1", ORDER), CONTEXT)
    assert after.escrow == replace(escrow, of_visit=False)


def test_a_visit_by_card_asks_the_pinpad_and_one_by_qr_the_acquirer():
    by_card = replace(ORDER, means=Means.CARD)
    after, effects = step(replace(BARE, card_ready=True), VisitOpened("s1", by_card), CONTEXT)
    assert (after.phase, after.session_id, after.order) == (Phase.AUTHORIZING, "s1", by_card)
    assert effects[0] == opened(by_card)
    assert effects[-1] == Authorize(TXN, 500_00)
    by_qr = replace(ORDER, means=Means.QR)
    after, effects = step(BARE, VisitOpened("s1", by_qr), at(qr=True))
    assert (after.phase, after.session_id, after.order) == (Phase.QR_SHOWN, "s1", by_qr)
    assert effects[0] == opened(by_qr)
    assert effects[-1] == RegisterQr(TXN, 500_00, "100000017")


def test_the_pinpad_s_readiness_is_remembered_in_any_phase():
    went(VISIT, PinpadChanged(True), {"card_ready": True}, [])


def test_billing_s_reach_is_remembered_in_any_phase():
    went(VISIT, BillingChanged(False), {"billing_reachable": False}, [])
    went(replace(BARE, billing_reachable=False), BillingChanged(True), {"billing_reachable": True}, [])


def test_a_register_s_state_is_remembered_in_any_phase():
    told = FiscalChanged(ready=True, shift_open=True)
    went(VISIT, told, {"register": told}, [])


@pytest.mark.parametrize("phase", [Phase.IDLE, Phase.PAYING, Phase.DONE])
def test_a_pause_outside_of_accepting_is_only_remembered(phase):
    went(replace(VISIT, phase=phase), Paused(True), {"paused": True}, [])


def test_the_end_of_a_pause_opens_no_slot_when_the_day_leaves_less_than_the_least_payment():
    least = at(amount_min_minor=10_00, amount_max_minor=10_00)
    went(VISIT, Paused(False), {}, [Verb.ENABLE], least)
    went(VISIT, Paused(False), {}, [Verb.DISABLE], at(amount_min_minor=10_00, amount_max_minor=9_99))


def test_a_pause_shuts_the_slots_and_its_end_opens_them():
    went(VISIT, Paused(True), {"paused": True}, [Verb.DISABLE, Verb.DISABLE_COINS], at(coins=True))
    went(replace(VISIT, paused=True), Paused(False), {"paused": False}, [Verb.ENABLE])


def test_a_closed_visit_leaves_what_outlives_it():
    done = replace(VISIT, phase=Phase.DONE, in_doubt_minor=5, last_doubted_minor=5, answers=3, pays=(PAY,), qr_id="q")
    after, effects = step(done, VisitClosed(), CONTEXT)
    assert after == replace(BARE, last_doubted_minor=5, since_s=NOW_S)
    assert effects == [CLOSED]


# --- pay and leave ---------------------------------------------------------------------------------------------------

INTENT = record("pay_intent", **ORDERED, txn_id=TXN, txn_date=LOCAL, amount_minor=500_00, fee_minor=0, means="cash")


def test_pay_shuts_the_slots_writes_the_intent_and_sends_the_request():
    changes = {"phase": Phase.PAYING, "pays": (PAY,)}
    went(VISIT, PayPressed(), changes, [Verb.DISABLE, INTENT, SendPay(REQUEST)])
    went(VISIT, LeavePressed(), changes, [Verb.DISABLE, INTENT, SendPay(REQUEST)])


@pytest.mark.parametrize(
    ("inserted", "pays"),
    [(0, False), (9_99, False), (10_00, True), (15_000_00, True), (15_009_00, True)],
)
def test_pay_needs_the_least_sum_and_a_coin_too_many_does_not_hinder(inserted, pays):
    after, _ = step(replace(VISIT, inserted_minor=inserted), PayPressed(), CONTEXT)
    assert (after.phase is Phase.PAYING) is pays
    if not pays:
        went(replace(VISIT, inserted_minor=inserted), PayPressed(), {}, [])


def test_who_leaves_pays_even_less_than_the_least_sum():
    after, _ = step(replace(VISIT, inserted_minor=5_00), LeavePressed(), CONTEXT)
    assert (after.phase, after.pays[0].request.amount_minor) == (Phase.PAYING, 5_00)


@pytest.mark.parametrize("hold", [{"escrow": Escrow(100_00, Decided.STACK)}, {"moving": True}], ids=str)
def test_a_note_on_its_way_is_waited_for(hold):
    went(replace(VISIT, **hold), LeavePressed(), {"phase": Phase.FINISHING}, [Verb.DISABLE])


def test_a_path_that_moved_before_a_restart_is_not_waited_for():
    moving = replace(VISIT, phase=Phase.FINISHING, moving=True, recovered=True)
    assert step(moving, TimePassed(), CONTEXT)[0].phase is Phase.PAYING


@pytest.mark.parametrize(
    ("recovered", "coins_ready", "waited_s"),
    [(False, False, COIN_S), (False, True, COIN_S), (True, False, COIN_RESOLVE_S), (True, True, 0.0)],
)
def test_coins_that_may_still_be_told_are_waited_for(recovered, coins_ready, waited_s):
    state = replace(VISIT, phase=Phase.FINISHING, since_s=90.0, recovered=recovered, coins_ready=coins_ready)
    if waited_s:
        went(state, TimePassed(), {}, [], at(coins=True, now_s=90.0 + waited_s - 0.25))
    assert step(state, TimePassed(), at(coins=True, now_s=90.0 + waited_s))[0].phase is Phase.PAYING


def test_leaving_begins_the_wait_for_coins_anew():
    after, effects = step(replace(VISIT, since_s=0.0), LeavePressed(), at(coins=True))
    assert (after.phase, after.since_s) == (Phase.FINISHING, NOW_S)
    assert effects == [Verb.DISABLE, Verb.DISABLE_COINS]


def test_who_leaves_without_money_ends_the_visit():
    after, effects = step(replace(VISIT, inserted_minor=0), LeavePressed(), CONTEXT)
    assert after == replace(BARE, since_s=NOW_S)
    assert effects == [Verb.DISABLE, CLOSED]


def test_who_leaves_with_only_a_note_in_doubt_gets_a_paper_about_it():
    after, before_slip = printing(replace(VISIT, inserted_minor=0, in_doubt_minor=100_00), LeavePressed())
    assert before_slip == [Verb.DISABLE]
    assert (after.receipt.txn_id, after.receipt.outcome, after.receipt.in_doubt_minor) == (TXN, None, 100_00)
    printing(replace(VISIT, inserted_minor=0, in_doubt_minor=1), LeavePressed())
    recovered = replace(VISIT, phase=Phase.FINISHING, inserted_minor=0, in_doubt_minor=100_00, recovered=True)
    assert kinds(step(recovered, TimePassed(), CONTEXT)[1]) == ["session_closed"]


def test_a_note_stacked_while_accepting_pays_nothing_yet():
    state = replace(VISIT, escrow=Escrow(100_00, Decided.STACK), moving=True)
    assert step(state, NoteStacked(100_00), CONTEXT)[0].phase is Phase.ACCEPTING


# --- billing answers -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [PayOutcome.CREDITED, PayOutcome.REFUSED, PayOutcome.UNKNOWN])
def test_an_answer_goes_to_the_slip(outcome):
    after, before_slip = printing(PAYING, PayAnswered(TXN, outcome, "2016"))
    assert after.pays == (replace(PAY, outcome=outcome, provider_txn="2016"),)
    assert (after.receipt.outcome, after.outcome, after.receipt.provider_txn) == (outcome, outcome, "2016")
    assert before_slip == []


def test_all_lines_are_waited_for():
    second = replace(PAY, request=replace(REQUEST, txn_id="2"))
    state = replace(PAYING, pays=(PAY, second))
    answered = replace(PAY, outcome=PayOutcome.CREDITED, provider_txn="77")
    went(state, PayAnswered(TXN, PayOutcome.CREDITED, "77"), {"pays": (answered, second)}, [])
    state = replace(state, pays=(answered, second))
    after, _ = printing(state, PayAnswered("2", PayOutcome.REFUSED))
    assert [pay.outcome for pay in after.pays] == [PayOutcome.CREDITED, PayOutcome.REFUSED]


def test_an_answer_to_another_payment_changes_nothing():
    went(PAYING, PayAnswered("1", PayOutcome.CREDITED), {}, [])


def test_a_final_answer_stands_and_one_not_known_is_replaced():
    done = replace(PAYING, pays=(replace(PAY, outcome=PayOutcome.CREDITED, provider_txn="77"),))
    after, _ = printing(done, PayAnswered(TXN, PayOutcome.REFUSED))
    assert (after.pays[0].outcome, after.pays[0].provider_txn) == (PayOutcome.CREDITED, "77")
    unknown = replace(PAYING, pays=(replace(PAY, outcome=PayOutcome.UNKNOWN),))
    after, _ = printing(unknown, PayAnswered(TXN, PayOutcome.CREDITED))
    assert after.pays[0].outcome is PayOutcome.CREDITED


def test_a_slow_billing_lets_the_customer_go_and_says_so():
    answered = replace(PAY, request=replace(REQUEST, txn_id="2"), outcome=PayOutcome.CREDITED)
    state = replace(PAYING, pays=(PAY, answered), since_s=90.0)
    went(state, TimePassed(), {}, [], at(now_s=90.0 + PAY_S_MAX - 0.5))
    after, (result,) = printing(state, TimePassed(), at(now_s=90.0 + PAY_S_MAX))
    assert (result.kind, result.data["txn_id"], result.data["outcome"]) == ("pay_result", TXN, "unknown")
    assert [pay.outcome for pay in after.pays] == [PayOutcome.UNKNOWN, PayOutcome.CREDITED]


# --- the fiscal document ---------------------------------------------------------------------------------------------

FISCAL = replace(PAYING, pays=(replace(PAY, fiscal=True),), register=FiscalChanged(ready=True))


def test_a_document_that_is_due_is_made_before_the_slip():
    credited = replace(PAY, fiscal=True, outcome=PayOutcome.CREDITED)
    went(FISCAL, PayAnswered(TXN, PayOutcome.CREDITED), {"phase": Phase.FISCALISING, "pays": (credited,)}, [])
    recovered = replace(FISCAL, register=FiscalChanged(ready=False), recovered=True)
    assert step(recovered, PayAnswered(TXN, PayOutcome.CREDITED), CONTEXT)[0].phase is Phase.FISCALISING


def test_the_slip_does_not_wait_for_a_document_that_is_not_due_or_cannot_be_made():
    printing(FISCAL, PayAnswered(TXN, PayOutcome.REFUSED))
    printing(replace(FISCAL, register=FiscalChanged(ready=False)), PayAnswered(TXN, PayOutcome.CREDITED))
    printing(replace(FISCAL, pays=(PAY,)), PayAnswered(TXN, PayOutcome.CREDITED))


def test_the_unknown_of_a_slow_billing_is_written_before_the_document():
    late = at(now_s=90.0 + PAY_S_MAX)
    after, effects = step(replace(FISCAL, since_s=90.0), TimePassed(), late)
    assert (after.phase, kinds(effects)) == (Phase.FISCALISING, ["pay_result"])


DONE = FiscalDone("F1", "9999078900000001", 12345, 3829112233, "20261123141200", 17, 4)
FISCALISING = replace(FISCAL, phase=Phase.FISCALISING, pays=(replace(PAY, fiscal=True, outcome=PayOutcome.CREDITED),))


def test_a_document_that_is_made_stands_on_the_slip():
    after, _ = printing(FISCALISING, FiscalEnded("s1", DONE, 500_00))
    assert (after.fiscal, after.fiscal_total_minor) == (DONE, 500_00)
    assert (after.receipt.fiscal, after.receipt.fiscal_total_minor) == (DONE, 500_00)
    assert not after.receipt.fiscal_awaited


def test_a_document_of_another_visit_changes_nothing():
    went(FISCALISING, FiscalEnded("s0", DONE, 500_00), {}, [])


def test_a_slow_register_lets_the_customer_go_and_the_slip_says_that_it_follows():
    state = replace(FISCALISING, since_s=90.0)
    went(state, TimePassed(), {}, [], at(now_s=90.0 + FISCAL_S_MAX - 0.5))
    after, _ = printing(state, TimePassed(), at(now_s=90.0 + FISCAL_S_MAX))
    assert after.receipt.fiscal_awaited
