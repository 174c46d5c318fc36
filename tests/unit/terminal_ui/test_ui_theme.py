"""Sizes in millimetres, contrast, brand packages, and what a finger meant: all without a window."""

from __future__ import annotations

import json
import shutil

import pytest

from terminal_app.content import BRAND_DIR, BrandError, load_brand
from terminal_app.ui import theme
from terminal_app.ui.picture_fit import covering
from terminal_app.ui.touch_rules import DEBOUNCE_S, SETTLE_S, Rect, TouchFilter, nearest

PANELS = {'22"': (1080, 1920, 100.1), '32"': (1080, 1920, 68.8), '19" lying': (1280, 1024, 86.3)}


def contrast(first, second):
    def luminance(rgba):
        parts = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in rgba[:3]]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    high, low = sorted((luminance(first), luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT_PAIRS = [
    ("ink", "surface"), ("ink", "background"), ("ink_soft", "surface"), ("ink_soft", "background"),
    ("primary", "surface"), ("primary", "background"), ("success", "surface"), ("white", "primary"),
    ("white", "primary_pressed"), ("white", "dark"), ("on_dark_soft", "dark"), ("white", "danger"),
    ("white", "danger_pressed"), ("dark", "surface"), ("dark", "surface_pressed"), ("on_disabled", "disabled"),
    ("ink", "primary_tint"), ("ink", "success_tint"), ("ink", "warning_tint"), ("white", "success"),
]  # fmt: skip


def test_the_words_of_the_banner_of_training_are_dark_on_bright():
    assert contrast(theme.TRAINING_FILL, theme.TRAINING_INK) >= 7.0


@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_has_contrast_of_seven(text, ground):
    assert contrast(getattr(theme.colours, text), getattr(theme.colours, ground)) >= 7.0


MARK_PAIRS = [
    ("mark", "surface"),
    ("mark", "background"),
    ("primary", "primary_tint"),
    ("success", "success_tint"),
    ("warning", "warning_tint"),
    ("danger", "background"),
]


@pytest.mark.parametrize(("mark", "ground"), MARK_PAIRS)
def test_outlines_and_pictograms_have_contrast_of_three(mark, ground):
    assert contrast(getattr(theme.colours, mark), getattr(theme.colours, ground)) >= 3.0


@pytest.mark.parametrize("panel", PANELS)
def test_no_text_is_below_what_can_be_read_on_a_real_panel(panel):
    metrics = theme.measure(*PANELS[panel])
    cap_mm = {
        name: style.size * theme.CAP_HEIGHT_EM * metrics.unit_px / metrics.mm_px for name, style in theme.TYPE.items()
    }
    assert min(cap_mm.values()) >= theme.CAP_HEIGHT_MM_MIN
    assert cap_mm["body"] >= theme.BODY_CAP_HEIGHT_MM_MIN * (theme.FIT_MIN if "lying" in panel else 1)


def test_a_larger_panel_of_the_same_pixels_shows_the_same_layout():
    assert theme.measure(1080, 1920, 68.8).unit_px == theme.measure(1080, 1920, 100.1).unit_px


def test_a_small_window_without_density_stands_for_a_panel():
    small, large = theme.measure(540, 960, None), theme.measure(1080, 1920, None)
    assert small.unit_px * 2 == large.unit_px
    assert small.mm_px * 2 == pytest.approx(large.mm_px)


def test_a_panel_too_small_for_readable_text_is_refused_with_its_size():
    with pytest.raises(theme.PanelTooSmallError, match="143x254 mm"):
        theme.measure(540, 960, 96.0)


# --- the brand package ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"company": 5}, "company"), ({"logo": "none.png"}, "none.png"), ({"colour": "red"}, "colour")],
)
def test_a_broken_brand_package_is_refused_with_the_reason(tmp_path, change, reason):
    package = tmp_path / "brand"
    shutil.copytree(BRAND_DIR, package)
    words = json.loads((package / "brand.json").read_text())
    (package / "brand.json").write_text(json.dumps(words | change))
    with pytest.raises(BrandError, match=reason):
        load_brand(package)


def test_a_missing_brand_package_is_refused(tmp_path):
    with pytest.raises(BrandError, match="cannot read"):
        load_brand(tmp_path)


# --- fingers -------------------------------------------------------------------------------------------------------

LEFT, RIGHT = Rect(0, 0, 100, 100), Rect(110, 0, 100, 100)


@pytest.mark.parametrize(
    ("x", "y", "meant"),
    [
        (50, 50, 0),
        (103, 50, 0),
        (107, 50, 1),
        (50, 113, 0),
        (50, 115, None),
        (-14, 50, 0),
        (-10, -10, None),  # 14.1 from the corner
        (224, 50, 1),
    ],
)
def test_a_gap_belongs_to_the_nearer_target_and_the_edge_is_wide(x, y, meant):
    assert nearest([LEFT, RIGHT], x, y, margin=14) == meant


def test_an_echo_of_a_touch_is_dropped():
    touches = TouchFilter()
    assert touches.allows(1.0)
    touches.released(1.05)
    assert not touches.allows(1.05 + DEBOUNCE_S / 2)
    assert touches.allows(1.05 + DEBOUNCE_S)
    assert not touches.allows(1.05 + DEBOUNCE_S, frame_s=0.15), "a picture that long may have held the echo back"


def test_a_finger_that_goes_on_trembling_presses_once():
    touches = TouchFilter()
    touches.released(1.0)
    for echo_s in (1.06, 1.12, 1.18):
        assert not touches.allows(echo_s)
        touches.echoed(echo_s)
    assert touches.allows(1.18 + DEBOUNCE_S)


def test_a_double_tap_does_not_press_on_the_next_screen():
    touches = TouchFilter()
    touches.screen_changed(5.0)
    assert not touches.allows(5.0 + SETTLE_S / 2)
    assert touches.allows(5.0 + SETTLE_S)


# --- pictures ------------------------------------------------------------------------------------------------------


def test_a_picture_of_the_same_shape_is_shown_whole():
    left, bottom, right, _, _, top, _, _ = covering((640, 360), (1280, 720), (320, 180), mirrored=False)
    assert (left, right) == pytest.approx((0, 0.5), abs=0.001)
    assert (top, bottom) == pytest.approx((0, 0.5), abs=0.001)


def test_a_wide_picture_in_a_square_place_loses_its_sides_evenly():
    left, _, right, *_ = covering((1280, 720), (1280, 720), (500, 500), mirrored=False)
    assert (left, right) == pytest.approx((280 / 1280, 1000 / 1280), abs=0.001)


def test_a_mirror_swaps_the_sides():
    straight = covering((640, 480), (1280, 720), (100, 100), mirrored=False)
    mirrored = covering((640, 480), (1280, 720), (100, 100), mirrored=True)
    assert mirrored[0] == straight[2]
    assert mirrored[2] == straight[0]


@pytest.mark.parametrize(("picture", "place"), [((0, 0), (10, 10)), ((10, 10), (0, 5))])
def test_nothing_to_show_is_nothing(picture, place):
    assert covering(picture, (1280, 720), place, mirrored=False) is None
