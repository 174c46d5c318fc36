"""Design tokens: colours, type scale, spacing. No Kivy import; KV files read this module.

Lengths are in design millimetres. One of them is a real millimetre of the panel or more: on a large panel the layout
grows with the glass, on a small one it is never below what hands and eyes need.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from terminal_app.ui.brand import Brand, load_brand

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

Rgba = tuple[float, float, float, float]


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


def measure(width: int, height: int, panel_ppi: float | None) -> Metrics:
    """The scale for a window of this many pixels on a panel of this density.

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
    return Metrics(width, height, fit_px if not panel_ppi else max(fit_px, mm_px), mm_px, portrait)


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


@dataclass(frozen=True, slots=True)
class Palette:
    """Light theme. Pairs used for text are at least 7:1, marks at least 3:1 (a test computes them)."""

    primary: Rgba
    primary_pressed: Rgba
    primary_tint: Rgba
    dark: Rgba
    dark_pressed: Rgba
    on_dark_soft: Rgba
    ink: Rgba
    ink_soft: Rgba
    background: Rgba
    surface: Rgba
    surface_pressed: Rgba
    line: Rgba
    mark: Rgba
    disabled: Rgba
    on_disabled: Rgba
    success: Rgba
    success_tint: Rgba
    danger: Rgba
    danger_pressed: Rgba
    danger_tint: Rgba
    warning: Rgba
    warning_tint: Rgba
    white: Rgba
    shade: Rgba


def colour(text: str, alpha: float = 1.0) -> Rgba:
    """`#RRGGBB` as four parts of one."""
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue, alpha


def palette(brand: Brand) -> Palette:
    """The brand's colours and the neutral ones that never change."""
    return Palette(
        primary=colour(brand.primary),
        primary_pressed=colour(brand.primary_pressed),
        primary_tint=colour(brand.primary_tint),
        dark=colour(brand.dark),
        dark_pressed=colour("#223B5C"),
        on_dark_soft=colour("#C8D6E8"),
        ink=colour("#1A1A1A"),
        ink_soft=colour("#444C59"),
        background=colour("#F2F5F9"),
        surface=colour("#FFFFFF"),
        surface_pressed=colour("#E1E8F1"),
        line=colour("#D5DDE8"),
        mark=colour("#6B7A90"),
        disabled=colour("#DFE5ED"),
        on_disabled=colour("#3A424E"),
        success=colour("#075A25"),
        success_tint=colour("#E3F3E8"),
        danger=colour("#B00020"),
        danger_pressed=colour("#850018"),
        danger_tint=colour("#FCE8EB"),
        warning=colour("#6E4300"),
        warning_tint=colour("#FFF1CF"),
        white=colour("#FFFFFF"),
        shade=colour(brand.dark, 0.72),
    )


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

brand = load_brand()
colours = palette(brand)
metrics = measure(1080, 1920, None)


def use(chosen: Metrics) -> None:
    """Sets the scale, once, before the first screen is built."""
    global metrics
    metrics = chosen


def u(length: float) -> float:
    """Design millimetres as whole pixels."""
    return float(round(length * metrics.unit_px))


def portrait() -> bool:
    return metrics.portrait


def either(in_portrait: float | str, in_landscape: float | str) -> float | str:
    """One of two, by how the glass stands."""
    return in_portrait if metrics.portrait else in_landscape


def icon(name: str) -> str:
    return str(ASSETS_DIR / "icons" / f"{name}.png")
