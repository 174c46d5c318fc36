"""What the sessions of all bank terminals have in common: one outstanding operation, named before it is sent. Pure.

A protocol gives its link (bytes and messages) and its dialogues; the order of the verbs, the limits of waiting and the
answers on a lost line are the same for all.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from device_drivers.contract.payment_card_reader import (
    CardAnswered,
    CardCaptured,
    CardOutcome,
    CardReversed,
    CardSettled,
    OperationNamed,
    PaymentCardReaderEvent,
    StepOutcome,
)
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.dialogue import Dialogue, LinkBrokenError

AMOUNT_MAX_MINOR = 999_999_99
WAKE_S = 0.05

MessageT = TypeVar("MessageT")


class Link(Protocol[MessageT]):
    """Bytes and messages of one protocol."""

    def bytes_to_send(self, now_s: float) -> bytes: ...

    def receive(self, chunk: bytes, now_s: float) -> list[MessageT]:
        """Whole messages, oldest first."""

    def wakes_at_s(self) -> float: ...

    def abandon(self) -> None:
        """The line is gone: forget what is under way."""


@dataclass(frozen=True, slots=True)
class Listen:
    """Wait for the next message, at most until this second of the clock."""

    until_s: float


T = TypeVar("T")
Steps = Generator[Listen, "MessageT | None", T]


class Work(enum.Enum):
    SALE = enum.auto()
    CAPTURE = enum.auto()
    RESULT = enum.auto()
    REVERSAL = enum.auto()
    SETTLEMENT = enum.auto()


@dataclass(frozen=True, slots=True)
class Operation:
    """What an operation is called here and in the device."""

    operation_id: str
    host_id: str = ""
    amount_minor: int = 0


class CardSession(ABC, Generic[MessageT]):
    """The host's side of one bank terminal, as far as it is the same for all of them."""

    def __init__(self, link: Link[MessageT]) -> None:
        self._link = link
        self._dialogue: Dialogue[Listen, MessageT | None] = Dialogue()
        self._events: list[PaymentCardReaderEvent] = []
        self._named: Operation | None = None  # waits for `proceed`
        self._works: deque[tuple[Work, Operation]] = deque()
        self._working: tuple[Work, Operation] | None = None
        self._cancel_asked = False
        self._told_status: StatusChanged | None = None
        self._now_s = 0.0
        self._next_idle_s = 0.0

    # --- what a protocol gives ---------------------------------------------------------------------------------

    @abstractmethod
    def _ready(self) -> str:
        """Empty when a sale may begin now, else why not."""

    @abstractmethod
    def _name(self, operation_id: str) -> str:
        """The device's name of a sale that is about to begin."""

    @abstractmethod
    def _sale(self, operation: Operation) -> Steps[MessageT, CardAnswered]:
        """The sale, to its answer."""

    @abstractmethod
    def _capture(self, operation: Operation) -> Steps[MessageT, StepOutcome]:
        """Makes an approved sale final."""

    @abstractmethod
    def _last_result(self, operation: Operation) -> Steps[MessageT, CardAnswered]:
        """Finds out what became of a sale; begins none."""

    @abstractmethod
    def _reverse(self, operation: Operation) -> Steps[MessageT, CardReversed]:
        """Gives the money back."""

    @abstractmethod
    def _settle(self, settlement_id: str) -> Steps[MessageT, CardSettled]:
        """Compares the totals of the day."""

    @abstractmethod
    def _idle(self) -> Steps[MessageT, None]:
        """What is said when nothing is to be done; sets `_next_idle_s`."""

    @abstractmethod
    def _serve(self, message: MessageT) -> bool:
        """True when the message is the terminal's own wish (modem and the like) and no step of a dialogue."""

    @abstractmethod
    def _heard(self, message: MessageT) -> None:
        """A message came; a protocol notes what it needs of every one."""

    # --- verbs -------------------------------------------------------------------------------------------------

    def authorize(self, operation_id: str, amount_minor: int) -> None:
        """Prepare a sale."""
        reason = self._ready()
        if self._busy():
            reason = "another operation is under way"
        elif not 0 < amount_minor <= AMOUNT_MAX_MINOR:
            reason = f"no sale is of {amount_minor} kopecks"
        if reason:
            self._events.append(CardAnswered(operation_id, CardOutcome.DECLINED, reason=reason))
            return
        self._named = Operation(operation_id, self._name(operation_id), amount_minor)
        self._events.append(OperationNamed(operation_id, self._named.host_id))

    def proceed(self, operation_id: str) -> None:
        """The name is stored: send the sale. Without a sale of this name nothing is sent."""
        named, self._named = self._named, None
        if named is not None and named.operation_id == operation_id:
            self._cancel_asked = False
            self._works.append((Work.SALE, named))

    def cancel(self) -> None:
        """Stop the running sale if the device still can; one that was only named is forgotten."""
        if self._named is not None:
            self._events.append(CardAnswered(self._named.operation_id, CardOutcome.DECLINED, reason="cancelled"))
            self._named = None
        self._cancel_asked = True

    def capture(self, operation_id: str, host_id: str, amount_minor: int) -> None:
        """Make an approved sale final."""
        self._add(Work.CAPTURE, Operation(operation_id, host_id, amount_minor))

    def last_result(self, operation_id: str, host_id: str, amount_minor: int) -> None:
        """What became of it?"""
        self._add(Work.RESULT, Operation(operation_id, host_id, amount_minor))

    def reverse(self, operation_id: str, host_id: str, amount_minor: int) -> None:
        """Give the money back."""
        self._add(Work.REVERSAL, Operation(operation_id, host_id, amount_minor))

    def settle(self, settlement_id: str) -> None:
        """Compare the totals of the day with the bank."""
        self._add(Work.SETTLEMENT, Operation(settlement_id))

    def _add(self, work: Work, operation: Operation) -> None:
        if self._busy():
            self._events.append(_unanswered(work, operation, "another operation is under way"))
        else:
            self._works.append((work, operation))

    def _busy(self) -> bool:
        return self._named is not None or bool(self._works) or self._working is not None

    # --- session -----------------------------------------------------------------------------------------------

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        self._now_s = now_s
        if self._works and self._working is None:
            self._dialogue.break_off()  # a customer does not wait for the answer to a question of ours
        if self._dialogue.free:
            self._begin()
        return self._link.bytes_to_send(now_s)

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came, or time passed."""
        self._now_s = now_s
        for message in self._link.receive(chunk, now_s):
            self._heard(message)
            if not self._serve(message) and not self._dialogue.free:
                self._dialogue.go_on(message)
        wish = self._dialogue.wish
        if wish is not None and now_s >= wish.until_s:
            self._dialogue.go_on(None)

    def take_events(self) -> list[PaymentCardReaderEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When to send, to repeat or to give up next."""
        wish = self._dialogue.wish
        own_s = self._next_idle_s if wish is None else wish.until_s
        if (wish is None and self._works) or (self._cancel_asked and self._working is not None):
            own_s = min(own_s, self._now_s + WAKE_S)
        return min(own_s, self._link.wakes_at_s())

    def line_lost(self, now_s: float) -> None:
        """The port is gone: what is under way is unknown; begin anew when there is one again."""
        self._link.abandon()
        self._dialogue.break_off()
        while self._works:
            work, operation = self._works.popleft()
            self._events.append(_unanswered(work, operation, "the line is lost"))
        self._next_idle_s = now_s
        self._tell_status(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST))

    def _begin(self) -> None:
        if self._works:
            self._working = self._works.popleft()
            self._dialogue.begin(self._run(*self._working))
        elif self._now_s >= self._next_idle_s:
            self._dialogue.begin(self._run_idle())

    def _run(self, work: Work, operation: Operation) -> Steps[MessageT, None]:
        steps: dict[Work, Callable[[], Steps[MessageT, PaymentCardReaderEvent]]] = {
            Work.SALE: lambda: self._sale(operation),
            Work.CAPTURE: lambda: self._captured(operation),
            Work.RESULT: lambda: self._last_result(operation),
            Work.REVERSAL: lambda: self._reverse(operation),
            Work.SETTLEMENT: lambda: self._settle(operation.operation_id),
        }
        try:
            event = yield from steps[work]()
        except LinkBrokenError:
            event = _unanswered(work, operation, "the line broke")
        self._events.append(event)
        self._working = None
        self._next_idle_s = self._now_s  # the terminal is told at once that we are idle

    def _captured(self, operation: Operation) -> Steps[MessageT, PaymentCardReaderEvent]:
        outcome = yield from self._capture(operation)
        return CardCaptured(operation.operation_id, outcome)

    def _run_idle(self) -> Steps[MessageT, None]:
        try:
            yield from self._idle()
        except LinkBrokenError:
            return

    def _listen(self, for_s: float) -> Steps[MessageT, MessageT | None]:
        message = yield Listen(self._now_s + for_s)
        return message

    def _tell_status(self, status: StatusChanged) -> None:
        if status != self._told_status:
            self._told_status = status
            self._events.append(status)


def unknown(operation: Operation, reason: str) -> CardAnswered:
    """Nobody knows what became of the sale."""
    return CardAnswered(operation.operation_id, CardOutcome.UNKNOWN, reason=reason)


def _unanswered(work: Work, operation: Operation, reason: str) -> PaymentCardReaderEvent:
    if work is Work.CAPTURE:
        return CardCaptured(operation.operation_id, StepOutcome.UNKNOWN)
    if work is Work.REVERSAL:
        return CardReversed(operation.operation_id, StepOutcome.UNKNOWN, reason)
    if work is Work.SETTLEMENT:
        return CardSettled(operation.operation_id, agreed=None)
    return unknown(operation, reason)
