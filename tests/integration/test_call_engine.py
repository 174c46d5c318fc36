"""The engine in this process, where aiortc's own parts can be made to fail."""

from __future__ import annotations

import asyncio
import gc
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiortc.rtcpeerconnection
import aiortc.rtcrtpsender
import pytest
from av.frame import Frame
from media_bench import Agent, until
from msgspec import Struct

from terminal_app.ipc.frame_ring import FrameReader, FrameWriter
from terminal_app.ipc.media_messages import ApplySdpAnswer, CallLiveness, MakeSdpOffer, MediaFailed, SdpOfferMade
from terminal_app.ipc.messages import Liveness
from terminal_app.media import aiortc_tuning, call, call_engine
from terminal_app.media.aiortc_tuning import TunedVp8Encoder
from terminal_app.media.bitrate import Beginning, BitrateSteps
from terminal_app.media.call_engine import CallEngine
from terminal_app.media.capture import CameraUse, Capture
from terminal_app.media.sound.card import SoundCard
from terminal_app.media.sound.tone import MeasuringSink
from terminal_app.media.tracks import CameraTrack
from terminal_app.sound_url import parse_sound_url

SENT_SIZE = (640, 360)


class EngineBench:
    """An engine with a made camera and sound, and what it told core."""

    def __init__(self, run_dir: Path) -> None:
        self.told: list[Struct] = []
        self.preview = FrameWriter(run_dir / "preview.ring")
        self.agent_ring = FrameWriter(run_dir / "agent.ring")
        self.beside_ring = FrameWriter(run_dir / "beside.ring")
        self.agent_picture = FrameReader(run_dir / "agent.ring")
        loop = asyncio.get_running_loop()
        self.capture = Capture(
            "camera://pattern?width=640&height=360",
            self.preview,
            on_status=lambda _: None,
            on_code=lambda _: None,
        )
        self.sound = SoundCard(
            parse_sound_url("sound://tone"),
            on_block=lambda block: loop.call_soon_threadsafe(
                lambda: [track.offer(block) for track in self.engine.tracks]
            ),
        )
        self.engine = CallEngine(
            capture=self.capture,
            sound=self.sound,
            agent_ring=self.agent_ring,
            beside_ring=self.beside_ring,
            tell_core=self.told.append,
        )
        self._advancing = asyncio.create_task(self._advance())

    async def connect(self, agent: Agent, link_bps: int = 0) -> None:
        await self.engine.make_offer(MakeSdpOffer("call-1", 1, [], link_bps))
        (offer,) = await self.expect(SdpOfferMade)
        await self.engine.apply_answer(ApplySdpAnswer("call-1", 1, await agent.answer(offer.sdp)))
        await until(lambda: [told for told in self.seen(CallLiveness) if told.liveness is Liveness.LIVE], "live")

    async def expect(self, kind: type[Struct]) -> list[Struct]:
        return await until(lambda: self.seen(kind), f"a {kind.__name__}")

    def seen(self, kind: type[Struct]) -> list[Struct]:
        return [message for message in self.told if isinstance(message, kind)]

    async def close(self) -> None:
        self._advancing.cancel()
        await self.engine.stop()
        self.preview.close()
        self.agent_ring.close()
        self.beside_ring.close()

    async def _advance(self) -> None:
        while True:
            await asyncio.sleep(0.1)
            await self.engine.advance()


@pytest.fixture
async def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[EngineBench]:
    monkeypatch.setattr(aiortc.rtcpeerconnection, "RTCRtpSender", aiortc.rtcpeerconnection.RTCRtpSender)
    monkeypatch.setattr(aiortc.rtcpeerconnection, "RTCRtpReceiver", aiortc.rtcpeerconnection.RTCRtpReceiver)
    aiortc_tuning.install()
    bench = EngineBench(tmp_path)
    yield bench
    await bench.close()


