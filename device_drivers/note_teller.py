"""What becomes of one note at a time, told once, however often a device repeats itself. Pure; knows no protocol.

A session says what it heard, in the order it heard it; the teller makes the events of the contract out of it.
Every note announced by `NoteEscrowed` ends in `NoteStacked` or `NoteReturned`, and the path is then empty
(`NoteMoving(False)`). Two ends are silent, because nobody may guess about money: a power-up (`PoweredUp` says where
the note lay), and an empty path without a word about a note that was told to be stacked or that a fault came over.
A note's name is the device's own number of its kind until the device's table is known.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from device_drivers.contract.bill_validator import (
    BillValidatorEvent,
    CashItemsKnown,
    NoteEscrowed,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NoteStacked,
    PoweredUp,
    PowerUpNote,
)
from device_drivers.contract.cash import UNKNOWN_CASH_ITEM, CashItem

HOLDS_MAX = 12  # for one note; a customer is not kept longer than about two minutes


class Order(enum.Enum):
    STACK = enum.auto()
    RETURN = enum.auto()


class _End(enum.Enum):
    STACKED = enum.auto()
    RETURNED = enum.auto()


@dataclass(slots=True)
class OpenNote:
    """The note announced and not yet ended, and what the host wants of it."""

    kind: int
    order: Order | None = None
    order_sent_s: float | None = None
    holds: int = 0
    doubtful: bool = False  # a fault came over it

    @property
    def told_to_stack(self) -> bool:
        return self.order is Order.STACK and self.order_sent_s is not None


class NoteTeller:
    """Follows one note at a time; `take_events` gives what is new."""

    def __init__(self) -> None:
        self.note: OpenNote | None = None
        self.unknown_kind: int | None = None  # money of no known value is in the cassette
        self.table: Mapping[int, CashItem] | None = None
        self._named: Mapping[int, CashItem] = {}  # the table read last; outlives a new start
        self._told_items: CashItemsKnown | None = None
        self._kinds: tuple[Mapping[int, CashItem], frozenset[CashItem], frozenset[int]] | None = None  # worked out last
        self._returned_untold: list[int] = []  # kinds given back before the table told what they are
        self._events: list[BillValidatorEvent] = []
        self._moving = False
        self._rejecting = False
        self._told_end: _End | None = None  # the end last told, until the device goes on to something else

    def take_events(self) -> list[BillValidatorEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    # --- what the device can hold --------------------------------------------------------------------------------

    def table_read(self, table: Mapping[int, CashItem]) -> None:
        """The device's own table: number of a kind -> what it is."""
        self.table = self._named = table
        known = CashItemsKnown(tuple(sorted(set(table.values()))))
        if known != self._told_items:
            self._told_items = known
            self._events.append(known)
        kinds, self._returned_untold = self._returned_untold, []
        for kind in kinds:
            self._tell_returned(kind)

    def table_forgotten(self) -> None:
        """The device starts anew, perhaps another one."""
        self.table = None

    def kinds_of(self, cash_items: frozenset[CashItem]) -> frozenset[int] | None:
        """The device's own numbers of these; None while its table is not known. Asked at every poll, so kept."""
        if self.table is None:
            return None
        if self._kinds is None or self._kinds[0] is not self.table or self._kinds[1] is not cash_items:
            found = frozenset(kind for kind, item in self.table.items() if item in cash_items)
            self._kinds = self.table, cash_items, found
        return self._kinds[2]

    # --- orders ----------------------------------------------------------------------------------------------------

    def give_order(self, order: Order) -> None:
        """Means the note in escrow now; the first order for a note stands."""
        if self.note is not None and self.note.order is None:
            self.note.order = order

    def may_hold(self) -> bool:
        """Counts one more hold of the note; False when it was held long enough or was decided about."""
        note = self.note
        if note is None or note.order is not None or note.holds >= HOLDS_MAX:
            return False
        note.holds += 1
        return True

    def order_sent(self, now_s: float) -> None:
        """The order has left."""
        if self.note is not None:
            self.note.order_sent_s = now_s

    # --- what was heard --------------------------------------------------------------------------------------------

    def moving(self, moving: bool) -> None:
        """Something is in the path, or nothing is."""
        if moving is not self._moving:
            self._moving = moving
            self._events.append(NoteMoving(moving))

    def escrowed(self, kind: int) -> None:
        """The device holds a note of this kind."""
        self._told_end = None
        self._rejecting = False
        if self.note is not None and self.note.kind == kind:
            return
        self.went_on()
        self.note = OpenNote(kind)
        self.moving(True)
        if self.table is not None and kind in self.table:
            self._events.append(NoteEscrowed(self.table[kind]))

    def stacked(self, kind: int | None = None) -> None:
        """A note is in the cassette; None: the device does not say which, so it is the one announced."""
        note, self.note = self.note, None
        self._rejecting = False
        if self._told_end is _End.STACKED:
            return
        self._told_end = _End.STACKED
        if kind is None and note is not None:
            kind = note.kind
        self._tell_stacked(kind)
        self.moving(False)

    def returned(self, kind: int | None = None) -> None:
        """The note in the path went back to the hand; None: the device does not say which, so the one announced."""
        note, self.note = self.note, None
        if self._told_end is _End.RETURNED:
            return
        self._told_end = _End.RETURNED
        if kind is None and note is not None:
            kind = note.kind
        if kind is not None:
            self._tell_returned(kind)
        self.moving(False)

    def rejected(self, rejection: NoteRejected) -> None:
        """The device pushed paper back; once until `went_on` or the next note."""
        if self._rejecting:
            return
        self._rejecting = True
        note, self.note = self.note, None
        if note is None:
            self._events.append(rejection)
        else:
            self._tell_returned(note.kind)

    def fault(self) -> None:
        """A jam, a cheat, a failure: a note in the path is in doubt from now on."""
        if self.note is not None:
            self.note.doubtful = True

    def went_on(self) -> None:
        """The path is empty or takes another note. Only a note nobody told it to keep has surely gone back."""
        note, self.note = self.note, None
        self._told_end = None
        self._rejecting = False
        if note is not None and not note.told_to_stack and not note.doubtful:
            self._tell_returned(note.kind)

    def powered_up(self, where: PowerUpNote) -> None:
        """The device says where a note lay. The end of that note's way during the start is not told again."""
        self.note = None
        self.unknown_kind = None
        self._told_end = {
            PowerUpNote.NONE: None,
            PowerUpNote.IN_VALIDATOR: _End.RETURNED,
            PowerUpNote.IN_STACKER: _End.STACKED,
        }[where]
        self._events.append(PoweredUp(where))

    def link_lost(self) -> None:
        """An order that never left is not carried over a broken link: the note found there is given back."""
        if self.note is not None and self.note.order_sent_s is None:
            self.note.order = None

    # --- what is told ----------------------------------------------------------------------------------------------

    def _tell_stacked(self, kind: int | None) -> None:
        if self.table is None or kind is None:
            # Kept back it would be lost with a killed owner; a table of before the break names it.
            item = UNKNOWN_CASH_ITEM if kind is None else self._named.get(kind, UNKNOWN_CASH_ITEM)
            self._events.append(NoteStacked(item))
        elif kind in self.table:
            self._events.append(NoteStacked(self.table[kind]))
        else:
            self.unknown_kind = kind

    def _tell_returned(self, kind: int) -> None:
        if self.table is None:
            self._returned_untold = [*self._returned_untold[-3:], kind]
        elif kind in self.table:
            self._events.append(NoteReturned(self.table[kind]))
