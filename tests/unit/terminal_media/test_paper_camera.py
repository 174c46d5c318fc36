"""A paper under the document camera; where that is away or fails, it is held before the camera of the call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from device_drivers.contract.camera import Picture
from device_drivers.contract.errors import LineLostError
from device_drivers.contract.status import DeviceState
from terminal_app.ipc.frame_ring import FrameReader, FrameWriter
from terminal_app.ipc.media_messages import PhotoHint
from terminal_app.media.capture import CameraUse, Capture
from terminal_app.media.paper_camera import PaperCamera

FRONT, UNDER = 40, 200  # how bright each camera sees the world


class GreyCamera:
    """Grey, with a white left half; can be pulled."""

    def __init__(self, grey: int) -> None:
        self.pulled = False
        self.opened = 0
        self._pixels = np.full((720, 1280, 3), grey, np.uint8)
        self._pixels[:, :640] = 255

    def open(self, _url: str) -> GreyCamera:
        self._check()
        self.opened += 1
        return self

    def read(self) -> Picture:
        time.sleep(0.005)
        self._check()
        return Picture(self._pixels, time.monotonic())

    def close(self) -> None:
        pass

    def _check(self) -> None:
        if self.pulled:
            raise LineLostError("pulled", device="document_camera")


class Scene:
    def __init__(self, folder: Path, url: str) -> None:
        writer = FrameWriter(folder / "preview.ring", width_max=640, height_max=360)
        self.preview = FrameReader(folder / "preview.ring")
        self.hints: list[tuple[PhotoHint, bool]] = []
        self.told = 0
        self.front_camera, self.under_camera = GreyCamera(FRONT), GreyCamera(UNDER)
        loop = asyncio.get_running_loop()
        self.front = Capture(
            "camera://pattern",
            writer,
            on_status=lambda _: None,
            on_code=lambda _: None,
            on_hint=lambda hint: loop.call_soon_threadsafe(self.papers.hinted, hint),
            open_camera=self.front_camera.open,
        )
        self.papers = PaperCamera(
            self.front,
            url,
            writer,
            on_status=self._count,
            on_hint=lambda hint, under: self.hints.append((hint, under)),
            open_camera=self.under_camera.open,
        )

    def _count(self) -> None:
        self.told += 1

    def _picture(self) -> np.ndarray | None:
        frame = self.preview.latest()
        return None if frame is None else np.frombuffer(frame.pixels, np.uint8).reshape(frame.height, frame.width, 4)

    def sees(self, grey: int) -> bool:
        """The viewfinder shows this camera, whose grey half the mirror has at the left."""
        picture = self._picture()
        return picture is not None and abs(int(picture[180, 10, 0]) - grey) < 10


async def until(holds: Callable[[], bool]) -> None:
    end_s = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < end_s
        await asyncio.sleep(0.01)


@pytest.fixture
async def scene(tmp_path):
    scene = Scene(tmp_path, "camera://pattern")
    yield scene
    await scene.papers.end()
    await scene.front.end(CameraUse.CALL)


async def test_a_sheet_lies_under_the_document_camera_while_the_call_has_the_other_one(scene):
    scene.front.begin(CameraUse.CALL)
    await until(lambda: scene.sees(FRONT))
    scene.papers.begin(to_read=True)
    await until(lambda: scene.sees(UNDER))
    await until(lambda: any(under for _, under in scene.hints))
    taken = await asyncio.to_thread(scene.papers.sharpest)
    assert taken is not None
    assert taken[0, -1, 0] == UNDER
    number, shot = scene.front.shots.newest()
    await until(lambda: scene.front.shots.newest()[0] > number + 3)  # the agent's picture goes on
    assert shot.bgr[0, -1, 0] == FRONT
    await scene.papers.end()
    await until(lambda: scene.sees(FRONT))  # the customer sees himself again


async def test_a_photo_that_is_no_sheet_to_read_is_taken_before_the_customer(scene):
    scene.papers.begin(to_read=False)
    await until(lambda: scene.sees(FRONT))
    await until(lambda: bool(scene.hints))
    assert not any(under for _, under in scene.hints)
    assert scene.under_camera.opened == 0


@pytest.mark.parametrize("early", [True, False], ids=["from the beginning", "meanwhile"])
async def test_a_document_camera_that_is_pulled_is_one_fault_and_the_other_one_goes_on(scene, early):
    scene.under_camera.pulled = early
    scene.papers.begin(to_read=True)
    if not early:
        await until(lambda: scene.sees(UNDER))
        scene.under_camera.pulled = True
    await until(lambda: scene.sees(FRONT))
    await until(lambda: bool(scene.hints) and not scene.hints[-1][1])
    assert scene.papers.status.state is DeviceState.NO_DEVICE
    assert "pulled" in scene.papers.status.detail
    assert scene.told == 1
    assert (await asyncio.to_thread(scene.papers.sharpest))[0, -1, 0] == FRONT
    await scene.papers.end()
    scene.papers.begin(to_read=True)  # while the fault stands it is not asked again
    await until(lambda: scene.sees(FRONT))


async def test_a_camera_that_is_not_there_is_known_without_opening(tmp_path):
    scene = Scene(tmp_path, f"camera://{tmp_path}/video9")
    assert scene.papers.status.state is DeviceState.NO_DEVICE
    scene.papers.begin(to_read=True)
    await until(lambda: scene.sees(FRONT))
    assert scene.under_camera.opened == 0
    await scene.papers.end()
    assert scene.preview.latest() is None  # nothing stays


async def test_after_the_paper_nothing_of_it_stays(scene):
    scene.papers.begin(to_read=True)
    await until(lambda: scene.sees(UNDER))
    await scene.papers.end()
    assert scene.preview.latest() is None
    assert await asyncio.to_thread(scene.papers.sharpest) is None
