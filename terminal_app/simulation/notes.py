"""The far end of notes: a real validator session and bridge, and a simulated validator with real notes in it.

What became of a note is read from the simulator's own memory (its cassette, and what it gave back); no session is
asked. A technician who clears a jam hands the note out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from device_drivers.catalog import make_bill_validator
from device_drivers.contract.bill_validator import BillValidatorEvent, NoteRejected, NoteReturned, NoteStacked
from device_drivers.simulators.core import SimulatorError
from payment.contract import CashierEvent, CashSettings
from payment.simulation.stage import Line, Stage
from payment.simulation.validator import Note, Where
from terminal_app.core.cash_in import ValidatorAcceptor, to_payment
from terminal_app.core.device_manager import DeviceManager
from terminal_app.simulation.port import DevicePort
from terminal_app.simulation.sabotage import Spoil

DEVICE_CLASS = "bill_validator"
JAM_S = (0.05, 0.6)  # after the order to move the note
CLEARING_S = (60.0, 900.0)
CASSETTE_RETRY_S = 1.0  # the cassette is locked while a note is on its way
JAM_PROBABILITY = 0.01
DENOMINATIONS = CashSettings(terminal_id="").denominations_minor
ENDS = (NoteStacked, NoteReturned, NoteRejected)


class ValidatorEnd:
    """The cashier's `AcceptorPort`, and what stands behind it."""

    def __init__(self, protocol: str, port: DevicePort, tell: Callable[[CashierEvent], None], spoil: Spoil) -> None:
        self.notes: list[Note] = []
        self.port = port
        self._protocol = protocol
        self._stage: Stage = port.stage
        self._tell = tell
        self._spoil = spoil
        self._note: Note | None = None  # on its way
        self._before = (0, 0)  # notes in the cassette, notes given back, when it was drawn in
        self._last: Note | None = None
        self._cassette_is_in = True
        self._cassette_moves = False
        port.follow = self._follow
        port.busy = lambda: self._note is not None
        self.core_starts()

    def core_starts(self) -> None:
        """A fresh driver that knows nothing."""
        self._session = make_bill_validator(self._protocol)
        self._acceptor = ValidatorAcceptor(self._session, DENOMINATIONS)

    def join(self, manager: DeviceManager) -> None:
        """The driver finds its device."""
        manager.add(DEVICE_CLASS, DEVICE_CLASS, self._session, self._on_event)

    @property
    def session(self) -> Any:
        """What reads the wire."""
        return self._session

    # --- verbs ------------------------------------------------------------------------------------------------------

    def enable(self) -> None:
        self._verb("enable", self._acceptor.enable)

    def disable(self) -> None:
        self._verb("disable", self._acceptor.disable)

    def stack(self) -> None:
        self._verb("stack", self._acceptor.stack)
        self._may_jam("cassette" if self._stage.chance.happens(0.5) else "validator")

    def return_note(self) -> None:
        self._verb("return", self._acceptor.return_note)
        self._may_jam("validator")

    def hold(self) -> None:
        self._verb("hold", self._acceptor.hold)

    def _verb(self, name: str, act: Callable[[], None]) -> None:
        self._stage.knife.passes(name)
        self._stage.say(f"verb to the validator: {name}")
        act()
        self.port.touch()
        self._stage.knife.passes(name)

    # --- events -----------------------------------------------------------------------------------------------------

    def _on_event(self, event: BillValidatorEvent) -> None:
        self.port.touch()
        if isinstance(event, ENDS) and self._last is not None:
            self._last.reported = True
        for spoilt in self._spoil(event):
            if (told := to_payment(spoilt)) is None:
                self._stage.say(f"the validator says {spoilt}")
            else:
                self._tell(told)

    # --- hands ------------------------------------------------------------------------------------------------------

    def draws_in(self, note: Note) -> bool:
        """The hand pushes a note; False: the slot is shut."""
        before = self._counts()
        try:
            self.port.hand(do="insert", value_minor=note.value_minor)
        except SimulatorError:
            self.port.touch()  # a driver whose wire slept asks again, and the slot opens
            return False
        self._stage.say(f"the hand of {note.owner} pushes a note of {note.value_minor}")
        self.notes.append(note)
        self._note = self._last = note
        note.where, note.reported, self._before = Where.PATH, False, before
        return True

    def at_rest(self) -> bool:
        """No note is on its way, and the driver and the device say the same again and again."""
        return self._note is None and self.port.quiet()

    def cassette_is_taken_out(self) -> None:
        """By whoever has the key, as soon as the device unlocks it."""
        self._cassette_is_in = False
        self._moves_cassette()

    def cassette_is_put_in(self) -> None:
        self._cassette_is_in = True
        self._moves_cassette()

    def _moves_cassette(self) -> None:
        if not self._cassette_moves:
            self._cassette_moves = True
            self._stage.later(0.0, self._move_cassette)

    def _move_cassette(self) -> None:
        present: bool = self.port.memory()["cassette_present"]
        if present is self._cassette_is_in:
            self._cassette_moves = False
            return
        self._stage.later(CASSETTE_RETRY_S, self._move_cassette)
        try:
            self.port.hand(do="cassette", present=not present, emptied=True)
        except SimulatorError:
            return
        self._stage.say(f"the cassette is {'taken out' if present else 'put in'}")
        for note in self.notes:
            if present and note.where is Where.CASSETTE:
                note.where = Where.BAG

    def _may_jam(self, where: str) -> None:
        if self._note is not None and self._stage.chance.happens(JAM_PROBABILITY):
            self._stage.later(self._stage.chance.between_s(*JAM_S), lambda: self._jams(where), Line.FAR)

    def _jams(self, where: str) -> None:
        if self._note is None:
            return
        self._stage.say(f"the note jams at the {where}")
        self.port.hand(do="jam", where=where)
        self._stage.later(self._stage.chance.between_s(*CLEARING_S), self._clear, Line.FAR)

    def _clear(self) -> None:
        """A technician clears what is still jammed: a loss of power may have done it before him."""
        try:
            self.port.hand(do="clear")
        except SimulatorError:
            return
        self._stage.say("a technician has cleared the jam")

    # --- where the note is ------------------------------------------------------------------------------------------

    def _counts(self) -> tuple[int, int]:
        memory = self.port.memory()
        return sum(memory["cassette"].values()), memory["returned"] + memory["rejected"] + memory["taken_out"]

    def _follow(self) -> None:
        note = self._note
        if note is None:
            return
        stacked, given_back = self._counts()
        if stacked > self._before[0]:
            note.where = Where.CASSETTE
        elif given_back > self._before[1]:
            note.where = Where.HAND
        else:
            return
        self._note = None
        self._stage.say(f"the note of {note.value_minor} is now: {note.where.value}")
