"""How the other side's picture and sound reach one end of a call. Words of W3C's webrtc-stats; units last."""

from __future__ import annotations

from msgspec import Struct


class Flow(Struct, frozen=True):
    """Counts over the whole call, rates of the last seconds."""

    set_up_ms: int = 0  # from the wish for a connection to the first picture or sound
    frames_per_second: float = 0.0
    freezes: int = 0  # gaps longer than max(3 x mean gap, mean + 150 ms)
    frozen_ms: int = 0  # all of them together
    lost_percent: float = 0.0  # of the packets of the picture, those that came again counted as lost
    round_trip_ms: int = 0
    jitter_ms: int = 0
    hidden_percent: float = 0.0  # of the sound: made up or silent because nothing had come
    av_offset_ms: int | None = None  # by how much the sound is late; below zero it is early; None: not known
