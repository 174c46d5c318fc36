"""A media process on a bench: this test is its core, and a plain aiortc peer is the agent's page."""

from __future__ import annotations

import asyncio
import contextlib
import fractions
import os
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from aiortc import MediaStreamTrack, RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame
from msgspec import Struct

from device_drivers.audio.level import tone, tone_level_db
from device_drivers.contract.audio import BLOCK_SAMPLES, SAMPLE_RATE_HZ
from terminal_app.ipc.channel import Channel, serve
from terminal_app.ipc.frame_ring import Frame, FrameReader
from terminal_app.ipc.media_messages import (
    ApplySdpAnswer,
    CallLiveness,
    MakeSdpOffer,
    MediaHello,
    MediaToCore,
    SdpOfferMade,
)
from terminal_app.ipc.messages import Liveness

MEDIA_PROGRAM = """
import logging, sys
from pathlib import Path
from terminal_app.media.process import main
logging.basicConfig(level="INFO", format="%(relativeCreated)d %(name)s %(message)s")
run_dir = Path(sys.argv[1])
places = dict(data_dir=run_dir, captions_model=sys.argv[4], document_camera_url=sys.argv[5])
sys.exit(main(run_dir, camera_url=sys.argv[2], sound_url=sys.argv[3], **places))
"""
WAIT_S_MAX = 15.0
AGENT_TONE_HZ = 1_000.0
AGENT_TONE_DB = -20.0
MessageType = TypeVar("MessageType", bound=Struct)


async def until(condition: Callable[[], Any], what: str, timeout_s: float = WAIT_S_MAX) -> Any:
    """Waits for a true value of `condition`."""
    end_s = time.monotonic() + timeout_s
    while not (value := condition()):
        assert time.monotonic() < end_s, f"in {timeout_s} s: {what}"
        await asyncio.sleep(0.01)
    return value


