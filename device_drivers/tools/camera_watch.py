"""A camera for a technician's eyes: whether it gives pictures, and whether it reads a bill's code. Blocking."""

from __future__ import annotations

from device_drivers.camera.address import parse_camera_url
from device_drivers.camera.codes import CodeSearch
from device_drivers.camera.open import open_camera
from device_drivers.contract.barcode_reader import CodeRead
from device_drivers.contract.camera import Camera
from device_drivers.contract.errors import LineLostError
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.status_teller import StatusTeller

REOPEN_S = 2.0

CameraEvent = StatusChanged | Identified | CodeRead


class CameraWatch:
    """Step it in a thread (`blocking.watch`); each step is one picture."""

    def __init__(self, url: str) -> None:
        """Raises: DeviceUrlError, when it is no camera URL."""
        parse_camera_url(url)
        self._url = url
        self._camera: Camera | None = None
        self._status = StatusTeller()
        self._size = ""
        self._search = CodeSearch()
        self._reopen_at_s = 0.0

    def step(self, now_s: float) -> list[CameraEvent]:
        """The next picture; the events of it."""
        if self._camera is None and now_s < self._reopen_at_s:
            return []
        try:
            if self._camera is None:
                self._camera = open_camera(self._url)
            pixels = self._camera.read().pixels
        except LineLostError as error:
            self.close()
            self._reopen_at_s = now_s + REOPEN_S
            return [*self._status.tell(StatusChanged(DeviceState.NO_DEVICE, Fault.LINE_LOST, str(error)))]
        events: list[CameraEvent] = [*self._status.tell(StatusChanged(DeviceState.ONLINE))]
        size = f"{pixels.shape[1]} x {pixels.shape[0]}"
        if size != self._size:
            self._size = size
            events.append(Identified(size, ""))
        return events + [CodeRead(code.payload, code.format) for code in self._search.look(pixels)]

    def wakes_at_s(self) -> float:
        """When `step` does something next."""
        return self._reopen_at_s if self._camera is None else 0.0

    def close(self) -> None:
        """Gives the camera back."""
        if self._camera is not None:
            self._camera.close()
            self._camera = None
