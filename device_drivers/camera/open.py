"""A camera is a URL: `camera:///dev/video0`, `camera://pattern?held=PATH`, `camera://file.mp4`, `camera:///abs.mp4`."""

from __future__ import annotations

from pathlib import Path

from device_drivers.camera.address import PATTERN, parse_camera_url
from device_drivers.camera.pattern import PatternCamera
from device_drivers.camera.v4l2 import V4l2Camera
from device_drivers.camera.video_file import VideoFileCamera
from device_drivers.contract.camera import Camera


def open_camera(url: str) -> Camera:
    """Opens the camera a URL names.

    Raises:
        DeviceUrlError: the URL makes no sense.
        LineLostError: there is no such camera, or it cannot be opened.
    """
    address = parse_camera_url(url)
    if address.place == PATTERN:
        return PatternCamera(address.width, address.height, address.fps, address.held)
    if address.place.startswith("/dev/"):
        return V4l2Camera(address.place, address.width, address.height, address.fps)
    return VideoFileCamera(Path(address.place))
