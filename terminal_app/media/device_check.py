"""Counts what comes from camera, microphone and loudspeaker while a customer waits; `preflight.py` judges it."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np

from device_drivers.contract.status import DeviceState
from signaling_server.contract.preflight import PartFault
from terminal_app.ipc.media_messages import DevicesChecked
from terminal_app.media.capture import Capture
from terminal_app.media.pictures import Pixels
from terminal_app.media.preflight import NOT_YET, Counts, Preflight, is_black, thumbnail
from terminal_app.media.sound.card import SoundCard


class DeviceCheck:
    """From the customer's touch until the call begins, or until he leaves. All on the event loop."""

    def __init__(self, capture: Capture, sound: SoundCard, tell: Callable[[DevicesChecked], None]) -> None:
        self._capture = capture
        self._sound = sound
        self._tell = tell
        self._preflight: Preflight | None = None
        self._told: DevicesChecked | None = None
        self._number = 0  # of the newest picture that was looked at
        self._seen: Pixels | None = None
        self._pictures = self._lit = self._moving = 0

    def begin(self) -> None:
        """Who asks anew is told anew."""
        self._told = None
        if self._preflight is None:
            self._preflight = Preflight(time.monotonic())
            self._number, _ = self._capture.shots.newest()
            self._seen = None
            self._pictures = self._lit = self._moving = 0
            self._sound.forget_counts()

    def end(self) -> None:
        """No picture of the customer stays."""
        self._preflight = self._seen = None

    def look(self) -> None:
        """To be called about ten times a second."""
        if self._preflight is None:
            return
        self._look_at_picture()
        self._preflight.look(self._counts(), time.monotonic())
        found = self._preflight.found
        if found not in (self._told, NOT_YET):
            self._told = found
            self._tell(found)

    def _look_at_picture(self) -> None:
        number, shot = self._capture.shots.newest()
        if shot is None or number == self._number:
            return
        self._number, before, self._seen = number, self._seen, thumbnail(shot.bgr)
        self._pictures += 1
        if not is_black(self._seen):
            self._lit += 1
            self._moving += before is not None and not np.array_equal(before, self._seen)

    def _counts(self) -> Counts:
        sound = self._sound
        return Counts(
            camera_fault=self._camera_fault(),
            pictures=self._pictures,
            lit=self._lit,
            moving=self._moving,
            microphone_fault=sound.microphone_fault,
            blocks=sound.blocks,
            living=sound.living_blocks,
            loudspeaker_fault=sound.loudspeaker_fault,
            pulls=sound.pulls,
        )

    def _camera_fault(self) -> PartFault:
        if not self._capture.fitted:
            return PartFault.NOT_FITTED
        return PartFault.NONE if self._capture.status.state is DeviceState.ONLINE else PartFault.NO_DEVICE
