"""What we rely on in aiortc's private parts; a new version of it must be looked at before it is taken."""

from __future__ import annotations

import fractions
import importlib.metadata
import inspect
import time

import aiortc.rtcpeerconnection
import aiortc.rtcrtpsender
import numpy as np
import pytest
from aiortc import (
    RTCCertificate,
    RTCDtlsTransport,
    RTCIceGatherer,
    RTCIceTransport,
    RTCRtpCodecParameters,
    RTCRtpSender,
    rtp,
)
from aiortc.codecs import HEADER_EXTENSIONS
from aiortc.codecs.vpx import Vp8Decoder, Vp8Encoder
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtcrtpparameters import RTCRtpParameters
from aiortc.rtcrtpreceiver import RemoteStreamTrack, RTCRtpReceiver
from av import AudioFrame, VideoFrame

from device_drivers.audio.level import tone
from terminal_app.media import aiortc_tuning, call
from terminal_app.media.aiortc_tuning import (
    TESTED_VERSIONS,
    TunedOpusEncoder,
    TunedRtpReceiver,
    TunedRtpSender,
    TunedVp8Encoder,
)
from terminal_app.media.bitrate import Beginning, BitrateSteps


@pytest.mark.parametrize("package", TESTED_VERSIONS)
def test_the_installed_version_is_the_one_that_was_tuned(package: str) -> None:
    assert importlib.metadata.version(package) == TESTED_VERSIONS[package]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ours, for this test alone."""
    monkeypatch.setattr(aiortc.rtcpeerconnection, "RTCRtpSender", RTCRtpSender)
    monkeypatch.setattr(aiortc.rtcpeerconnection, "RTCRtpReceiver", RTCRtpReceiver)
    monkeypatch.setitem(HEADER_EXTENSIONS, "video", HEADER_EXTENSIONS["video"][:])
    aiortc_tuning.install()


def test_aiortc_still_uses_the_parts_of_its_sender_that_ours_are_put_into(installed: None) -> None:
    source = inspect.getsource(RTCRtpSender)
    for used in (
        "if self.__encoder is None:\n            self.__encoder = get_encoder(codec)",
        "self.__encoder.target_bitrate = bitrate",
        "enc_frame = await self._next_encoded_frame(codec)",
        "asyncio.ensure_future(self._run_rtp(",
        "await self.transport._send_rtp(packet_bytes)",
        "async def _handle_rtcp_packet(self, packet",
        "self._send_keyframe()",
        "self.__rtp_header_extensions_map = rtp.HeaderExtensionsMap()",
        "packet.extensions.abs_send_time = (",
    ):
        assert used in source, used
    assert "sender=RTCRtpSender(sender_track or kind, dtlsTransport)" in inspect.getsource(aiortc.rtcpeerconnection)
    assert aiortc.rtcpeerconnection.RTCRtpSender is TunedRtpSender


async def test_the_sender_makes_our_encoders_and_aiortcs_for_the_rest(installed: None) -> None:
    transport = RTCDtlsTransport(RTCIceTransport(RTCIceGatherer()), [RTCCertificate.generateCertificate()])
    video, audio = TunedRtpSender("video", transport), TunedRtpSender("audio", transport)
    video.beginning = Beginning(700_000)
    encoder = video._make_encoder(parameters("video/VP8", 90_000))
    assert isinstance(encoder, TunedVp8Encoder)
    assert encoder.target_bitrate == 400_000
    assert type(audio._make_encoder(parameters("audio/opus", 48_000))) is TunedOpusEncoder
    assert type(audio._make_encoder(parameters("audio/PCMU", 8_000))).__name__ == "PcmuEncoder"
    assert audio.transport is transport


async def test_a_picture_says_that_it_is_to_be_shown_at_once_while_none_is_lost(installed: None) -> None:
    transport = RTCDtlsTransport(RTCIceTransport(RTCIceGatherer()), [RTCCertificate.generateCertificate()])
    sender = TunedRtpSender("video", transport)
    extensions = sender._RTCRtpSender__rtp_header_extensions_map  # type: ignore[attr-defined]
    extensions.configure(RTCRtpParameters(headerExtensions=HEADER_EXTENSIONS["video"]))

    def wish() -> bytes:
        profile, packed = extensions.set(rtp.HeaderExtensions(abs_send_time=77, mid="0"))
        assert extensions.get(profile, packed).abs_send_time == 77
        return dict(rtp.unpack_header_extensions(profile, packed))[aiortc_tuning.PLAYOUT_DELAY.id]

    assert wish() == aiortc_tuning.AT_ONCE
    now_s = time.monotonic()
    sender.steps.reported(100, 0, 0.0, now_s - 2)
    sender.steps.reported(200, 5, 0.05, now_s)
    assert wish() == aiortc_tuning.WITHIN_A_SECOND
    stranger = TunedRtpSender("audio", transport)._RTCRtpSender__rtp_header_extensions_map  # type: ignore[attr-defined]
    stranger.configure(RTCRtpParameters(headerExtensions=HEADER_EXTENSIONS["audio"]))
    assert len(rtp.unpack_header_extensions(*stranger.set(rtp.HeaderExtensions(abs_send_time=77, mid="0")))) == 1


def test_aiortc_still_hands_packets_to_the_parts_that_ours_take_the_place_of(installed: None) -> None:
    source = inspect.getsource(RTCRtpReceiver)
    for used in (
        "self.__nack_generator.add(packet)",
        "await self._send_rtcp_nack(\n                packet.ssrc, sorted(self.__nack_generator.missing)",
        "packet._data = depayload(codec, packet.payload)",
        "pli_flag, encoded_frame = self.__jitter_buffer.add(packet)",
        "encoded_frame.timestamp = self.__timestamp_mapper.map(",
        "self.__decoder_queue.put((codec, encoded_frame))",
        "self.__codecs[codec.payloadType] = codec",
        "async def _send_rtcp_pli(self, media_ssrc: int)",
    ):
        assert used in source, used
    assert aiortc.rtcpeerconnection.RTCRtpReceiver is TunedRtpReceiver
    assert "receiver=RTCRtpReceiver(kind, dtlsTransport)" in inspect.getsource(aiortc.rtcpeerconnection)


def test_aiortcs_own_encoders_keep_a_codec_that_is_already_there() -> None:
    assert "if self.codec is None:" in inspect.getsource(Vp8Encoder.encode)
    assert "self.target_bitrate - self.codec.bit_rate" in inspect.getsource(Vp8Encoder.encode)
    assert "if not payloads:" in inspect.getsource(aiortc.rtcrtpsender.RTCRtpSender), "silence may send nothing"


def test_video_is_encoded_by_our_codec_and_decodes_again() -> None:
    encoder = TunedVp8Encoder(BitrateSteps(0.0, Beginning(50_000_000)))
    first, _ = encoder.encode(picture(0), force_keyframe=True)
    codec = encoder.codec
    second, timestamp = encoder.encode(picture(1), force_keyframe=False)
    assert encoder.codec is codec
    assert codec is not None
    assert (codec.thread_count, codec.bit_rate) == (1, encoder.target_bitrate)
    assert codec.options == {}  # what the encoder does not know stays behind here
    assert timestamp == 3_000
    assert sum(map(len, second)) < sum(map(len, first))
    decoded = Vp8Decoder().decode(frame_of(first))
    assert [(frame.width, frame.height) for frame in decoded] == [(1280, 720)]


def test_a_key_frame_is_no_burst() -> None:
    encoder = TunedVp8Encoder(BitrateSteps(0.0, Beginning(1_700_000)))
    sizes = [sum(map(len, encoder.encode(rich_picture(n), force_keyframe=n == 30)[0])) for n in range(40)]
    assert sizes[30] * 8 < encoder.target_bitrate * 0.2


def test_a_lower_bitrate_makes_a_smaller_picture() -> None:
    encoder = TunedVp8Encoder(BitrateSteps(0.0, Beginning(50_000_000)))
    encoder.encode(picture(0))
    encoder.target_bitrate = 650_000
    payloads, _ = encoder.encode(picture(1))
    decoded = Vp8Decoder().decode(frame_of(payloads))
    assert [(frame.width, frame.height) for frame in decoded] == [(960, 540)]


def test_the_stream_keeps_near_its_target_bitrate() -> None:
    encoder = TunedVp8Encoder(BitrateSteps(0.0, Beginning(1_700_000)))
    sizes = [sum(map(len, encoder.encode(picture(number))[0])) for number in range(90)]
    assert 0.5 < sum(sizes[30:]) * 8 / 2 / encoder.target_bitrate < 1.3


def test_sound_is_mono_and_small() -> None:
    encoder = TunedOpusEncoder()
    noise = np.random.default_rng(1)
    size = 0
    for number in range(50):
        block = noise.integers(-8_000, 8_000, (1, 960)).astype(np.int16)
        frame = AudioFrame.from_ndarray(block, format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, number * 960, fractions.Fraction(1, 48_000)
        size += sum(map(len, encoder.encode(frame)[0]))
    assert 24_000 < size * 8 < 40_000


async def test_the_queue_of_a_remote_track_can_be_looked_into() -> None:
    track = RemoteStreamTrack(kind="video")
    assert aiortc_tuning.backlog(track) == 0
    await track._queue.put(picture(0))
    assert aiortc_tuning.backlog(track) == 1


@pytest.mark.parametrize(
    ("url", "understood"),
    [
        ("stun:192.0.2.1:3478", True),
        ("turn:192.0.2.1:3478?transport=tcp", True),
        ("turns:relay.test", True),
        ("http://192.0.2.1", False),
        ("stun:", False),
        ("", False),
    ],
)
def test_a_bad_ice_address_is_told_from_a_good_one(url: str, understood: bool) -> None:
    assert (aiortc_tuning.ice_url(url) is not None) is understood


def parameters(mime_type: str, clock_rate: int) -> RTCRtpCodecParameters:
    return RTCRtpCodecParameters(mimeType=mime_type, clockRate=clock_rate, payloadType=100)


def picture(number: int) -> VideoFrame:
    coarse = np.random.default_rng(1).integers(16, 235, (18, 32), np.uint8).repeat(40, 0).repeat(40, 1)
    planes = np.concatenate([np.roll(coarse, 8 * number, 1), np.full((360, 1280), 128, np.uint8)])
    frame = VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.pts, frame.time_base = 3_000 * number, aiortc_tuning.VIDEO_TIME_BASE
    return frame


def rich_picture(number: int) -> VideoFrame:
    """A room full of edges, which no two pictures show alike."""
    coarse = np.random.default_rng(number // 10).integers(16, 235, (45, 80), np.uint8).repeat(16, 0).repeat(16, 1)
    planes = np.concatenate([np.roll(coarse, 8 * number, 1), np.full((360, 1280), 128, np.uint8)])
    frame = VideoFrame.from_ndarray(planes, format="yuv420p")
    frame.pts, frame.time_base = 3_000 * number, aiortc_tuning.VIDEO_TIME_BASE
    return frame


def frame_of(payloads: list[bytes]) -> JitterFrame:
    from aiortc.codecs import vp8_depayload

    return JitterFrame(b"".join(vp8_depayload(payload) for payload in payloads), 0)


def test_silence_sends_next_to_nothing_and_a_voice_is_there_at_once() -> None:
    encoder, voice = TunedOpusEncoder(), tone(440, -20, 0, 960)
    sent = []
    for number in range(200):
        block = voice if number == 150 else np.zeros(960, np.int16)
        frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, 960 * number, fractions.Fraction(1, 48_000)
        payloads, timestamp = encoder.encode(frame)
        assert timestamp == 960 * number
        sent.append(bool(payloads))
    assert sum(sent[50:150]) <= 8
    assert sent[150]
    longest = max(len(rest) for rest in "".join(map(str, map(int, sent))).split("1"))
    assert longest * 0.02 < call.SEND_STALLED_S, "nobody takes the rest for a broken path"
