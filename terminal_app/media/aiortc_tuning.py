"""The one module that touches what aiortc keeps to itself; its test fails when the pinned versions change any of it.

aiortc gives no encoder options, so its two encoders are replaced by ours: VP8 in one thread (two spin on a busy
two-core machine), without the noise filter, at a stepped bitrate with a matching picture size; Opus mono at 32 kbit/s
with FEC and rest in silence. Its sender is given a pace. Its receiver of pictures is given our assembly: whole pictures
at their last packet, repeated askings for lost packets, a key frame when a hole is not filled; its packets of sound go
to our buffer undecoded (`receiving/`).
"""

from __future__ import annotations

import asyncio
import fractions
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiortc.codecs.opus
import aiortc.rtcpeerconnection
import numpy as np
from aiortc import MediaStreamTrack, RTCRtpCodecParameters, RTCRtpReceiver, RTCRtpSender, rtp
from aiortc.codecs import HEADER_EXTENSIONS
from aiortc.codecs import get_encoder as get_plain_encoder
from aiortc.codecs.base import Encoder
from aiortc.codecs.opus import SAMPLE_RATE, SAMPLES_PER_FRAME
from aiortc.codecs.vpx import Vp8Encoder, VpxPayloadDescriptor, vp8_depayload
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcdtlstransport import RTCDtlsTransport
from aiortc.rtcicetransport import parse_stun_turn_uri
from aiortc.rtcrtpparameters import RTCRtpHeaderExtensionParameters, RTCRtpParameters, RTCRtpReceiveParameters
from aiortc.rtcrtpsender import RTCEncodedFrame
from aiortc.rtp import AnyRtcpPacket, RtcpRrPacket, RtcpSrPacket, RtpPacket, is_rtcp
from av import AudioFrame, VideoFrame
from av.frame import Frame

from terminal_app.media.bitrate import Beginning, BitrateSteps, picture_size
from terminal_app.media.opus import OpusEncoder
from terminal_app.media.pacer import Pacer
from terminal_app.media.receiving.av_offset import SenderClock
from terminal_app.media.receiving.losses import Losses
from terminal_app.media.receiving.picture_assembler import PictureAssembler, VideoPacket
from terminal_app.media.receiving.sequence import Unwrapper
from terminal_app.media.recording.tap import TAP, Stream
from terminal_app.media.vp8 import VIDEO_TIME_BASE, make_vp8_codec

TESTED_VERSIONS = {"aiortc": "1.16.0", "aioice": "0.13.0", "av": "18.1.0"}
OPUS_BPS = 32_000
OPUS_LOSS_PERCENT = 5  # what the in-band FEC is made for
PLAYOUT_DELAY = RTCRtpHeaderExtensionParameters(id=14, uri="http://www.webrtc.org/experiments/rtp-hdrext/playout-delay")
AT_ONCE, WITHIN_A_SECOND = bytes(3), (100).to_bytes(3, "big")  # least and most, 12 bits each, in 10 ms
LOOK_S = 0.015  # how often lost packets and old holes are looked for
UNDECODED_MAX = 15  # half a second of pictures; more, and the machine is too slow for all of them