async def test_an_encoder_that_dies_under_a_healthy_connection_is_noticed(
    bench: EngineBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = TunedVp8Encoder.encode
    broken_at_s: list[float] = []

    def encode(self: TunedVp8Encoder, frame: Frame, force_keyframe: bool = False) -> tuple[list[bytes], int]:
        if broken_at_s and (frame.width, frame.height) == SENT_SIZE:
            raise ValueError("as libvpx does at a time that goes back")
        return plain(self, frame, force_keyframe)

    monkeypatch.setattr(TunedVp8Encoder, "encode", encode)
    async with Agent(width=320, height=240) as agent:
        await bench.connect(agent)
        await until(lambda: len(agent.video_pts) > 30, "pictures at the agent")
        assert not bench.seen(MediaFailed)
        broken_at_s.append(time.monotonic())
        (failed,) = await bench.expect(MediaFailed)
        assert failed.reason == "video packets stopped"
        assert 1.0 <= time.monotonic() - broken_at_s[0] < 2.5


async def test_the_agents_tone_reaches_the_loudspeaker(bench: EngineBench) -> None:
    async with Agent(with_video=False) as agent:
        await bench.connect(agent)
        sink = bench.sound.loudspeaker
        assert isinstance(sink, MeasuringSink)
        await until(lambda: sink.tone_level_db(1_000) > -30, "the agent's tone")
        assert sink.tone_level_db(440) < -45
        assert not bench.seen(CallLiveness)[-1].agent_has_video


async def test_a_call_that_no_core_claims_is_closed(bench: EngineBench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(call, "UNCLAIMED_S_MAX", 0.5)
    async with Agent(width=320, height=240) as agent:
        await bench.connect(agent)
        bench.engine.core_lost()
        (failed,) = await bench.expect(MediaFailed)
        assert failed.reason == "unclaimed"
        await until(lambda: agent.connection.connectionState == "closed", "the connection closed")
        await until(lambda: bench.agent_picture.blanked, "the ring wiped")
        assert bench.engine.call_id == ""
        assert bench.capture.use is CameraUse.NONE
        assert not bench.sound.opened


async def test_an_address_that_goes_asks_for_a_new_path_and_one_that_comes_does_not(
    bench: EngineBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Agent(width=320, height=240) as agent:
        await bench.connect(agent)
        stood = call_engine.local_addresses()
        monkeypatch.setattr(call_engine, "local_addresses", lambda: stood | {"192.0.2.77"})
        await asyncio.sleep(2 * call_engine.NETWORK_PERIOD_S)
        assert not bench.seen(MediaFailed)
        monkeypatch.setattr(call_engine, "local_addresses", lambda: stood)
        (failed,) = await bench.expect(MediaFailed)
        assert failed.reason == "the network changed"


async def test_what_waits_warm_is_made_anew_and_nothing_of_the_old_stays_open(
    bench: EngineBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(call_engine, "NETWORK_PERIOD_S", 0.1)
    monkeypatch.setattr(call_engine, "WARM_S_MAX", 0.3)
    await bench.engine.warm_up([])
    await asyncio.sleep(0.5)
    open_files = len(os.listdir("/proc/self/fd"))
    await asyncio.sleep(1.5)
    assert abs(len(os.listdir("/proc/self/fd")) - open_files) <= 4, "five connections later"
    async with Agent(width=320, height=240) as agent:
        await bench.connect(agent)


async def test_the_first_bitrate_is_of_the_path_that_was_measured_in_the_wait(
    bench: EngineBench, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = BitrateSteps.begin
    begun: list[tuple[int | None, int]] = []

    def begin(self: BitrateSteps, now_s: float, known: Beginning) -> None:
        plain(self, now_s, known)
        begun.append((known.link_bps, self.bps))

    monkeypatch.setattr(BitrateSteps, "begin", begin)
    await bench.engine.warm_up([])  # the connection is there before anything of its path is known
    begun.clear()
    async with Agent(width=320, height=240) as agent:
        await bench.connect(agent, link_bps=300_000)
        await until(lambda: (300_000, 150_000) in begun, "our sender; the agent has one of his own")


async def test_nothing_of_a_connection_outlives_it(bench: EngineBench) -> None:
    """A closed one is a ring of references with the last picture in it; with the collector off we alone free it."""

    def living() -> int:
        return sum(isinstance(each, CameraTrack) for each in gc.get_objects())

    gc.collect()
    gc.disable()
    try:
        async with Agent(width=320, height=240) as first, Agent(width=320, height=240) as second:
            await bench.connect(first)
            assert living() == 1
            await bench.engine.make_offer(MakeSdpOffer("call-1", 2, []))
            await until(lambda: len(bench.seen(SdpOfferMade)) == 2, "the offer of the new epoch")
            offer = bench.seen(SdpOfferMade)[1]
            assert isinstance(offer, SdpOfferMade)
            assert living() == 2
            await bench.engine.apply_answer(ApplySdpAnswer("call-1", 2, await second.answer(offer.sdp)))
            await until(lambda: living() == 1, "the replaced one is gone in mid-call")
            await bench.engine.stop()
            assert living() == 0
    finally:
        gc.enable()
