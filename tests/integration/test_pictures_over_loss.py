"""A real aiortc sender, a path that loses and delays, and our receiver."""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from itertools import pairwise

import aiortc.rtcpeerconnection
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCRtpReceiver
from aiortc.mediastreams import MediaStreamError

from terminal_app.media.aiortc_tuning import TunedRtpReceiver
from tests.integration.media_bench import MovingPicture, until

ONE_WAY_S = 0.02
WATCHED_S = 6.0


def over_a_bad_path(receiver: type[RTCRtpReceiver], loss: float, seed: int) -> type[RTCRtpReceiver]:
    """`receiver` behind a path of 40 ms there and back that loses packets both ways."""
    chance = random.Random(seed)

    class Behind(receiver):  # type: ignore[valid-type, misc]
        async def _handle_rtp_packet(self, packet, arrival_time_ms):
            if chance.random() >= loss:
                asyncio.get_running_loop().call_later(
                    ONE_WAY_S,
                    lambda: asyncio.ensure_future(super(Behind, self)._handle_rtp_packet(packet, arrival_time_ms)),
                )

        async def _send_rtcp_nack(self, media_ssrc, lost):
            if chance.random() >= loss:
                asyncio.get_running_loop().call_later(
                    ONE_WAY_S, lambda: asyncio.ensure_future(super(Behind, self)._send_rtcp_nack(media_ssrc, lost))
                )

    return Behind


async def picture_times(receiver: type[RTCRtpReceiver], loss: float, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When pictures were yielded, from the first one on."""
    monkeypatch.setattr(aiortc.rtcpeerconnection, "RTCRtpReceiver", over_a_bad_path(receiver, loss, seed=7))
    sender, taker = (RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2))
    times: list[float] = []

    async def read(track) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                await track.recv()
                times.append(time.monotonic())

    readers: list[asyncio.Task[None]] = []
    taker.on("track", lambda track: readers.append(asyncio.create_task(read(track))))
    sender.addTrack(MovingPicture(640, 360))
    await sender.setLocalDescription(await sender.createOffer())
    await taker.setRemoteDescription(sender.localDescription)
    await taker.setLocalDescription(await taker.createAnswer())
    await sender.setRemoteDescription(taker.localDescription)
    await until(lambda: times, "a first picture")
    await asyncio.sleep(WATCHED_S)
    await asyncio.gather(sender.close(), taker.close())
    await asyncio.gather(*readers)
    return times


async def test_at_ten_percent_loss_the_picture_never_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = await picture_times(TunedRtpReceiver, 0.1, monkeypatch)
    assert len(ours) > 20 * WATCHED_S
    assert max(after - before for before, after in pairwise(ours)) < 1.0


async def test_a_clean_path_yields_every_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    ours = await picture_times(TunedRtpReceiver, 0.0, monkeypatch)
    assert len(ours) > 0.8 * WATCHED_S * 30
