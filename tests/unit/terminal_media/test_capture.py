"""The camera is open only while it is used; nothing of a picture stays after it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from device_drivers.contract.camera import Picture
from device_drivers.contract.errors import LineBusyError, LineLostError
from device_drivers.contract.status import DeviceState
from terminal_app.ipc.frame_ring import FrameReader, FrameWriter
from terminal_app.media.capture import CODE_REPEAT_S, CameraUse, Capture, RepeatedCodes
from terminal_app.media.pictures import Shot
from terminal_app.media.status import MediaDeviceStatus
from terminal_app.media.tracks import CameraTrack, MicrophoneTrack, VideoClock

RED = (20, 20, 200)


class PaintedCamera:
    """Gives a red picture with a white left half, as fast as it is asked, until told to break."""

    opened = 0
    closed = 0

    def __init__(self) -> None:
        self.broken: Exception | None = None
        self._pixels = np.full((720, 1280, 3), RED, np.uint8)
        self._pixels[:, :640] = 255

    def open(self, _url: str) -> PaintedCamera:
        if self.broken is not None:
            raise self.broken
        self.opened += 1
        return self

    def read(self) -> Picture:
        time.sleep(0.005)
        if self.broken is not None:
            raise self.broken
        return Picture(self._pixels, time.monotonic())

    def close(self) -> None:
        self.closed += 1


class Stage:
    """A capture with its camera and its preview ring."""

    def __init__(self, run_dir: Path) -> None:
        self.camera = PaintedCamera()
        self.statuses: list[MediaDeviceStatus] = []
        self.writer = FrameWriter(run_dir / "preview.ring", width_max=640, height_max=360)
        self.preview = FrameReader(run_dir / "preview.ring")
        self.capture = Capture(
            "camera://pattern",
            self.writer,
            on_status=self.statuses.append,
            on_code=lambda _: None,
            open_camera=self.camera.open,
        )

    def shot(self, wanted: Callable[[Shot], bool] = lambda _: True) -> Shot:
        seen, end_s = 0, time.monotonic() + 5
        while time.monotonic() < end_s:
            seen, shot = self.capture.shots.wait_newer(seen, 1.0)
            if shot is not None and wanted(shot):
                return shot
        raise AssertionError("no such picture")


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    return Stage(tmp_path)


async def test_the_camera_opens_at_the_command_and_not_before(stage: Stage) -> None:
    assert stage.camera.opened == 0
    stage.capture.probe()
    assert stage.camera.opened == 0
    stage.capture.begin(CameraUse.SCAN)
    stage.shot()
    assert stage.camera.opened == 1
    await stage.capture.end(CameraUse.SCAN)


async def test_after_the_last_use_camera_threads_and_picture_are_gone(stage: Stage) -> None:
    stage.capture.begin(CameraUse.CALL)
    stage.capture.begin(CameraUse.SCAN)
    stage.shot(lambda shot: shot.i420 is not None)
    await stage.capture.end(CameraUse.SCAN)
    stage.shot()
    assert stage.camera.closed == 0
    await stage.capture.end(CameraUse.CALL)
    assert (stage.camera.opened, stage.camera.closed) == (1, 1)
    assert stage.capture.shots.newest()[1] is None
    assert stage.preview.blanked
    assert stage.preview.latest() is None
    assert not [thread for thread in threading.enumerate() if thread.name in ("camera", "code-search")]


async def test_a_camera_stopped_and_used_again_opens_again(stage: Stage) -> None:
    for opened in (1, 2, 3):
        stage.capture.begin(CameraUse.SCAN)
        stage.shot()
        await stage.capture.end(CameraUse.SCAN)
        assert (stage.camera.opened, stage.camera.closed) == (opened, opened)


async def test_the_preview_is_a_small_mirror(stage: Stage) -> None:
    stage.capture.begin(CameraUse.SCAN)
    end_s = time.monotonic() + 5
    while (frame := stage.preview.latest()) is None:
        assert time.monotonic() < end_s
        stage.capture.shots.wait_newer(0, 0.01)
    await stage.capture.end(CameraUse.SCAN)
    assert (frame.width, frame.height) == (640, 360)
    pixels = np.frombuffer(frame.pixels, np.uint8).reshape(360, 640, 4)
    assert pixels[180, 10].tolist() == [200, 20, 20, 255]  # RGBA
    assert pixels[180, 630].tolist() == [255, 255, 255, 255]


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (LineLostError("gone", device="camera"), DeviceState.NO_DEVICE),
        (LineBusyError("held by another program", device="camera"), DeviceState.DEVICE_BUSY),
        (RuntimeError("the driver broke"), DeviceState.HARDWARE_ERROR),
    ],
)
async def test_a_missing_camera_is_told_once_and_a_placard_is_sent(
    stage: Stage, error: Exception, state: DeviceState, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("terminal_app.media.capture.REOPEN_S", 0.02)
    stage.camera.broken = error
    stage.capture.begin(CameraUse.CALL)
    shot = stage.shot()
    assert shot.i420 is not None
    assert shot.i420.shape == (1080, 1280)
    assert shot.bgr.max() - shot.bgr.min() > 100  # something is drawn
    assert [status.state for status in stage.statuses] == [state]
    assert stage.preview.blanked
    stage.camera.broken = None
    stage.shot(lambda shot: tuple(shot.bgr[0, 1279]) == RED)
    assert [status.state for status in stage.statuses] == [state, DeviceState.ONLINE]
    await stage.capture.end(CameraUse.CALL)


async def test_a_camera_pulled_in_mid_call_is_replaced_by_the_placard(stage: Stage) -> None:
    stage.capture.begin(CameraUse.CALL)
    stage.shot()
    stage.camera.broken = LineLostError("pulled", device="camera")
    stage.shot(lambda shot: tuple(shot.bgr[0, 1279]) != RED)
    assert stage.camera.closed == 1
    await stage.capture.end(CameraUse.CALL)


async def test_a_fault_is_kept_for_a_while_after_the_camera_was_closed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.camera.broken = LineLostError("gone", device="camera")
    stage.capture.begin(CameraUse.SCAN)
    stage.shot()
    await stage.capture.end(CameraUse.SCAN)
    stage.capture.probe()
    assert stage.capture.status.state is DeviceState.NO_DEVICE
    monkeypatch.setattr("terminal_app.media.capture.FAULT_HOLD_S", 0.0)
    stage.capture.probe()
    assert stage.capture.status.state is DeviceState.ONLINE


async def test_an_absent_device_file_is_known_without_opening(tmp_path: Path) -> None:
    device = tmp_path / "video7"
    statuses: list[MediaDeviceStatus] = []
    writer = FrameWriter(tmp_path / "preview.ring")
    capture = Capture(f"camera://{device}", writer, on_status=statuses.append, on_code=lambda _: None)
    assert capture.status.state is DeviceState.NO_DEVICE
    device.touch()
    capture.probe()
    capture.probe()
    assert [status.state for status in statuses] == [DeviceState.ONLINE]


async def test_pictures_are_sent_with_strictly_growing_times_and_repeated_when_none_comes(stage: Stage) -> None:
    track = CameraTrack(stage.capture.shots)
    still = await track.recv()  # nothing was captured yet
    stage.capture.begin(CameraUse.CALL)
    stage.shot(lambda shot: shot.i420 is not None)
    frames = [await track.recv() for _ in range(5)]
    await stage.capture.end(CameraUse.CALL)
    frames += [await track.recv() for _ in range(2)]
    times = [still.pts, *(frame.pts for frame in frames)]
    assert all(earlier < later for earlier, later in pairwise(times))
    assert frames[-1].to_ndarray().tobytes() == frames[-2].to_ndarray().tobytes()
    track.stop()


def test_the_video_clock_grows_even_when_time_does_not_and_caps_a_gap() -> None:
    clock = VideoClock()
    assert [clock.next(now_s) for now_s in (5.0, 5.0, 4.0, 4.033, 60.0)] == [0, 1, 2, 2972, 11_972]


async def test_missing_sound_is_silence_in_real_time() -> None:
    track = MicrophoneTrack()
    track.offer(np.full(960, 7, np.int16))
    begun_s = time.monotonic()
    frames = [await track.recv() for _ in range(6)]
    assert [frame.pts for frame in frames] == [0, 960, 1920, 2880, 3840, 4800]
    assert [int(frame.to_ndarray().max()) for frame in frames] == [7, 0, 0, 0, 0, 0]
    assert 0.1 < time.monotonic() - begun_s < 0.5


async def test_only_the_newest_sound_waits() -> None:
    track = MicrophoneTrack()
    for block in range(10):
        track.offer(np.full(960, block, np.int16))
    assert [int((await track.recv()).to_ndarray().max()) for _ in range(4)] == [6, 7, 8, 9]


def test_a_code_that_stays_is_told_once_a_second_and_a_new_one_at_once() -> None:
    codes = RepeatedCodes()
    told = [
        (at, payload)
        for at in range(25)
        for payload in (b"a", b"b")[: 1 + (at > 3)]
        if codes.worth_telling(payload, at / 8)
    ]
    assert [at for at, payload in told if payload == b"a"] == [0, 8, 16, 24]
    assert [at for at, payload in told if payload == b"b"] == [4, 12, 20]
    assert CODE_REPEAT_S == 1.0
