"""How much, by what means, and what the payment in hand leads to: the money side of a visit. Pure.

The money itself is payment's: here its snapshot is followed from screen to screen.
"""

from __future__ import annotations

from dataclasses import replace

from payment.contract import CashInSnapshot, CashPhase, Means, PayOutcome, Receipt
from payment.money import rubles
from payment.receipt import readable_account, readable_txn_id
from terminal_app.core.basket import (
    LINES_MAX,
    before_amount,
    before_money,
    gathered,
    gathers,
    kept_for_the_next,
    lines_of,
    order_of,
    put_in,
)
from terminal_app.core.sums import lacking_minor
from terminal_app.core.visit_events import (
    CancelCard,
    CloseCashIn,
    Effect,
    FindAccount,
    OpenCashIn,
    PayCash,
    PaymentProposed,
    PrintSlipCopy,
    SetScanning,
)
from terminal_app.core.visit_values import Step, Visit, VisitRules, acceptor_stopped, with_notice
from terminal_app.ipc.messages import Notice, PaymentMeans, Screen
from terminal_app.ipc.orders import ReceiptPair, ReceiptView

_SCREENS = {
    PaymentMeans.CASH: Screen.CASH_IN,
    PaymentMeans.CARD: Screen.CARD_PAYMENT,
    PaymentMeans.QR: Screen.QR_PAYMENT,
}
ACCOUNTS_SHOWN_MAX = 3  # with their sums, on one glass
_FOLLOWED = frozenset({*_SCREENS.values(), Screen.PAYING, Screen.RECEIPT})


def choose_amount(visit: Visit, amount_minor: int, rules: VisitRules) -> Step:
    """From the balance to the question how much, and from there to the means that are left."""
    if visit.account is None:
        return visit, []
    if visit.screen is Screen.BALANCE or may_pay_unseen(visit):
        return replace(visit, screen=Screen.AMOUNT, input_error=Notice.NONE), []
    if visit.screen is not Screen.AMOUNT or amount_minor < 0:
        return visit, []
    if amount_minor and gathers(visit):
        return put_in(visit, lines_of(visit, amount_minor)), []
    return _to_means(replace(visit, asked_minor=amount_minor), rules)


def proposed(visit: Visit, event: PaymentProposed, rules: VisitRules) -> Step:
    """From a call to the question how much; of a stranger the account is asked first. A payment in hand goes on."""
    amount_minor, named = event.amount_minor, event.account
    in_hand = visit.screen in _FOLLOWED or covered_by_notice(visit) or visit.busy
    if in_hand or not means_of(replace(visit, asked_minor=amount_minor), rules):
        return visit, []
    here = Visit(modes=visit.modes, active_at_s=visit.active_at_s, segment=visit.segment, proposed_minor=amount_minor)
    effects: list[Effect] = [SetScanning(False)] if visit.screen is Screen.BILL_SCAN else []
    if named and (visit.account is None or visit.account.account != named):
        asked = replace(here, screen=Screen.ACCOUNT_ENTRY, account_typed=named, busy=True)
        return asked, [*effects, FindAccount(named)]
    if visit.account is None or visit.balance is None:
        return replace(here, screen=Screen.ACCOUNT_ENTRY), effects
    known = replace(here, account=visit.account, balance=visit.balance, contact=visit.contact, phone=visit.phone)
    return replace(known, screen=Screen.AMOUNT, basket=visit.basket, surveyed=visit.surveyed), effects


def pay_gathered(visit: Visit, rules: VisitRules) -> Step:
    """«Оплатить» under the list."""
    return _to_means(replace(visit, asked_minor=sum(line.asked_minor for line in gathered(visit))), rules)


def _to_means(visit: Visit, rules: VisitRules) -> Step:
    match means_of(visit, rules):
        case [_, _, *_]:
            return replace(visit, screen=Screen.MEANS), []
        case [means]:
            return _open(visit, means)
        case _:
            back = Screen.BASKET if visit.basket else before_amount(visit).screen
            return with_notice(visit, Notice.CASH_UNAVAILABLE, back=back), []


def may_pay_unseen(visit: Visit) -> bool:
    """Anyone may pay into an account whose number he knows; what is due on it he does not see."""
    asked = visit.screen is Screen.ACCOUNT_CONFIRM and not visit.by_bill
    return asked and not visit.purpose and not visit.busy


