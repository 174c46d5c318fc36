"""A sheet before the camera: found and made flat in rendered scenes with known corners; sharpness; exposure."""

from __future__ import annotations

import io
import math

import cv2
import numpy as np
import pytest
import segno
import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from device_drivers.camera.exposure import EXPOSURE_AUTO, lock_exposure, unlock_exposure
from device_drivers.camera.open import open_camera
from device_drivers.camera.sharpness import sharpness
from device_drivers.camera.sheet import find_sheet, straighten
from device_drivers.contract.camera import ExposureLock

WIDTH, HEIGHT = 1280, 960
BILL = "ST00012|Name=АО «Свет»|PersonalAcc=40702810900000000001|Sum=123456|persAcc=001234567".encode()
FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


def bill_sheet() -> np.ndarray:
    """An A4 bill at 100 dots an inch: text, a table and a QR code."""
    paper = Image.new("L", (827, 1169), 245)
    draw = ImageDraw.Draw(paper)
    draw.text((60, 50), "Счёт за электроэнергию", font=ImageFont.truetype(FONT, 40), fill=20)
    for at in range(22):
        draw.text(
            (60, 130 + at * 30),
            f"{at + 1}. Показание счётчика {14000 + at * 37} кВт·ч",
            font=ImageFont.truetype(FONT, 20),
            fill=40,
        )
    draw.rectangle((60, 830, 420, 1080), outline=30, width=3)
    code = io.BytesIO()
    segno.make_qr(BILL, error="m").save(code, kind="png", scale=6, border=4)
    paper.paste(Image.open(code).convert("L"), (470, 800))
    return np.asarray(paper)


SHEET = bill_sheet()


def table(rng: np.random.Generator, level: float) -> np.ndarray:
    """A desk with grain, lit from one side."""
    grain = cv2.GaussianBlur(rng.normal(0, 25, (HEIGHT, WIDTH)).astype(np.float32), (0, 0), sigmaX=25, sigmaY=1.5) * 4
    light = np.linspace(-20, 20, WIDTH, dtype=np.float32)[None, :] * rng.choice((-1.0, 1.0))
    return level + grain + light


def scene(seed: int, *, degrees: float, tilt: float, noise: float, level: float = 90.0, blur: float = 0.7):
    """A picture of the sheet on a desk, and its true corners."""
    rng = np.random.default_rng(seed)
    part = rng.uniform(0.5, 0.6) * (1 - 0.6 * tilt)
    half_h, half_w = HEIGHT * part * 0.66, HEIGHT * part * 0.66 / math.sqrt(2)
    turn = math.radians(degrees)
    middle = np.array([WIDTH / 2, HEIGHT / 2]) + rng.uniform(-25, 25, 2)
    corners = []
    for x, y in ((-half_w, -half_h), (half_w, -half_h), (half_w, half_h), (-half_w, half_h)):
        depth = 1 + tilt * y / half_h * 0.5 + tilt * x / half_w * 0.25
        turned = np.array([x * math.cos(turn) - y * math.sin(turn), x * math.sin(turn) + y * math.cos(turn)])
        corners.append(middle + turned / depth)
    true = np.array(corners, np.float32)
    height, width = SHEET.shape
    source = np.array([(0, 0), (width - 1, 0), (width - 1, height - 1), (0, height - 1)], np.float32)
    warp = cv2.getPerspectiveTransform(source, true)
    picture = table(rng, level)
    mask = cv2.warpPerspective(np.ones_like(SHEET, np.float32), warp, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR)
    laid = cv2.warpPerspective(SHEET.astype(np.float32), warp, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)
    shade = np.linspace(0.9, 1.0, HEIGHT, dtype=np.float32)[:, None]
    picture = picture * (1 - mask) + laid * shade * mask
    picture = cv2.GaussianBlur(picture, (0, 0), blur) + rng.normal(0, noise, picture.shape)
    grey = np.clip(picture, 0, 255).astype(np.uint8)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), true


def corner_error_px(sheet, true) -> float:
    """The largest distance of a corner, whichever is counted first."""
    found = np.array(sheet.corners)
    return min(float(np.linalg.norm(np.roll(found, turn, axis=0) - true, axis=1).max()) for turn in range(4))


SCENES = [
    (seed, degrees, tilt, noise)
    for seed, (degrees, tilt, noise) in enumerate(
        (degrees, tilt, noise) for degrees in (-40, 0, 12, 88) for tilt in (0.0, 0.15, 0.3) for noise in (3.0, 14.0)
    )
]


@pytest.mark.clause("6.1.1", "9.6.10b")
@pytest.mark.parametrize(("seed", "degrees", "tilt", "noise"), SCENES)
def test_a_turned_tilted_noisy_sheet_is_found_to_a_few_pixels_and_its_code_read_when_flat(seed, degrees, tilt, noise):
    picture, true = scene(seed, degrees=degrees, tilt=tilt, noise=noise)
    sheet = find_sheet(picture)
    assert sheet is not None
    assert sheet.whole
    assert corner_error_px(sheet, true) <= 4.0  # of 1280 x 960
    flat = straighten(picture, sheet)
    longer, shorter = max(flat.shape[:2]), min(flat.shape[:2])
    assert abs(longer / shorter - math.sqrt(2)) < 0.01
    assert [code.bytes for code in zxingcpp.read_barcodes(flat)] == [BILL]
    assert likeness(flat) > 0.75


