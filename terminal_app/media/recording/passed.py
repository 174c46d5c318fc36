"""What passes the tap. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.recorded import Stream


@dataclass(frozen=True, slots=True)
class Passed:
    """An encoded picture or packet of sound."""

    stream: Stream
    source: int  # an encoder or a receiver; a later one has a higher number
    timestamp: int  # RTP: 90 kHz of pictures, 48 kHz of sound; may wrap at 32 bits
    key: bool
    data: bytes
    at_s: float  # monotonic


def is_key(picture: bytes) -> bool:
    """VP8 (RFC 6386, 9.1): the lowest bit of a key frame is 0."""
    return not picture[0] & 1
