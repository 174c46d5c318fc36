"""Colours of the screens: the brand's light palette and the one of high contrast. No Kivy import."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.content import Brand

Rgba = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """Pairs used for text are at least 7:1, marks at least 3:1 in both palettes (a test computes them)."""

    primary: Rgba
    primary_pressed: Rgba
    primary_tint: Rgba
    on_primary: Rgba
    dark: Rgba
    dark_pressed: Rgba
    on_dark_soft: Rgba
    dock_ink: Rgba  # words of the light button on the dark dock, and its edge
    dock_line: Rgba
    ink: Rgba
    ink_soft: Rgba
    background: Rgba
    surface: Rgba
    surface_pressed: Rgba
    line: Rgba
    mark: Rgba
    disabled: Rgba
    disabled_line: Rgba
    on_disabled: Rgba
    success: Rgba
    success_tint: Rgba
    danger: Rgba
    danger_pressed: Rgba
    danger_tint: Rgba
    on_danger: Rgba
    warning: Rgba
    warning_tint: Rgba
    white: Rgba
    shade: Rgba
    logo: Rgba
    focus: Rgba  # the ring around what a keypad would press
    edged: bool  # surfaces are told apart by edges, not by their tone


def colour(text: str, alpha: float = 1.0) -> Rgba:
    """`#RRGGBB` as four parts of one."""
    red, green, blue = (int(text[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue, alpha


def light(brand: Brand) -> Palette:
    """The brand's colours and the neutral ones that never change."""
    return Palette(
        primary=colour(brand.primary),
        primary_pressed=colour(brand.primary_pressed),
        primary_tint=colour(brand.primary_tint),
        on_primary=colour("#FFFFFF"),
        dark=colour(brand.dark),
        dark_pressed=colour("#223B5C"),
        on_dark_soft=colour("#C8D6E8"),
        dock_ink=colour(brand.dark),
        dock_line=colour("#FFFFFF"),
        ink=colour("#1A1A1A"),
        ink_soft=colour("#444C59"),
        background=colour("#F2F5F9"),
        surface=colour("#FFFFFF"),
        surface_pressed=colour("#E1E8F1"),
        line=colour("#D5DDE8"),
        mark=colour("#6B7A90"),
        disabled=colour("#DFE5ED"),
        disabled_line=colour("#DFE5ED"),
        on_disabled=colour("#3A424E"),
        success=colour("#075A25"),
        success_tint=colour("#E3F3E8"),
        danger=colour("#B00020"),
        danger_pressed=colour("#850018"),
        danger_tint=colour("#FCE8EB"),
        on_danger=colour("#FFFFFF"),
        warning=colour("#6E4300"),
        warning_tint=colour("#FFF1CF"),
        white=colour("#FFFFFF"),
        shade=colour(brand.dark, 0.72),
        logo=colour(brand.primary),
        focus=colour("#B04A00"),
        edged=False,
    )


def high_contrast(brand: Brand) -> Palette:
    """Yellow on black; what is white is said less loudly. Only the logo keeps the brand's colour."""
    black, yellow, white = colour("#000000"), colour("#FFFF00"), colour("#FFFFFF")
    return Palette(
        primary=yellow,
        primary_pressed=white,
        primary_tint=black,
        on_primary=black,
        dark=black,
        dark_pressed=colour("#3A3A00"),
        on_dark_soft=white,
        dock_ink=yellow,
        dock_line=yellow,
        ink=yellow,
        ink_soft=white,
        background=black,
        surface=black,
        surface_pressed=colour("#3A3A00"),
        line=yellow,
        mark=yellow,
        disabled=black,
        disabled_line=colour("#8C8C8C"),
        on_disabled=colour("#B8B8B8"),
        success=colour("#9CFF9C"),
        success_tint=black,
        danger=colour("#FFB3B3"),
        danger_pressed=white,
        danger_tint=black,
        on_danger=black,
        warning=colour("#FFC94A"),
        warning_tint=black,
        white=white,
        shade=colour("#000000", 0.86),
        logo=colour(brand.primary),
        focus=white,
        edged=True,
    )