def likeness(flat: np.ndarray) -> float:
    """How much the flat sheet is like the one that was laid down, in the best of four turns."""
    grey = cv2.cvtColor(flat, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(SHEET, (207, 292), interpolation=cv2.INTER_AREA)
    turns = [
        cv2.resize(np.ascontiguousarray(np.rot90(grey, turn)), (207, 292), interpolation=cv2.INTER_AREA)
        for turn in range(4)
    ]
    return max(float(cv2.matchTemplate(turned, small, cv2.TM_CCOEFF_NORMED)[0, 0]) for turned in turns)


def test_fingers_over_a_corner_and_a_side_move_no_corner_far():
    picture, true = scene(3, degrees=5, tilt=0.1, noise=4)
    cv2.circle(picture, tuple(int(v) for v in true[2]), 45, (90, 105, 130), -1)
    side = (true[0] + true[3]) / 2
    cv2.ellipse(picture, (int(side[0]), int(side[1])), (50, 28), 0, 0, 360, (90, 105, 130), -1)
    sheet = find_sheet(picture)
    assert sheet is not None
    assert corner_error_px(sheet, true) <= 14.0


def test_a_light_desk_is_enough_of_a_difference():
    picture, true = scene(5, degrees=9, tilt=0.1, noise=3, level=175)
    sheet = find_sheet(picture)
    assert sheet is not None
    assert corner_error_px(sheet, true) <= 6.0


def test_before_a_bright_coloured_wall_the_white_sheet_is_found():
    colours = [(20, 180, 190), (170, 160, 30), (40, 150, 60), (150, 60, 150), (60, 60, 190), (195, 195, 195)]
    wall = np.repeat(np.array(colours, np.uint8)[None], HEIGHT, axis=0).repeat(WIDTH // 6, axis=1)
    wall = cv2.resize(wall, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)
    true = np.array([(260, 120), (1090, 90), (1110, 720), (285, 735)], np.float32)
    cv2.fillConvexPoly(wall, true.astype(np.int32), (245, 247, 248))
    sheet = find_sheet(wall)
    assert sheet is not None
    assert sheet.whole
    assert corner_error_px(sheet, true) <= 4.0


def test_a_dark_sheet_on_a_light_desk_is_found_by_its_edges():
    picture, true = scene(8, degrees=14, tilt=0.15, noise=3)
    sheet = find_sheet(255 - picture)
    assert sheet is not None
    assert corner_error_px(sheet, true) <= 6.0


@pytest.mark.parametrize("seed", range(4))
def test_an_empty_desk_or_noise_holds_no_sheet(seed):
    rng = np.random.default_rng(seed)
    desk = np.clip(table(rng, 110) + rng.normal(0, 10, (HEIGHT, WIDTH)), 0, 255).astype(np.uint8)
    assert find_sheet(desk) is None
    assert find_sheet(rng.integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)) is None
    assert find_sheet(np.full((HEIGHT, WIDTH, 3), 40 * seed, np.uint8)) is None


def test_a_sheet_that_leaves_the_picture_is_not_whole():
    picture, _ = scene(1, degrees=0, tilt=0.0, noise=3)
    sheet = find_sheet(np.ascontiguousarray(picture[:, WIDTH // 2 - 120 :]))
    assert sheet is None or not sheet.whole


# --- sharpness and exposure ---------------------------------------------------------------------------------------


def test_each_step_out_of_focus_is_measured_and_light_hardly_matters():
    scenes = [scene(7, degrees=4, tilt=0.1, noise=3, blur=blur)[0] for blur in (0.7, 1.5, 3.0, 6.0)]
    measured = [sharpness(picture) for picture in scenes]
    assert measured == sorted(measured, reverse=True)
    assert measured[0] > 2 * measured[2]
    dim = np.clip(scenes[0].astype(np.float32) * 0.6 + 5, 0, 255).astype(np.uint8)
    assert abs(sharpness(dim) / measured[0] - 1) < 0.15
    assert sharpness(np.full((480, 640, 3), 128, np.uint8)) == 0.0
    assert sharpness(scenes[0][:, :, 0]) == pytest.approx(measured[0])


class FakeControls:
    """A camera's controls; `obeys` is what a cheap one does not."""

    def __init__(self, *, obeys=True):
        self.values = {
            cv2.CAP_PROP_AUTO_EXPOSURE: EXPOSURE_AUTO,
            cv2.CAP_PROP_EXPOSURE: 156.0,
            cv2.CAP_PROP_GAIN: 12.0,
            cv2.CAP_PROP_AUTO_WB: 1.0,
        }
        self._obeys = obeys

    def get(self, control):
        return self.values.get(control, 0.0)

    def set(self, control, value):
        if control == cv2.CAP_PROP_AUTO_EXPOSURE and self._obeys:
            self.values[cv2.CAP_PROP_EXPOSURE] = 3.0  # a switch to manual often begins somewhere else
        if control in self.values and self._obeys:
            self.values[control] = value
        return control in self.values


def test_the_exposure_found_by_the_camera_is_held_and_given_back():
    controls = FakeControls()
    assert lock_exposure(controls)
    assert controls.values[cv2.CAP_PROP_EXPOSURE] == 156.0
    assert controls.values[cv2.CAP_PROP_AUTO_WB] == 0.0
    assert cv2.CAP_PROP_FOCUS not in controls.values
    unlock_exposure(controls)
    assert controls.values[cv2.CAP_PROP_AUTO_EXPOSURE] == EXPOSURE_AUTO


def test_a_camera_that_does_not_obey_says_so_and_a_pattern_cannot():
    assert not lock_exposure(FakeControls(obeys=False))
    camera = open_camera("camera://pattern?width=320&height=240")
    assert not isinstance(camera, ExposureLock)
    camera.close()
