"""What an SSP validator's poll events mean for the note inside, the cash box and the state. Pure.

Source: SSP paper, "Poll events", "Power-up". Most conditions are repeated in every answer while they last, so an
answer without them ends them. A power-up is told when the slave has told what it did with a note meanwhile.
"""

from __future__ import annotations

from device_drivers.contract.bill_validator import (
    BillValidatorEvent,
    CassetteInserted,
    CassetteRemoved,
    NoteRejected,
    PowerUpNote,
)
from device_drivers.contract.cash import RejectReason
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.essp.messages import REJECT_CODES, Event, PollAnswer, PollEvent
from device_drivers.note_teller import NoteTeller

CHEAT_S = 2.0
IDLE_S = 1.0  # a path without a word about the note in it: the note has ended unheard

_CONDITIONS = {
    Event.UNSAFE_JAM: (DeviceState.HARDWARE_ERROR, Fault.JAMMED),
    Event.SAFE_JAM: (DeviceState.HARDWARE_ERROR, Fault.CASSETTE_JAMMED),
    Event.OUT_OF_SERVICE: (DeviceState.HARDWARE_ERROR, Fault.FAILED),
    Event.NOTE_PATH_OPEN: (DeviceState.USER_ERROR, Fault.COVER_OPEN),
    Event.CASH_BOX_REMOVED: (DeviceState.USER_ERROR, Fault.CASSETTE_REMOVED),
    Event.STACKER_FULL: (DeviceState.USER_ERROR, Fault.CASSETTE_FULL),
}
_JAMS = (Event.UNSAFE_JAM, Event.SAFE_JAM, Event.OUT_OF_SERVICE)
_BUSY = frozenset(
    {Event.READ, Event.STACKING, Event.REJECTING, Event.CREDIT, Event.INITIALISING, Event.SLAVE_RESET, *_JAMS}
)
_CLEARED = {Event.CLEARED_INTO_CASH_BOX: PowerUpNote.IN_STACKER, Event.CLEARED_FROM_FRONT: PowerUpNote.IN_VALIDATOR}
_BADLY_INSERTED = frozenset({1, 7, 10, 11, 13, 25, 26, 28})
_INHIBITED = frozenset({6, 12})


def rejection(code: int | None) -> NoteRejected:
    """A last reject code in the words of the contract; None: the slave would not say."""
    if code is None:
        return NoteRejected(RejectReason.OTHER, "no reject code")
    detail = f"{code} {REJECT_CODES.get(code, 'unknown')}"
    if code in _INHIBITED:
        return NoteRejected(RejectReason.INHIBITED, detail)
    if code in _BADLY_INSERTED:
        return NoteRejected(RejectReason.BADLY_INSERTED, detail)
    known = REJECT_CODES.get(code) == "validation"
    return NoteRejected(RejectReason.NOT_RECOGNISED if known else RejectReason.OTHER, detail)


