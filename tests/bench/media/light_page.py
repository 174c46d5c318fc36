"""An agent's page without a browser: it takes every call that rings, and its far end is plain aiortc.

It sends 720p30 that was encoded once, in a round, with 1 kHz, and decodes all that comes: a moving picture and sound
both ways for a tenth of what a browser takes.
"""

from __future__ import annotations

import asyncio
import contextlib
import fractions
import functools
import itertools
import time
from typing import Any

import av
import numpy as np
from aiortc import MediaStreamTrack
from av import VideoFrame
from media_bench import Agent, ToneTrack
from office_bench import Crowd, Peer

from signaling_server.contract.decoding import decode_for_agent
from signaling_server.contract.messages import (
    AcceptCall,
    AgentPing,
    CallEnded,
    CallOffered,
    CallQuality,
    CaseKind,
    CloseWrapUp,
    CommandRefused,
    SdpAnswer,
    SdpOffer,
)

PICTURE_RATE, ROUND_PICTURES = 30, 60  # a round begins with a key frame, every 2 s
BITRATE_BPS = 1_800_000
REPORT_S = 2.0
TOPIC = "charges.explain"


class EncodedPicture(MediaStreamTrack):
    """A moving picture of 720 lines, encoded before."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self._round = itertools.cycle(encoded_round())
        self._number = 0
        self._begun_s = time.monotonic()

    async def recv(self) -> av.Packet:
        self._number += 1
        await asyncio.sleep(max(0.0, self._begun_s + self._number / PICTURE_RATE - time.monotonic()))
        packet = av.Packet(next(self._round))
        packet.pts, packet.time_base = self._number * 90_000 // PICTURE_RATE, fractions.Fraction(1, 90_000)
        return packet


class FarEnd(Agent):
    """The peer of one media epoch, without an estimate of the path.

    That of aiortc falls where the machine is busy; the terminal would send stills, and 720 lines are to be weighed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tracks = [ToneTrack(), EncodedPicture()]

    async def answer(self, offer: str) -> str:
        sdp = await super().answer(offer)
        for transceiver in self.connection.getTransceivers():
            hidden: Any = transceiver.receiver
            hidden._RTCRtpReceiver__remote_bitrate_estimator = None
        return sdp


class LightPage:
    """Anna at work, from `open` to `close`."""

    def __init__(self, crowd: Crowd, desk_url: str) -> None:
        self._crowd, self._desk_url = crowd, desk_url
        self._page: Peer | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self.call_id = ""
        self.far_end: FarEnd | None = None
        self.epochs = 0  # of all calls
        self._pictures = 0  # of far ends that are gone

    async def open(self) -> None:
        encoded_round()
        self._page = await self._crowd.page(self._desk_url, await self._crowd.signed_in(self._desk_url))
        self._tasks = [asyncio.create_task(self._serve(self._page)), asyncio.create_task(self._report(self._page))]

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._hang_up()

    @property
    def pictures(self) -> int:
        """Seen so far."""
        return self._pictures + (len(self.far_end.video_pts) if self.far_end is not None else 0)

    @property
    def broken(self) -> BaseException | None:
        """Why this page serves no more."""
        return next((task.exception() for task in self._tasks if task.done() and not task.cancelled()), None)

    async def _serve(self, page: Peer) -> None:
        async for frame in page.socket:
            match decode_for_agent(frame.data):
                case CallOffered(call=call):
                    await page.send(AcceptCall("accept", call.call_id, call.token))
                case SdpOffer(call_id=call_id, media_epoch=media_epoch, sdp=sdp):
                    await self._hang_up()
                    self.call_id, self.far_end, self.epochs = call_id, FarEnd(), self.epochs + 1
                    await page.send(SdpAnswer(call_id, media_epoch, await self.far_end.answer(sdp)))
                case CallEnded(call_id=call_id):
                    await self._hang_up()
                    await page.send(CloseWrapUp("wrap", call_id, CaseKind.QUESTION, TOPIC, "Разобрались"))
                case CommandRefused() as refused:
                    raise ConnectionError(f"the office refused {refused}")
        raise ConnectionError("the office closed the page")

    async def _report(self, page: Peer) -> None:
        for number in itertools.count():
            await asyncio.sleep(REPORT_S)
            await page.send(AgentPing(number))
            if self.far_end is not None:
                await page.send(CallQuality(self.call_id, len(self.far_end.video_pts), -20.0))

    async def _hang_up(self) -> None:
        far_end, self.far_end = self.far_end, None
        if far_end is not None:
            self._pictures += len(far_end.video_pts)
            with contextlib.suppress(ConnectionError):
                await far_end.close()


@functools.cache
def encoded_round() -> list[bytes]:
    """Bars with noise that move sideways, by libvpx."""
    codec = av.CodecContext.create("libvpx", "w")
    codec.width, codec.height, codec.pix_fmt, codec.bit_rate = 1280, 720, "yuv420p", BITRATE_BPS
    codec.time_base, codec.framerate = fractions.Fraction(1, PICTURE_RATE), fractions.Fraction(PICTURE_RATE)
    codec.gop_size = ROUND_PICTURES
    codec.options = {"deadline": "realtime", "cpu-used": "-6", "lag-in-frames": "0"}
    random = np.random.default_rng(1)
    luma = random.integers(16, 235, (18, 32), np.uint8).repeat(40, 0).repeat(40, 1)
    chroma = np.full((360, 1280), 128, np.uint8)
    packets: list[bytes] = []
    for number in range(ROUND_PICTURES):
        picture = np.concatenate([np.roll(luma, 8 * number, 1), chroma])
        frame = VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts = number
        packets += [bytes(packet) for packet in codec.encode(frame)]
    return packets
