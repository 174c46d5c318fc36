"""What the sessions of all fiscal registers have in common: jobs, one dialogue at a time, one command at a time. Pure.

A protocol gives its exchange (bytes of one command), its register (what can be said to it) and its watch (what it says
of itself); the order of the verbs and the answers on a lost line are the same for all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Protocol, TypeVar

from device_drivers.contract.fiscal_printer import (
    DocumentClosed,
    DocumentError,
    DocumentPrinted,
    DocumentRefused,
    DocumentUnknown,
    FiscalDocument,
    FiscalPrinterEvent,
    FiscalStateChanged,
    ShiftClosed,
    ShiftOpened,
    ShiftRefused,
    check_document,
    check_fiscal_id,
)
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.dialogue import Dialogue

LOOK_S = 1.0
LOOK_PRINTING_S = 0.3
LOOK_LINK_DOWN_S = 2.0
DRIVE_S = 30.0  # how often the drive is asked when nothing happens
JOBS_MAX = 8
UNANSWERED_MAX = 3  # in a row: who is heard and never answers is as good as gone
ANSWER_S = 3.15


@dataclass(frozen=True, slots=True)
class Request:
    """What to send. `repeatable`: a question, which may be sent again when nobody knows whether it was heard."""

    data: bytes
    limit_s: float = ANSWER_S
    repeatable: bool = True


@dataclass(frozen=True, slots=True)
class Answered:
    """The device's answer to the request."""

    data: bytes


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """No answer will come. `sent`: the command left and may have been obeyed; `heard`: the device is there."""

    sent: bool
    heard: bool


@dataclass(frozen=True, slots=True)
class Pause:
    """Let this much time pass."""

    seconds: float


Outcome = Answered | NoAnswer
Wish = Request | Pause
T = TypeVar("T")
Steps = Generator[Wish, Outcome | None, T]


class LostError(Exception):
    """No answer came; whether the command was obeyed nobody knows."""


