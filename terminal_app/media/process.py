"""The media process: obeys core over the terminal's socket. Core may die and come back; the call goes on meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from msgspec import Struct

from device_drivers.contract.audio import Samples
from terminal_app.ipc.channel import Channel, ChannelError, connect
from terminal_app.ipc.frame_ring import FrameWriter
from terminal_app.ipc.media_messages import (
    AnswerSdpOffer,
    ApplyIceCandidate,
    ApplySdpAnswer,
    CodeSeen,
    CoreToMedia,
    MakeSdpOffer,
    MediaDevicesChanged,
    MediaHello,
    PhotoFailed,
    PhotoGuide,
    RecordingChanged,
    SetCaptions,
    SetVolume,
    ShowFeeds,
    StartPhoto,
    StartRecording,
    StartScan,
    StopCall,
    StopPhoto,
    StopRecording,
    StopScan,
    TakePhoto,
    WarmUp,
)
from terminal_app.ipc.recordings import FOLDER
from terminal_app.media import aiortc_tuning, memory
from terminal_app.media.call_engine import CallEngine
from terminal_app.media.captions.captions import Captions
from terminal_app.media.capture import CameraUse, Capture
from terminal_app.media.device_check import DeviceCheck
from terminal_app.media.paper_camera import PaperCamera
from terminal_app.media.path_check import PathCheck
from terminal_app.media.photo import taken
from terminal_app.media.pictures import PREVIEW_SIZE_MAX, SHOWN_SIZE_MAX
from terminal_app.media.recording.recorder import Recorder
from terminal_app.media.recording.tap import TAP
from terminal_app.media.sound.card import SoundCard
from terminal_app.media.status import MediaDeviceStatus
from terminal_app.sound_url import SoundAddress, parse_sound_url

logger = logging.getLogger(__name__)

CORE_SOCKET = "core.sock"
PREVIEW_RING = "preview.ring"
AGENT_RING = "agent.ring"
BESIDE_RING = "beside.ring"
ADVANCE_PERIOD_S = 0.1
DEVICE_CHECK_PERIOD_S = 2.0
IDLE_DEVICE_CHECK_PERIOD_S = 10.0
WORKERS = 6  # threads for encoding and for what blocks when devices open and close


def main(
    run_dir: Path,
    *,
    camera_url: str,
    sound_url: str,
    data_dir: Path,
    captions_model: str = "",
    document_camera_url: str = "",
) -> int:
    """Runs until SIGTERM or SIGINT. Returns the exit status.

    Raises:
        DeviceUrlError: `sound_url` is none.
    """
    memory.limit()
    aiortc_tuning.install()
    memory.settle()
    sound_address = parse_sound_url(sound_url)
    return asyncio.run(_run(run_dir, (camera_url, document_camera_url), sound_address, data_dir, captions_model))


async def _run(
    run_dir: Path, cameras: tuple[str, str], sound_address: SoundAddress, data_dir: Path, captions_model: str
) -> int:
    loop = asyncio.get_running_loop()
    loop.set_default_executor(_full_pool())
    media = MediaProcess(run_dir, cameras, sound_address, data_dir, captions_model)
    running = asyncio.create_task(media.run())
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, running.cancel)
    await asyncio.wait([running])
    await media.close()
    if running.cancelled():
        return 0
    logger.error("media failed", exc_info=running.exception())
    return 1


def _full_pool() -> ThreadPoolExecutor:
    """All threads are there from the start: none is made in a call, and their number tells of one left behind."""
    pool, together = ThreadPoolExecutor(WORKERS, "media"), threading.Barrier(WORKERS)
    for _ in range(WORKERS):
        pool.submit(together.wait)
    return pool


class MediaProcess:
    """Cameras, sound and call behind core's commands. Opens no device before one asks for it.

    `cameras`: of the call, and of documents; empty: none.
    """

    def __init__(
        self,
        run_dir: Path,
        cameras: tuple[str, str],
        sound_address: SoundAddress,
        data_dir: Path,
        captions_model: str,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._socket = run_dir / CORE_SOCKET
        self._channel: Channel[object] | None = None
        self._jobs: set[asyncio.Task[None]] = set()
        self._told_devices: tuple[MediaDeviceStatus, ...] = ()
        self._preview_ring = FrameWriter(
            run_dir / PREVIEW_RING, width_max=PREVIEW_SIZE_MAX[0], height_max=PREVIEW_SIZE_MAX[1]
        )
        shown = {"width_max": SHOWN_SIZE_MAX[0], "height_max": SHOWN_SIZE_MAX[1]}
        self._agent_ring = FrameWriter(run_dir / AGENT_RING, **shown)
        self._beside_ring = FrameWriter(run_dir / BESIDE_RING, **shown)
        self.capture = Capture(
            cameras[0],
            self._preview_ring,
            on_status=lambda _: self._on_loop(self._tell_devices),
            on_code=lambda payload: self._on_loop(lambda: self._tell(CodeSeen(payload))),
            on_hint=lambda hint: self._on_loop(lambda: self._papers.hinted(hint)),
        )
        self._papers = PaperCamera(
            self.capture,
            cameras[1],
            self._preview_ring,
            on_status=self._tell_devices,
            on_hint=lambda hint, under: self._tell(PhotoGuide(hint, under=under)),
        )
        self.sound = SoundCard(sound_address, on_block=lambda block: self._on_loop(lambda: self._spread(block)))
        self.engine = CallEngine(
            capture=self.capture,
            sound=self.sound,
            agent_ring=self._agent_ring,
            beside_ring=self._beside_ring,
            tell_core=self._tell,
        )
        self._captions = Captions(captions_model, self._tell)
        self.sound.source = self._captions.listening(self.sound.source)
        self._device_check = DeviceCheck(self.capture, self.sound, self._tell)
        self._path_check = PathCheck(self._tell)
        self.recorder = Recorder(data_dir / FOLDER, TAP, lambda told: self._on_loop(lambda: self._tell(told)))

    async def run(self) -> None:
        """Serves core until cancelled."""
        await self._loop.run_in_executor(None, self.sound.probe)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._serve())
            tasks.create_task(self._advance())
            tasks.create_task(self._watch_devices())

    async def close(self) -> None:
        """Lets every device go and removes the pictures."""
        self._end_checks()
        await asyncio.gather(self.engine.stop(), self._stop_recording(), self._captions.stop())
        await asyncio.gather(self.capture.end(CameraUse.SCAN), self._papers.end())
        self._preview_ring.close()
        self._agent_ring.close()
        self._beside_ring.close()
        if self._channel is not None:
            await self._channel.close()

    async def _serve(self) -> None:
        while True:
            channel: Channel[object] = await connect(self._socket, CoreToMedia)
            self._channel = channel
            self._say_hello(channel)
            self.engine.core_found()
            try:
                while (command := await channel.receive()) is not None:
                    await self._obey(command)
            except ChannelError as error:
                logger.error("core sent what this release does not know: %s", error)
            self._channel = None
            self.engine.core_lost()
            await channel.close()
            # A scan without core leads nowhere, and nobody would end it.
            await asyncio.gather(self.capture.end(CameraUse.SCAN), self._papers.end())

    async def _take_photo(self, asked: TakePhoto) -> None:
        picture = await self._loop.run_in_executor(None, self._papers.sharpest)
        if picture is None:
            self._tell(PhotoFailed(asked.photo_id))
            return
        self._tell(await self._loop.run_in_executor(None, taken, asked, picture))

    async def _obey(self, command: object) -> None:
        match command:
            case StartScan():
                self.capture.begin(CameraUse.SCAN)
            case StopScan():
                await self.capture.end(CameraUse.SCAN)
            case StartPhoto(to_read=to_read):
                self._papers.begin(to_read=to_read)
            case StopPhoto():
                await self._papers.end()
            case TakePhoto():
                self._jobs.add(job := asyncio.create_task(self._take_photo(command)))
                job.add_done_callback(self._jobs.discard)
            case WarmUp():
                self._path_check.begin(command.ice_servers)
                await self.engine.warm_up(command.ice_servers)
                self._device_check.begin()
                self._tell_devices()
            case MakeSdpOffer():
                self._end_checks()
                await self.engine.make_offer(command)
                self._tell_devices()
            case ApplySdpAnswer():
                await self.engine.apply_answer(command)
            case AnswerSdpOffer():
                await self.engine.answer_offer(command)
            case ShowFeeds():
                self.engine.show(command)
            case ApplyIceCandidate():
                self.engine.apply_candidate(command)
            case SetVolume(volume=volume):
                self.sound.volume = volume
            case StartRecording(call_id=call_id, recording_id=recording_id):
                if call_id == self.engine.call_id:
                    await self._loop.run_in_executor(None, self.recorder.start, command)
                else:
                    self._tell(RecordingChanged(call_id, recording_id, on=False, reason="media"))
            case StopRecording(call_id=call_id) if call_id == self.recorder.call_id:
                await self._stop_recording(discard=True)
            case StopCall():
                self._end_checks()
                await asyncio.gather(self.engine.stop(), self._stop_recording(), self._captions.stop())
            case SetCaptions():
                await self._captions.switch(command)

    def _end_checks(self) -> None:
        self._device_check.end()
        self._path_check.end()

    async def _advance(self) -> None:
        while True:
            await asyncio.sleep(ADVANCE_PERIOD_S)
            await self.engine.advance()
            self._device_check.look()
            if self.recorder.call_id not in ("", self.engine.call_id):
                await self._stop_recording()  # the call ended without core
            if self._captions.call_id not in ("", self.engine.call_id):
                await self._captions.stop()

    async def _stop_recording(self, *, discard: bool = False) -> None:
        await self._loop.run_in_executor(None, lambda: self.recorder.stop(discard=discard))

    async def _watch_devices(self) -> None:
        """Sees what was plugged in or pulled, in a call and between calls."""
        while True:
            in_call = self.sound.opened
            await asyncio.sleep(DEVICE_CHECK_PERIOD_S if in_call else IDLE_DEVICE_CHECK_PERIOD_S)
            await self._loop.run_in_executor(None, self.sound.check)
            await self._loop.run_in_executor(None, memory.trim)
            self.capture.probe()
            self._papers.probe()
            self._tell_devices()

    def _spread(self, block: Samples) -> None:
        for track in self.engine.tracks:
            track.offer(block)

    def _say_hello(self, channel: Channel[object]) -> None:
        camera, paper, sound = self._told_devices = self._devices()
        channel.send(
            MediaHello(
                pid=os.getpid(),
                camera_state=camera.state.value,
                camera_detail=camera.detail,
                document_camera_state=paper.state.value,
                document_camera_detail=paper.detail,
                sound_state=sound.state.value,
                sound_detail=sound.detail,
                captions_state=self._captions.status.state.value,
                captions_detail=self._captions.status.detail,
                call_id=self.engine.call_id,
                media_epoch=self.engine.media_epoch,
            )
        )

    def _devices(self) -> tuple[MediaDeviceStatus, MediaDeviceStatus, MediaDeviceStatus]:
        return self.capture.status, self._papers.status, self.sound.status

    def _tell_devices(self) -> None:
        now = self._devices()
        if now != self._told_devices:
            self._told_devices = now
            words = (word for status in now for word in (status.state.value, status.detail))
            self._tell(MediaDevicesChanged(*words))

    def _tell(self, message: Struct) -> None:
        if self._channel is not None:
            self._channel.send(message)

    def _on_loop(self, work: Callable[[], None]) -> None:
        """From a device's thread; after the end of the loop there is nobody to tell."""
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(work)
