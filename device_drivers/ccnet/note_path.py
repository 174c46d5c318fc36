"""What becomes of each note, read from poll answers: told once, however often the device repeats itself. Pure.

Every note announced by `Escrowed` ends in `Stacked` or `Returned`, and the path is then empty (`PathMoving(False)`).
Two ends are silent, because nobody may guess about money: a power-up (the device tells where the note lay) and an
empty path without a word about a note that was told to be stacked or was lost in a fault: `PathMoving(False)` while
a note is open means that its money is in doubt.
"""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.ccnet.messages import Opcode, PollAnswer, State


@dataclass(frozen=True, slots=True)
class Escrowed:
    bill_type: int


@dataclass(frozen=True, slots=True)
class Stacked:
    bill_type: int


@dataclass(frozen=True, slots=True)
class Returned:
    bill_type: int


@dataclass(frozen=True, slots=True)
class Rejected:
    reason: int


@dataclass(frozen=True, slots=True)
class PathMoving:
    moving: bool


NoteFact = Escrowed | Stacked | Returned | Rejected | PathMoving

POWER_UPS = (State.POWER_UP, State.POWER_UP_BILL_IN_VALIDATOR, State.POWER_UP_BILL_IN_STACKER)
ESCROWS = (State.ESCROW_POSITION, State.HOLDING)
MOVING = (State.ACCEPTING, State.STACKING, State.RETURNING, *ESCROWS)
EMPTY = (State.IDLING, State.UNIT_DISABLED)
NOTE_FAULTS = (State.VALIDATOR_JAMMED, State.DROP_CASSETTE_JAMMED, State.CHEATED, State.FAILED)


@dataclass(slots=True)
class OpenNote:
    """The note announced and not yet ended, and what the host wants of it."""

    bill_type: int
    order: Opcode | None = None  # STACK or RETURN
    order_sent_s: float | None = None
    doubtful: bool = False  # a fault came over it

    @property
    def told_to_stack(self) -> bool:
        return self.order is Opcode.STACK and self.order_sent_s is not None


class NotePath:
    """Follows one note at a time."""

    def __init__(self) -> None:
        self.note: OpenNote | None = None
        self._moving = False
        self._rejecting = False
        self._told_end: State | None = None  # the end last told, until the device goes on to something else

    def observe(self, answer: PollAnswer) -> list[NoteFact]:
        """Facts that are new with this answer, in order."""
        state, argument = answer.state, answer.argument
        facts: list[NoteFact] = []
        if state is State.ESCROW_POSITION:
            facts += self._escrowed(argument or 0)
        elif state is State.ACCEPTING:
            facts += self._close_silently()
        elif state is State.BILL_STACKED:
            facts += self._ended(state, Stacked(argument or 0))
        elif state is State.BILL_RETURNED:
            facts += self._ended(state, Returned(argument or 0))
        elif state is State.REJECTING:
            facts += self._rejected(argument or 0)
        elif state in EMPTY:
            facts += self._close_silently()
        elif state in POWER_UPS:
            self._powered_up(state)
        elif state in NOTE_FAULTS and self.note is not None:
            self.note.doubtful = True
        self._forget_repeats(state)
        return self._with_movement(facts, state)

    def link_lost(self) -> None:
        """An order that never left is not carried over a broken link: the note found there is given back."""
        if self.note is not None and self.note.order_sent_s is None:
            self.note.order = None

    def _escrowed(self, bill_type: int) -> list[NoteFact]:
        if self.note is not None and self.note.bill_type == bill_type:
            return []
        facts = self._close_silently()
        self.note = OpenNote(bill_type)
        return [*facts, Escrowed(bill_type)]

    def _ended(self, state: State, fact: Stacked | Returned) -> list[NoteFact]:
        self.note = None
        if self._told_end is state:
            return []
        self._told_end = state
        return [fact]

    def _rejected(self, reason: int) -> list[NoteFact]:
        if self._rejecting:
            return []
        note, self.note = self.note, None
        return [Rejected(reason) if note is None else Returned(note.bill_type)]

    def _close_silently(self) -> list[NoteFact]:
        """The device went on without a word. Only a note nobody told it to keep has surely gone back."""
        note, self.note = self.note, None
        if note is None or note.told_to_stack or note.doubtful:
            return []
        return [Returned(note.bill_type)]

    def _powered_up(self, state: State) -> None:
        """What the power-up said of a note is not told again by the end of its way during the start."""
        self.note = None
        if state is State.POWER_UP_BILL_IN_STACKER:
            self._told_end = State.BILL_STACKED
        elif state is State.POWER_UP_BILL_IN_VALIDATOR:
            self._told_end = State.BILL_RETURNED
        elif state is State.POWER_UP:
            self._told_end = None

    def _forget_repeats(self, state: State) -> None:
        self._rejecting = state is State.REJECTING
        if state in (*EMPTY, State.ACCEPTING, State.ESCROW_POSITION, State.REJECTING):
            self._told_end = None

    def _with_movement(self, facts: list[NoteFact], state: State) -> list[NoteFact]:
        if state in MOVING:
            moving = True
        elif state in (*EMPTY, State.BILL_STACKED, State.BILL_RETURNED):
            moving = False
        else:
            return facts
        if moving is self._moving:
            return facts
        self._moving = moving
        return [PathMoving(True), *facts] if moving else [*facts, PathMoving(False)]
