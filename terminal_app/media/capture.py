"""The camera and its thread: pictures for the call, the mirror for the screen, codes for the bill scan.

The camera is open only while somebody uses it. Without a camera a placard is sent and the camera is tried again.
"""

from __future__ import annotations

import asyncio
import enum
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote, urlsplit

from device_drivers.camera.codes import CodeSearch
from device_drivers.camera.open import open_camera
from device_drivers.camera.sharpness import sharpness
from device_drivers.contract.camera import Camera
from device_drivers.contract.errors import DeviceUrlError, LineBusyError, LineLostError
from device_drivers.contract.status import DeviceState
from terminal_app.ipc.frame_ring import FrameWriter
from terminal_app.ipc.media_messages import PhotoHint
from terminal_app.media.mailbox import Mailbox
from terminal_app.media.photo import hint_of
from terminal_app.media.pictures import Pixels, Shot, placard, to_i420, to_preview
from terminal_app.media.status import MediaDeviceStatus

logger = logging.getLogger(__name__)

REOPEN_S = 2.0
FAULT_HOLD_S = 60.0  # how long a closed camera keeps the fault of its last opening
PREVIEW_PERIOD_S = 1 / 16  # about 15 pictures a second
LOOK_PERIOD_S = 1 / 8  # searching a picture for codes costs some ten milliseconds: tests/bench/bench_codes.py
CODE_REPEAT_S = 1.0
PHOTO_PICTURES = 5  # so many are waited for, and the sharpest is kept
PHOTO_S_MAX = 2.0  # a camera that gives no picture for so long takes no photo
STOP_S_MAX = 3.0  # a camera answers within 1 s; a stuck one is left to its daemon thread
NO_CAMERA_TEXT = "Камера недоступна"


class CameraUse(enum.Flag):
    """What the camera is open for."""

    NONE = 0
    SCAN = enum.auto()
    PHOTO = enum.auto()
    CALL = enum.auto()


class RepeatedCodes:
    """Which codes are worth telling: a new one at once, one that stays once a second. Pure."""

    def __init__(self) -> None:
        self._told_at_s: dict[bytes, float] = {}

    def worth_telling(self, payload: bytes, now_s: float) -> bool:
        self._told_at_s = {known: at for known, at in self._told_at_s.items() if now_s - at < CODE_REPEAT_S}
        if payload in self._told_at_s:
            return False
        self._told_at_s[payload] = now_s
        return True


class Capture:
    """The terminal's camera. `on_status` and `on_code` are called in threads of this class."""

    def __init__(
        self,
        url: str,
        preview: FrameWriter,
        *,
        on_status: Callable[[MediaDeviceStatus], None],
        on_code: Callable[[bytes], None],
        on_hint: Callable[[PhotoHint], None] = lambda hint: None,
        open_camera: Callable[[str], Camera] = open_camera,
    ) -> None:
        self.shots: Mailbox[Shot] = Mailbox()
        self._probed = probe_camera(url)
        self.status = self._probed
        self._changed_at_s = 0.0
        self._url = url
        self._preview = preview
        self._on_status = on_status
        self._on_code = on_code
        self._on_hint = on_hint
        self._open_camera = open_camera
        self._shows_preview = True
        self._use = CameraUse.NONE
        self._lock = threading.Lock()  # between a picture being published and the camera being given up
        self._run: _Run | None = None

    @property
    def use(self) -> CameraUse:
        return self._use

    @property
    def fitted(self) -> bool:
        """False: the terminal has no camera, by its project."""
        return bool(self._url)

    def probe(self) -> None:
        """Sees a camera that was plugged in or pulled while it is closed; opens nothing.

        A camera that failed counts as there again after a while: core offers no scan without one, so nobody would try.
        """
        probed = probe_camera(self._url)
        held = time.monotonic() - self._changed_at_s < FAULT_HOLD_S
        if self._use is CameraUse.NONE and (probed != self._probed or not held):
            self._probed = probed
            self.set_status(probed)

    def begin(self, use: CameraUse) -> None:
        """Opens the camera, if it is not open yet, and returns at once."""
        self._use |= use
        if self._run is None:
            self._run = _Run(self)
        if CameraUse.SCAN in self._use or CameraUse.PHOTO in self._use:
            self._run.begin_looking()

    async def end(self, use: CameraUse) -> None:
        """Gives the camera up for `use`; the last user closes it and wipes the preview."""
        with self._lock:
            self._use &= ~use
            run, idle = self._run, self._use is CameraUse.NONE
            if idle:
                self._run = None
                self._blank()
                self.shots.put(None)
        if run is None:
            return
        await asyncio.get_running_loop().run_in_executor(None, run.stop if idle else run.stop_looking)

    def publish(self, run: _Run, bgr: Pixels, captured_at_s: float, mirror: Pixels | None) -> None:
        """Gives a picture to all, unless the camera was given up meanwhile."""
        i420 = to_i420(bgr) if CameraUse.CALL in self._use else None
        with self._lock:
            if self._run is not run:
                return
            self.shots.put(Shot(bgr, i420, captured_at_s))
            if mirror is not None and self._shows_preview:
                self._preview.write(mirror, mirror.shape[1], mirror.shape[0], captured_at_s)

    def camera_missing(self, run: _Run) -> None:
        """Puts the placard in the place of the picture."""
        still = placard(NO_CAMERA_TEXT)
        with self._lock:
            if self._run is run:
                self._blank()
                self.shots.put(Shot(still, to_i420(still), time.monotonic()))

    def show_preview(self, *, on: bool) -> None:
        """Off while another camera has the ring; the call's picture goes on."""
        with self._lock:
            self._shows_preview = on

    def _blank(self) -> None:
        if self._shows_preview:
            self._preview.blank()

    def set_status(self, status: MediaDeviceStatus) -> None:
        if status != self.status:
            self.status = status
            self._changed_at_s = time.monotonic()
            self._on_status(status)

    def looker(self) -> Callable[[Pixels], None]:
        """What is done with the pictures of a viewfinder: codes are looked for, or the sheet is."""
        if CameraUse.PHOTO in self._use:
            return self._look_at_sheet
        search, told = CodeSearch(), RepeatedCodes()

        def look_for_codes(bgr: Pixels) -> None:
            for code in search.look(bgr):
                if told.worth_telling(code.payload, time.monotonic()) and CameraUse.SCAN in self._use:
                    self._on_code(code.payload)

        return look_for_codes

    def _look_at_sheet(self, bgr: Pixels) -> None:
        hint = hint_of(bgr)
        if CameraUse.PHOTO in self._use:
            self._on_hint(hint)

    def sharpest(self, pictures: int = PHOTO_PICTURES) -> Pixels | None:
        """Waits for the next pictures and keeps the sharpest; None when the camera gives none. Blocks: in a thread."""
        number, _ = self.shots.newest()
        best: tuple[float, Pixels] | None = None
        for _ in range(pictures):
            newer, shot = self.shots.wait_newer(number, PHOTO_S_MAX)
            if shot is None or newer == number or self.status.state is not DeviceState.ONLINE:
                break
            number, found = newer, (sharpness(shot.bgr), shot.bgr)
            best = found if best is None or found[0] > best[0] else best
        return best[1] if best is not None else None

    def open(self) -> Camera:
        return self._open_camera(self._url)


