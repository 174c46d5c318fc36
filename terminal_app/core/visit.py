"""A customer's stay at the terminal, without the call: pure. State and event in, state and effects out.

Screens of payment and what leads from one to another. The money itself is payment's: this machine only opens a
payment, shows its snapshot and says «pay» and «leave».
"""

from __future__ import annotations

from dataclasses import replace

from terminal_app.core import offered, visit_tasks
from terminal_app.core.basket import before_amount, before_money, gather, kept_for_the_next, taken_back
from terminal_app.core.tasks.task import Need
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
    CardHeld,
    CashChanged,
    CloseCashIn,
    CodeScanned,
    Effect,
    Event,
    FindAccount,
    LeaveCashIn,
    PaymentProposed,
    PaymentRecovered,
    PhotoGuided,
    PowerEnding,
    ScanFailed,
    SetPhoto,
    SetScanning,
    TaskTold,
    Tick,
)
from terminal_app.core.visit_money import (
    another_account,
    cash_changed,
    choose_amount,
    choose_means,
    covered_by_notice,
    leave_card,
    press_pay,
    print_copy,
    proposed,
)
from terminal_app.core.visit_values import Step, Visit, VisitRules, with_notice
from terminal_app.ipc.media_messages import PhotoHint
from terminal_app.ipc.messages import (
    SCAN_AGAIN,
    ChooseAmount,
    ChooseMeans,
    ConfirmAccount,
    CustomerActive,
    Dismiss,
    GoBack,
    GoHome,
    Notice,
    PressPay,
    PrintCopy,
    Screen,
    StartBillScan,
    StartPayment,
    SubmitAccount,
    SubmitSecondAttribute,
)
from terminal_app.ipc.modes import DEFAULT_MODES, ChooseModes
from terminal_app.ipc.orders import AnotherAccount, Gather
from terminal_app.ipc.pages import NOTHING, Choose, Draw, Enter, OpenService
from terminal_app.ipc.reading import Heard

SCAN_S_MAX = 60.0  # a bill nobody could read within this time: say so and offer the keypad
RESULT_S_MAX = 45.0  # the receipt's screen stays this long without a touch
ACCOUNT_LENGTH_MAX = 32
HELP_AFTER_ERRORS = 2
_MISTAKES = frozenset({*SCAN_AGAIN, Notice.QR_FOREIGN_PAYEE, Notice.ACCOUNT_NOT_FOUND, Notice.ATTRIBUTE_ATTEMPTS_SPENT})


def step(visit: Visit, event: Event, rules: VisitRules, now_s: float) -> Step:
    """One event. An event that means nothing on the present screen changes nothing."""
    if offered.refused(event, rules.context.availability.offer):
        return visit, []
    if not isinstance(event, (Tick, CashChanged, PhotoGuided)):
        visit = replace(visit, active_at_s=now_s, idle_left_s=0)
    after, effects = _dispatch(visit, event, rules, now_s)
    if after.screen is not visit.screen:
        after = replace(after, entered_at_s=now_s, active_at_s=now_s, idle_left_s=0, photo_hint=PhotoHint.NONE)
        if Screen.PAGE_PHOTO in (after.screen, visit.screen):
            effects = [SetPhoto(after.screen is Screen.PAGE_PHOTO), *effects]
    return _helped(visit, after, event, rules, now_s), effects


def _helped(before: Visit, after: Visit, event: Event, rules: VisitRules, now_s: float) -> Visit:
    """«Нужна помощь?» for who stands without a touch, or could not be understood twice (clause 6.3.3)."""
    if after.screen is Screen.ATTRACT and after.modes == DEFAULT_MODES:
        return replace(after, errors=0, help_offered=False)  # nobody is here
    errors = before.errors + _went_wrong(before, after, event)
    waits = after.screen is not Screen.RECEIPT  # whose errand is done
    stands = waits and now_s - after.active_at_s >= rules.help_offer_s * after.modes.patience
    return replace(after, errors=errors, help_offered=stands or errors >= HELP_AFTER_ERRORS)


def _went_wrong(before: Visit, after: Visit, event: Event) -> bool:
    """Something of his was refused by this very event."""
    if isinstance(event, (Enter, TaskTold)) and after.page is not None and after.page.entry is not None:
        return after.page.entry.error != NOTHING
    if after.screen is Screen.NOTICE:
        return before.screen is not Screen.NOTICE and after.notice in _MISTAKES
    return after.input_error is not Notice.NONE and before.input_error is Notice.NONE


