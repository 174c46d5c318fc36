"""A still of A4 with 10 pt print in a hand: corners, resolution, light and letters, in seeded scenes of two sizes."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from device_drivers.camera.readable import even_light
from device_drivers.camera.sheet import find_sheet
from signaling_server.contract.stills import STILL_SIZE_MAX
from terminal_app.ipc.media_messages import PhotoHint, TakePhoto
from terminal_app.media.photo import READ_PREVIEW_SIDE, hint_of, taken
from tests.bench.sheet_scene import LONG_MM, SHORT_MM, held, printed_page

PAGE, _ = printed_page()
SEEDS = (0, 3)
CORNER_MM_MAX = 1.0
DPI_MIN = {720: 74.0, 1080: 110.0}
LETTERS_MIN = 0.7  # correlation with the true page of the same size


def picture_of(jpeg: bytes) -> np.ndarray:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR))


@pytest.mark.parametrize("height", [720, 1080])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_held_sheet_is_straight_evenly_lit_and_its_letters_are_there(height, seed):
    scene = held(PAGE, (height * 16 // 9, height), seed)
    assert hint_of(scene.picture) is PhotoHint.GOOD
    sheet = find_sheet(scene.picture)
    px_per_mm = np.linalg.norm(scene.corners[1] - scene.corners[0]) / LONG_MM
    errors_mm = np.linalg.norm(np.array(sheet.corners) - scene.corners, axis=1) / px_per_mm
    assert errors_mm.max() <= CORNER_MM_MAX, errors_mm

    photo = taken(TakePhoto("p", to_read=True), scene.picture)
    still = picture_of(photo.content)
    assert photo.whole
    assert len(photo.content) <= STILL_SIZE_MAX
    assert max(picture_of(photo.preview).shape) <= READ_PREVIEW_SIDE
    assert still.shape[1] / LONG_MM * 25.4 >= DPI_MIN[height]
    assert still.shape[1] / still.shape[0] == pytest.approx(LONG_MM / SHORT_MM, abs=0.01)
    true = cv2.resize(PAGE, (still.shape[1], still.shape[0]), interpolation=cv2.INTER_AREA)
    assert best_match(still, true) >= LETTERS_MIN
    assert paper_spread(still, true) <= 12


def best_match(still: np.ndarray, true: np.ndarray) -> float:
    """Of the letters in the middle, wherever a corner's error has moved them."""
    height, width = still.shape[:2]
    rows, columns = slice(height // 4, height * 3 // 4), slice(width // 4, width * 3 // 4)
    grey = cv2.cvtColor(true, cv2.COLOR_BGR2GRAY)[rows, columns]
    return float(cv2.matchTemplate(cv2.cvtColor(still, cv2.COLOR_BGR2GRAY), grey, cv2.TM_CCOEFF_NORMED).max())


def paper_spread(still: np.ndarray, true: np.ndarray) -> float:
    """Of the brightness of bare paper in ten by ten fields: a shadow that is left would show."""
    grey = cv2.cvtColor(still, cv2.COLOR_BGR2GRAY)
    bare = cv2.erode(cv2.cvtColor(true, cv2.COLOR_BGR2GRAY), np.ones((5, 5), np.uint8)) > 235
    fields = [
        (part, clear)
        for rows, clears in zip(np.array_split(grey, 10), np.array_split(bare, 10), strict=True)
        for part, clear in zip(np.array_split(rows, 10, axis=1), np.array_split(clears, 10, axis=1), strict=True)
    ]
    return float(np.ptp([np.median(part[clear]) for part, clear in fields[1:-1] if clear.sum() > 50]))


def test_a_tilted_sheet_is_said_to_be_tilted():
    flat = np.full((720, 1280, 3), 60, np.uint8)
    cv2.fillConvexPoly(flat, np.array([(330, 60), (950, 60), (1180, 660), (100, 660)]), (230, 230, 230))
    assert hint_of(flat) is PhotoHint.TILTED


def test_what_is_no_whole_sheet_is_told_so_and_kept_as_it_is():
    room = np.full((720, 1280, 3), 90, np.uint8)
    photo = taken(TakePhoto("p", to_read=True), room)
    assert not photo.whole
    assert picture_of(photo.content).shape == room.shape


def test_a_blue_stamp_stays_blue_and_an_empty_sheet_is_not_blown_up_to_noise():
    sheet = np.full((900, 640, 3), 215, np.uint8)
    sheet += np.random.default_rng(3).integers(0, 6, sheet.shape, dtype=np.uint8)
    assert even_light(sheet).min() > 200
    cv2.circle(sheet, (320, 450), 60, (190, 70, 50), 6)
    blue, green, red = even_light(sheet)[450, 260].astype(int)
    assert blue > green + 60
    assert blue > red + 60
