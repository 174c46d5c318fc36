"""Where the parts of this terminal are: shown, and read aloud in the voice mode (clause 9.6.9). Pure."""

from __future__ import annotations

from dataclasses import dataclass

from terminal_app.core.tasks.task import Context, Event, Step
from terminal_app.ipc.pages import Page, PageKind, Pair, Phrase


@dataclass(frozen=True, slots=True)
class Parts:
    def page(self, context: Context) -> Page:
        pairs = [Pair(Phrase(f"layout.{part}"), Phrase(f"layout.at.{place}")) for part, place in context.layout]
        return Page("layout", PageKind.SUMMARY, pairs=pairs)

    def step(self, event: Event, context: Context) -> Step:
        return self, []


def begin(context: Context) -> Step:
    return Parts(), []