def _dispatch(visit: Visit, event: Event, rules: VisitRules, now_s: float) -> Step:
    match event:
        case Tick():
            return _tick(visit_tasks.refreshed(visit, rules), rules, now_s)
        case CustomerActive():
            return visit, []
        case ChooseModes(modes=modes):
            return visit_tasks.refreshed(replace(visit, modes=modes), rules), []
        case GoHome():
            return _go_home(visit)
        case GoBack() if visit.screen in visit_tasks.ON_PAGE:
            return visit_tasks.back(visit, rules)
        case GoBack() if visit.screen is Screen.ACCOUNT_ENTRY and visit.stay is not None:
            return visit_tasks.resumed(_forgotten(visit), visit.stay, rules), []
        case GoBack():
            return _go_back(visit)
        case Dismiss():
            return _dismiss(visit)
        case CashChanged(snapshot=snapshot):
            return cash_changed(visit, snapshot)
        case PaymentRecovered(inserted_minor=inserted_minor):
            return _recovered(visit, inserted_minor)
        case StartPayment() | SubmitAccount() | StartBillScan() | ConfirmAccount() | SubmitSecondAttribute():
            return _identify_pressed(visit, event, rules)
        case BillRead() | BillRefused() | ScanFailed():
            return _scanned(visit, event)
        case CodeScanned(found=found):
            return _held_to_scanner(visit, found)
        case CardHeld(card=card):
            return _card_held(visit, card, rules)
        case OpenService(service=service):
            return visit_tasks.open_service(visit, service, rules)
        case Choose() | Enter() | Draw() | Heard():
            return visit_tasks.pressed(visit, event, rules)
        case TaskTold():
            return visit_tasks.told(visit, event, rules)
        case PhotoGuided(hint=hint):
            return replace(visit, photo_hint=hint if visit.screen is Screen.PAGE_PHOTO else PhotoHint.NONE), []
        case PowerEnding():
            return _walked_away(visit)
        case AccountFound() | AccountMissing() | AccountsUnreachable() | AttributeAccepted() | AttributeRefused():
            return _answered(visit, event, rules)
        case ChooseAmount(amount_minor=amount_minor):
            return choose_amount(visit, amount_minor, rules)
        case ChooseMeans(means=means):
            return choose_means(visit, means, rules)
        case PressPay():
            return press_pay(visit, rules)
        case PaymentProposed():
            return proposed(visit, event, rules)
        case Gather():
            return gather(visit), []
        case AnotherAccount():
            return another_account(visit)
        case PrintCopy():
            return print_copy(visit)


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
            if visit_tasks.serves_purpose(visit, Need.ACCOUNT):
                return visit_tasks.begin(visit, visit.purpose, rules)
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


def _card_held(visit: Visit, card: str, rules: VisitRules) -> Step:
    """A card that can be read begins by itself, as a bill does; of one that cannot only who types a number is told."""
    able = rules.context.availability
    if visit.busy or not able.card_reader:
        return visit, []
    if visit.screen is Screen.ATTRACT and card and able.offer.serves(visit_tasks.PAY):
        visit = replace(_forgotten(visit), screen=Screen.ACCOUNT_ENTRY)
    visit, _ = visit_tasks.open_service(visit, visit_tasks.CARD, rules)
    return visit_tasks.held(visit, card, rules)


def _scanned(visit: Visit, event: Event) -> Step:
    if visit.screen is not Screen.BILL_SCAN or visit.busy:
        return visit, []
    match event:
        case BillRead(account=account, amount_minor=amount_minor):
            read = replace(visit, busy=True, by_bill=True, bill_amount_minor=amount_minor, account_typed=account)
            return read, [SetScanning(False), FindAccount(account)]
        case BillRefused(notice=notice):
            return with_notice(visit, notice, back=Screen.ACCOUNT_ENTRY), [SetScanning(False)]
        case _:
            return with_notice(visit, Notice.CAMERA_UNAVAILABLE, back=Screen.ACCOUNT_ENTRY), [SetScanning(False)]


def _answered(visit: Visit, event: Event, rules: VisitRules) -> Step:
    if not visit.busy:
        return visit, []  # the customer went away meanwhile: an answer for nobody
    visit = replace(visit, busy=False)
    match event:
        case AccountFound(account=account):
            return replace(visit, screen=Screen.ACCOUNT_CONFIRM, account=account), []
        case AccountMissing() if visit.by_bill:
            return with_notice(visit, Notice.ACCOUNT_NOT_FOUND, back=Screen.ACCOUNT_ENTRY), []
        case AccountMissing():
            return replace(visit, input_error=Notice.ACCOUNT_NOT_FOUND), []
        case AttributeAccepted(balance=balance):
            asked = Screen.AMOUNT if visit.proposed_minor and not visit.purpose else Screen.BALANCE
            known = replace(visit, screen=asked, balance=balance, input_error=Notice.NONE)
            return visit_tasks.begin(known, visit.purpose, rules) if visit.purpose else (known, [])
        case AttributeRefused() if visit.attempts_left > 1:
            left = visit.attempts_left - 1
            return replace(visit, attempts_left=left, input_error=Notice.ATTRIBUTE_WRONG), []
        case AttributeRefused() if visit.basket:  # what he pays for others is not lost
            return with_notice(kept_for_the_next(visit), Notice.ATTRIBUTE_ATTEMPTS_SPENT, back=Screen.BASKET), []
        case AttributeRefused():
            return with_notice(_forgotten(visit), Notice.ATTRIBUTE_ATTEMPTS_SPENT), []
        case _:
            return with_notice(visit, Notice.BILLING_UNREACHABLE, back=visit.screen), []


