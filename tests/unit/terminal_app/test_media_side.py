"""What core makes of the media process's devices: one report each, none of what the project leaves out."""

from __future__ import annotations

import pytest

from device_drivers.contract.status import DeviceState
from terminal_app.config import Devices, TerminalConfig
from terminal_app.core.media_side import MediaSide
from terminal_app.ipc.media_messages import MediaDevicesChanged

TOLD = MediaDevicesChanged("online", "", "no_device", "/dev/video9 is not there", "online", "")


class Reports:
    """A device manager that remembers."""

    def __init__(self):
        self.states, self.left_out = {}, []

    def absent(self, name):
        self.left_out.append(name)

    def note(self, name, changed):
        self.states[name] = (changed.state, changed.detail)


def test_a_document_camera_that_is_away_is_one_fault_beside_a_camera_that_works():
    reports = Reports()
    side = MediaSide(reports, TerminalConfig(devices=Devices(document_camera="camera:///dev/video9")))
    side.told(TOLD)
    assert reports.states["document_camera"] == (DeviceState.NO_DEVICE, "/dev/video9 is not there")
    assert reports.states["camera"] == (DeviceState.ONLINE, "")
    assert side.camera_up


def test_a_terminal_without_one_reports_none():
    reports = Reports()
    MediaSide(reports, TerminalConfig()).told(TOLD)
    assert "document_camera" in reports.left_out
    assert "document_camera" not in reports.states


def test_a_url_that_is_no_camera_is_refused_with_one_sentence():
    with pytest.raises(ValueError, match="camera"):
        Devices(document_camera="http://example.org/camera")
