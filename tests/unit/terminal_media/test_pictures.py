from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from av import VideoFrame

from terminal_app.ipc.frame_ring import FrameReader, FrameWriter
from terminal_app.media.pictures import RingPainter, to_frame, to_i420

SIZES = [(1280, 720), (426, 240), (64, 36)]  # the second has lines that FFmpeg pads


def noise(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(width).integers(0, 256, (height, width, 3), np.uint8)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_frame_has_the_planes_of_the_picture(width: int, height: int) -> None:
    planes = to_i420(noise(width, height))
    assert np.array_equal(to_frame(planes).to_ndarray(), planes)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_frame_is_shown_in_its_colours(tmp_path: Path, width: int, height: int) -> None:
    painter, reader = RingPainter(FrameWriter(tmp_path / "agent.ring")), FrameReader(tmp_path / "agent.ring")
    planes = to_i420(noise(width, height))
    for number in (1, 2):  # in the same buffers
        painter.show(to_frame(planes), float(number))
        shown = reader.latest()
        assert shown is not None
        assert (shown.width, shown.height, shown.number) == (width, height, number)
        assert shown.pixels == cv2.cvtColor(planes, cv2.COLOR_YUV2RGBA_I420).tobytes()


def test_a_frame_larger_than_the_ring_or_of_another_form_is_fitted(tmp_path: Path) -> None:
    painter, reader = RingPainter(FrameWriter(tmp_path / "agent.ring")), FrameReader(tmp_path / "agent.ring")
    for width, height, form in ((1920, 1080, "yuv420p"), (101, 55, "yuv420p"), (64, 36, "rgb24")):
        painter.show(VideoFrame(width, height, form), 1.0)
        shown = reader.latest()
        assert shown is not None
        assert (shown.width, shown.height) == (min(width, 1280), min(height, 720))


def test_a_picture_that_is_taken_away_leaves_no_byte(tmp_path: Path) -> None:
    painter, reader = RingPainter(FrameWriter(tmp_path / "agent.ring")), FrameReader(tmp_path / "agent.ring")
    painter.show(to_frame(to_i420(noise(64, 36))), 1.0)
    painter.blank()
    assert reader.blanked
    assert not painter._i420.any()
