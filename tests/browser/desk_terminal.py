"""The far end of a call for the agent's page: aiortc, as on a terminal, with a picture and a tone of its own."""

from __future__ import annotations

import asyncio
import fractions
import functools
import math
import time
from typing import Any, Protocol

import numpy as np
from aiortc import (
    AudioStreamTrack,
    MediaStreamTrack,
    RTCConfiguration,
    RTCPeerConnection,
    RTCSessionDescription,
    VideoStreamTrack,
)
from aiortc.mediastreams import MediaStreamError
from aiortc.sdp import candidate_from_sdp
from av import AudioFrame, VideoFrame

from signaling_server.contract import messages as m

WIDTH, HEIGHT, PICTURES = 480, 270, 24
RATE_HZ, TONE_HZ, BLOCK = 48_000, 440, 960


class Relay(Protocol):
    """What carries the terminal's messages to the page and back."""

    received: list[Any]

    async def say(self, *messages: Any) -> None: ...
    async def heard(self, kind: type[Any], after: int = 0) -> Any: ...


class PictureTrack(VideoStreamTrack):
    """A room with somebody in it who sways; still while `moving` is clear."""

    def __init__(self) -> None:
        super().__init__()
        self.moving = asyncio.Event()
        self.moving.set()

    async def recv(self) -> VideoFrame:
        await self.moving.wait()
        pts, time_base = await self.next_timestamp()
        frame = VideoFrame.from_ndarray(_pictures()[pts // 3_000 % PICTURES], format="rgb24")
        frame.pts, frame.time_base = pts, time_base
        return frame


@functools.cache
def _pictures() -> list[np.ndarray]:
    return [_picture(sway=int(9 * math.sin(2 * math.pi * index / PICTURES))) for index in range(PICTURES)]


def _picture(sway: int) -> np.ndarray:
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH]
    picture = np.stack([170 - rows // 4, 190 - rows // 4, 205 - rows // 5], axis=-1).astype(np.uint8)
    middle = WIDTH // 2 + sway
    body = ((columns - middle) / (WIDTH * 0.19)) ** 2 + ((rows - HEIGHT) / (HEIGHT * 0.42)) ** 2 < 1
    head = ((columns - middle) / (WIDTH * 0.08)) ** 2 + ((rows - HEIGHT * 0.46) / (HEIGHT * 0.18)) ** 2 < 1
    picture[body] = (60, 92, 140)
    picture[head] = (226, 186, 160)
    return picture


class ToneTrack(AudioStreamTrack):
    """440 Hz at -9 dBFS."""

    def __init__(self) -> None:
        super().__init__()
        self._at = 0
        self._started_s = 0.0

    async def recv(self) -> AudioFrame:
        self._started_s = self._started_s or time.monotonic()
        await asyncio.sleep(max(0.0, self._started_s + self._at / RATE_HZ - time.monotonic()))
        times = (self._at + np.arange(BLOCK)) / RATE_HZ
        samples = (0.5 * 32_767 * np.sin(2 * np.pi * TONE_HZ * times)).astype(np.int16)
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), format="s16", layout="mono")
        frame.pts, frame.sample_rate, frame.time_base = self._at, RATE_HZ, fractions.Fraction(1, RATE_HZ)
        self._at += BLOCK
        return frame


class DeskTerminal:
    """Makes the SDP offer of one media epoch and receives what the page sends."""

    def __init__(self, relay: Relay, call_id: str, media_epoch: int = 1) -> None:
        self.picture = PictureTrack()
        self.frames_received = 0
        self.sound_peak = 0
        self._relay = relay
        self._call_id = call_id
        self._epoch = media_epoch
        self._readers: list[asyncio.Task[None]] = []
        self._peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._peer.addTrack(ToneTrack())
        self._peer.addTrack(self.picture)
        self._peer.on("track", self._read)

    async def offer(self) -> m.SdpOffer:
        await self._peer.setLocalDescription(await self._peer.createOffer())
        return m.SdpOffer(self._call_id, self._epoch, self._peer.localDescription.sdp)

    async def connect(self) -> None:
        """Offers, takes the page's answer and its trickled candidates."""
        asked_at = len(self._relay.received)
        await self._relay.say(await self.offer())
        after = asked_at
        while (answer := await self._relay.heard(m.SdpAnswer, after)).media_epoch != self._epoch:
            after = self._relay.received.index(answer) + 1  # a late answer to an epoch before
        await self._peer.setRemoteDescription(RTCSessionDescription(answer.sdp, "answer"))
        self._readers.append(asyncio.create_task(self._take_candidates(asked_at)))

    async def close(self) -> None:
        for reader in self._readers:
            reader.cancel()
        await self._peer.close()

    async def _take_candidates(self, at: int) -> None:
        while True:
            mine = [each for each in self._relay.received[at:] if isinstance(each, m.IceCandidate)]
            at = len(self._relay.received)
            for message in mine:
                if message.media_epoch == self._epoch and message.candidate.startswith("candidate:"):
                    candidate = candidate_from_sdp(message.candidate.removeprefix("candidate:"))
                    candidate.sdpMid, candidate.sdpMLineIndex = message.sdp_mid, message.sdp_mline_index
                    await self._peer.addIceCandidate(candidate)
            await asyncio.sleep(0.02)

    def _read(self, track: MediaStreamTrack) -> None:
        self._readers.append(asyncio.create_task(self._drain(track)))

    async def _drain(self, track: MediaStreamTrack) -> None:
        try:
            while True:
                frame = await track.recv()
                if isinstance(frame, VideoFrame):
                    self.frames_received += 1
                else:
                    self.sound_peak = max(self.sound_peak, int(np.abs(frame.to_ndarray()).max()))
        except MediaStreamError:
            return
