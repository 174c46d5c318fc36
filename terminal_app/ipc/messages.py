"""Messages between core and ui on the one unix socket in the terminal's run directory; those of media stand beside.

Wire: 4-byte big-endian length, then MessagePack of one tagged struct (`type`). Both ends are of one release, so an
unknown message is a bug and closes the connection. Money is whole kopecks, no Russian text crosses: ui owns the words.
"""

from __future__ import annotations

import enum

import msgspec
from msgspec import Struct

from signaling_server.contract.messages import CaseRegistered, Plate, WayToTalk
from signaling_server.contract.notes import CallNote, CardAnswer
from signaling_server.contract.rooms import Party
from signaling_server.contract.turns import Turn
from terminal_app.ipc.call_messages import (
    VOLUME_USUAL,
    CaptionsView,
    DocumentView,
    HelpView,
    HoldStage,
    Pays,
    Printing,
    RecordingView,
    SoundQuality,
)
from terminal_app.ipc.call_messages import AnswerCard as AnswerCard
from terminal_app.ipc.call_messages import CallPress as CallPress
from terminal_app.ipc.call_messages import ChangeVolume as ChangeVolume
from terminal_app.ipc.call_messages import ChooseWay as ChooseWay
from terminal_app.ipc.call_messages import HangUp as HangUp
from terminal_app.ipc.call_messages import Introduced as Introduced
from terminal_app.ipc.call_messages import OpenPane as OpenPane
from terminal_app.ipc.call_messages import OpenTurn as OpenTurn
from terminal_app.ipc.call_messages import PrintCard as PrintCard
from terminal_app.ipc.call_messages import PrintCases as PrintCases
from terminal_app.ipc.call_messages import SoundTrouble as SoundTrouble
from terminal_app.ipc.call_messages import StartCall as StartCall
from terminal_app.ipc.call_messages import WriteNote as WriteNote
from terminal_app.ipc.modes import ChooseModes, Modes
from terminal_app.ipc.offer import CashStop as CashStop
from terminal_app.ipc.offer import Offer
from terminal_app.ipc.orders import AnotherAccount, DueView, Gather, OrderView, ReceiptView
from terminal_app.ipc.pages import Choose, Draw, Enter, OpenService, Page
from terminal_app.ipc.reading import Heard
from terminal_app.ipc.training_messages import EndTraining as EndTraining
from terminal_app.ipc.training_messages import InsertTrainingNote as InsertTrainingNote

MESSAGE_SIZE_MAX = 1024 * 1024  # a still of A4 on its way to core is the largest

# --- what the screen shows (core -> ui) ----------------------------------------------------------------------------


class Screen(enum.StrEnum):
    """The screen the customer is on. Core decides; ui draws."""

    ATTRACT = "attract"
    ACCOUNT_ENTRY = "account_entry"
    BILL_SCAN = "bill_scan"
    ACCOUNT_CONFIRM = "account_confirm"
    SECOND_ATTRIBUTE = "second_attribute"
    BALANCE = "balance"
    AMOUNT = "amount"
    BASKET = "basket"  # several things or accounts in one payment
    MEANS = "means"  # cash, card or QR
    CASH_IN = "cash_in"
    CARD_PAYMENT = "card_payment"
    QR_PAYMENT = "qr_payment"  # by СБП: the code waits for the customer's phone
    PAYING = "paying"
    RECEIPT = "receipt"
    NOTICE = "notice"  # one plain sentence and a way on
    CALL_WAY = "call_way"
    CALL_WAITING = "call_waiting"
    CALL_LIVE = "call_live"
    CALL_RESULT = "call_result"
    OUT_OF_SERVICE = "out_of_service"
    PAGE_LIST = "page_list"  # pages of the services: ipc/pages.py
    PAGE_TEXT = "page_text"
    PAGE_ENTRY = "page_entry"
    PAGE_SUMMARY = "page_summary"
    PAGE_PHOTO = "page_photo"
    PAGE_PAD = "page_pad"
    CALL_PAD = "call_pad"  # over the live call: write by finger to the consultant
    CALL_TYPING = "call_typing"
    CALL_NOTES = "call_notes"  # all that was written, to be read again
    CALL_DOCUMENT = "call_document"  # that the consultant shows
    CALL_CARD = "call_card"  # what the consultant asks or gives in writing


