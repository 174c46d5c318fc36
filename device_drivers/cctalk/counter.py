"""Whether a ccTalk device is still the one whose events were counted. Pure.

A reset shows as counter 0, or as a small counter over empty pairs (`events.py`). Where the counter was 0 before it
shows in nothing; but a device that was reset has lost its inhibit mask. So after a poll without an answer the mask is
asked before events are believed again.
"""

from __future__ import annotations

from dataclasses import replace

from device_drivers.cctalk import events
from device_drivers.cctalk.events import Event, News
from device_drivers.cctalk.exchange import Request
from device_drivers.cctalk.messages import MASK_SIZE, EventBuffer, Header

QUESTIONS_MAX = 3  # a device may not know the header


class Counter:
    """The counter of the last event known; outlives a broken link."""

    def __init__(self, known: int | None = None, serial: str = "") -> None:
        self.known = known
        self._serial = serial  # of the device that was counted; empty: not known
        self.found: tuple[Event, ...] = ()  # what the buffer held at a start that knew no counter
        self._before: EventBuffer | None = None
        self._mask: bytes | None = None  # what the device surely has, if it accepts anything
        self._questions_left = 0
        self._reset_told = False

    def belongs_to(self, serial: str) -> bool:
        """False when another device stands here now: nothing is known of its events then."""
        before, self._serial = self._serial, serial or self._serial
        if not before or not serial or before == serial:
            return True
        self.known, self._before, self._mask, self._questions_left = None, None, None, 0
        return False

    def missed(self) -> None:
        """A poll had no answer, or the link broke: the device may have been switched off meanwhile."""
        if self._mask is not None:
            self._questions_left = QUESTIONS_MAX

    def question(self) -> Request | None:
        """What must be asked before the next poll."""
        return Request(Header.GET_INHIBIT_MASK, sizes=frozenset({MASK_SIZE})) if self._questions_left else None

    def answered(self, mask: bytes) -> bool:
        """True when the device turns out to have been reset. What its events then are, `read` finds."""
        self._questions_left = 0
        if any(mask):
            return False
        self._mask = None
        self._reset_told = True
        return True

    def not_answered(self) -> None:
        """NAK or silence to the question."""
        self._questions_left = max(0, self._questions_left - 1)

    def mask_taken(self, mask: bytes) -> None:
        """The device has this inhibit mask now."""
        self._mask = mask if any(mask) else None

    def mask_forgotten(self) -> None:
        """We are changing it, or we reset the device ourselves."""
        self._mask, self._questions_left = None, 0

    def read(self, buffer: EventBuffer) -> News:
        """What is new; a first reading without a known counter is no news but `found`."""
        known, self.known = self.known, buffer.counter
        before, self._before = self._before, buffer
        if known is None:
            self.found = events.remembered(buffer)
            return News(reset=buffer.counter == 0)
        news = events.news(known, buffer, before)
        told, self._reset_told = self._reset_told, False
        return replace(news, reset=False) if told else news  # one reset is told once
