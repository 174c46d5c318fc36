"""The code of the ЛКК as a phone sees it from 40 cm, on each panel (clause 6.3.7a)."""

from __future__ import annotations

import math

import pytest
import segno
import zxingcpp
from kiosk_bench import Kiosk
from PIL import Image, ImageFilter
from terminal_states import STATES

from terminal_app.ui import theme

DISTANCE_MM = 400.0
# A modest phone: its camera shows 1280 pixels over 60 degrees, a little out of focus.
PHONE_WIDTH_PX, PHONE_VIEW_DEGREES, BLUR_PX = 1280, 60.0, 0.7
# Three pixels a module is what readers of codes ask for; the rule of ten says a tenth of the distance a side.
PIXELS_A_MODULE_MIN, SIDE_MM_MIN = 3.0, DISTANCE_MM / 10

LYING_PPI = {1366: 84.7, 1280: 86.3}
STANDING_PPI = (100.1, 68.8)  # 22 and 32 inches


def seen_px_per_mm() -> float:
    return PHONE_WIDTH_PX / (2 * DISTANCE_MM * math.tan(math.radians(PHONE_VIEW_DEGREES / 2)))


def judge(kiosk: Kiosk, path, ppi: float) -> None:
    state = STATES["call_card_portal"]
    assert state.call is not None
    kiosk.look(state)
    kiosk.picture(path)
    panel_px_per_mm = ppi / theme.MM_PER_INCH
    with Image.open(path) as opened:
        glass = opened.convert("L")
    (code,) = zxingcpp.read_barcodes(glass)
    assert code.text == state.call.portal_url
    corners = code.position
    side_px = math.dist((corners.top_left.x, corners.top_left.y), (corners.top_right.x, corners.top_right.y))
    modules = segno.make(code.text, error="m", micro=False).symbol_size(border=0)[0]
    with_border_mm = side_px / panel_px_per_mm * (modules + 8) / modules
    module_seen_px = side_px / modules / panel_px_per_mm * seen_px_per_mm()
    assert module_seen_px >= PIXELS_A_MODULE_MIN, f"{module_seen_px:.1f} px a module"
    assert with_border_mm >= SIDE_MM_MIN - 0.5, f"{with_border_mm:.1f} mm"
    scale = seen_px_per_mm() / panel_px_per_mm
    seen = glass.resize((round(glass.width * scale), round(glass.height * scale)), Image.Resampling.BOX)
    (read,) = zxingcpp.read_barcodes(seen.filter(ImageFilter.GaussianBlur(BLUR_PX)))
    assert read.text == state.call.portal_url


@pytest.mark.clause("6.3.7a", owner="terminal_app")
def test_the_code_of_a_standing_panel_is_read_at_40_cm(kiosk: Kiosk, tmp_path):
    for ppi in STANDING_PPI:
        judge(kiosk, tmp_path / "glass.png", ppi)


@pytest.mark.clause("6.3.7a", owner="terminal_app")
def test_the_code_of_a_lying_panel_is_read_at_40_cm(lying_kiosk: Kiosk, tmp_path):
    judge(lying_kiosk, tmp_path / "glass.png", LYING_PPI[lying_kiosk.tree()["width"]])
