"""A technician led through a device: one instruction after another, each with its proof and its limit. Pure.

The walk never keeps cash: a note that comes to escrow goes back at once, whatever the step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from device_drivers.contract.bill_validator import CashItemsKnown, NoteEscrowed
from device_drivers.contract.cash import CashItem
from device_drivers.contract.coin_acceptor import CoinItemsKnown
from device_drivers.contract.door import DoorChanged
from device_drivers.contract.presence import PresenceChanged
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged

PASSED, FAILED, SKIPPED = "пройден", "не пройден", "пропущен"
ABSENT_S = 20.0  # a device that starts answers meanwhile; who has said nothing by then is not there
_AWAY = frozenset({DeviceState.NO_DEVICE, DeviceState.OFFLINE})


@dataclass(slots=True)
class Facts:
    """What the device has told so far."""

    status: StatusChanged | None = None
    identity: Identified | None = None
    cash_items: frozenset[CashItem] = frozenset()
    levels: dict[type, object] = field(default_factory=dict)  # of contacts, as they were told last
    answered: bool = False  # the device is there: it has told something, if only a trouble

    def take(self, event: object) -> None:
        """Remembers what stays true."""
        self.answered |= not (isinstance(event, StatusChanged) and event.state in _AWAY)
        match event:
            case StatusChanged():
                self.status = event
            case Identified():
                self.identity = event
            case CashItemsKnown(cash_items=items) | CoinItemsKnown(cash_items=items):
                self.cash_items = frozenset(items)
            case DoorChanged() | PresenceChanged():
                self.levels[type(event)] = event
            case _:
                pass

    @property
    def online(self) -> bool:
        return self.status is not None and self.status.state is DeviceState.ONLINE

    def has(self, fault: Fault) -> bool:
        return self.status is not None and self.status.fault is fault


@dataclass(frozen=True, slots=True)
class Step:
    """`proof` looks at an event (None: at what is known already) and gives what was seen, or None: not yet."""

    name: str
    instruction: str
    limit_s: float
    proof: Callable[[object, Facts], str | None] = lambda event, facts: None
    failure: Callable[[object], str | None] = lambda event: None
    begin: Callable[[Any, Facts], None] = lambda session, facts: None
    end: Callable[[Any], None] = lambda session: None
    asks_person: bool = False  # the person's eyes are the proof
    part: str = ""  # of a device that need not have it: the option of its URL


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a step ended."""

    step: str
    result: str
    seen: str


@dataclass(slots=True)
class Walk:
    """Goes through the steps; `said` is what the person is to read now."""

    session: Any
    steps: Sequence[Step]
    facts: Facts = field(default_factory=Facts)
    verdicts: list[Verdict] = field(default_factory=list)
    _said: list[str] = field(default_factory=list)
    absent: bool = False  # nobody answered: the other steps were not tried
    _at: int = -1
    _until_s: float = 0.0
    _absent_at_s: float = 0.0

    @property
    def done(self) -> bool:
        return self._at >= len(self.steps)

    @property
    def passed(self) -> bool:
        """Every step is passed; one skipped or not reached is not."""
        return len(self.verdicts) == len(self.steps) and all(verdict.result == PASSED for verdict in self.verdicts)

    def take_said(self) -> list[str]:
        """Lines for the person since the last call."""
        said, self._said = self._said, []
        return said

    def begin(self, now_s: float) -> None:
        """The first instruction."""
        self._absent_at_s = now_s + ABSENT_S
        self._next(now_s)
        if self._told_absent():
            self._is_absent()

    def on_event(self, event: object, now_s: float) -> None:
        """The device told something."""
        self.facts.take(event)
        if isinstance(event, NoteEscrowed):
            self.session.return_note()
        if self.done or self._at < 0:
            return
        step = self.steps[self._at]
        if self._told_absent():
            self._is_absent()
        elif (why := step.failure(event)) is not None:
            self._end(FAILED, why, now_s)
        elif not step.asks_person and (seen := step.proof(event, self.facts)) is not None:
            self._end(PASSED, seen, now_s)

    def on_time(self, now_s: float) -> None:
        """Time passed."""
        if self.done:
            return
        if not self.facts.answered and now_s >= self._absent_at_s:
            self._is_absent()
        elif now_s >= self._until_s:
            self._end(FAILED, f"не дождались за {self.steps[self._at].limit_s:.0f} с{self._last_told()}", now_s)

    def on_answer(self, answer: str, now_s: float) -> None:
        """The person typed a line: Enter «да», «н» no, «п» skip."""
        if self.done:
            return
        word = answer.strip().lower()
        if word in ("п", "пропустить", "s"):
            self._end(SKIPPED, "по решению техника", now_s)
        elif self.steps[self._at].asks_person and word in ("н", "нет", "n"):
            self._end(FAILED, "техник ответил «нет»", now_s)
        elif self.steps[self._at].asks_person and word in ("", "д", "да", "y"):
            self._end(PASSED, "техник ответил «да»", now_s)

    def on_end_of_answers(self) -> None:
        """Nobody is there any more to be led: the steps that are left are not tried."""
        if not self.done:
            self._stop(SKIPPED, "ввод закончен, проверка остановлена")

    def _told_absent(self) -> bool:
        status = self.facts.status
        return not self.facts.answered and status is not None and status.state is DeviceState.NO_DEVICE

    def _is_absent(self) -> None:
        self.absent = True
        self._stop(FAILED, f"устройства нет или оно не отвечает{self._last_told()}")

    def _last_told(self) -> str:
        status = self.facts.status
        told = "" if status is None else f"; устройство: {status.state.value}, {status.fault.value} {status.detail}"
        return told.rstrip()

    def _end(self, result: str, seen: str, now_s: float) -> None:
        self._judge(result, seen)
        self._next(now_s)

    def _stop(self, result: str, seen: str) -> None:
        self._judge(result, seen)
        self._at = len(self.steps)

    def _judge(self, result: str, seen: str) -> None:
        step = self.steps[self._at]
        step.end(self.session)
        self.verdicts.append(Verdict(step.name, result, seen))
        self._said.append(f"   {result}: {seen}")

    def _next(self, now_s: float) -> None:
        self._at += 1
        if self.done:
            return
        step = self.steps[self._at]
        self._until_s = now_s + step.limit_s
        self._said.append(f"Шаг {self._at + 1} из {len(self.steps)}. {step.instruction}")
        step.begin(self.session, self.facts)
        if not step.asks_person and (seen := step.proof(None, self.facts)) is not None:
            self._end(PASSED, seen, now_s)
