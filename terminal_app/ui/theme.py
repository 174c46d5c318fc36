"""Design tokens: type scale, spacing, and what a mode of accessibility changes. No Kivy import; KV files read this.

Lengths are in design millimetres. One of them is a real millimetre of the panel or more: on a large panel the layout
grows with the glass, on a small one it is never below what hands and eyes need.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path

from terminal_app.content import Package, load_brand
from terminal_app.ipc.modes import DEFAULT_MODES, Modes, TextSize
from terminal_app.ui.palettes import colour, high_contrast, light

ASSETS_DIR = Path(__file__).parent / "assets"
MM_PER_INCH = 25.4
DESK_PANEL_INCHES = 22.0  # a window on a desk stands for such a panel when nobody said its density

TARGET_MM_MIN = 20.0  # below it errors rise at standing kiosks and with disabled people
PRIMARY_TARGET_MM_MIN = 25.0
HIT_MARGIN_MM = 3.5  # the hit area is larger than what is drawn by this on every side
BODY_CAP_HEIGHT_MM_MIN = 7.3  # 0.7 degrees at 60 cm
CAP_HEIGHT_MM_MIN = 4.8
CAP_HEIGHT_EM = 0.727  # of Inter

# The layout is drawn for a glass of this size in design millimetres, and lives with a little less.
PORTRAIT_WIDTH = 270.0
LANDSCAPE_WIDTH, LANDSCAPE_HEIGHT = 360.0, 225.0
FIT_MIN = 0.92
WIDE_MIN = 1.5  # times as wide as high
CHIPS_BESIDE_MAX = 6  # keys of the modes, on a standing panel

REACH_FROM_FLOOR_MM = 1100.0  # no target is higher in the low mode
REACH_MM_MIN = 190.0  # less glass than this below it holds no task at readable sizes: the mode is not offered
PANEL_BOTTOM_MM = 800.0  # lower edge of the glass above the floor, where nobody measured it

GROWTH = {TextSize.NORMAL: 1.0, TextSize.LARGE: 1.5, TextSize.LARGEST: 2.0}


class PanelTooSmallError(ValueError):
    """The screens do not fit this glass at readable sizes."""


@dataclass(frozen=True, slots=True)
class Metrics:
    """How the screens are scaled to one window."""

    width: int
    height: int
    unit_px: float  # one design millimetre
    mm_px: float  # one real millimetre of the panel
    portrait: bool
    reach_px: float  # the lower part of the window within reach from a wheelchair


def measure(width: int, height: int, panel_ppi: float | None, bottom_mm: float = PANEL_BOTTOM_MM) -> Metrics:
    """The scale for a window of this many pixels on a panel of this density, `bottom_mm` above the floor.

    Raises:
        PanelTooSmallError: readable sizes leave no room for the screens.
    """
    portrait = height >= width
    fit_px = width / PORTRAIT_WIDTH if portrait else min(width / LANDSCAPE_WIDTH, height / LANDSCAPE_HEIGHT)
    ppi = panel_ppi or math.hypot(width, height) / DESK_PANEL_INCHES
    mm_px = ppi / MM_PER_INCH
    if panel_ppi and mm_px * FIT_MIN > fit_px:
        raise PanelTooSmallError(
            f"a window of {width}x{height} at {panel_ppi:g} pixels per inch is"
            f" {width / mm_px:.0f}x{height / mm_px:.0f} mm: too small for readable text"
        )
    reach_px = min(float(height), max(0.0, (REACH_FROM_FLOOR_MM - bottom_mm) * mm_px))
    return Metrics(width, height, fit_px if not panel_ppi else max(fit_px, mm_px), mm_px, portrait, reach_px)


@dataclass(frozen=True, slots=True)
class TypeStyle:
    font: str
    size: float  # design millimetres, of the em


REGULAR, SEMIBOLD, BOLD = "Inter", "InterSemiBold", "InterBold"
FONT_FILES = {
    REGULAR: ASSETS_DIR / "fonts" / "Inter-Regular.otf",
    SEMIBOLD: ASSETS_DIR / "fonts" / "Inter-SemiBold.otf",
    BOLD: ASSETS_DIR / "fonts" / "Inter-Bold.otf",
}
TYPE = {
    "caption": TypeStyle(REGULAR, 7.2),
    "caption_strong": TypeStyle(SEMIBOLD, 7.2),
    "label": TypeStyle(SEMIBOLD, 8.6),
    "small": TypeStyle(REGULAR, 8.6),
    "body": TypeStyle(REGULAR, 10.3),
    "body_strong": TypeStyle(SEMIBOLD, 10.3),
    "lead": TypeStyle(SEMIBOLD, 12.0),
    "title": TypeStyle(BOLD, 15.5),
    "key": TypeStyle(SEMIBOLD, 16.0),
    "field": TypeStyle(SEMIBOLD, 18.0),
    "hero": TypeStyle(BOLD, 23.0),
    "figure": TypeStyle(BOLD, 29.0),
}


# The main colours of the notes, so that a chip looks like the paper in the hand.
NOTE_COLOURS = {
    5_00: colour("#7C8F5A"),
    10_00: colour("#8A7A55"),
    50_00: colour("#4F78A8"),
    100_00: colour("#A67C4E"),
    200_00: colour("#3E8F5F"),
    500_00: colour("#7A5C9E"),
    1000_00: colour("#2F8C8C"),
    2000_00: colour("#3C6FB4"),
    5000_00: colour("#B4553C"),
}

TRAINING_FILL, TRAINING_INK = colour("#FFC400"), colour("#000000")  # in every palette: it is to be met nowhere else
FRAME_MM = 2.6  # of the striped frame around the glass in training

package = load_brand()  # the neutral one, until another is chosen
brand = package.brand
zone: tzinfo = UTC  # of the place: which day it is there
modes = DEFAULT_MODES
training = False
colours = light(brand)
metrics = _glass = measure(1080, 1920, None)


def show_package(chosen: Package, place_zone: tzinfo) -> None:
    """Sets brand and slides, once, before the first screen is built."""
    global package, brand, colours, zone
    package, brand, zone = chosen, chosen.brand, place_zone
    colours = light(brand)


def use(chosen: Metrics) -> None:
    """Sets the scale, once, before the first screen is built."""
    global metrics, _glass
    metrics = _glass = chosen


def wear(chosen: Modes, *, practising: bool = False) -> None:
    """Sets how screens look from now on; those that are on the glass are built anew by the caller."""
    global modes, colours, training, metrics
    modes, training = chosen, practising
    metrics = replace(_glass, unit_px=_glass.unit_px * _within_frame(_glass)) if practising else _glass
    colours = high_contrast(brand) if chosen.contrast else light(brand)


def u(length: float) -> float:
    """Design millimetres as whole pixels."""
    return float(round(length * metrics.unit_px))


def frame_px() -> float:
    """How broad the frame around the glass is; a customer has none."""
    return float(round(FRAME_MM * metrics.mm_px)) if training else 0.0


def _within_frame(glass: Metrics) -> float:
    """What is left of the glass within the frame; screens are drawn smaller by this, and else as the customer's."""
    return 1.0 - 2 * FRAME_MM * glass.mm_px / min(glass.width, glass.height)


