"""When something that is closed now opens, in words."""

from __future__ import annotations

from terminal_app.ipc.offer import Opening
from terminal_app.ui.locale import t


def opens_words(opens: Opening | None, what: str = "closed") -> str:
    """`what`: the first word of the sentence's keys."""
    if opens is None:
        return t(f"{what}.now")
    day = (f"{what}.today", f"{what}.tomorrow")[opens.in_days] if opens.in_days < 2 else f"{what}.date"
    return t(day, time=opens.time, date=opens.date)