class Notice(enum.StrEnum):
    """Why the customer sees a sentence instead of a task."""

    NONE = "none"
    ACCOUNT_NOT_FOUND = "account_not_found"
    ATTRIBUTE_WRONG = "attribute_wrong"
    ATTRIBUTE_ATTEMPTS_SPENT = "attribute_attempts_spent"
    BILLING_UNREACHABLE = "billing_unreachable"
    QR_UNREADABLE = "qr_unreadable"
    QR_NOT_A_BILL = "qr_not_a_bill"
    QR_FOREIGN_PAYEE = "qr_foreign_payee"
    CAMERA_UNAVAILABLE = "camera_unavailable"
    CASH_UNAVAILABLE = "cash_unavailable"
    MONEY_INSIDE = "money_inside"  # leaving is asked while money is inside
    PAY_LESS = "pay_less"  # less than is to be paid is inside: is that what the customer means?
    CARD_DECLINED = "card_declined"
    QR_NOT_PAID = "qr_not_paid"  # its time is over, or the bank refused it
    PAYMENT_RECOVERED = "payment_recovered"
    PAYMENT_REFUSED = "payment_refused"
    PAYMENT_DELAYED = "payment_delayed"
    SERVER_UNREACHABLE = "server_unreachable"
    NO_AGENT_ON_DUTY = "no_agent_on_duty"
    DESK_CLOSED = "desk_closed"  # the consultants' hours are over
    CALL_BROKEN = "call_broken"  # the agent's side or the path was lost
    PLACE_LOST = "place_lost"  # the link was lost while waiting, for longer than the office keeps a place
    WAITED_TOO_LONG = "waited_too_long"
    CALL_NOT_ALLOWED = "call_not_allowed"


SCAN_AGAIN = frozenset({Notice.QR_UNREADABLE, Notice.QR_NOT_A_BILL})  # holding a bill up once more may help


class NoteAnswer(enum.StrEnum):
    """The same words as payment.contract.NoteAnswer."""

    NONE = "none"
    STACKED = "stacked"
    NOT_RECOGNISED = "not_recognised"
    OVER_LIMIT = "over_limit"
    NOT_ACCEPTED = "not_accepted"
    IN_DOUBT = "in_doubt"


class Availability(Struct, frozen=True):
    """What the terminal can do right now; a missing thing takes away just what needs it."""

    cash: bool = False
    cash_stop: CashStop = CashStop.NONE
    card: bool = False
    qr: bool = False  # a payment by СБП
    printer: bool = False
    camera: bool = False
    scanner: bool = False  # of codes, beside the camera
    card_reader: bool = False  # of customers' cards, where they are agreed; whose they are, the office knows
    sound: bool = False
    captions: bool = False  # a recogniser is here
    billing: bool = False
    server: bool = False
    agents_on_duty: int = 0
    offer: Offer = Offer()  # by the schedule of this terminal

    @property
    def pays(self) -> bool:
        """By some means."""
        return self.cash or self.card or self.qr


class AccountView(Struct, frozen=True):
    """Masked: «Б•••••• И. П.», «г. Санкт-Петербург, ул. С••••••, д. 1•, кв. •»."""

    account: str
    name_masked: str
    address_masked: str


class ChargeView(Struct, frozen=True):
    title: str
    amount_minor: int


class BalanceView(Struct, frozen=True):
    due_minor: int  # below zero: overpayment
    period: str  # «ноябрь 2026»
    charges: list[ChargeView]
    as_of_date: str  # DD.MM.YYYY
    dues: list[DueView] = []  # what is due, as things that can be paid one by one


