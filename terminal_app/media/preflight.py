"""Do camera, microphone and loudspeaker work, and how does the way to the office do? Pure: told counts and the time.

Looked at while the customer waits. A part is good as soon as something living comes from it, and bad when nothing has
for as long as a slow device may take: an exact standstill only, so that a quiet or a dark room is no fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

import numpy as np

from device_drivers.contract.audio import Samples
from signaling_server.contract.preflight import Part, PartFault, PartState
from terminal_app.ipc.media_messages import DevicesChecked, PathChecked
from terminal_app.media.pictures import Pixels

CAMERA_S_MAX = 4.0  # a USB camera opens and finds its exposure within two
MICROPHONE_S_MAX = 2.0
LOUDSPEAKER_S_MAX = 3.0  # a first callback may take two: sound/portaudio.py
BLACK_LEVEL_MAX = 20  # of 255: what a covered lens gives; a dark room has a lit screen before it
BLACK_PART = 0.99  # of the picture
SAMPLED_EVERY = 16  # pixels, across and down

GOOD = Part(PartState.GOOD)
UNKNOWN = Part()
NOT_YET = DevicesChecked(UNKNOWN, UNKNOWN, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Counts:
    """Since the devices were opened; a fault is what their opening said."""

    camera_fault: PartFault = PartFault.NONE
    pictures: int = 0
    lit: int = 0  # of them, not black
    moving: int = 0  # of the lit ones, unlike the one before
    microphone_fault: PartFault = PartFault.NONE
    blocks: int = 0
    living: int = 0  # of them, with more than one value
    loudspeaker_fault: PartFault = PartFault.NONE
    pulls: int = 0


def thumbnail(bgr: Pixels) -> Pixels:
    """What a picture is judged by: every sixteenth pixel, a copy of its own."""
    return bgr[::SAMPLED_EVERY, ::SAMPLED_EVERY].copy()


def is_black(bgr: Pixels) -> bool:
    return bool(np.quantile(bgr, BLACK_PART) < BLACK_LEVEL_MAX)


def is_living(block: Samples) -> bool:
    """A microphone that works hears at least its own noise; one that is off, muted or stuck gives one value."""
    return block.size > 0 and bool(block.min() != block.max())


class Preflight:
    """The state of the parts as counts come in."""

    def __init__(self, now_s: float) -> None:
        self._camera = _Watched(CAMERA_S_MAX, now_s)
        self._microphone = _Watched(MICROPHONE_S_MAX, now_s)
        self._loudspeaker = _Watched(LOUDSPEAKER_S_MAX, now_s)
        self._last = Counts()

    @property
    def found(self) -> DevicesChecked:
        return DevicesChecked(self._camera.part, self._microphone.part, self._loudspeaker.part)

    def look(self, counts: Counts, now_s: float) -> None:
        """To be called some times a second."""
        before, self._last = self._last, counts
        self._camera.look(
            counts.camera_fault,
            counts.moving - before.moving,
            PartFault.FROZEN if counts.lit > self._camera.came_at[1] else PartFault.BLACK,
            (counts.pictures, counts.lit),
            now_s,
        )
        living = counts.living - before.living
        self._microphone.look(counts.microphone_fault, living, PartFault.SILENT, (counts.blocks, 0), now_s)
        pulled = counts.pulls - before.pulls
        self._loudspeaker.look(counts.loudspeaker_fault, pulled, PartFault.NOTHING, (counts.pulls, 0), now_s)


@dataclass(slots=True)
class _Watched:
    """One part since something living came from it last."""

    patience_s: float
    since_s: float
    part: Part = UNKNOWN
    came_at: tuple[int, int] = field(default=(0, 0))  # how much had come then

    def look(self, fault: PartFault, living: int, stuck: PartFault, came: tuple[int, int], now_s: float) -> None:
        if fault is not PartFault.NONE:
            self._is(Part(PartState.BAD, fault), came, now_s)
        elif living > 0:
            self._is(GOOD, came, now_s)
        elif now_s - self.since_s >= self.patience_s:
            nothing = came[0] == self.came_at[0]
            self.part = Part(PartState.BAD, PartFault.NOTHING if nothing else stuck)

    def _is(self, part: Part, came: tuple[int, int], now_s: float) -> None:
        self.part, self.came_at, self.since_s = part, came, now_s


def path_of(sent: int, round_trips_s: Sequence[float]) -> PathChecked:
    """Where not one datagram came back they do not get through, and a call does without them: no loss is told."""
    if not round_trips_s:
        return PathChecked(None, None)
    lost_percent = 100 * (1 - len(round_trips_s) / sent)
    return PathChecked(round(median(round_trips_s) * 1_000), round(lost_percent, 1))
