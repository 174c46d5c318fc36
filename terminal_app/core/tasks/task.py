"""What a service of the terminal is: a task with pages. Pure: event in, next task and effects out.

A task is a frozen value of one step of a service. `page` shows it; `step` leads on. The stay around it
(`core/visit_tasks.py`) gives every task its way back, its waiting, its time-out and its wipe, so that none has its own.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import Protocol

from payment.billing.account_values import AccountDetails, AccountsOfPhone, History, Meters, Readings
from signaling_server.contract.cases import AttachmentSlip, CaseForm, Segment, Topic
from signaling_server.contract.notes import Drawing
from signaling_server.contract.self_service import ServiceAnswer, ServiceRequest
from signaling_server.contract.turns import TurnCategory
from signaling_server.contract.visits import RatingGiven
from terminal_app.ipc.messages import AccountView, Availability, BalanceView
from terminal_app.ipc.pages import Page


class Need(enum.Enum):
    """What has to be known of the customer before a service begins."""

    NOBODY = "nobody"
    ACCOUNT = "account"  # a number, its masked address confirmed
    IDENTIFIED = "identified"  # and a second attribute


@dataclass(frozen=True, slots=True)
class Facts:
    """What the office told of itself; kept for the time without a line."""

    topics: tuple[Topic, ...] = ()
    sms: bool = False
    email: bool = False
    categories: tuple[TurnCategory, ...] = ()  # who is served out of turn by law
    sealed: bool = False  # forms can be sealed: the office's key is known


@dataclass(frozen=True, slots=True)
class Context:
    """What is true around the task at this moment."""

    availability: Availability = field(default_factory=Availability)
    account: AccountView | None = None
    balance: BalanceView | None = None  # of an identified customer
    segment: Segment = Segment.B2C
    facts: Facts = field(default_factory=Facts)
    today: date = date.min
    now_ms: int = 0
    fresh_id: str = ""  # never seen before, another one at each event
    support_phone: str = ""
    layout: tuple[tuple[str, str], ...] = ()  # the terminal's parts and their places
    support_hours: str = ""
    account_site_url: str = ""
    links: tuple[tuple[str, str], ...] = ()  # names and addresses of the company's pages elsewhere
    zone: tzinfo = UTC  # of every date and time that a person reads here
    surveys: frozenset[str] = frozenset()  # what the office asks about now; empty: nobody is asked
    surveyed: bool = False  # this customer was asked already
    voice: bool = False  # he is read to
    contact: bool = False  # he has named where the electronic receipt goes
    readings_given: tuple[Readings, ...] = ()  # in this visit, the last ones last

    def local(self, moment_ms: int) -> datetime:
        """A moment of the office as the customer's clock shows it."""
        return datetime.fromtimestamp(moment_ms / 1_000, UTC).astimezone(self.zone)

    @property
    def identified(self) -> bool:
        return self.balance is not None


# --- events -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chosen:
    key: str


@dataclass(frozen=True, slots=True)
class Entered:
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """The office's answer to what this task asked. `kept_ms`: it is silent, and this is what it told then; 0: now."""

    answer: ServiceAnswer
    kept_ms: int = 0


@dataclass(frozen=True, slots=True)
class BillingTold:
    """Billing's answer; None: it knows no such account."""

    answer: History | Meters | AccountsOfPhone | AccountDetails | None


@dataclass(frozen=True, slots=True)
class Silence:
    """Nobody answered in time, or there is no line."""


@dataclass(frozen=True, slots=True)
class Printed:
    """The slip is on paper, or surely is not."""

    done: bool


@dataclass(frozen=True, slots=True)
class Photographed:
    """A photo; its JPEG lies with core in memory under this id until the visit ends, and nowhere else."""

    photo_id: str
    sha256: str
    size_bytes: int
    preview: bytes  # a small JPEG for a page

    def attachment(self) -> AttachmentSlip:
        return AttachmentSlip(self.photo_id, self.sha256, self.size_bytes)


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a finger wrote on a page of the kind PAD."""

    drawing: Drawing


@dataclass(frozen=True, slots=True)
class HeardTo:
    """So many sentences of a text were heard whole, in their order, or nothing can be said."""

    sentences: int
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A card was held to the reader; empty: it tells no number."""

    card: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Stored:
    """What was given lies safe, and goes to the office when there is a line."""


