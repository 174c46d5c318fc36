"""Packets that passed, to records in their order on one clock. Pure: told every packet and the time.

A call has media epochs: a new connection brings new encoders and a new receiver. The newest source of a stream is
recorded; it takes over with a key frame, and the one before it stands in again when the new one falls silent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from signaling_server.contract.recorded import Record, Stream
from terminal_app.media.recording.media_clock import MediaClock
from terminal_app.media.recording.passed import Passed

RATES_HZ = {
    Stream.AGENT_PICTURE: 90_000,
    Stream.AGENT_SOUND: 48_000,
    Stream.CUSTOMER_PICTURE: 90_000,
    Stream.CUSTOMER_SOUND: 48_000,
}
PICTURES = (Stream.AGENT_PICTURE, Stream.CUSTOMER_PICTURE)
HELD_S = 0.5  # a packet that comes later than its neighbours finds its place
SILENT_S = 0.5  # the newest source may be a connection that came to nothing
MICROSECONDS = 1_000_000


@dataclass(slots=True)
class _Lane:
    """A stream: who speaks, and how far it is."""

    source: int = 0
    heard_s: float = float("-inf")
    clocks: dict[int, MediaClock] = field(default_factory=dict)
    last_us: int = 0  # of the picture taken last, or of the sound given out last


class Streams:
    """All streams of one recording. `notice_s`: when the notice was given, on the monotonic clock."""

    def __init__(self, notice_s: float) -> None:
        self._notice_s = notice_s
        self._lanes = {stream: _Lane() for stream in Stream}
        self._held: list[Record] = []

    def take(self, passed: Passed) -> None:
        """What passed before the notice, or cannot be decoded alone, is let go."""
        lane = self._lanes[passed.stream]
        if not _chosen(lane, passed):
            return
        lane.heard_s = passed.at_s
        clock = lane.clocks.setdefault(passed.source, MediaClock(RATES_HZ[passed.stream]))
        time_us = max(1, round((clock.time_s(passed.timestamp, passed.at_s) - self._notice_s) * MICROSECONDS))
        if passed.stream in PICTURES:  # they come in order, and each leans on the one before it
            time_us = lane.last_us = max(time_us, lane.last_us + 1)
        if passed.at_s > self._notice_s:
            self._held.append(Record(passed.stream, time_us, passed.key, passed.data))

    def due(self, now_s: float) -> list[Record]:
        """Records that nothing comes before any more."""
        return self._until(round((now_s - HELD_S - self._notice_s) * MICROSECONDS))

    def rest(self) -> list[Record]:
        """All that is held, at the end."""
        return self._until(max((each.time_us for each in self._held), default=0))

    def _until(self, until_us: int) -> list[Record]:
        due = sorted((each for each in self._held if each.time_us <= until_us), key=lambda each: each.time_us)
        self._held = [each for each in self._held if each.time_us > until_us]
        return [each for each in due if each.stream in PICTURES or self._in_order(each)]

    def _in_order(self, sound: Record) -> bool:
        """A packet that came too late for its place, or twice, is let go."""
        lane = self._lanes[sound.stream]
        fits = sound.time_us > lane.last_us
        lane.last_us = max(lane.last_us, sound.time_us)
        return fits


def _chosen(lane: _Lane, passed: Passed) -> bool:
    if passed.source == lane.source:
        return True
    newer = passed.source > lane.source
    if not passed.key or not (newer or passed.at_s - lane.heard_s > SILENT_S):
        return False
    lane.source = passed.source
    return True
