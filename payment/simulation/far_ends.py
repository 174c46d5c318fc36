"""What stands behind the drivers of notes, cards and documents, and what a world asks of it.

`ModelledEnds` are the far ends of this package, which speak payment's words. Whoever has drivers may give others that
stand behind real ones, and the same cashier, customers and judge live with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from payment.contract import AcceptorPort, CashierEvent, FiscalPort, FiscalSale, PinpadPort
from payment.simulation.crash import Cut
from payment.simulation.fiscal_register import FiscalRegister
from payment.simulation.pinpad import Operation, Pinpad
from payment.simulation.stage import Line, Stage, Wire
from payment.simulation.validator import Note, Validator

HOUR_S = 3_600.0

Deliver = Callable[[CashierEvent, Callable[[], None] | None], None]


@dataclass(frozen=True, slots=True)
class Equipment:
    """What the terminal has beside validator and printer."""

    coins: bool = False
    pinpad: bool = False
    acquirer: bool = False
    fiscal: bool = False


EVERYTHING = Equipment(coins=True, pinpad=True, acquirer=True, fiscal=True)


class NoteEnd(AcceptorPort, Protocol):
    """A validator, its cassette and the hand that holds the notes; the judge counts `notes`."""

    @property
    def notes(self) -> Sequence[Note]: ...

    def draws_in(self, note: Note) -> bool:
        """The hand pushes a note; False: the slot is shut."""

    def at_rest(self) -> bool:
        """No note is on its way, and nothing is left to be told."""

    def cassette_is_taken_out(self) -> None: ...
    def cassette_is_put_in(self) -> None: ...


class CardEnd(PinpadPort, Protocol):
    """A pinpad and the bank's host; the judge counts what is held of `operations`."""

    @property
    def operations(self) -> Mapping[str, Operation]: ...
    @property
    def double_sales(self) -> Sequence[str]:
        """Operations that were sold twice."""


class DocumentEnd(FiscalPort, Protocol):
    """A fiscal register; the judge counts `documents`."""

    @property
    def documents(self) -> Sequence[FiscalSale]: ...
    def goes_out(self) -> None:
        """Paper or cover: no document until someone sees to it."""


class FarEnds(Protocol):
    """The three of them; what they hold survives every cut."""

    @property
    def validator(self) -> NoteEnd: ...
    @property
    def pinpad(self) -> CardEnd: ...
    @property
    def register(self) -> DocumentEnd: ...

    def greetings(self, equipment: Equipment, *, after_power: bool) -> list[Callable[[], None]]:
        """The core starts: what each driver that finds its device does first."""

    def fall(self, cut: Cut) -> None:
        """The core is gone, and with a power cut the devices' minds."""


MakeEnds = Callable[[Stage, Deliver, Callable[[], bool]], FarEnds]  # the last: does the journal take records?


class ModelledEnds:
    """The far ends of this package."""

    def __init__(self, stage: Stage, deliver: Deliver, journal_works: Callable[[], bool]) -> None:
        self._stage = stage
        self._wires = [Wire(stage, deliver) for _ in range(3)]
        self.validator = Validator(stage, self._wires[0], journal_works)
        self.pinpad = Pinpad(stage, self._wires[1])
        self.register = FiscalRegister(stage, self._wires[2])

    def greetings(self, equipment: Equipment, *, after_power: bool) -> list[Callable[[], None]]:
        greetings = [self.validator.greets_after_power if after_power else self.validator.greets_killed_core]
        if equipment.pinpad:
            greetings.append(self.pinpad.greets)
        if equipment.fiscal:
            greetings.append(self._register_greets)
        return greetings

    def _register_greets(self) -> None:
        self.register.tells_state()
        self._stage.later(HOUR_S, self._register_greets, Line.CORE)

    def fall(self, cut: Cut) -> None:
        for wire in self._wires:
            wire.fall()
        if cut is Cut.POWER_LOST:
            self.validator.lost_power()
            self.register.lost_power()
        else:
            self.validator.core_fell()