class _Run:
    """The threads of one time the camera is open."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._stopped = threading.Event()
        self._looking_stopped = threading.Event()
        self._looking: threading.Thread | None = None
        self._camera = threading.Thread(target=self._run_camera, name="camera", daemon=True)
        self._camera.start()

    def begin_looking(self) -> None:
        if self._looking is None:
            self._looking_stopped.clear()
            self._looking = threading.Thread(target=self._run_looking, name="looking", daemon=True)
            self._looking.start()

    def stop_looking(self) -> None:
        self._looking_stopped.set()
        if self._looking is not None:
            self._looking.join(STOP_S_MAX)
            self._looking = None

    def stop(self) -> None:
        self._stopped.set()
        self.stop_looking()
        self._camera.join(STOP_S_MAX)
        if self._camera.is_alive():
            logger.error("the camera does not answer: its thread is left behind")

    def _run_camera(self) -> None:
        while not self._stopped.is_set():
            try:
                camera = self._capture.open()
                try:
                    self._read(camera)
                finally:
                    camera.close()
            except Exception as error:  # whatever the driver raises, the call goes on with the placard
                logger.warning("camera: %s", error)
                self._capture.set_status(MediaDeviceStatus(_state_of(error), str(error)[:200]))
                self._capture.camera_missing(self)
                self._stopped.wait(REOPEN_S)

    def _read(self, camera: Camera) -> None:
        mirrored_at_s = 0.0
        while not self._stopped.is_set():
            picture = camera.read()
            self._capture.set_status(MediaDeviceStatus(DeviceState.ONLINE))
            mirror = None
            if picture.captured_at_s - mirrored_at_s >= PREVIEW_PERIOD_S:
                mirrored_at_s = picture.captured_at_s
                mirror = to_preview(picture.pixels)
            self._capture.publish(self, picture.pixels, picture.captured_at_s, mirror)

    def _run_looking(self) -> None:
        seen, look = 0, self._capture.looker()
        while not self._looking_stopped.is_set():
            begun_at_s = time.monotonic()
            number, shot = self._capture.shots.wait_newer(seen, LOOK_PERIOD_S)
            if shot is not None and number > seen:
                seen = number
                look(shot.bgr)
            self._looking_stopped.wait(max(0.0, LOOK_PERIOD_S - (time.monotonic() - begun_at_s)))


def probe_camera(url: str) -> MediaDeviceStatus:
    """What can be said of a camera without opening it."""
    if not url:
        return MediaDeviceStatus(DeviceState.NO_DEVICE)
    address = urlsplit(url)
    place = unquote(address.netloc + address.path)
    if place != "pattern" and not Path(place).exists():
        return MediaDeviceStatus(DeviceState.NO_DEVICE, f"{place} is not there")
    return MediaDeviceStatus(DeviceState.ONLINE)


def _state_of(error: Exception) -> DeviceState:
    if isinstance(error, LineBusyError):
        return DeviceState.DEVICE_BUSY
    if isinstance(error, LineLostError | DeviceUrlError):
        return DeviceState.NO_DEVICE
    return DeviceState.HARDWARE_ERROR
