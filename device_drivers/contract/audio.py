"""Sound (W3C Media Capture; XFS4IoT has no such class): a microphone, a loudspeaker, and how loud a voice may be.

Opened by the media process alone. Samples are int16 mono at 48 kHz; levels are dBFS, where a full-scale sine is -3.
Missing, busy and pulled devices are told in the words of `status.py`, as of any other device.
"""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Protocol

import numpy as np
import numpy.typing as npt

SAMPLE_RATE_HZ = 48_000
BLOCK_SAMPLES = 960  # 20 ms, one Opus packet
SILENCE_DB = -120.0
VOICE_DB_MIN, VOICE_DB_MAX = -30.0, -12.0  # a loud and clear voice lies between; clause 9.4.5
PAUSE_DB = -60.0  # below it nobody speaks

Samples = npt.NDArray[np.int16]


class Loudness(enum.Enum):
    """What the level of a second of sound means for who listens."""

    PAUSE = "pause"
    TOO_QUIET = "too_quiet"
    CLEAR = "clear"
    TOO_LOUD = "too_loud"


class Microphone(Protocol):
    """Hands blocks of 20 ms to its listener, in a thread of its own, until closed."""

    @property
    def alive(self) -> bool:
        """False when the device was pulled."""

    def close(self) -> None:
        """Gives the device back; a second call does nothing."""


Source = Callable[[int], Samples]  # gives exactly so many samples, at once, in the thread of who plays them


class Loudspeaker(Protocol):
    """Pulls what it plays from its source, in a thread of its own, until closed: its clock is the one that counts."""

    latency_s: float  # from a pull to the air, as far as the driver knows

    @property
    def alive(self) -> bool:
        """False when the device was pulled."""

    def close(self) -> None:
        """Gives the device back; a second call does nothing."""
