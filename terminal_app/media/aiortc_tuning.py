"""The one module that touches what aiortc keeps to itself; its test fails when the pinned versions change any of it.

aiortc gives no encoder options, so its two encoders are replaced by ours: VP8 in one thread (two spin on a busy
two-core machine), without the noise filter, at a stepped bitrate with a matching picture size; Opus mono at 32 kbit/s
with FEC.
"""

from __future__ import annotations

import fractions
import time

import aiortc.rtcrtpsender
import av
from aiortc import MediaStreamTrack, RTCRtpCodecParameters
from aiortc.codecs import get_encoder as get_plain_encoder
from aiortc.codecs.base import Encoder
from aiortc.codecs.opus import SAMPLE_RATE, SAMPLES_PER_FRAME, OpusEncoder
from aiortc.codecs.vpx import Vp8Encoder
from aiortc.rtcicetransport import parse_stun_turn_uri
from av import AudioFrame, AudioResampler, CodecContext, VideoFrame
from av.frame import Frame

from terminal_app.media.bitrate import BitrateSteps, picture_size

TESTED_VERSIONS = {"aiortc": "1.16.0", "aioice": "0.13.0", "av": "18.1.0"}
OPUS_BPS = 32_000
OPUS_LOSS_PERCENT = 5  # what the in-band FEC is made for
KEY_FRAME_DISTANCE = 3_000  # frames; the far end asks for one when it needs it
VIDEO_TIME_BASE = fractions.Fraction(1, 90_000)


class TunedVp8Encoder(Vp8Encoder):
    """aiortc's encoder with our codec settings: it keeps a codec whose size and bitrate already fit."""

    def __init__(self) -> None:
        super().__init__()
        self._steps = BitrateSteps(time.monotonic())

    @property
    def target_bitrate(self) -> int:
        return self._steps.bps

    @target_bitrate.setter
    def target_bitrate(self, bitrate: int) -> None:
        self._steps.wish(bitrate, time.monotonic())

    def encode(self, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        assert isinstance(frame, VideoFrame)
        bitrate = self.target_bitrate
        width, height = picture_size(bitrate, frame.width, frame.height)
        if (frame.width, frame.height) != (width, height):
            frame = frame.reformat(width=width, height=height, format="yuv420p")
        codec = self.codec
        if codec is None or (codec.width, codec.height, codec.bit_rate) != (width, height, bitrate):
            self.codec = make_vp8_codec(width, height, bitrate)
        return super().encode(frame, force_keyframe)


class TunedOpusEncoder(OpusEncoder):
    """Mono speech; aiortc's own makes 96 kbit/s stereo of one microphone."""

    def __init__(self) -> None:
        super().__init__()
        self.codec = CodecContext.create("libopus", "w")
        self.codec.bit_rate = OPUS_BPS
        self.codec.format = "s16"
        self.codec.layout = "mono"
        self.codec.options = {"application": "voip", "fec": "1", "packet_loss": str(OPUS_LOSS_PERCENT)}
        self.codec.sample_rate = SAMPLE_RATE
        self.codec.time_base = fractions.Fraction(1, SAMPLE_RATE)
        self.resampler = AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE, frame_size=SAMPLES_PER_FRAME)


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
        "bufsize": str(bitrate // 2),  # half a second: a key frame leaves in one burst, so it is kept small
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


def get_tuned_encoder(codec: RTCRtpCodecParameters) -> Encoder:
    """Ours for what we offer, aiortc's for the rest."""
    mime_type = codec.mimeType.lower()
    if mime_type == "video/vp8":
        return TunedVp8Encoder()
    if mime_type == "audio/opus":
        return TunedOpusEncoder()
    return get_plain_encoder(codec)


def install() -> None:
    """Makes aiortc's senders use our encoders. Once, at the start of the process."""
    aiortc.rtcrtpsender.get_encoder = get_tuned_encoder  # type: ignore[attr-defined]


def warm_encoders(width: int, height: int) -> None:
    """Runs both encoders once, so that the first frame of a call does not pay for loading and setting up. Blocking."""
    picture = VideoFrame(width=width, height=height, format="yuv420p")
    picture.pts, picture.time_base = 0, VIDEO_TIME_BASE
    TunedVp8Encoder().encode(picture, force_keyframe=True)
    sound = AudioFrame(format="s16", layout="mono", samples=SAMPLES_PER_FRAME)
    sound.pts, sound.sample_rate, sound.time_base = 0, SAMPLE_RATE, fractions.Fraction(1, SAMPLE_RATE)
    TunedOpusEncoder().encode(sound)


def backlog(track: MediaStreamTrack) -> int:
    """How many decoded frames wait in a remote track: aiortc's queue has no limit, so it is drained to the newest."""
    waiting: int = track._queue.qsize()  # type: ignore[attr-defined]
    return waiting


def understands_ice_url(url: str) -> bool:
    """aiortc raises on one bad address, and then none of the servers is used."""
    try:
        parse_stun_turn_uri(url)
    except ValueError:
        return False
    return True