Event = Chosen | Entered | Told | BillingTold | Silence | Printed | Photographed | Drawn | HeardTo | Held | Stored

# --- effects ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AskOffice:
    """Answered by `Told` or `Silence`. The shell gives the request its id: leave it "-"."""

    request: ServiceRequest


@dataclass(frozen=True, slots=True)
class AskMeters:
    """Answered by `BillingTold` or `Silence`."""

    account: str


@dataclass(frozen=True, slots=True)
class AskHistory:
    """Answered by `BillingTold` or `Silence`."""

    account: str
    months: int


@dataclass(frozen=True, slots=True)
class AskOfPhone:
    """Which accounts are bound to a phone that was just proved. Answered by `BillingTold` or `Silence`."""

    phone: str


@dataclass(frozen=True, slots=True)
class AskByPhone:
    """What is owed; the proved phone is the second attribute. Answered by `BillingTold` or `Silence`."""

    account: str
    phone: str


@dataclass(frozen=True, slots=True)
class PrintPairs:
    """A slip of the service: a title, pairs, a closing sentence, perhaps a QR. Answered by `Printed`."""

    title: str
    pairs: tuple[tuple[str, str], ...]
    words: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class TakePhoto:
    """From a page of the kind PHOTO. Answered by `Photographed`, or by `Silence`: the camera gave no picture."""


@dataclass(frozen=True, slots=True)
class KeepDrawing:
    """A drawing as a picture among the photos. Answered by `Photographed`."""

    drawing: Drawing


@dataclass(frozen=True, slots=True)
class Rate:
    """One answer of a survey, for the outbox. Answered by `Stored`."""

    rating: RatingGiven


@dataclass(frozen=True, slots=True)
class KeepReadings:
    """Readings for billing's outbox. Answered by `Stored`, or by `Silence`: the disk refuses."""

    readings: Readings


@dataclass(frozen=True, slots=True)
class KeepCase:
    """A written обращение for the sealed outbox. Answered by the office's word (`Told`: filed, refused), by `Stored`
    where it has none yet, or by `Silence`: it is not kept. `replaces`: the refused one whose place it takes.
    """

    form: CaseForm
    replaces: str = ""


@dataclass(frozen=True, slots=True)
class KeepContact:
    """Where the electronic receipt goes, in its normal form; empty: nowhere. Leads back to the payment."""

    contact: str


@dataclass(frozen=True, slots=True)
class PickPart:
    """The thing due that is to be paid by itself. Leads to the question how much."""

    service: str


@dataclass(frozen=True, slots=True)
class Call:
    """To the consultant, with what is known so far."""


@dataclass(frozen=True, slots=True)
class Identified:
    """It is known who he is: on with what he came for."""

    account: AccountView
    balance: BalanceView


BACK = "back"


@dataclass(frozen=True, slots=True)
class AccountNamed:
    """A number of an account, as if it had been typed: nobody has proved yet that it is his."""

    account: str


@dataclass(frozen=True, slots=True)
class GoTo:
    """Leaves this service for another one, for the payment (`pay`), for the question whose account it is
    (`account`), or for where it was opened from (`BACK`).
    """

    service: str


Asking = (
    AskOffice
    | AskMeters
    | AskHistory
    | AskOfPhone
    | AskByPhone
    | PrintPairs
    | TakePhoto
    | KeepDrawing
    | Rate
    | KeepReadings
    | KeepCase
)
Effect = Asking | KeepContact | PickPart | Call | GoTo | Identified | AccountNamed


class Task(Protocol):
    """A frozen value."""

    def page(self, context: Context) -> Page:
        """What is shown now."""

    def step(self, event: Event, context: Context) -> Step:
        """What comes next. An event that means nothing here changes nothing: `(self, [])`."""


Step = tuple[Task, list[Effect]]
