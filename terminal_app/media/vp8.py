"""The VP8 encoder of a modest machine, as libvpx is told."""

from __future__ import annotations

import fractions

import av
from av import CodecContext

KEY_FRAME_DISTANCE = 3_000  # frames; the far end asks for one when it needs it
VIDEO_TIME_BASE = fractions.Fraction(1, 90_000)


def make_vp8_codec(width: int, height: int, bitrate: int) -> av.VideoCodecContext:
    """A libvpx encoder for live pictures on a modest machine."""
    codec = CodecContext.create("libvpx", "w")
    codec.width = width
    codec.height = height
    codec.bit_rate = bitrate
    codec.pix_fmt = "yuv420p"
    codec.time_base = VIDEO_TIME_BASE
    codec.framerate = fractions.Fraction(30)
    codec.gop_size = KEY_FRAME_DISTANCE
    codec.qmin = 2
    codec.qmax = 56
    codec.thread_count = 1
    codec.options = {
        "bufsize": str(bitrate // 2),  # half a second; a key frame takes a tenth to a quarter of one
        "cpu-used": "-12",
        "deadline": "realtime",
        "lag-in-frames": "0",
        "minrate": str(bitrate),
        "maxrate": str(bitrate),
        "noise-sensitivity": "0",
        "overshoot-pct": "15",
        "static-thresh": "1",
        "undershoot-pct": "100",
    }
    return codec