class CashView(Struct, frozen=True):
    asked_minor: int = 0  # what has to be inserted, with the fee; 0: any amount
    above_minor: int = 0  # no notes make the sum asked: the least one above it; 0: they do
    advance_minor: int = 0  # so much of that is an advance
    recovered_minor: int = 0  # of a payment that was begun before the terminal was started anew
    inserted_minor: int = 0
    in_doubt_minor: int = 0
    fee_minor: int = 0  # of what is inside; before the first note, of what is asked
    limit_words: str = ""  # what limits this payment: payment's own sentence, in Russian
    amount_min_minor: int = 0
    amount_max_minor: int = 0
    denominations_minor: list[int] = []
    note_moving: bool = False
    note_answer: NoteAnswer = NoteAnswer.NONE
    note_answers: int = 0
    may_pay: bool = False
    acceptor_ready: bool = False
    acceptor_stopped: bool = False  # not ready, and not by a fault that passes by itself
    acceptor_fault: str = "none"
    qr: str = ""  # the text of the code; empty: the bank has not given it yet


class Liveness(enum.StrEnum):
    """What really arrives: decoded frames or sound, not an ICE state."""

    CONNECTING = "connecting"
    LIVE = "live"
    WEAK = "weak"  # nothing for 1 s
    RECONNECTING = "reconnecting"  # nothing for 3 s


class CallView(Struct, frozen=True):
    way: WayToTalk | None = None
    position: int = 0
    wait_min_s: int = 0
    wait_max_s: int = 0
    link_lost: bool = False  # while waiting: what is known of the place may no longer be true
    plate: Plate | None = None
    liveness: Liveness = Liveness.CONNECTING
    agent_has_video: bool = False
    cases: list[CaseRegistered] = []  # registered in this call, the last one last
    notes: list[CallNote] = []  # what was written in this call, the last one last
    card_id: str = ""  # the note that stands as a card
    portal_url: str = ""  # of the ЛКК, while its card stands
    printing: Printing = Printing.NONE
    hold: HoldStage = HoldStage.NONE
    ways: list[CardAnswer] = []  # what can be done from here instead of waiting
    way_on: CardAnswer | None = None  # what he chose
    neutral: bool = False  # of the result: the number and no more
    volume: int = VOLUME_USUAL
    quality: SoundQuality = SoundQuality.GOOD
    recording: RecordingView = RecordingView()
    introducing: bool = False  # the voice has to say who is on the line, and then `Introduced`
    turn: Turn = Turn()  # what he said of himself before he waited
    returned: bool = False  # no document: he waits in his own place again
    help: HelpView = HelpView()
    trouble: SoundTrouble = SoundTrouble.NONE  # of the terminal's own microphone and loudspeaker
    pays: Pays = Pays.NO
    parties: list[Party] = []  # the agent among them, while there is a third; empty: he is alone
    beside_id: str = ""  # the party whose picture stands beside the agent's
    document: DocumentView | None = None  # that the consultant shows, while it stands
    captions: CaptionsView = CaptionsView()


class TerminalState(Struct, frozen=True, tag=True, tag_field="type"):
    """Everything ui shows. Sent whole at every change: a fresh ui needs nothing else."""

    revision: int
    screen: Screen
    availability: Availability
    notice: Notice = Notice.NONE
    input_error: Notice = Notice.NONE  # beside the field, the task goes on
    attempts_left: int = 0
    may_pay_unseen: bool = False  # into this account without the second attribute
    account: AccountView | None = None
    account_typed: str = ""
    balance: BalanceView | None = None
    cash: CashView | None = None
    order: OrderView | None = None
    receipt: ReceiptView | None = None
    call: CallView | None = None
    page: Page | None = None  # of the service on the glass
    photo_hint: str = ""  # how the paper is held: media_messages.PhotoHint
    busy: bool = False  # an answer is awaited: show progress, take no second press
    idle_left_s: int = 0  # above zero: «Вы ещё здесь?» with this many seconds
    help_offered: bool = False  # «Нужна помощь?»: he stands without a touch, or went wrong twice
    support_phone: str = ""
    support_hours: str = ""
    terminal_title: str = ""
    modes: Modes = Modes()
    service: bool = False  # service mode: no customer is served
    service_who: str = ""  # who signed in to it
    training: bool = False  # a technician practises: nothing on this screen is real


