"""The media process as core sees it: its channel, and what it says of camera, sound and the recogniser."""

from __future__ import annotations

from device_drivers.contract.status import DeviceState, StatusChanged
from terminal_app.config import TerminalConfig
from terminal_app.core.device_manager import DeviceManager
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.channel import Channel

CAMERA, DOCUMENT_CAMERA, AUDIO, CAPTIONS = "camera", "document_camera", "audio", "captions"


class MediaSide:
    """Media may come and go; without it there is no camera and no sound."""

    def __init__(self, devices: DeviceManager, config: TerminalConfig) -> None:
        self._devices = devices
        told = config.devices
        fitted = {CAMERA: told.camera, DOCUMENT_CAMERA: told.document_camera, AUDIO: told.sound}
        fitted[CAPTIONS] = config.captions.model
        self._fitted = {name: bool(setting) for name, setting in fitted.items()}
        for name in (name for name, fitted in self._fitted.items() if not fitted):
            devices.absent(name)
        self._channel: Channel[ipc.UiToCore | media.MediaToCore] | None = None
        self.camera_up = False
        self.sound_up = False
        self.captions_up = False

    def send(self, message: media.CoreToMedia) -> None:
        """Nothing, while media is away: what it has to do then is told it anew when it comes."""
        if self._channel is not None:
            self._channel.send(message)

    def viewfinder(self, screen: ipc.Screen, *, on: bool) -> None:
        """The picture that this screen shows, if it shows one of ours."""
        if screen is ipc.Screen.BILL_SCAN:
            self.send(media.StartScan() if on else media.StopScan())
        elif screen is ipc.Screen.PAGE_PHOTO:
            self.send(media.StartPhoto() if on else media.StopPhoto())

    def came(self, channel: Channel[ipc.UiToCore | media.MediaToCore]) -> None:
        """A new one replaces the old one."""
        self._channel = channel

    def told(self, told: media.MediaHello | media.MediaDevicesChanged) -> None:
        """What it says of its devices."""
        self._note(CAMERA, DeviceState(told.camera_state), told.camera_detail)
        self._note(DOCUMENT_CAMERA, DeviceState(told.document_camera_state), told.document_camera_detail)
        self._note(AUDIO, DeviceState(told.sound_state), told.sound_detail)
        self.camera_up = told.camera_state == DeviceState.ONLINE.value
        self.sound_up = told.sound_state == DeviceState.ONLINE.value
        if isinstance(told, media.MediaHello):
            self._note(CAPTIONS, DeviceState(told.captions_state), told.captions_detail)
            self.captions_up = self._fitted[CAPTIONS] and told.captions_state == DeviceState.ONLINE.value

    def left(self, channel: Channel[ipc.UiToCore | media.MediaToCore]) -> bool:
        """True when this was the media process, and now there is none."""
        if channel is not self._channel:
            return False
        self._channel = None
        self.camera_up = self.sound_up = self.captions_up = False
        for name in self._fitted:
            self._note(name, DeviceState.OFFLINE, "")
        return True

    def _note(self, name: str, state: DeviceState, detail: str) -> None:
        if self._fitted[name]:
            self._devices.note(name, StatusChanged(state, detail=detail))