def means_of(visit: Visit, rules: VisitRules) -> list[PaymentMeans]:
    """What can be chosen now. By card and by СБП one exact sum is charged, so it has to be named."""
    exact = visit.asked_minor > 0
    able = {PaymentMeans.CASH: rules.cash, PaymentMeans.CARD: rules.card and exact, PaymentMeans.QR: rules.qr and exact}
    return [means for means, may_begin in able.items() if may_begin]


def choose_means(visit: Visit, means: PaymentMeans, rules: VisitRules) -> Step:
    if visit.screen is not Screen.MEANS or means not in means_of(visit, rules):
        return visit, []
    return _open(visit, means)


def _open(visit: Visit, means: PaymentMeans) -> Step:
    screen = _SCREENS[means]
    opened = OpenCashIn(order_of(visit, Means(means.value)))
    return replace(visit, screen=screen, cash=None, stale_answers=0), [opened]


def press_pay(visit: Visit, rules: VisitRules) -> Step:
    """Less than is to be paid is paid after one question; of an acceptor that stopped the screen has told already."""
    cash = visit.cash
    if visit.screen is Screen.BASKET:
        return pay_gathered(visit, rules)
    if cash is None or not cash.may_pay:
        return visit, []
    if _asks_for_less(visit):
        return visit, [PayCash()]
    if visit.screen is not Screen.CASH_IN:
        return visit, []
    if lacking_minor(visit) > 0 and not acceptor_stopped(cash):
        return with_notice(visit, Notice.PAY_LESS, back=Screen.CASH_IN), []
    return visit, [PayCash()]


def _asks_for_less(visit: Visit) -> bool:
    return visit.screen is Screen.NOTICE and visit.notice is Notice.PAY_LESS


def _answers_by_hand(before: CashInSnapshot | None, now: CashInSnapshot) -> bool:
    """A note put in says «Внести ещё», and an acceptor that stopped leaves nothing to ask: the money is looked at anew.

    So the sum of the question never changes under the finger.
    """
    inside_minor = before.inserted_minor if before is not None else 0
    return now.note_moving or now.inserted_minor != inside_minor or acceptor_stopped(now)


def print_copy(visit: Visit) -> Step:
    """One copy at a time, after the slip, and a few in all."""
    cash = visit.cash
    if visit.screen is not Screen.RECEIPT or cash is None or cash.receipt is None or cash.copies_left <= 0:
        return visit, []
    on_its_way = cash.receipt_printed is None or (cash.copies > 0 and cash.copy_printed is None)
    return visit, [] if on_its_way else [PrintSlipCopy()]


def leave_card(visit: Visit, back: Screen) -> Step:
    """The bank terminal is asked to let the card go; its answer tells whether it still could.

    A sale that is not begun yet is cancelled as soon as it is.
    """
    begun = visit.cash is not None and visit.cash.phase is CashPhase.AUTHORIZING
    return replace(visit, busy=True, notice_back=back), [CancelCard()] if begun else []


def cash_changed(visit: Visit, snapshot: CashInSnapshot) -> Step:
    """What payment says of the payment in hand."""
    if visit.screen not in _FOLLOWED and not covered_by_notice(visit):
        return visit, []
    stale = snapshot.note_answers if acceptor_stopped(snapshot) else visit.stale_answers
    begins = snapshot.phase is CashPhase.AUTHORIZING and (visit.cash is None or visit.cash.phase is CashPhase.IDLE)
    if _asks_for_less(visit) and _answers_by_hand(visit.cash, snapshot):
        visit = replace(visit, screen=Screen.CASH_IN, notice=Notice.NONE)
    visit = replace(visit, cash=snapshot, stale_answers=stale)
    if visit.screen is Screen.CARD_PAYMENT and begins and visit.busy:
        return visit, [CancelCard()]
    if visit.screen is Screen.CARD_PAYMENT and snapshot.payment_failed:
        return _card_failed(visit)
    if visit.screen is Screen.QR_PAYMENT and snapshot.payment_failed:
        return with_notice(visit, Notice.QR_NOT_PAID, back=before_money(visit)), [CloseCashIn()]
    if snapshot.phase in (CashPhase.PAYING, CashPhase.PRINTING):
        return replace(visit, screen=Screen.PAYING, notice=Notice.NONE, busy=False), []
    if snapshot.phase is CashPhase.DONE and visit.screen is not Screen.RECEIPT:
        return replace(visit, screen=Screen.RECEIPT, notice=Notice.NONE, busy=False, basket=(), part=""), []
    return visit, []


