"""What a ccTalk bill validator's events mean for the note inside, the stacker and the state. Pure.

Source: ccTalk paper, "Event buffer". After a power-up the device does not say where a note lay, but what it does with
it tells: so `PoweredUp` is told when it had time for that. Jams and the like end by an event or by a self-check
without a fault.
"""

from __future__ import annotations

from device_drivers.cctalk import troubles
from device_drivers.cctalk.events import Event, News
from device_drivers.cctalk.messages import BILL_IN_ESCROW
from device_drivers.contract.bill_validator import (
    BillValidatorEvent,
    CassetteInserted,
    CassetteRemoved,
    NoteEventsLost,
    PowerUpNote,
)
from device_drivers.contract.status import Fault, StatusChanged
from device_drivers.note_teller import NoteTeller

ORDER_S_MAX = 30.0  # an order whose end is never told: the note is in doubt
CHEAT_S = 2.0

_NOTE_FAULTS = (Fault.JAMMED, Fault.CASSETTE_JAMMED, Fault.CHEATED, Fault.FAILED)


class BillPath:
    """Follows one note, the stacker and the trouble of the day."""

    def __init__(self) -> None:
        self.teller = NoteTeller()
        self.trouble: StatusChanged | None = None
        self._trouble_since_s = 0.0
        self._cassette_out = False
        self._power_up: PowerUpNote | None = None  # a power-up not yet told
        self._events: list[BillValidatorEvent] = []

    def take_events(self) -> list[BillValidatorEvent]:
        """Events since the last call, oldest first."""
        self._events += self.teller.take_events()
        taken, self._events = self._events, []
        return taken

    # --- what was heard --------------------------------------------------------------------------------------------

    def heard(self, news: News, now_s: float) -> None:
        """New events of the device's buffer."""
        if news.lost:
            self.teller.fault()
            self.teller.went_on()
            self._tell(NoteEventsLost(news.lost))
        for event in news.events:
            if self._power_up is not None and self._is_end_of_power_up(event):
                continue
            if event.first == 0:
                self._status_told(event.second, now_s)
            elif event.second == BILL_IN_ESCROW:
                self.teller.escrowed(event.first)
            else:
                self._stacked(event.first)

    def found(self, past: tuple[Event, ...]) -> tuple[int, ...]:
        """The past of a device whose counter nobody knew: the types it stacked, newest first.

        A note that still lies in escrow is present, not past.
        """
        if past and past[-1].first and past[-1].second == BILL_IN_ESCROW:
            self.teller.escrowed(past[-1].first)
        return tuple(event.first for event in reversed(past) if event.first and event.second != BILL_IN_ESCROW)

    def powered_up(self, *, by_us: bool) -> None:
        """The device counts anew; a note inside has no word of its own any more."""
        self.teller.fault()
        self.teller.went_on()
        self.trouble = None
        if not by_us:
            self._power_up = PowerUpNote.NONE

    def started(self) -> None:
        """The device had time to do what it does with a note at a power-up."""
        if self._power_up is None:
            return
        where, self._power_up = self._power_up, None
        self.teller.moving(False)
        self.teller.powered_up(where)
        self.teller.went_on()  # an event is told by its counter: what comes now is another note

    def self_checked(self, code: int, now_s: float) -> None:
        """The answer to a self-check."""
        if code == troubles.SELF_CHECK_NO_STACKER:
            self._follow_cassette(troubles.STACKER_REMOVED)
        elif self._cassette_out:
            self._follow_cassette(troubles.STACKER_INSERTED)
        found = troubles.self_check_trouble(code)
        told_by_event = self.trouble is not None and found is not None and found.fault is self.trouble.fault
        if not told_by_event and not (found is None and self._cheated()):
            self._set_trouble(found, now_s)

    def time_passed(self, now_s: float) -> None:
        """Ends what only time ends."""
        note = self.teller.note
        if note is not None and note.order_sent_s is not None and now_s >= note.order_sent_s + ORDER_S_MAX:
            self._close_note()
        if self._cheated() and now_s >= self._trouble_since_s + CHEAT_S:
            self._set_trouble(None, now_s)

    # --- inside ----------------------------------------------------------------------------------------------------

    def _tell(self, event: BillValidatorEvent) -> None:
        self._events += [*self.teller.take_events(), event]  # in the order in which it happened

    def _is_end_of_power_up(self, event: Event) -> bool:
        if event.first or event.second == troubles.UNKNOWN_STACKED:
            self._power_up = PowerUpNote.IN_STACKER
        elif event.second == troubles.RETURNED:
            self._power_up = PowerUpNote.IN_VALIDATOR
        else:
            return False
        return True

    def _stacked(self, kind: int | None) -> None:
        if self.teller.note is None:
            self.teller.went_on()  # an event is told by its counter: two in a row are two notes
        self.teller.stacked(kind)

    def _status_told(self, code: int, now_s: float) -> None:
        if code == troubles.RETURNED:
            self.teller.returned()
        elif code == troubles.UNKNOWN_STACKED:
            self._stacked(None)
        elif (rejection := troubles.bill_rejection(code)) is not None:
            self.teller.rejected(rejection)
            self._close_note()
        self._follow_cassette(code)
        if self.trouble is not None and troubles.clears(code, self.trouble):
            self._set_trouble(None, now_s)
        if (trouble := troubles.bill_trouble(code)) is not None:
            self._set_trouble(trouble, now_s)

    def _follow_cassette(self, code: int) -> None:
        if code == troubles.STACKER_REMOVED and not self._cassette_out:
            self._cassette_out = True
            self._tell(CassetteRemoved())
        elif code == troubles.STACKER_INSERTED and self._cassette_out:
            self._cassette_out = False
            self._tell(CassetteInserted())

    def _set_trouble(self, trouble: StatusChanged | None, now_s: float) -> None:
        before, self.trouble = self.trouble, trouble
        self._trouble_since_s = now_s
        if trouble is not None and trouble.fault in _NOTE_FAULTS:
            self.teller.fault()
        elif trouble is None and before is not None and before.fault is not Fault.CHEATED:
            self._close_note()

    def _close_note(self) -> None:
        """The path is empty, and the device said no word of the note that was in it."""
        self.teller.went_on()
        self.teller.moving(False)

    def _cheated(self) -> bool:
        return self.trouble is not None and self.trouble.fault is Fault.CHEATED
