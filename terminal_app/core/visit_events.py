"""What a visit is told, and what it asks for. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field

from payment.contract import CashInSnapshot, PaymentOrder
from terminal_app.core.tasks import task as tasks
from terminal_app.ipc.media_messages import PhotoHint
from terminal_app.ipc.messages import (
    AccountView,
    BalanceView,
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
    StartBillScan,
    StartPayment,
    SubmitAccount,
    SubmitSecondAttribute,
)
from terminal_app.ipc.modes import ChooseModes
from terminal_app.ipc.orders import AnotherAccount, Gather
from terminal_app.ipc.pages import Choose, Draw, Enter, OpenService
from terminal_app.ipc.reading import Heard


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed; sent about four times a second."""


@dataclass(frozen=True, slots=True)
class AccountFound:
    account: AccountView


@dataclass(frozen=True, slots=True)
class AccountMissing:
    """Billing knows no such account."""


@dataclass(frozen=True, slots=True)
class AccountsUnreachable:
    """Billing did not answer."""


@dataclass(frozen=True, slots=True)
class AttributeAccepted:
    balance: BalanceView


@dataclass(frozen=True, slots=True)
class AttributeRefused:
    """The second attribute does not belong to this account."""


@dataclass(frozen=True, slots=True)
class BillRead:
    """A bill of ours was held to the camera. `amount_minor` 0: the bill names no sum."""

    account: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class BillRefused:
    """A code was held to the camera and it is no bill of ours; `notice` says why."""

    notice: Notice


@dataclass(frozen=True, slots=True)
class CodeScanned:
    """A code was held to the scanner, whatever the screen shows."""

    found: BillRead | BillRefused


@dataclass(frozen=True, slots=True)
class CardHeld:
    """A customer's card was held to the reader, whatever the screen shows; empty: it tells no number."""

    card: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PowerEnding:
    """The terminal is about to be switched off: as if the customer had walked away."""


@dataclass(frozen=True, slots=True)
class ScanFailed:
    """The camera is gone."""


@dataclass(frozen=True, slots=True)
class PaymentRecovered:
    """Core was started anew while money of a customer was inside, a moment ago."""

    inserted_minor: int


@dataclass(frozen=True, slots=True)
class PaymentProposed:
    """He went from the consultant's card to the payment of this sum; he still names sum, means and «Оплатить»."""

    amount_minor: int
    account: str = ""  # as the consultant named it; it is confirmed as one that was typed


@dataclass(frozen=True, slots=True)
class CashChanged:
    snapshot: CashInSnapshot


@dataclass(frozen=True, slots=True)
class PhotoGuided:
    """How the paper is held before the camera."""

    hint: PhotoHint


@dataclass(frozen=True, slots=True)
class TaskTold:
    """The answer to question number `asked` of the present service."""

    asked: int
    event: tasks.Event


Event = (
    Tick
    | AccountFound
    | AccountMissing
    | AccountsUnreachable
    | AttributeAccepted
    | AttributeRefused
    | BillRead
    | BillRefused
    | CodeScanned
    | CardHeld
    | PowerEnding
    | ScanFailed
    | CashChanged
    | PaymentRecovered
    | PaymentProposed
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
    | TaskTold
    | PhotoGuided
    | GoBack
    | GoHome
    | Dismiss
)


@dataclass(frozen=True, slots=True)
class FindAccount:
    account: str


@dataclass(frozen=True, slots=True)
class AskDetails:
    account: str
    attribute: str


@dataclass(frozen=True, slots=True)
class AskByBill:
    """The bill in the customer's hand is the second attribute."""

    account: str


@dataclass(frozen=True, slots=True)
class SetScanning:
    on: bool


@dataclass(frozen=True, slots=True)
class OpenCashIn:
    """A payment begins, by whatever means its order names."""

    order: PaymentOrder


@dataclass(frozen=True, slots=True)
class PayCash:
    pass


@dataclass(frozen=True, slots=True)
class PrintSlipCopy:
    """The slip of the finished payment once more, marked КОПИЯ."""


@dataclass(frozen=True, slots=True)
class LeaveCashIn:
    """Nothing inside: close. Money inside: pay it to the account of the visit."""


@dataclass(frozen=True, slots=True)
class CancelCard:
    """The bank terminal stops waiting for a card, if it still can; it answers all the same."""


@dataclass(frozen=True, slots=True)
class CloseCashIn:
    """The receipt was shown, or nothing was taken: the payment is over."""


@dataclass(frozen=True, slots=True)
class SetPhoto:
    """The camera's viewfinder, with words how to hold the paper."""

    on: bool


@dataclass(frozen=True, slots=True)
class DoForTask:
    """A question of the present service; answered by `TaskTold` with its number."""

    asked: int
    question: tasks.Asking


@dataclass(frozen=True, slots=True)
class CallConsultant:
    """The service hands the customer over."""


Effect = (
    FindAccount
    | AskDetails
    | AskByBill
    | SetScanning
    | OpenCashIn
    | PayCash
    | PrintSlipCopy
    | LeaveCashIn
    | CancelCard
    | CloseCashIn
    | SetPhoto
    | DoForTask
    | CallConsultant
)