class RefusedError(Exception):
    """The register or its drive answered with an error. `final`: the same document would be refused again."""

    def __init__(self, code: int, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.code = code
        self.final = final


class UnfitError(Exception):
    """The document cannot be put into the register's words."""


class Exchange(Protocol):
    """Carries one request at a time to its outcome."""

    @property
    def free(self) -> bool: ...

    def start(self, request: Request) -> None: ...

    def bytes_to_send(self, now_s: float) -> bytes: ...

    def receive(self, chunk: bytes, now_s: float) -> Outcome | None: ...

    def wakes_at_s(self) -> float: ...

    def abandon(self) -> None: ...


class Dialogues(Protocol):
    """What is done with a register; each ends in one event."""

    def print_document(self, document: FiscalDocument) -> Steps[None]: ...

    def ask_document(self, fiscal_id: str) -> Steps[None]: ...

    def open_shift(self) -> Steps[None]: ...

    def close_shift(self) -> Steps[None]: ...


class Watching(Protocol):
    """What a register is asked between the jobs; a look that meets silence ends without a word."""

    def look(self, *, whole: bool) -> Steps[bool]:
        """One turn: True when the paper of the last document is out; `whole`: the drive is asked too."""

    def continue_print(self) -> Steps[None]: ...


class FiscalSession:
    """The host's side of one register. Implements `Session` and the verbs of `FiscalPrinter`."""

    def __init__(self, exchange: Exchange) -> None:
        """A protocol calls `_join` before the first byte."""
        self._exchange = exchange
        self._dialogue: Dialogue[Wish, Outcome | None] = Dialogue()
        self._jobs: deque[Callable[[], Steps[None]]] = deque()
        self._events: list[FiscalPrinterEvent] = []
        self._asked: Wish | None = None  # the wish the exchange or the clock is busy with
        self._pause_until_s = 0.0
        self._next_look_s = 0.0
        self._next_drive_s = 0.0
        self._link_down = False
        self._unanswered = 0
        self._unprinted: list[str] = []  # closed documents whose paper is still coming
        self._told_status: StatusChanged | None = None
        self._told_state: FiscalStateChanged | None = None
        self._now_s = 0.0

    def _join(self, dialogues: Dialogues, watch: Watching) -> None:
        self._dialogues, self._watch = dialogues, watch

    # --- verbs -------------------------------------------------------------------------------------------------

    def print_document(self, document: FiscalDocument) -> None:
        """Make the document; one event answers."""
        try:
            check_document(document)
        except DocumentError as error:
            self._events.append(DocumentRefused(document.fiscal_id, str(error), final=True))
            return
        if not self._queue(lambda: self._dialogues.print_document(document)):
            self._events.append(DocumentRefused(document.fiscal_id, "too many jobs wait"))

    def ask_document(self, fiscal_id: str) -> None:
        """Is it in the drive?"""
        try:
            check_fiscal_id(fiscal_id)
        except DocumentError as error:
            self._events.append(DocumentUnknown(fiscal_id, str(error)))
            return
        if not self._queue(lambda: self._dialogues.ask_document(fiscal_id)):
            self._events.append(DocumentUnknown(fiscal_id, "too many jobs wait"))

    def open_shift(self) -> None:
        """Open the shift."""
        if not self._queue(lambda: self._dialogues.open_shift()):
            self._events.append(ShiftRefused("too many jobs wait"))

    def close_shift(self) -> None:
        """Close the shift with a Z report."""
        if not self._queue(lambda: self._dialogues.close_shift()):
            self._events.append(ShiftRefused("too many jobs wait"))

    def continue_print(self) -> None:
        """Go on with what the end of the paper broke off."""
        self._queue(lambda: self._watch.continue_print())

    def ask_status(self) -> None:
        """Ask the drive now."""
        self._next_look_s = self._next_drive_s = 0.0

    def _queue(self, job: Callable[[], Steps[None]]) -> bool:
        if len(self._jobs) >= JOBS_MAX:
            return False
        self._jobs.append(job)
        return True

    # --- session -----------------------------------------------------------------------------------------------

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        self._now_s = now_s
        self._begin(now_s)
        self._take_wish(now_s)
        return self._exchange.bytes_to_send(now_s)

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came, or time passed."""
        self._now_s = now_s
        outcome = self._exchange.receive(chunk, now_s)
        if outcome is not None:
            self._link_seen(outcome)
            self._go_on(outcome)
        elif isinstance(self._asked, Pause) and now_s >= self._pause_until_s:
            self._go_on(None)

    def take_events(self) -> list[FiscalPrinterEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When to send, to repeat or to give up next."""
        if isinstance(self._asked, Pause):
            return self._pause_until_s
        if self._asked is not None:
            return self._exchange.wakes_at_s()
        return 0.0 if self._jobs or self._dialogue.wish is not None else self._next_look_s

    def line_lost(self, now_s: float) -> None:
        """The port is gone: what is under way and what waits is answered; begin anew when there is one again."""
        self._exchange.abandon()
        self._asked = None
        self._dialogue.break_off()
        while self._jobs:
            self._dialogue.begin(self._jobs.popleft()())
            self._dialogue.break_off()
        self._link_down = True
        self._next_look_s = now_s
        self.tell(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST))

    def tell(self, event: FiscalPrinterEvent) -> None:
        """What dialogues and watch found out; states go out on the edge only."""
        if isinstance(event, StatusChanged):
            if event == self._told_status:
                return
            self._told_status = event
        elif isinstance(event, FiscalStateChanged):
            if event == self._told_state:
                return
            self._told_state = event
        self._events.append(event)
        if isinstance(event, DocumentClosed):
            self._unprinted.append(event.fiscal_id)
        if isinstance(event, DocumentClosed | ShiftOpened | ShiftClosed):
            self.ask_status()

    # --- inside ------------------------------------------------------------------------------------------------

    def _begin(self, now_s: float) -> None:
        if not self._dialogue.free:
            return
        if self._jobs:
            self._dialogue.begin(self._jobs.popleft()())
        elif now_s >= self._next_look_s:
            self._dialogue.begin(self._look(whole=now_s >= self._next_drive_s))

    def _look(self, *, whole: bool) -> Steps[None]:
        printed = yield from self._watch.look(whole=whole)
        if whole and printed and not self._link_down:
            self._next_drive_s = self._now_s + DRIVE_S
        if printed:
            unprinted, self._unprinted = self._unprinted, []
            for fiscal_id in unprinted:
                self.tell(DocumentPrinted(fiscal_id))

    def _take_wish(self, now_s: float) -> None:
        wish = self._dialogue.wish
        if self._asked is not None or wish is None:
            return
        self._asked = wish
        if isinstance(wish, Pause):
            self._pause_until_s = now_s + wish.seconds
        else:
            self._exchange.start(wish)

    def _go_on(self, outcome: Outcome | None) -> None:
        self._asked = None
        self._dialogue.go_on(outcome)
        if self._dialogue.free:
            period_s = LOOK_PRINTING_S if self._unprinted else LOOK_S
            self._next_look_s = self._now_s + (LOOK_LINK_DOWN_S if self._link_down else period_s)

    def _link_seen(self, outcome: Outcome) -> None:
        self._unanswered = self._unanswered + 1 if isinstance(outcome, NoAnswer) else 0
        mute = self._unanswered >= UNANSWERED_MAX
        self._link_down = isinstance(outcome, NoAnswer) and (mute or not outcome.heard)
        if self._link_down:
            self._next_drive_s = 0.0
            self.tell(StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER))