class TunedVp8Encoder(Vp8Encoder):
    """aiortc's encoder with our codec settings: it keeps a codec whose size and bitrate already fit."""

    def __init__(self, steps: BitrateSteps) -> None:
        super().__init__()
        self.steps = steps
        self._source = TAP.new_source()

    @property
    def target_bitrate(self) -> int:
        return self.steps.bps

    @target_bitrate.setter
    def target_bitrate(self, bitrate: int) -> None:
        self.steps.wish(bitrate, time.monotonic())

    def encode(self, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        assert isinstance(frame, VideoFrame)
        bitrate = self.target_bitrate
        width, height = picture_size(bitrate, frame.width, frame.height)
        if (frame.width, frame.height) != (width, height):
            frame = frame.reformat(width=width, height=height, format="yuv420p")
        if (codec := self.codec) is None or (codec.width, codec.height, codec.bit_rate) != (width, height, bitrate):
            self.codec = codec = make_vp8_codec(width, height, bitrate)  # the former is gone before this one opens
        payloads, timestamp = super().encode(frame, force_keyframe or TAP.wants_key(self._source))
        if TAP.open:
            TAP.picture(Stream.CUSTOMER_PICTURE, self._source, timestamp, b"".join(map(vp8_depayload, payloads)))
        return payloads, timestamp


class TunedOpusEncoder(aiortc.codecs.opus.OpusEncoder):
    """Mono speech by our own encoder; aiortc's makes 96 kbit/s stereo of one microphone, and never rests."""

    def __init__(self) -> None:
        self._encoder = OpusEncoder(OPUS_BPS, OPUS_LOSS_PERCENT)
        self._source = TAP.new_source()

    def encode(self, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        """A block of 20 ms of `MicrophoneTrack`; no payload: silence goes on."""
        assert isinstance(frame, AudioFrame)
        assert frame.pts is not None
        packet = self._encoder.encode(np.asarray(frame.to_ndarray(), np.int16).reshape(-1))
        TAP.sound(Stream.CUSTOMER_SOUND, self._source, frame.pts, packet)
        return [packet] if packet else [], frame.pts


class TunedHeaderExtensions(rtp.HeaderExtensionsMap):
    """aiortc's, and the wish to have a picture shown as soon as it is there (playout delay 0 to 0, of webrtc.org).

    On an uneven path the far end is left to wait as long as it likes: pictures that come in heaps would not be seen.
    """

    def __init__(self, steps: BitrateSteps) -> None:
        super().__init__()
        self._playout_id = 0
        self._steps = steps

    def configure(self, parameters: RTCRtpParameters) -> None:
        super().configure(parameters)
        for extension in parameters.headerExtensions:
            if extension.uri == PLAYOUT_DELAY.uri:
                self._playout_id = extension.id

    def set(self, values: rtp.HeaderExtensions) -> tuple[int, bytes]:
        profile, packed = super().set(values)
        if not self._playout_id or values.abs_send_time is None:
            return profile, packed
        known = rtp.unpack_header_extensions(profile, packed)
        wish = WITHIN_A_SECOND if self._steps.uneven(time.monotonic()) else AT_ONCE
        return rtp.pack_header_extensions([*known, (self._playout_id, wish)])


class TunedRtpSender(RTCRtpSender):
    """aiortc's sender with our encoders, which tells them of losses; pictures leave at a pace."""

    def __init__(self, what: MediaStreamTrack | str, transport: RTCDtlsTransport) -> None:
        super().__init__(what, transport)
        self.beginning = Beginning()  # to be set before the first picture
        self.steps = BitrateSteps(time.monotonic())
        self._paced = _PacedTransport(transport, self.steps) if self.kind == "video" else None
        hidden: Any = self
        hidden._RTCRtpSender__rtp_header_extensions_map = TunedHeaderExtensions(self.steps)

    @property
    def transport(self) -> RTCDtlsTransport:
        paced: Any = self._paced
        return super().transport if paced is None else paced

    async def _run_rtp(self, codec: RTCRtpCodecParameters) -> None:
        if self._paced is not None:
            self._paced.media_task = asyncio.current_task()
        await super()._run_rtp(codec)

    async def _next_encoded_frame(self, codec: RTCRtpCodecParameters) -> RTCEncodedFrame | None:
        hidden: Any = self
        if hidden._RTCRtpSender__encoder is None:
            hidden._RTCRtpSender__encoder = self._make_encoder(codec)
        return await super()._next_encoded_frame(codec)

    async def _handle_rtcp_packet(self, packet: AnyRtcpPacket) -> None:
        if isinstance(packet, (RtcpRrPacket, RtcpSrPacket)):
            for report in packet.reports:
                if report.ssrc == self._ssrc:
                    lost, part = report.packets_lost, report.fraction_lost / 256
                    self.steps.reported(report.highest_sequence, lost, part, time.monotonic())
        await super()._handle_rtcp_packet(packet)

    def _send_keyframe(self) -> None:
        self.steps.key_asked(time.monotonic())
        super()._send_keyframe()

    def _make_encoder(self, codec: RTCRtpCodecParameters) -> Encoder:
        """Ours for what we offer, aiortc's for the rest."""
        mime_type = codec.mimeType.lower()
        if mime_type == "audio/opus":
            return TunedOpusEncoder()
        if mime_type != "video/vp8":
            return get_plain_encoder(codec)
        self.steps.begin(time.monotonic(), self.beginning)
        return TunedVp8Encoder(self.steps)


class _PacedTransport:
    """Stands before aiortc's transport. The task that sends pictures waits here, so none is encoded in vain."""

    def __init__(self, transport: RTCDtlsTransport, steps: BitrateSteps) -> None:
        self.media_task: asyncio.Task[Any] | None = None
        self._steps = steps
        self._transport = transport
        self._pacer = Pacer()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    async def _send_rtp(self, data: bytes) -> None:
        of_media = asyncio.current_task() is self.media_task
        if not is_rtcp(data) and not of_media and not self._pacer.may_repeat(time.monotonic()):
            return
        await self._transport._send_rtp(data)
        if is_rtcp(data):
            return
        wait_s = self._pacer.sent(len(data), self._steps.bps, time.monotonic(), self._steps.known_bps)
        if of_media and wait_s > 0:
            await asyncio.sleep(wait_s)


class TunedRtpReceiver(RTCRtpReceiver):
    """aiortc's receiver: pictures are assembled by us, and packets of sound are handed on as they come."""

    def __init__(self, kind: str, transport: RTCDtlsTransport) -> None:
        super().__init__(kind, transport)
        self._asking: asyncio.Task[None] | None = None
        self.clock = SenderClock(SAMPLE_RATE if kind == "audio" else VIDEO_TIME_BASE.denominator)
        self._intake: _PictureIntake | None = None
        # Gets the place, the unwrapped time and the bytes of every packet of sound.
        self.take_sound: Callable[[int, int, bytes], None] = lambda place, timestamp, packet: None
        self.recorded = True  # as the agent's part; in a room one of those that are received is the agent
        hidden: Any = self
        if kind == "audio":
            hidden._RTCRtpReceiver__jitter_buffer = _SoundIntake(self)
        else:
            self._intake = _PictureIntake(self)
            hidden._RTCRtpReceiver__nack_generator = self._intake.losses
            hidden._RTCRtpReceiver__jitter_buffer = self._intake

    async def receive(self, parameters: RTCRtpReceiveParameters) -> None:
        await super().receive(parameters)
        if self._intake is not None and self._asking is None:
            self._asking = asyncio.create_task(self._ask_again(self._intake))

    async def stop(self) -> None:
        if self._asking is not None:
            self._asking.cancel()
            await asyncio.gather(self._asking, return_exceptions=True)
        await super().stop()

    async def _handle_rtcp_packet(self, packet: AnyRtcpPacket) -> None:
        if isinstance(packet, RtcpSrPacket):
            self.clock.reported(packet.sender_info.ntp_timestamp, packet.sender_info.rtp_timestamp)
        await super()._handle_rtcp_packet(packet)

    async def _ask_again(self, intake: _PictureIntake) -> None:
        while True:
            await asyncio.sleep(LOOK_S)
            now_s = time.monotonic()
            if lost := intake.losses.due(now_s):
                await self._send_rtcp_nack(intake.ssrc, sorted(lost))
            if intake.wants_key(now_s):
                await self._send_rtcp_pli(intake.ssrc)


class _WireLosses:
    """Takes the place of aiortc's NackGenerator: told every packet, it says what to ask for at once in `missing`."""

    def __init__(self) -> None:
        self.place = 0  # of the packet that came last
        self.missing: list[int] = []
        self._unwrapper = Unwrapper()
        self.known = Losses()

    def add(self, packet: RtpPacket) -> bool:
        """True when packets are to be asked for now."""
        self.place = self._unwrapper.place(packet.sequence_number)
        now_s = time.monotonic()
        self.known.arrived(self.place, now_s)
        self.missing = self.due(now_s)
        return bool(self.missing)

    def due(self, now_s: float) -> list[int]:
        """As numbers on the wire."""
        return [place & 0xFFFF for place in self.known.due(now_s)]

    def forget_below(self, place: int) -> None:
        self.known.forget_below(place)


class _PictureIntake:
    """Takes the place of aiortc's JitterBuffer for pictures."""

    def __init__(self, receiver: TunedRtpReceiver) -> None:
        self.losses = _WireLosses()
        self.ssrc = 0
        self._source = TAP.new_source()
        self._receiver: Any = receiver
        self._assembler = PictureAssembler()

    def add(self, packet: RtpPacket) -> tuple[bool, JitterFrame | None]:
        """aiortc decodes the last picture that is whole now; those before it are put in front of it."""
        self.ssrc = packet.ssrc
        queue = self._receiver._RTCRtpReceiver__decoder_queue
        if queue.qsize() > UNDECODED_MAX:
            self._assembler.restart()
        pictures = self._assembler.add(_video_packet(packet, self.losses.place), time.monotonic())
        for picture in pictures if self._receiver.recorded else ():
            TAP.picture(Stream.AGENT_PICTURE, self._source, picture.timestamp, picture.data)
        if not pictures:
            return self.wants_key(time.monotonic()), None
        self._receiver.clock.begins(pictures[0].timestamp)  # aiortc counts a frame's time from here
        if self._assembler.next_place is not None:
            self.losses.forget_below(self._assembler.next_place)
        codec = self._receiver._RTCRtpReceiver__codecs[packet.payload_type]
        map_time = self._receiver._RTCRtpReceiver__timestamp_mapper.map
        for picture in pictures[:-1]:
            queue.put((codec, JitterFrame(picture.data, map_time(picture.timestamp))))
        return False, JitterFrame(pictures[-1].data, pictures[-1].timestamp)

    def wants_key(self, now_s: float) -> bool:
        self._assembler.round_trip_s = self.losses.known.round_trip_s
        recorded = self.ssrc != 0 and self._receiver.recorded
        return self._assembler.wants_key(now_s) or (recorded and TAP.wants_key(self._source))


class _SoundIntake:
    """Takes the place of aiortc's JitterBuffer for sound: nothing is left for aiortc to decode."""

    def __init__(self, receiver: TunedRtpReceiver) -> None:
        self._receiver = receiver
        self._source = TAP.new_source()
        self._places, self._times = Unwrapper(), Unwrapper(bits=32)

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        place, timestamp = self._places.place(packet.sequence_number), self._times.place(packet.timestamp)
        if self._receiver.recorded:
            TAP.sound(Stream.AGENT_SOUND, self._source, timestamp, packet._data)  # type: ignore[attr-defined]
        self._receiver.take_sound(place, timestamp, packet._data)  # type: ignore[attr-defined]
        return False, None


def _video_packet(packet: RtpPacket, place: int) -> VideoPacket:
    """RFC 7741: the first packet begins partition 0, and the lowest bit of its first byte is 0 in a key frame."""
    data: bytes = packet._data  # type: ignore[attr-defined]  # without the descriptor, put there by the receiver
    begins = False
    if data:
        descriptor, _ = VpxPayloadDescriptor.parse(packet.payload)
        begins = descriptor.partition_start == 1 and descriptor.partition_id == 0
    return VideoPacket(
        place=place,
        timestamp=packet.timestamp,
        marker=bool(packet.marker),
        begins=begins,
        key=begins and not data[0] & 1,
        data=data,
    )


def install() -> None:
    """Makes aiortc's connections use our sender and our receiver. Once, at the start of the process."""
    if PLAYOUT_DELAY not in HEADER_EXTENSIONS["video"]:
        HEADER_EXTENSIONS["video"].append(PLAYOUT_DELAY)
    aiortc.rtcpeerconnection.RTCRtpSender = TunedRtpSender  # type: ignore[assignment,attr-defined]
    aiortc.rtcpeerconnection.RTCRtpReceiver = TunedRtpReceiver  # type: ignore[attr-defined]


def warm_encoders(width: int, height: int) -> None:
    """Runs both encoders once, so that the first frame of a call does not pay for loading and setting up. Blocking."""
    picture = VideoFrame(width=width, height=height, format="yuv420p")
    picture.pts, picture.time_base = 0, VIDEO_TIME_BASE
    TunedVp8Encoder(BitrateSteps(time.monotonic())).encode(picture, force_keyframe=True)
    sound = AudioFrame(format="s16", layout="mono", samples=SAMPLES_PER_FRAME)
    sound.pts, sound.sample_rate, sound.time_base = 0, SAMPLE_RATE, fractions.Fraction(1, SAMPLE_RATE)
    TunedOpusEncoder().encode(sound)


def tuned(receiver: RTCRtpReceiver) -> TunedRtpReceiver:
    """Ours, with what it can tell and do beside aiortc's."""
    assert isinstance(receiver, TunedRtpReceiver), "install() comes first"
    return receiver


def steps_of(sender: RTCRtpSender) -> BitrateSteps:
    """How large and how often its pictures are."""
    assert isinstance(sender, TunedRtpSender), "install() comes first"
    return sender.steps


def backlog(track: MediaStreamTrack) -> int:
    """How many decoded frames wait in a remote track: aiortc's queue has no limit, so it is drained to the newest."""
    waiting: int = track._queue.qsize()  # type: ignore[attr-defined]
    return waiting


@dataclass(frozen=True, slots=True)
class IceUrl:
    """Where a STUN or TURN server is, as aiortc reads it."""

    host: str
    port: int
    relay: bool
    stream: bool  # over TCP
    tls: bool


def ice_url(url: str) -> IceUrl | None:
    """None when aiortc cannot use it: it raises on one bad address, and then none of the servers is used."""
    try:
        parsed = parse_stun_turn_uri(url)
    except ValueError:
        return None
    scheme, stream = parsed["scheme"], parsed.get("transport") == "tcp"
    if scheme == "stuns" or (scheme == "turns" and not stream):
        return None
    return IceUrl(parsed["host"], parsed["port"], scheme in ("turn", "turns"), stream, scheme == "turns")