# --- leaving --------------------------------------------------------------------------------------------------------


def _go_home(visit: Visit) -> Step:
    if visit.screen is Screen.PAYING:
        return visit, []  # the answer is on its way
    if visit.screen is Screen.CARD_PAYMENT:
        return leave_card(visit, Screen.ATTRACT)
    if _at_cash(visit) and visit.money_inside:
        return with_notice(visit, Notice.MONEY_INSIDE, back=Screen.CASH_IN), []
    return _wiped(visit)


def _go_back(visit: Visit) -> Step:
    if visit.busy:
        return visit, []
    match visit.screen:
        case Screen.ACCOUNT_ENTRY if visit.basket:
            return replace(kept_for_the_next(visit), screen=Screen.BASKET), []
        case Screen.ACCOUNT_ENTRY:
            return _forgotten(visit), []  # still here: the way to be served stays
        case Screen.BILL_SCAN:
            return replace(visit, screen=Screen.ACCOUNT_ENTRY), [SetScanning(False)]
        case Screen.ACCOUNT_CONFIRM | Screen.SECOND_ATTRIBUTE:
            left = visit.attempts_left  # going back and forth buys no new attempts
            entry = replace(kept_for_the_next(visit), screen=Screen.ACCOUNT_ENTRY)
            entry = replace(entry, purpose=visit.purpose, stay=visit.stay)
            return replace(entry, account_typed=visit.account_typed, attempts_left=left), []
        case Screen.AMOUNT:
            return before_amount(visit), []
        case Screen.BASKET:
            return taken_back(visit), []
        case Screen.MEANS:
            return replace(visit, screen=before_money(visit)), []
        case Screen.CARD_PAYMENT:
            return leave_card(visit, before_money(visit))
        case Screen.CASH_IN if visit.money_inside:
            return with_notice(visit, Notice.MONEY_INSIDE, back=Screen.CASH_IN), []
        case Screen.CASH_IN | Screen.QR_PAYMENT:
            return replace(visit, screen=before_money(visit), cash=None), [LeaveCashIn()]
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
        return with_notice(visit, Notice.QR_UNREADABLE, back=Screen.ACCOUNT_ENTRY), [SetScanning(False)]
    if visit.screen is Screen.RECEIPT:
        return _wiped(visit) if now_s - visit.active_at_s >= RESULT_S_MAX * patience else (visit, [])
    if _nobody_is_asked(visit):
        return replace(visit, active_at_s=now_s, idle_left_s=0), []
    ask_s = rules.idle_ask_personal_s if visit.balance is not None or visit.stay else rules.idle_ask_s
    leave_s = rules.idle_leave_s * patience
    left_s = visit.active_at_s + ask_s * patience + leave_s - now_s
    if left_s <= 0:
        return _walked_away(visit)
    return replace(visit, idle_left_s=int(left_s) + 1 if left_s <= leave_s else 0), []


def _nobody_is_asked(visit: Visit) -> bool:
    """On the first screen there is nothing to forget, unless somebody chose how to be served and may have gone."""
    untouched = visit.screen is Screen.ATTRACT and visit.modes == DEFAULT_MODES
    elsewhere = (Screen.PAYING, Screen.CARD_PAYMENT, Screen.QR_PAYMENT)  # the bank's terminal, the customer's phone
    return untouched or visit.screen in elsewhere or _note_on_its_way(visit)


def _note_on_its_way(visit: Visit) -> bool:
    return _at_cash(visit) and visit.cash is not None and visit.cash.note_moving


def _recovered(visit: Visit, inserted_minor: int) -> Step:
    """The terminal was started anew in the middle of a payment: whose it is stands here, and is told."""
    told = with_notice(replace(visit, recovered_minor=inserted_minor), Notice.PAYMENT_RECOVERED)
    return (told, []) if visit.screen is Screen.ATTRACT else (visit, [])


def _walked_away(visit: Visit) -> Step:
    """Money inside is never left for the next customer: it is paid to the account of this visit."""
    if visit.screen is Screen.CARD_PAYMENT:
        return leave_card(visit, Screen.ATTRACT)
    if _at_cash(visit) and visit.money_inside:
        return replace(visit, screen=Screen.PAYING, notice=Notice.NONE, idle_left_s=0), [LeaveCashIn()]
    return _wiped(visit)


def _at_cash(visit: Visit) -> bool:
    return visit.screen is Screen.CASH_IN or covered_by_notice(visit)


def _forgotten(visit: Visit) -> Visit:
    """Nothing personal is left, but the customer is still here and is served as before."""
    return Visit(modes=visit.modes, active_at_s=visit.active_at_s, segment=visit.segment)


def _wiped(visit: Visit) -> Step:
    effects: list[Effect] = []
    if visit.screen is Screen.BILL_SCAN:
        effects.append(SetScanning(False))
    if _at_cash(visit) or visit.screen is Screen.QR_PAYMENT:
        effects.append(LeaveCashIn())
    if visit.screen is Screen.RECEIPT:
        effects.append(CloseCashIn())
    return Visit(), effects