def numbered(state: TerminalState, revision: int) -> TerminalState:
    """The same state under its number, as it goes to ui."""
    return msgspec.structs.replace(state, revision=revision)


# --- ui -> core ----------------------------------------------------------------------------------------------------


class UiHello(Struct, frozen=True, tag=True, tag_field="type"):
    pid: int


class UiAlive(Struct, frozen=True, tag=True, tag_field="type"):
    """Once a second, from the drawing loop: counts frames, so that a stuck screen is seen."""

    frames_drawn: int


class CustomerActive(Struct, frozen=True, tag=True, tag_field="type"):
    """A touch, at most one a second."""


class StartPayment(Struct, frozen=True, tag=True, tag_field="type"):
    """«Узнать баланс и оплатить»."""


class SubmitAccount(Struct, frozen=True, tag=True, tag_field="type"):
    account: str


class StartBillScan(Struct, frozen=True, tag=True, tag_field="type"):
    """From the first screen, from the account's one, or once more after a code that could not be used."""


class ConfirmAccount(Struct, frozen=True, tag=True, tag_field="type"):
    """«Да, адрес верный»."""


class SubmitSecondAttribute(Struct, frozen=True, tag=True, tag_field="type"):
    """Digits of the second attribute; what it is, is a setting (now: last four digits of the phone)."""

    value: str


class ChooseAmount(Struct, frozen=True, tag=True, tag_field="type"):
    """From BALANCE: go on to AMOUNT with amount_minor 0; from AMOUNT: the amount the customer wants to pay."""

    amount_minor: int


class PaymentMeans(enum.StrEnum):
    """How the customer pays; the same words as payment.contract.Means."""

    CASH = "cash"
    CARD = "card"
    QR = "qr"  # СБП


class ChooseMeans(Struct, frozen=True, tag=True, tag_field="type"):
    means: PaymentMeans


class PressPay(Struct, frozen=True, tag=True, tag_field="type"):
    """«Оплатить», of a list too, and the yes to the question whether less than is asked shall be paid."""


class PrintCopy(Struct, frozen=True, tag=True, tag_field="type"):
    """«Ещё раз чек»."""


class GoBack(Struct, frozen=True, tag=True, tag_field="type"):
    pass


class GoHome(Struct, frozen=True, tag=True, tag_field="type"):
    """«В начало» or «Завершить»: ends the visit and wipes it."""


class Dismiss(Struct, frozen=True, tag=True, tag_field="type"):
    """The one large button of a notice or a result."""


CALL_PANES = frozenset(  # a live call
    {Screen.CALL_LIVE, Screen.CALL_PAD, Screen.CALL_TYPING, Screen.CALL_NOTES, Screen.CALL_CARD}
)


class HoldLogo(Struct, frozen=True, tag=True, tag_field="type"):
    """A finger stayed on the logo: the hidden way to the sign-in of service mode."""


UiToCore = (
    UiHello
    | InsertTrainingNote
    | EndTraining
    | HoldLogo
    | UiAlive
    | CustomerActive
    | ChooseModes
    | StartPayment
    | SubmitAccount
    | StartBillScan
    | ConfirmAccount
    | SubmitSecondAttribute
    | ChooseAmount
    | ChooseMeans
    | PressPay
    | PrintCopy
    | Gather
    | AnotherAccount
    | OpenService
    | Choose
    | Enter
    | Draw
    | Heard
    | GoBack
    | GoHome
    | Dismiss
    | CallPress
)
CoreToUi = TerminalState