class MediaBench:
    """Starts `media` as a program and plays core for it."""

    def __init__(
        self,
        run_dir: Path,
        *,
        camera_url: str = "camera://pattern",
        sound_url: str = "sound://tone?hz=440",
        captions_model: str = "",
        document_camera_url: str = "",
    ) -> None:
        self.run_dir = run_dir
        self.preview = FrameReader(run_dir / "preview.ring")
        self.agent_picture = FrameReader(run_dir / "agent.ring")
        self.messages: list[Any] = []
        self.environment: dict[str, str] = {}
        urls = (camera_url, sound_url, captions_model, document_camera_url)
        self.command = [sys.executable, "-c", MEDIA_PROGRAM, str(run_dir), *urls]
        self._channel: Channel[Any] | None = None
        self._server: asyncio.Server | None = None
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> MediaBench:
        await self.listen()
        self._process = await asyncio.create_subprocess_exec(*self.command, env={**os.environ, **self.environment})
        await self.expect(MediaHello)
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process is not None
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
        with contextlib.suppress(ProcessLookupError):
            await asyncio.wait_for(self._process.wait(), WAIT_S_MAX)
        await self.hang_up_socket()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def exit_status(self) -> int:
        assert self._process is not None
        return await asyncio.wait_for(self._process.wait(), WAIT_S_MAX)

    def terminate(self) -> None:
        os.kill(self.pid, signal.SIGTERM)

    async def listen(self) -> None:
        async def serve_media(channel: Channel[Any]) -> None:
            self._channel = channel
            while (message := await channel.receive()) is not None:
                self.messages.append(message)

        self._server = await serve(self.run_dir / "core.sock", MediaToCore, serve_media)

    async def hang_up_socket(self) -> None:
        """Core dies, as far as media can see."""
        if self._channel is not None:
            await self._channel.close()
        if self._server is not None:
            self._server.close()

    def send(self, message: Struct) -> None:
        assert self._channel is not None
        self._channel.send(message)

    def seen(
        self, kind: type[MessageType], wanted: Callable[[MessageType], bool] = lambda _: True
    ) -> list[MessageType]:
        return [message for message in self.messages if isinstance(message, kind) and wanted(message)]

    async def expect(
        self,
        kind: type[MessageType],
        wanted: Callable[[MessageType], bool] = lambda _: True,
        timeout_s: float = WAIT_S_MAX,
    ) -> MessageType:
        """The first such message, already here or still to come."""
        await until(lambda: self.seen(kind, wanted), f"a {kind.__name__}; came: {self.messages[-5:]}", timeout_s)
        return self.seen(kind, wanted)[0]

    async def connect(self, agent: Agent, call_id: str = "call-1", media_epoch: int = 1) -> None:
        """One media epoch from the offer to the answer."""
        self.send(MakeSdpOffer(call_id, media_epoch, []))
        offer = await self.expect(SdpOfferMade, lambda made: (made.call_id, made.media_epoch) == (call_id, media_epoch))
        self.send(ApplySdpAnswer(call_id, media_epoch, await agent.answer(offer.sdp)))

    async def live(self, media_epoch: int = 1, call_id: str = "call-1") -> CallLiveness:
        return await self.expect(
            CallLiveness,
            lambda told: (told.call_id, told.media_epoch, told.liveness) == (call_id, media_epoch, Liveness.LIVE),
        )

    async def next_picture(self, ring: FrameReader) -> Frame:
        return await until(ring.latest, "a picture in the ring")

    def threads(self) -> int:
        return len(list(Path(f"/proc/{self.pid}/task").iterdir()))

    def open_files(self) -> list[str]:
        """What the descriptors of media lead to."""
        found = []
        for descriptor in Path(f"/proc/{self.pid}/fd").iterdir():
            with contextlib.suppress(FileNotFoundError):
                found.append(str(descriptor.readlink()))
        return found

    def cpu_s(self) -> float:
        """Processor time of media so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        pages = int(Path(f"/proc/{self.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Agent:
    """Plain aiortc as the agent's page: sends a moving picture and a 1 kHz tone, measures what comes."""

    def __init__(self, *, width: int = 1280, height: int = 720, with_video: bool = True) -> None:
        self.connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.video_pts: list[int] = []
        self.picture_sizes: list[tuple[int, int]] = []
        self.last_picture: VideoFrame | None = None
        self.heard: list[np.ndarray] = []
        self._tracks: list[MediaStreamTrack] = [ToneTrack()]
        if with_video:
            self._tracks.append(MovingPicture(width, height))
        self._readers: list[asyncio.Task[None]] = []
        self.connection.on("track", lambda track: self._readers.append(asyncio.create_task(self._read(track))))

    async def answer(self, offer: str) -> str:
        await self.connection.setRemoteDescription(RTCSessionDescription(sdp=offer, type="offer"))
        for track in self._tracks:
            self.connection.addTrack(track)
        await self.connection.setLocalDescription(await self.connection.createAnswer())
        return self.connection.localDescription.sdp

    def tone_level_db(self, frequency_hz: float) -> float:
        """Of the last half second that was heard."""
        return tone_level_db(np.concatenate(self.heard[-25:]) if self.heard else np.zeros(0, np.int16), frequency_hz)

    async def close(self) -> None:
        await self.connection.close()
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    async def __aenter__(self) -> Agent:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _read(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                if isinstance(frame, VideoFrame):
                    self.video_pts.append(frame.pts)
                    self.picture_sizes.append((frame.width, frame.height))
                    self.last_picture = frame
                else:
                    self.heard.append(frame.to_ndarray().reshape(-1, 2)[:, 0].astype(np.int16))
                    del self.heard[:-100]


class MovingPicture(MediaStreamTrack):
    """A noise picture that moves sideways, 30 times a second, encoded by aiortc as it comes."""

    kind = "video"

    def __init__(self, width: int, height: int) -> None:
        super().__init__()
        coarse = np.random.default_rng(1).integers(16, 235, (height // 40, width // 40), np.uint8)
        self._luma = coarse.repeat(40, 0).repeat(40, 1)
        self._chroma = np.full((height // 2, width), 128, np.uint8)
        self._number = 0
        self._begun_s = time.monotonic()

    async def recv(self) -> VideoFrame:
        self._number += 1
        await asyncio.sleep(max(0.0, self._begun_s + self._number / 30 - time.monotonic()))
        picture = np.concatenate([np.roll(self._luma, 4 * self._number, 1), self._chroma])
        frame = VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts, frame.time_base = self._number * 3_000, fractions.Fraction(1, 90_000)
        return frame


class ToneTrack(MediaStreamTrack):
    """1 kHz."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self._sample = 0
        self._begun_s = time.monotonic()

    async def recv(self) -> AudioFrame:
        await asyncio.sleep(max(0.0, self._begun_s + self._sample / SAMPLE_RATE_HZ - time.monotonic()))
        block = tone(AGENT_TONE_HZ, AGENT_TONE_DB, self._sample, BLOCK_SAMPLES)
        frame = AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.time_base = SAMPLE_RATE_HZ, fractions.Fraction(1, SAMPLE_RATE_HZ)
        frame.pts = self._sample
        self._sample += BLOCK_SAMPLES
        return frame
