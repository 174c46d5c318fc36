"""What a terminal found of itself while its customer waits for an agent. Nothing of the customer is in it."""

from __future__ import annotations

import enum

from msgspec import Struct


class PartState(enum.StrEnum):
    UNKNOWN = "unknown"  # not looked at yet
    GOOD = "good"
    BAD = "bad"


class PartFault(enum.StrEnum):
    """Why a part is bad."""

    NONE = ""
    NOT_FITTED = "not_fitted"  # the terminal has none, by its project
    NO_DEVICE = "no_device"  # it is not found, or cannot be opened
    NOTHING = "nothing"  # it is open and gives, or takes, nothing
    SILENT = "silent"  # a microphone: every sample is the same
    BLACK = "black"  # a camera: no light in any picture
    FROZEN = "frozen"  # a camera: every picture is the same


class Part(Struct, frozen=True):
    state: PartState = PartState.UNKNOWN
    fault: PartFault = PartFault.NONE


class PathQuality(Struct, frozen=True):
    """The way to the office: rates over HTTPS, the rest by datagrams to its STUN server where one answers."""

    up_kbps: int = 0  # at least so much; 0: not measured
    down_kbps: int = 0
    round_trip_ms: int | None = None
    lost_percent: float | None = None  # of datagrams there and back; None: no datagram came back, or none was sent


class Preflight(Struct, frozen=True):
    camera: Part = Part()
    microphone: Part = Part()
    loudspeaker: Part = Part()
    path: PathQuality = PathQuality()


class LastPreflight(Struct, frozen=True):
    """The newest of a terminal, for the operations page."""

    at_ms: int
    found: Preflight


def bad(part: Part) -> bool:
    return part.state is PartState.BAD
