"""The far end of the note path: a validator with its cassette, and the hand that holds the notes.

It keeps the promises of `device_drivers/contract/bill_validator.py` and no more: events come in order, each once, a
repeat only right behind its first telling or after a restart; a power cut makes it say where the last note lay, or that
it does not know.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from dataclasses import dataclass

from payment.contract import (
    AcceptorChanged,
    AcceptorPoweredUp,
    CashierEvent,
    CassetteChanged,
    NoteEscrowed,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NoteStacked,
    PowerUpNote,
)
from payment.simulation.stage import Line, Stage, Wire

DRAW_S = (0.3, 1.2)
STACK_S = (0.4, 1.0)
RETURN_S = (0.3, 0.9)
TELL_S = (0.02, 0.25)  # the next poll
LATE_TELL_S = (1.0, 60.0)
ESCROW_S_MAX = 10.0  # then the note goes back by itself
CLEARING_S = (60.0, 900.0)  # until a technician has cleared a jam


class Where(enum.Enum):
    HAND = "hand"
    PATH = "path"
    CASSETTE = "cassette"
    BAG = "bag"  # of the collector


class Motion(enum.Enum):
    REST = "rest"
    DRAWING = "drawing"
    ESCROW = "escrow"
    STACKING = "stacking"
    RETURNING = "returning"
    JAMMED = "jammed"


@dataclass(slots=True)
class Note:
    """A real note. The oracle counts these."""

    value_minor: int
    owner: str  # the account of who put it in
    where: Where = Where.HAND
    reported: bool = True  # False: the device never told what became of it
    unnamed: bool = False  # True: it may be told of without its value: a note in the stacker at a power-up


class Validator:
    """The cashier's `AcceptorPort` and what stands behind it."""

    def __init__(self, stage: Stage, wire: Wire, journal_works: Callable[[], bool]) -> None:
        self.notes: list[Note] = []
        self.ready = True
        self._stage = stage
        self._wire = wire
        self._journal_works = journal_works
        self._enabled = False
        self._listened = False  # the core polls it
        self._motion = Motion.REST
        self._note: Note | None = None
        self._cassette_is_in = True
        self._untold: CashierEvent | None = None  # told and not yet taken by the core
        self._last: Note | None = None  # whose end it told last
        self._swallowed: Note | None = None  # stacked without a command; said at every start until another note comes

    # --- verbs ------------------------------------------------------------------------------------------------------

    def enable(self) -> None:
        self._verb("enable", self._set_enabled)

    def disable(self) -> None:
        self._verb("disable", self._clear_enabled)

    def stack(self) -> None:
        self._verb("stack", self._begin_stacking)

    def return_note(self) -> None:
        self._verb("return", self._begin_returning)

    def hold(self) -> None:
        self._verb("hold", lambda: None)

    def _verb(self, name: str, effect: Callable[[], None]) -> None:
        self._stage.knife.passes(name)
        self._stage.say("verb to the validator: {}", name)
        effect()
        self._stage.knife.passes(name)

    def _set_enabled(self) -> None:
        self._enabled = True

    def _clear_enabled(self) -> None:
        self._enabled = False

    # --- the hand ---------------------------------------------------------------------------------------------------

    def draws_in(self, note: Note) -> bool:
        """The hand pushes a note; False: the slot is shut."""
        if not (self._enabled and self._listened and self.ready and self._cassette_is_in and self.at_rest()):
            return False
        self._stage.say("the hand of {} pushes a note of {}", note.owner, note.value_minor)
        self.notes.append(note)
        self._note, note.where, self._motion, self._last = note, Where.PATH, Motion.DRAWING, None
        self._swallowed = None
        self._tell(NoteMoving(True))
        self._moves(DRAW_S, self._drawn)
        return True

    def at_rest(self) -> bool:
        return self._motion is Motion.REST and self._untold is None

    # --- motions ----------------------------------------------------------------------------------------------------

    def _moves(self, span_s: tuple[float, float], end: Callable[[], None]) -> None:
        self._stage.later(self._stage.chance.between_s(*span_s), end, Line.MAINS)

    def _drawn(self) -> None:
        self._stage.knife.passes("a note is drawn in")
        assert self._note is not None
        if self._stage.chance.happens(0.04):
            self._ends(Where.HAND)
            self._tell(NoteRejected(self._stage.chance.pick(("not_recognised", "inhibited"))))
            return
        self._motion = Motion.ESCROW
        note = self._note
        self._untold = NoteEscrowed(note.value_minor)
        self._tell(self._untold, self._taken)
        self._stage.later(ESCROW_S_MAX, lambda: self._escrow_ends(note), Line.MAINS)

    def _escrow_ends(self, note: Note) -> None:
        if self._note is note and self._motion is Motion.ESCROW:
            self._stage.say("the validator waited long enough and gives the note back")
            unheard = not self._listened or self._untold is not None  # if it jams now, no record may know its value
            self._begin_returning()
            note.unnamed = unheard and not self.ready

    def _begin_stacking(self) -> None:
        if self._motion is not Motion.ESCROW:
            return
        self._untold = None
        if self._stage.chance.happens(0.01):
            self._jams()
            return
        self._motion = Motion.STACKING
        self._moves(STACK_S, self._stacked)

    def _begin_returning(self) -> None:
        if self._motion is not Motion.ESCROW:
            return
        self._untold = None
        if self._stage.chance.happens(0.02):
            self._jams()
            return
        self._motion = Motion.RETURNING
        self._moves(RETURN_S, self._returned)

    def _stacked(self) -> None:
        self._stage.knife.passes("a note falls into the cassette")
        note = self._ends(Where.CASSETTE)
        self._tells_the_end(note, NoteStacked(note.value_minor))

    def _returned(self) -> None:
        self._stage.knife.passes("a note goes back")
        note = self._ends(Where.HAND)
        self._tells_the_end(note, NoteReturned(note.value_minor))

    def _ends(self, where: Where) -> Note:
        note = self._note
        assert note is not None
        if where is Where.CASSETTE and not self._cassette_is_in:
            where = Where.BAG  # whoever has the cassette open takes it along
        note.where, self._note, self._last, self._motion = where, None, note, Motion.REST
        self._stage.say("the note of {} is now: {}", note.value_minor, where.value)
        return note

    def _tells_the_end(self, note: Note, event: NoteStacked | NoteReturned) -> None:
        chance = self._stage.chance
        if chance.happens(0.004):
            note.reported = False
            self._tell(NoteMoving(False))  # it cannot say what became of the note
            return
        self._untold = event
        self._tell(event, self._taken, LATE_TELL_S if chance.happens(0.004) else TELL_S)
        if chance.happens(0.01):
            self._tell(event)
            self._last = None
        self._tell(NoteMoving(False))

    def _tell(
        self, event: CashierEvent, taken: Callable[[], None] | None = None, span_s: tuple[float, float] = TELL_S
    ) -> None:
        self._wire.tell(event, span_s, taken)

    def _taken(self) -> None:
        self._untold = None

    def _jams(self) -> None:
        """While no record can be made a note is known by its jam alone; that is written once the disk is back."""
        assert self._note is not None
        self._note.unnamed = self._note.unnamed or not self._journal_works()
        self._motion = Motion.JAMMED
        self.ready = False
        self._tell(AcceptorChanged(ready=False, fault="validator_jammed"))
        self._stage.later(self._stage.chance.between_s(*CLEARING_S), self._cleared, Line.FAR)

    def _cleared(self) -> None:
        """A technician opens it: the note goes into the cassette or into the hand, and nobody tells the core which.

        What he finds in a dark terminal, or in one without its disk, he gives to the cash office, as his instructions
        say: nobody can see there whether the journal knows of it, and what was on its way back counts as given back.
        """
        if self._motion is not Motion.JAMMED:
            return
        assert self._note is not None
        seen = self._journal_works() and self._listened
        note = self._ends(Where.CASSETTE if self._stage.chance.happens(0.5) and seen else Where.HAND)
        note.reported = False
        self.ready = True
        if self._stage.chance.happens(0.3):
            note.reported = True
            self._tell(
                NoteStacked(note.value_minor) if note.where is not Where.HAND else NoteReturned(note.value_minor)
            )
        self._tell_state()

    # --- the cassette -----------------------------------------------------------------------------------------------

    def cassette_is_taken_out(self) -> None:
        """By whoever has the key. A note that is on its way stays in the path."""
        self._cassette_is_in = False
        for note in self.notes:
            if note.where is Where.CASSETTE:
                note.where = Where.BAG
        self._last = None
        self._stage.say("the cassette is taken out")
        self._tell(CassetteChanged(present=False))
        self._tell_state()

    def cassette_is_put_in(self) -> None:
        self._cassette_is_in = True
        self._stage.say("a cassette is put in")
        self._tell(CassetteChanged(present=True))
        self._tell_state()

    def _tell_state(self) -> None:
        fault = "none" if self._cassette_is_in else "cassette_out"
        ready = self.ready and self._cassette_is_in
        self._tell(AcceptorChanged(ready=ready, fault=fault if self.ready else "validator_jammed"))

    # --- crashes ----------------------------------------------------------------------------------------------------

    def core_fell(self) -> None:
        """Nobody polls: no new note is drawn in, one on its way goes on."""
        self._listened = False

    def lost_power(self) -> None:
        self.core_fell()
        self._enabled = False
        if self._motion in (Motion.REST, Motion.JAMMED):
            return
        swallows = self._motion is Motion.ESCROW and self._stage.chance.happens(0.03)
        stacking = swallows or (self._motion is Motion.STACKING and self._stage.chance.happens(0.5))
        note = self._ends(Where.CASSETTE if stacking else Where.HAND)
        self._untold = NoteStacked(note.value_minor) if stacking else NoteReturned(note.value_minor)
        if swallows:
            note.unnamed, self._swallowed = True, note

    def greets_killed_core(self) -> None:
        """The core is back and polls: what it was not told is told now."""
        self._listened = True
        untold, self._untold = self._untold, None
        if self._swallowed is not None:
            self._tell(AcceptorPoweredUp(PowerUpNote.IN_STACKER))
        elif self._motion is Motion.ESCROW:
            assert self._note is not None
            self._untold = NoteEscrowed(self._note.value_minor)
            self._tell(self._untold, self._taken)
        elif untold is not None and not isinstance(untold, NoteEscrowed):
            self._tells_again(untold)
        elif self._last is not None and self._last.where is not Where.HAND and self._stage.chance.happens(0.1):
            self._tell(NoteStacked(self._last.value_minor))  # told before, and told again
            self._last = None
        self._tell(CassetteChanged(present=self._cassette_is_in))
        self._tell_state()

    def _tells_again(self, event: CashierEvent) -> None:
        if self._stage.chance.happens(0.05):
            if self._last is not None:
                self._last.reported = False
            return
        if isinstance(event, NoteStacked) and self._stage.chance.happens(0.2):
            event = NoteStacked(0)  # the driver has just started and cannot name the value
        self._untold = event
        self._tell(event, self._taken)

    def greets_after_power(self) -> None:
        self._listened = True
        untold, self._untold = self._untold, None
        if self._motion is not Motion.JAMMED:
            self._tell(AcceptorPoweredUp(self._where_it_lay(untold)))
        self._tell(CassetteChanged(present=self._cassette_is_in))
        self._tell_state()

    def _where_it_lay(self, untold: CashierEvent | None) -> PowerUpNote:
        last, self._last = self._last, None
        if self._swallowed is not None:
            return PowerUpNote.IN_STACKER
        if last is None:
            return PowerUpNote.NONE
        knows = self._stage.chance.happens(0.2) if untold is None else not self._stage.chance.happens(0.05)
        if not knows:
            last.reported = last.reported and untold is None
            return PowerUpNote.NONE
        return PowerUpNote.IN_STACKER if last.where is not Where.HAND else PowerUpNote.IN_VALIDATOR
