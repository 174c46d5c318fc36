"""Which camera looks at a paper: the document camera where the terminal has one that works, else the one of the call.

Both give their picture to the one ring `preview`, one of them at a time. `on_hint` is told on the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from device_drivers.camera.open import open_camera
from device_drivers.contract.camera import Camera
from device_drivers.contract.status import DeviceState
from terminal_app.ipc.frame_ring import FrameWriter
from terminal_app.ipc.media_messages import PhotoHint
from terminal_app.media.capture import CameraUse, Capture
from terminal_app.media.pictures import Pixels
from terminal_app.media.status import MediaDeviceStatus


class PaperCamera:
    """Opened for one paper at a time. A document camera that fails meanwhile is told, and the other one goes on."""

    def __init__(
        self,
        front: Capture,
        url: str,
        preview: FrameWriter,
        *,
        on_status: Callable[[], None],
        on_hint: Callable[[PhotoHint, bool], None],
        open_camera: Callable[[str], Camera] = open_camera,
    ) -> None:
        self._front = front
        self._on_status = on_status
        self._on_hint = on_hint
        self._loop = asyncio.get_running_loop()
        self._under = Capture(
            url,
            preview,
            on_status=lambda _: self._call(self._changed),
            on_code=lambda _: None,
            on_hint=lambda hint: self._call(lambda: self._hinted(hint)),
            open_camera=open_camera,
        )
        self._looking: Capture | None = None
        self._told: tuple[PhotoHint, bool] | None = None
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def status(self) -> MediaDeviceStatus:
        """Of the document camera."""
        return self._under.status

    def probe(self) -> None:
        self._under.probe()

    def begin(self, *, to_read: bool) -> None:
        """Returns at once. Only a sheet that is to be read goes under the document camera."""
        self._told = None
        under = to_read and self._under.fitted and self.status.state is DeviceState.ONLINE
        self._look(self._under if under else self._front)

    async def end(self) -> None:
        self._looking = None
        await asyncio.gather(self._under.end(CameraUse.PHOTO), self._front.end(CameraUse.PHOTO))
        self._front.show_preview(on=True)

    def sharpest(self) -> Pixels | None:
        """Of the camera that looks now. Blocks: in a thread."""
        return (self._looking or self._front).sharpest()

    def hinted(self, hint: PhotoHint) -> None:
        """Of the front camera."""
        if self._looking is self._front:
            self._tell(hint, under=False)

    def _hinted(self, hint: PhotoHint) -> None:
        if self._looking is self._under:
            self._tell(hint, under=True)

    def _tell(self, hint: PhotoHint, *, under: bool) -> None:
        if (hint, under) != self._told:
            self._told = (hint, under)
            self._on_hint(hint, under)

    def _look(self, camera: Capture) -> None:
        self._looking = camera
        self._front.show_preview(on=camera is self._front)
        camera.begin(CameraUse.PHOTO)

    def _changed(self) -> None:
        self._on_status()
        if self._looking is self._under and self.status.state is not DeviceState.ONLINE:
            self._closing.add(job := self._loop.create_task(self._fall_back()))
            job.add_done_callback(self._closing.discard)

    async def _fall_back(self) -> None:
        if self._looking is not self._under:
            return  # the paper is over
        self._looking = self._front
        await self._under.end(CameraUse.PHOTO)
        if self._looking is self._front:
            self._look(self._front)

    def _call(self, work: Callable[[], None]) -> None:
        """From a thread of the camera; after the end of the loop there is nobody to tell."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(work)
