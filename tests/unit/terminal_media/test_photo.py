"""What is said to the hand that holds a paper, and the photo that comes of it."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from device_drivers.camera.sheet import find_sheet
from terminal_app.ipc.media_messages import PhotoHint
from terminal_app.media.photo import JPEG_SIZE_MAX, PREVIEW_SIDE, hint_of, jpeg_of, photo_of, preview_of
from terminal_app.ui import theme

DESK_BGR = (90, 80, 70)


def page() -> np.ndarray:
    picture = Image.new("RGB", (620, 877), "white")
    font = ImageFont.truetype(str(theme.FONT_FILES[theme.REGULAR]), 17)
    for line in range(40):
        words = f"Заявление о поверке прибора учёта № {line}, квартира 15"
        ImageDraw.Draw(picture).text((50, 50 + line * 19), words, fill="black", font=font)
    return np.asarray(picture)[:, :, ::-1]


def held(part=0.85, *, blur=0.0, left=640, light=1.0):
    """A 720p picture: a page on a desk, so high in it, its middle so far from the left."""
    scene = np.full((720, 1280, 3), DESK_BGR, np.uint8)
    scene += np.random.default_rng(1).integers(0, 12, scene.shape, dtype=np.uint8)
    height = int(720 * part)
    width = height * 620 // 877
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 3, 1)
    turn[:, 2] += (left - width / 2, 360 - height / 2)
    paper = cv2.warpAffine(cv2.resize(page(), (width, height), interpolation=cv2.INTER_AREA), turn, (1280, 720))
    mask = cv2.warpAffine(np.full((height, width), 255, np.uint8), turn, (1280, 720))
    scene = np.where(mask[..., None] > 127, paper, scene)
    scene = cv2.GaussianBlur(scene, (0, 0), blur) if blur else scene
    return np.asarray(scene * light, np.uint8)


@pytest.mark.parametrize(
    ("picture", "hint"),
    [
        (held(), PhotoHint.GOOD),
        (held(0.7), PhotoHint.GOOD),
        (held(0.45), PhotoHint.TOO_FAR),
        (held(blur=4.0), PhotoHint.BLURRED),
        (held(left=1200), PhotoHint.NOT_WHOLE),
        (held(light=0.2), PhotoHint.DARK),
        (np.full((720, 1280, 3), DESK_BGR, np.uint8), PhotoHint.NO_SHEET),
    ],
    ids=lambda value: value.value if isinstance(value, PhotoHint) else "",
)
def test_the_hand_is_told_how_to_hold_the_paper(picture, hint):
    assert hint_of(picture) is hint


def test_the_sheet_alone_is_kept_flat():
    photo = photo_of(held())
    assert photo.shape[0] / photo.shape[1] == pytest.approx(2**0.5, abs=0.02)
    assert photo.mean() > 200  # paper, not desk


def test_what_is_no_sheet_is_kept_as_it_is():
    meter = np.full((720, 1280, 3), DESK_BGR, np.uint8)
    assert photo_of(meter) is meter


def test_a_photo_of_noise_still_fits_a_message():
    noise = np.random.default_rng(2).integers(0, 255, (1080, 1920, 3), dtype=np.uint8)
    encoded = jpeg_of(noise)
    assert len(encoded) <= JPEG_SIZE_MAX
    assert cv2.imdecode(np.frombuffer(encoded, np.uint8), cv2.IMREAD_COLOR) is not None


def test_the_preview_is_small_and_shows_the_same_sheet():
    shown = cv2.imdecode(np.frombuffer(preview_of(held()), np.uint8), cv2.IMREAD_COLOR)
    assert max(shown.shape) == PREVIEW_SIDE
    assert find_sheet(shown) is not None
