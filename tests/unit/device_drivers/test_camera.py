"""Cameras without a device: a pattern that moves, a paper held before it, a film in a loop; codes in pictures."""

from __future__ import annotations

import time

import cv2
import numpy as np
import pytest
import segno
import zxingcpp

from device_drivers.camera.codes import THOROUGH_EVERY, CodeSearch, find_codes
from device_drivers.camera.open import open_camera
from device_drivers.camera.pattern import picture_number
from device_drivers.contract.errors import LineLostError

BILL = (
    "ST00011|Name=АО «Свет»|PersonalAcc=40702810900000000001|BankName=Банк|BIC=044525225|"
    "CorrespAcc=30101810400000000225|Sum=123456|persAcc=001234567|paymPeriod=112026|lastName=Иванова"
).encode("cp1251")


@pytest.fixture
def bill_picture(tmp_path):
    path = tmp_path / "bill.png"
    segno.make_qr(BILL, error="m", mode="byte").save(str(path), scale=6, border=4)
    return path


def test_the_pattern_moves_and_numbers_its_pictures_at_its_rate():
    camera = open_camera("camera://pattern?width=320&height=240&fps=60")
    began_s = time.monotonic()
    pictures = [camera.read() for _ in range(13)]
    assert time.monotonic() - began_s >= 12 / 60 - 0.01
    assert [picture_number(picture.pixels) for picture in pictures] == list(range(1, 14))
    assert pictures[0].pixels.shape == (240, 320, 3)
    assert not np.array_equal(pictures[0].pixels, pictures[1].pixels)
    times_s = [picture.captured_at_s for picture in pictures]
    assert times_s == sorted(times_s)
    camera.close()
    with pytest.raises(LineLostError):
        camera.read()


def test_the_picture_number_survives_compression_and_scaling():
    pixels = open_camera("camera://pattern").read().pixels
    _, packed = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 25])
    small = cv2.resize(cv2.imdecode(packed, cv2.IMREAD_COLOR), (480, 270))
    assert picture_number(small) == 1
    assert picture_number(np.full((240, 320, 3), 128, np.uint8)) is None
    assert picture_number(np.zeros((240, 320, 3), np.uint8)) is None


def test_a_bill_held_before_the_camera_is_read_byte_for_byte(bill_picture):
    camera = open_camera(f"camera://pattern?fps=120&held={bill_picture}")
    pictures = [camera.read().pixels for _ in range(10)]
    read = [[code.payload for code in find_codes(pixels)] for pixels in pictures]
    assert read.count([BILL]) >= 9
    assert {code.format for code in find_codes(pictures[0])} == {"QR Code"}
    assert [picture_number(pixels) for pixels in pictures] == list(range(1, 11))


@pytest.mark.clause("9.6.8d")
def test_of_two_cameras_at_two_heights_the_one_that_is_named_gives_its_own_pictures(tmp_path):
    cameras = {}
    for height in ("standing", "sitting"):
        segno.make_qr(height).save(str(tmp_path / f"{height}.png"), scale=8, border=4)
        cameras[height] = open_camera(f"camera://pattern?fps=120&held={tmp_path / height}.png")
    try:
        for height in ("sitting", "standing", "sitting"):
            seen = {code.payload for _ in range(5) for code in find_codes(cameras[height].read().pixels)}
            assert seen == {height.encode()}
    finally:
        for camera in cameras.values():
            camera.close()


def test_the_held_paper_is_shaken_as_by_a_hand(bill_picture):
    camera = open_camera(f"camera://pattern?fps=120&held={bill_picture}")
    first = camera.read().pixels
    for _ in range(20):
        last = camera.read().pixels
    middle = (slice(200, 450), slice(500, 800))
    assert np.count_nonzero(first[middle] != last[middle]) > 1000


def test_the_held_file_is_followed_broken_ones_are_ignored(tmp_path, bill_picture):
    held = tmp_path / "held.png"
    camera = open_camera(f"camera://pattern?fps=30&held={held}")

    def seen(after_s=0.35):
        end_s = time.monotonic() + after_s
        while time.monotonic() < end_s:
            pixels = camera.read().pixels
        return [code.payload for code in find_codes(pixels)]

    assert seen(0.05) == []
    held.write_bytes(b"not a picture")
    assert seen() == []
    held.write_bytes(bill_picture.read_bytes())
    assert seen() == [BILL]
    segno.make_qr("другой".encode(), mode="byte").save(str(held), scale=6)
    assert seen() == ["другой".encode()]
    held.write_bytes(b"")
    assert seen() == []


def test_a_film_is_played_at_its_rate_and_begins_again(tmp_path):
    path = tmp_path / "film.avi"
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 50.0, (64, 48))
    for shade in (0, 100, 200):
        film.write(np.full((48, 64, 3), shade, np.uint8))
    film.release()
    camera = open_camera(f"camera://{path}")
    began_s = time.monotonic()
    shades = [int(camera.read().pixels.mean()) for _ in range(7)]
    assert time.monotonic() - began_s >= 6 / 50 - 0.01
    assert [round(shade / 100) for shade in shades] == [0, 1, 2, 0, 1, 2, 0]
    camera.close()


@pytest.mark.parametrize("place", ["/dev/video99", "missing.mp4", "/tmp/no/such/film.mp4"])
def test_a_camera_that_is_not_there_is_told_in_a_sentence(place):
    with pytest.raises(LineLostError, match="there is no such"):
        open_camera(f"camera://{place}")


def test_a_file_that_is_no_film_is_told_in_a_sentence(tmp_path):
    (tmp_path / "film.mp4").write_text("text")
    with pytest.raises(LineLostError, match="not a film"):
        open_camera(f"camera://{tmp_path}/film.mp4")


def test_a_picture_without_a_code_has_none():
    assert find_codes(np.zeros((480, 640, 3), np.uint8)) == []


@pytest.mark.parametrize(
    ("format", "inverted", "looks"),
    [("QRCode", False, THOROUGH_EVERY), ("QRCode", True, 1), ("DataMatrix", False, 1), ("Aztec", False, 1)],
)
def test_a_usual_code_is_found_at_each_look_and_any_other_now_and_then(format, inverted, looks):
    code = zxingcpp.create_barcode(BILL, getattr(zxingcpp.BarcodeFormat, format))
    drawn = np.asarray(zxingcpp.write_barcode_to_image(code, scale=5, add_quiet_zones=True))
    picture = 255 - drawn if inverted else drawn
    search = CodeSearch()
    seen = [[found.payload for found in search.look(picture)] for _ in range(THOROUGH_EVERY)]
    assert seen.count([BILL]) == looks
    assert seen.count([]) == THOROUGH_EVERY - looks
