"""A customer's stay at the terminal, without the call: pure. State and event in, state and effects out.

Screens of payment and what leads from one to another. The money itself is payment's: this machine only opens a
payment, shows its snapshot and says «pay» and «leave».
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from payment.contract import CashInSnapshot, CashPhase, PaymentOrder, PayOutcome
from payment.money import rubles
from payment.receipt import readable_txn_id
from terminal_app.core.visit_events import (
    AccountFound,
    AccountMissing,
    AccountsUnreachable,
    AskByBill,
    AskDetails,
    AttributeAccepted,
    AttributeRefused,
    BillRead,
    BillRefused,
    CashChanged,
    CloseCashIn,
    CodeScanned,
    Effect,
    Event,
    FindAccount,
    LeaveCashIn,
    OpenCashIn,
    PayCash,
    PowerEnding,
    ScanFailed,
    SetScanning,
    Tick,
)
from terminal_app.ipc.messages import (
    SCAN_AGAIN,
    AccountView,
    BalanceView,
    ChooseAmount,
    ConfirmAccount,
    CustomerActive,
    Dismiss,
    GoBack,
    GoHome,
    Notice,
    PressPay,
    ReceiptPair,
    ReceiptView,
    Screen,
    StartBillScan,
    StartPayment,
    SubmitAccount,
    SubmitSecondAttribute,
)
from terminal_app.ipc.modes import DEFAULT_MODES, ChooseModes, Modes

SCAN_S_MAX = 60.0  # a bill nobody could read within this time: say so and offer the keypad
RESULT_S_MAX = 45.0  # the receipt's screen stays this long without a touch
ACCOUNT_LENGTH_MAX = 32
PASSING_FAULTS = frozenset({"none", "starting", "paused"})  # of the acceptor: they go by themselves


@dataclass(frozen=True, slots=True)
class VisitRules:
    """Settings the visit needs."""

    attribute_attempts_max: int = 3
    bill_counts_as_both: bool = True
    idle_ask_s: float = 60.0
    idle_ask_personal_s: float = 90.0
    idle_leave_s: float = 30.0


@dataclass(frozen=True, slots=True)
class Visit:
    """Where the customer is and what is known. `Visit()` is the wiped one: nothing personal in it."""

    screen: Screen = Screen.ATTRACT
    modes: Modes = DEFAULT_MODES
    notice: Notice = Notice.NONE
    notice_back: Screen = Screen.ATTRACT
    input_error: Notice = Notice.NONE
    busy: bool = False
    account: AccountView | None = None
    account_typed: str = ""
    by_bill: bool = False
    bill_amount_minor: int = 0
    attempts_left: int = 0
    balance: BalanceView | None = None
    asked_minor: int = 0
    cash: CashInSnapshot | None = None
    stale_answers: int = 0  # so many answers to notes came before the acceptor stopped: no news any more
    active_at_s: float = 0.0
    entered_at_s: float = 0.0
    idle_left_s: int = 0

    @property
    def money_inside(self) -> bool:
        cash = self.cash
        return cash is not None and cash.inserted_minor + cash.in_escrow_minor > 0


Step = tuple[Visit, list[Effect]]


def step(visit: Visit, event: Event, rules: VisitRules, now_s: float) -> Step:
    """One event. An event that means nothing on the present screen changes nothing."""
    if not isinstance(event, (Tick, CashChanged)):
        visit = replace(visit, active_at_s=now_s, idle_left_s=0)
    after, effects = _dispatch(visit, event, rules, now_s)
    if after.screen is not visit.screen:
        after = replace(after, entered_at_s=now_s, active_at_s=now_s, idle_left_s=0)
    return after, effects


def _dispatch(visit: Visit, event: Event, rules: VisitRules, now_s: float) -> Step:
    match event:
        case Tick():
            return _tick(visit, rules, now_s)
        case CustomerActive():
            return visit, []
        case ChooseModes(modes=modes):
            return replace(visit, modes=modes), []
        case GoHome():
            return _go_home(visit)
        case GoBack():
            return _go_back(visit)
        case Dismiss():
            return _dismiss(visit)
        case CashChanged(snapshot=snapshot):
            return _cash_changed(visit, snapshot)
        case StartPayment() | SubmitAccount() | StartBillScan() | ConfirmAccount() | SubmitSecondAttribute():
            return _identify_pressed(visit, event, rules)
        case BillRead() | BillRefused() | ScanFailed():
            return _scanned(visit, event)
        case CodeScanned(found=found):
            return _held_to_scanner(visit, found)
        case PowerEnding():
            return _walked_away(visit)
        case AccountFound() | AccountMissing() | AccountsUnreachable() | AttributeAccepted() | AttributeRefused():
            return _answered(visit, event, rules)
        case ChooseAmount(amount_minor=amount_minor):
            return _choose_amount(visit, amount_minor)
        case PressPay():
            return _press_pay(visit)


# --- who is it ----------------------------------------------------------------------------------------------------


def _identify_pressed(visit: Visit, event: Event, rules: VisitRules) -> Step:
    match event, visit.screen:
        case StartPayment(), Screen.ATTRACT:
            return replace(_forgotten(visit), screen=Screen.ACCOUNT_ENTRY), []
        case StartBillScan(), Screen.ACCOUNT_ENTRY | Screen.ATTRACT if not visit.busy:
            return replace(visit, screen=Screen.BILL_SCAN, input_error=Notice.NONE), [SetScanning(True)]
        case StartBillScan(), Screen.NOTICE if visit.notice in SCAN_AGAIN:
            return replace(visit, screen=Screen.BILL_SCAN, notice=Notice.NONE), [SetScanning(True)]
        case SubmitAccount(account=account), Screen.ACCOUNT_ENTRY if not visit.busy:
            typed = account.strip()[:ACCOUNT_LENGTH_MAX]
            asked = replace(visit, busy=True, account_typed=typed, by_bill=False, input_error=Notice.NONE)
            return asked, [FindAccount(typed)]
        case ConfirmAccount(), Screen.ACCOUNT_CONFIRM if visit.account is not None and not visit.busy:
            if visit.by_bill and rules.bill_counts_as_both:
                return replace(visit, busy=True), [AskByBill(visit.account.account)]
            asked = replace(
                visit, screen=Screen.SECOND_ATTRIBUTE, attempts_left=visit.attempts_left or rules.attribute_attempts_max
            )
            return asked, []
        case SubmitSecondAttribute(value=value), Screen.SECOND_ATTRIBUTE if (
            visit.account is not None and not visit.busy
        ):
            return replace(visit, busy=True, input_error=Notice.NONE), [AskDetails(visit.account.account, value[:32])]
        case _:
            return visit, []


def _held_to_scanner(visit: Visit, found: BillRead | BillRefused) -> Step:
    """The scanner waits for nobody: a bill held to it on the first screens begins the scan by itself."""
    if visit.screen in (Screen.ATTRACT, Screen.ACCOUNT_ENTRY) and not visit.busy:
        visit = replace(visit, screen=Screen.BILL_SCAN, input_error=Notice.NONE)
    return _scanned(visit, found)


def _scanned(visit: Visit, event: Event) -> Step:
    if visit.screen is not Screen.BILL_SCAN or visit.busy:
        return visit, []
    match event:
        case BillRead(account=account, amount_minor=amount_minor):
            read = replace(visit, busy=True, by_bill=True, bill_amount_minor=amount_minor, account_typed=account)
            return read, [SetScanning(False), FindAccount(account)]
        case BillRefused(notice=notice):
            return _notice(visit, notice, back=Screen.ACCOUNT_ENTRY), [SetScanning(False)]
        case _:
            return _notice(visit, Notice.CAMERA_UNAVAILABLE, back=Screen.ACCOUNT_ENTRY), [SetScanning(False)]


def _answered(visit: Visit, event: Event, rules: VisitRules) -> Step:
    if not visit.busy:
        return visit, []  # the customer went away meanwhile: an answer for nobody
    visit = replace(visit, busy=False)
    match event:
        case AccountFound(account=account):
            return replace(visit, screen=Screen.ACCOUNT_CONFIRM, account=account), []
        case AccountMissing() if visit.by_bill:
            return _notice(visit, Notice.ACCOUNT_NOT_FOUND, back=Screen.ACCOUNT_ENTRY), []
        case AccountMissing():
            return replace(visit, input_error=Notice.ACCOUNT_NOT_FOUND), []
        case AttributeAccepted(balance=balance):
            return replace(visit, screen=Screen.BALANCE, balance=balance, input_error=Notice.NONE), []
        case AttributeRefused() if visit.attempts_left > 1:
            left = visit.attempts_left - 1
            return replace(visit, attempts_left=left, input_error=Notice.ATTRIBUTE_WRONG), []
        case AttributeRefused():
            return _notice(_forgotten(visit), Notice.ATTRIBUTE_ATTEMPTS_SPENT), []
        case _:
            return _notice(visit, Notice.BILLING_UNREACHABLE, back=visit.screen), []


# --- how much, and the money ----------------------------------------------------------------------------------------


def _choose_amount(visit: Visit, amount_minor: int) -> Step:
    if visit.account is None:
        return visit, []
    if visit.screen is Screen.BALANCE:
        return replace(visit, screen=Screen.AMOUNT), []
    if visit.screen is Screen.AMOUNT and amount_minor >= 0:
        order = PaymentOrder(account=visit.account.account, asked_minor=amount_minor)
        return replace(visit, screen=Screen.CASH_IN, asked_minor=amount_minor, cash=None, stale_answers=0), [
            OpenCashIn(order)
        ]
    return visit, []


def _press_pay(visit: Visit) -> Step:
    if visit.screen is Screen.CASH_IN and visit.cash is not None and visit.cash.may_pay:
        return visit, [PayCash()]
    return visit, []


def _cash_changed(visit: Visit, snapshot: CashInSnapshot) -> Step:
    if visit.screen not in (Screen.CASH_IN, Screen.PAYING, Screen.RECEIPT) and not _covered_by_notice(visit):
        return visit, []
    stale = snapshot.note_answers if acceptor_stopped(snapshot) else visit.stale_answers
    visit = replace(visit, cash=snapshot, stale_answers=stale)
    if snapshot.phase is CashPhase.IDLE and visit.screen in (Screen.CASH_IN, Screen.PAYING):
        return visit, []
    if snapshot.phase in (CashPhase.PAYING, CashPhase.PRINTING):
        return replace(visit, screen=Screen.PAYING, notice=Notice.NONE), []
    if snapshot.phase is CashPhase.DONE and visit.screen is not Screen.RECEIPT:
        return replace(visit, screen=Screen.RECEIPT, notice=Notice.NONE), []
    return visit, []


def acceptor_stopped(snapshot: CashInSnapshot) -> bool:
    """It takes no note until somebody puts it right."""
    return not snapshot.acceptor_ready and snapshot.acceptor_fault not in PASSING_FAULTS


def _covered_by_notice(visit: Visit) -> bool:
    return visit.screen is Screen.NOTICE and visit.notice_back is Screen.CASH_IN


# --- leaving --------------------------------------------------------------------------------------------------------


def _go_home(visit: Visit) -> Step:
    if visit.screen is Screen.PAYING:
        return visit, []  # the answer is on its way
    if _at_cash(visit) and visit.money_inside:
        return _notice(visit, Notice.MONEY_INSIDE, back=Screen.CASH_IN), []
    return _wiped(visit)


def _go_back(visit: Visit) -> Step:
    if visit.busy:
        return visit, []
    match visit.screen:
        case Screen.ACCOUNT_ENTRY:
            return _forgotten(visit), []  # still here: the way to be served stays
        case Screen.BILL_SCAN:
            return replace(visit, screen=Screen.ACCOUNT_ENTRY), [SetScanning(False)]
        case Screen.ACCOUNT_CONFIRM | Screen.SECOND_ATTRIBUTE:
            left = visit.attempts_left  # going back and forth buys no new attempts
            entry = replace(_forgotten(visit), screen=Screen.ACCOUNT_ENTRY)
            return replace(entry, account_typed=visit.account_typed, attempts_left=left), []
        case Screen.AMOUNT:
            return replace(visit, screen=Screen.BALANCE), []
        case Screen.CASH_IN if visit.money_inside:
            return _notice(visit, Notice.MONEY_INSIDE, back=Screen.CASH_IN), []
        case Screen.CASH_IN:
            return replace(visit, screen=Screen.AMOUNT, cash=None), [LeaveCashIn()]
        case Screen.NOTICE:
            return _dismiss(visit)
        case _:
            return visit, []


def _dismiss(visit: Visit) -> Step:
    if visit.screen is Screen.NOTICE:
        if visit.notice_back is Screen.ATTRACT:
            return _wiped(visit)
        return replace(visit, screen=visit.notice_back, notice=Notice.NONE), []
    if visit.screen is Screen.RECEIPT:
        return _wiped(visit)
    return visit, []


def _tick(visit: Visit, rules: VisitRules, now_s: float) -> Step:
    patience = visit.modes.patience
    if visit.screen is Screen.BILL_SCAN and not visit.busy and now_s - visit.entered_at_s >= SCAN_S_MAX * patience:
        return _notice(visit, Notice.QR_UNREADABLE, back=Screen.ACCOUNT_ENTRY), [SetScanning(False)]
    if visit.screen is Screen.RECEIPT:
        return _wiped(visit) if now_s - visit.active_at_s >= RESULT_S_MAX * patience else (visit, [])
    if _nobody_is_asked(visit):
        return replace(visit, active_at_s=now_s, idle_left_s=0), []
    ask_s = rules.idle_ask_personal_s if visit.balance is not None else rules.idle_ask_s
    leave_s = rules.idle_leave_s * patience
    left_s = visit.active_at_s + ask_s * patience + leave_s - now_s
    if left_s <= 0:
        return _walked_away(visit)
    return replace(visit, idle_left_s=int(left_s) + 1 if left_s <= leave_s else 0), []


def _nobody_is_asked(visit: Visit) -> bool:
    """On the first screen there is nothing to forget, unless somebody chose how to be served and may have gone."""
    untouched = visit.screen is Screen.ATTRACT and visit.modes == DEFAULT_MODES
    return untouched or visit.screen is Screen.PAYING or _note_on_its_way(visit)


def _note_on_its_way(visit: Visit) -> bool:
    return _at_cash(visit) and visit.cash is not None and visit.cash.note_moving


def _walked_away(visit: Visit) -> Step:
    """Money inside is never left for the next customer: it is paid to the account of this visit."""
    if _at_cash(visit) and visit.money_inside:
        return replace(visit, screen=Screen.PAYING, notice=Notice.NONE, idle_left_s=0), [LeaveCashIn()]
    return _wiped(visit)


def _at_cash(visit: Visit) -> bool:
    return visit.screen is Screen.CASH_IN or _covered_by_notice(visit)


def _forgotten(visit: Visit) -> Visit:
    """Nothing personal is left, but the customer is still here and is served as before."""
    return Visit(modes=visit.modes, active_at_s=visit.active_at_s)


def _wiped(visit: Visit) -> Step:
    effects: list[Effect] = []
    if visit.screen is Screen.BILL_SCAN:
        effects.append(SetScanning(False))
    if _at_cash(visit):
        effects.append(LeaveCashIn())
    if visit.screen is Screen.RECEIPT:
        effects.append(CloseCashIn())
    return Visit(), effects


def _notice(visit: Visit, notice: Notice, *, back: Screen = Screen.ATTRACT) -> Visit:
    return replace(visit, screen=Screen.NOTICE, notice=notice, notice_back=back, busy=False, idle_left_s=0)


# --- the receipt's screen -------------------------------------------------------------------------------------------


def receipt_view(snapshot: CashInSnapshot) -> ReceiptView | None:
    """The slip as the screen shows it; None while there is none."""
    receipt = snapshot.receipt
    if receipt is None:
        return None
    pairs = [
        ReceiptPair("Лицевой счёт", receipt.account),
        ReceiptPair("Внесено", rubles(receipt.inserted_minor)),
        ReceiptPair("Зачислено", rubles(receipt.paid_minor)),
        ReceiptPair("Номер операции", readable_txn_id(receipt.txn_id)),
    ]
    return ReceiptView(
        txn_id=receipt.txn_id,
        paid_minor=receipt.paid_minor,
        credited=receipt.outcome is PayOutcome.CREDITED,
        printed=snapshot.receipt_printed,
        pairs=pairs,
    )