def text_mm(size: float, text_size: TextSize) -> float:
    """A type size in a mode. Up to body text it grows in full; what is large already grows less, but stays larger."""
    growth, body = GROWTH[text_size], TYPE["body"].size
    return size * growth if size <= body else body * growth + (size - body) * (1.5 - growth / 2)


def target_px() -> float:
    """The least side of a target, with a pixel for rounding."""
    return math.ceil(TARGET_MM_MIN * metrics.mm_px) + 1.0


def text_px(style: str) -> float:
    return u(text_mm(TYPE[style].size, modes.text_size))


def large() -> bool:
    """Words are larger than the layout was drawn for."""
    return modes.text_size is not TextSize.NORMAL


def low_offered() -> bool:
    """The low mode helps here: part of the glass is out of reach, and what is within it holds a task."""
    out_of_reach_px = metrics.height - metrics.reach_px
    return metrics.reach_px >= REACH_MM_MIN * metrics.mm_px and out_of_reach_px >= TARGET_MM_MIN * metrics.mm_px


def low() -> bool:
    return modes.low and low_offered()


def reflowed() -> bool:
    """Screens may be cut into pages: what belongs together must stand together."""
    return large() or low()


def reach_px() -> float:
    """How high above the lower edge of the window a target may end."""
    return metrics.reach_px if low() else float(metrics.height)


def portrait() -> bool:
    return metrics.portrait


def either(in_portrait: float | str, in_landscape: float | str) -> float | str:
    """One of two, by how the glass stands."""
    return in_portrait if metrics.portrait else in_landscape


def beside() -> bool:
    """The two halves of a screen stand beside each other: the glass lies, and words leave room for it."""
    return not metrics.portrait and not large()


def wide() -> bool:
    """The glass lies and is low: three tiles beside each other, rather than three rows of them."""
    return metrics.width >= WIDE_MIN * metrics.height


def chips_beside(chips: int) -> int:
    """How many keys of the modes stand in a row: a word is not broken to make room for one more."""
    if large():
        return 2
    return (chips + 1) // 2 if metrics.portrait and chips > CHIPS_BESIDE_MAX else max(1, chips)


def icon(name: str) -> str:
    return str(ASSETS_DIR / "icons" / f"{name}.png")
