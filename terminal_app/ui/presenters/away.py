"""Core is away: a calm screen that goes by itself. Told for how long."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.ui.locale import t

MOMENT_S = 12.0  # a restart of core is shorter


@dataclass(frozen=True, slots=True)
class AwayView:
    title: str
    sentence: str


def away_view(away_s: float) -> AwayView:
    """«Секундочку…», and after a restart's time an honest word."""
    which = "moment" if away_s < MOMENT_S else "broken"
    return AwayView(title=t(f"away.{which}_title"), sentence=t(f"away.{which}"))