def another_account(visit: Visit) -> Step:
    """One more account into the list, or, after a payment, for one more."""
    over: list[Effect] = [CloseCashIn()] if visit.screen is Screen.RECEIPT else []
    listed = visit.screen is Screen.BASKET and len(gathered(visit)) < LINES_MAX
    if not over and not listed:
        return visit, []
    return replace(kept_for_the_next(visit), screen=Screen.ACCOUNT_ENTRY), over


def _card_failed(visit: Visit) -> Step:
    """Nothing was taken. Who gave up himself is led on without a word."""
    over: list[Effect] = [CloseCashIn()]
    if not visit.busy:
        return with_notice(visit, Notice.CARD_DECLINED, back=before_money(visit)), over
    if visit.notice_back is Screen.ATTRACT:
        return Visit(), over
    return replace(visit, screen=before_money(visit), busy=False, cash=None), over


def covered_by_notice(visit: Visit) -> bool:
    """A sentence lies over the payment by notes, which goes on under it."""
    return visit.screen is Screen.NOTICE and visit.notice_back is Screen.CASH_IN


def money_in_hand(visit: Visit) -> bool:
    """From the question how much to the receipt: nobody may cover it, and no acceptor may be stopped for it."""
    asked = visit.screen in (Screen.AMOUNT, Screen.BASKET, Screen.MEANS)
    return asked or visit.screen in _FOLLOWED or visit.screen is Screen.NOTICE or visit.money_inside


def receipt_view(snapshot: CashInSnapshot) -> ReceiptView | None:
    """The slip as the screen shows it; None while there is none."""
    receipt = snapshot.receipt
    if receipt is None:
        return None
    accounts, money = _accounts(receipt), _whereabouts(receipt)
    if len(accounts) > 1 and money == [("Зачислено", receipt.inserted_minor)]:
        money = []  # it stands above them in large figures
    else:
        money = [("Внесено", receipt.inserted_minor), *money]
    pairs = [
        *accounts,
        *(ReceiptPair(name, rubles(amount_minor)) for name, amount_minor in money),
        ReceiptPair("Номер операции", readable_txn_id(receipt.txn_id)),
    ]
    return ReceiptView(
        txn_id=receipt.txn_id,
        paid_minor=receipt.paid_minor,
        credited=receipt.outcome is PayOutcome.CREDITED,
        printed=snapshot.receipt_printed,
        pairs=pairs,
        refused_minor=receipt.unallocated_minor,
        in_doubt_minor=receipt.in_doubt_minor,
        card_unknown_minor=receipt.card_unknown_minor,
        copies=snapshot.copies,
        copies_left=snapshot.copies_left,
        copy_printed=snapshot.copy_printed,
        contact=receipt.contact,
    )


def _accounts(receipt: Receipt) -> list[ReceiptPair]:
    """Whose account it was paid to; of several how much to each, where the glass has room, else how many."""
    sums: dict[str, int] = {}
    for line in receipt.lines:
        sums[line.account] = sums.get(line.account, 0) + line.amount_minor
    if len(sums) > ACCOUNTS_SHOWN_MAX:
        return [ReceiptPair("Лицевых счетов", str(len(sums)))]
    if len(sums) > 1:
        return [ReceiptPair(readable_account(account), rubles(each)) for account, each in sums.items()]
    return [ReceiptPair("Лицевой счёт", readable_account(receipt.account))]


def _whereabouts(receipt: Receipt) -> list[tuple[str, int]]:
    """Where the money is, in the words of the slip: nothing is called credited that is not."""
    credit = {PayOutcome.CREDITED: "Зачислено", PayOutcome.UNKNOWN: "К зачислению"}
    places = [(credit[receipt.outcome], receipt.paid_minor)] if receipt.outcome in credit else []
    places += [("Не зачислено", receipt.unallocated_minor), ("На проверке", receipt.in_doubt_minor)]
    return [(name, amount_minor) for name, amount_minor in places if amount_minor]