class BillPath:
    """Follows one note, the cash box and the conditions."""

    def __init__(self) -> None:
        self.teller = NoteTeller()
        self.escrow = False  # a note waits: a poll would accept it
        self.trouble: StatusChanged | None = None
        self.disabled = True
        self.initialising = False
        self.reject_to_ask = False  # paper went back, and the slave can say why
        self._power_up: PowerUpNote | None = None  # not yet told
        self._reset_by_us = False
        self._cassette_out = False
        self._cheat_until_s = 0.0
        self._jammed = False
        self._idle_since_s: float | None = None
        self._events: list[BillValidatorEvent] = []

    @property
    def starting(self) -> bool:
        """The slave is not ready, or has yet to tell of its power-up."""
        return self.initialising or self._power_up is not None

    def take_events(self) -> list[BillValidatorEvent]:
        """Events since the last call, oldest first."""
        self._events += self.teller.take_events()
        taken, self._events = self._events, []
        return taken

    def link_lost(self) -> None:
        """Whether a note waits is not known any more: the start of the next link clears the escrow."""
        self.escrow = False
        self.teller.link_lost()

    def reset_ordered(self) -> None:
        """We restart the slave ourselves: its power-up is no news."""
        self._reset_by_us = True

    def reject_explained(self, code: int | None) -> None:
        """The answer to the question for the last reject code."""
        self.reject_to_ask = False
        self.teller.rejected(rejection(code))
        self.teller.went_on()

    def heard(self, answer: PollAnswer, now_s: float) -> bool:
        """A poll answer; True when the slave says that it was reset."""
        codes = frozenset(event.code for event in answer.events)
        for event in answer.events:
            self._happened(event, now_s)
        self.initialising = Event.INITIALISING in codes
        self.disabled = Event.DISABLED in codes
        self._finish_power_up(codes)
        if not answer.unread:  # what was not read might be a condition that lasts
            self._follow_conditions(codes, now_s)
            self._follow_idleness(codes, now_s)
        return Event.SLAVE_RESET in codes

    # --- single events ---------------------------------------------------------------------------------------------

    def _happened(self, event: PollEvent, now_s: float) -> None:
        teller, code = self.teller, event.code
        if code is Event.SLAVE_RESET:
            self._slave_reset()
        elif code in _CLEARED:
            self._cleared(_CLEARED[code])
        elif code is Event.READ:
            self._read(event.channel or 0)
        elif code is Event.CREDIT:
            teller.stacked(event.channel)
        elif code in (Event.STACKING, Event.REJECTING):
            teller.moving(True)
        elif code is Event.REJECTED:
            self._rejected()
        elif code is Event.STACKED:
            teller.moving(False)
        elif code in _JAMS or code is Event.FRAUD_ATTEMPT:
            teller.fault()
            if code is Event.FRAUD_ATTEMPT:
                self._cheat_until_s = now_s + CHEAT_S
        elif code is Event.CASH_BOX_REMOVED and not self._cassette_out:
            self._cassette_out = True
            self._tell(CassetteRemoved())
        elif code is Event.CASH_BOX_REPLACED:
            self._cash_box_is_back()

    def _slave_reset(self) -> None:
        self.escrow = False
        self.teller.fault()
        self.teller.went_on()
        if not self._reset_by_us and self._power_up is None:
            self._power_up = PowerUpNote.NONE
        self._reset_by_us = False
        self._cash_box_is_back()  # if it is not, the slave says so again

    def _cleared(self, where: PowerUpNote) -> None:
        if self._power_up is None:
            self.teller.powered_up(where)  # said late, and still the only word about that note
        else:
            self._power_up = where

    def _read(self, channel: int) -> None:
        if channel == 0:
            self.teller.moving(True)
            return
        self.escrow = True
        self.teller.escrowed(channel)

    def _rejected(self) -> None:
        if self.teller.note is None:
            self.reject_to_ask = True
        self.teller.returned()
        self.teller.moving(False)

    def _finish_power_up(self, codes: frozenset[Event]) -> None:
        ended = Event.INITIALISING not in codes and (Event.DISABLED in codes or Event.SLAVE_RESET not in codes)
        if self._power_up is None or not ended:
            return
        where, self._power_up = self._power_up, None
        self.teller.moving(False)
        self.teller.powered_up(where)

    # --- what lasts ------------------------------------------------------------------------------------------------

    def _follow_conditions(self, codes: frozenset[Event], now_s: float) -> None:
        found = next((code for code in _CONDITIONS if code in codes), None)
        if found is None and self._cassette_out:
            found = Event.CASH_BOX_REMOVED  # perhaps said only once
        if found is not None:
            self.trouble = StatusChanged(*_CONDITIONS[found], detail=f"{found:02x} {found.name.lower()}")
        elif now_s < self._cheat_until_s:
            self.trouble = StatusChanged(DeviceState.FRAUD_ATTEMPT, Fault.CHEATED, f"{Event.FRAUD_ATTEMPT:02x}")
        else:
            self.trouble = None
        jammed = found in _JAMS
        if self._jammed and not jammed:
            self._close_note()
        self._jammed = jammed

    def _cash_box_is_back(self) -> None:
        if self._cassette_out:
            self._cassette_out = False
            self._tell(CassetteInserted())

    def _follow_idleness(self, codes: frozenset[Event], now_s: float) -> None:
        if codes & _BUSY or self.escrow:
            self._idle_since_s = None
            return
        if self._idle_since_s is None:
            self._idle_since_s = now_s
        if self.teller.note is None or now_s >= self._idle_since_s + IDLE_S:
            self._close_note()

    def _close_note(self) -> None:
        """The path is empty."""
        self.teller.went_on()
        self.teller.moving(False)

    def _tell(self, event: BillValidatorEvent) -> None:
        self._events += [*self.teller.take_events(), event]  # in the order in which it happened
