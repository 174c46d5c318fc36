"""What is known of a customer's stay, and the settings it keeps to. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from payment.contract import CashInSnapshot, OrderLine
from signaling_server.contract.cases import Segment
from terminal_app.core.tasks.task import Context, Task
from terminal_app.core.visit_events import Effect
from terminal_app.ipc.media_messages import PhotoHint
from terminal_app.ipc.messages import AccountView, BalanceView, Notice, Screen
from terminal_app.ipc.modes import DEFAULT_MODES, Modes
from terminal_app.ipc.pages import Page

_PASSING_FAULTS = frozenset({"none", "starting", "paused"})  # of the acceptor: they go by themselves


@dataclass(frozen=True, slots=True)
class VisitRules:
    """Settings the visit needs."""

    attribute_attempts_max: int = 3
    bill_counts_as_both: bool = True
    idle_ask_s: float = 60.0
    idle_ask_personal_s: float = 90.0
    idle_leave_s: float = 30.0
    help_offer_s: float = 20.0
    cash: bool = True  # a payment by notes may begin now
    card: bool = False  # a payment by card may begin now
    qr: bool = False  # a payment by СБП may begin now
    context: Context = field(default_factory=Context)  # of the services, without what is known of the customer


@dataclass(frozen=True, slots=True)
class TaskStay:
    """The service the customer is in, and the way back out of it."""

    service: str
    task: Task
    resting: Task  # as it was when the customer had the word: where «Назад» leads once another page is shown
    past: tuple[tuple[str, Task], ...] = ()  # service and task, the last one last
    drafts: tuple[tuple[str, str], ...] = ()  # what was typed, by page: it is there again after «Назад»
    origin: Screen = Screen.ATTRACT  # where the first «Назад» of all leads
    under: TaskStay | None = None  # what waits for the account, while this one is about to name it
    asked: int = 0  # number of the last question to office, billing, printer or camera


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
    part: str = ""  # the service of the one due that a sum is asked of; empty: the whole account
    basket: tuple[tuple[OrderLine, ...], ...] = ()  # several things or accounts for one payment, as they were named
    gathering: bool = False  # the sum that is asked now goes there
    phone: str = ""  # typed in this visit: offered where one is asked for again (clause 5.1.6)
    contact: str = ""  # where the electronic receipt goes
    asked_minor: int = 0
    proposed_minor: int = 0  # the consultant named it in a call; offered where the sum is asked
    segment: Segment = Segment.B2C
    purpose: str = ""  # the service that the account is asked for; empty: balance and payment
    stay: TaskStay | None = None
    page: Page | None = None  # what the present service shows
    surveyed: bool = False  # asked once how it was: never again in this visit
    photo_hint: PhotoHint = PhotoHint.NONE
    recovered_minor: int = 0  # inside when the terminal was started anew
    cash: CashInSnapshot | None = None
    stale_answers: int = 0  # so many answers to notes came before the acceptor stopped: no news any more
    active_at_s: float = 0.0
    entered_at_s: float = 0.0
    idle_left_s: int = 0
    errors: int = 0  # what he typed or held up and could not be taken, in this visit
    help_offered: bool = False

    @property
    def money_inside(self) -> bool:
        cash = self.cash
        return cash is not None and cash.inserted_minor + cash.in_escrow_minor > 0


Step = tuple[Visit, list[Effect]]


def with_notice(visit: Visit, notice: Notice, *, back: Screen = Screen.ATTRACT) -> Visit:
    """One plain sentence; `back`: where its button leads."""
    return replace(visit, screen=Screen.NOTICE, notice=notice, notice_back=back, busy=False, idle_left_s=0)


def acceptor_stopped(snapshot: CashInSnapshot) -> bool:
    """It takes no note until somebody puts it right."""
    return not snapshot.acceptor_ready and snapshot.acceptor_fault not in _PASSING_FAULTS
