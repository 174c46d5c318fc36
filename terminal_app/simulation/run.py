"""The sweep over every byte and many lives, over one process or several; what a seed gives does not depend on that."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field

from terminal_app.simulation.life import VISITS_A_LIFE, live
from terminal_app.simulation.sweep import Place, play, some_places
from terminal_app.simulation.verdict import Figures

CHUNK = 20
SWEEP_SHARE = (9, 10)  # of the visits at most; the rest are lives
FAILURES_KEPT_MAX = 20


@dataclass(slots=True)
class Outcome:
    """Figures of a run, and the first of what went wrong: a name that `--replay` takes, and words."""

    figures: Figures = field(default_factory=Figures)
    swept: int = 0  # places of the sweep
    failures: list[tuple[str, str]] = field(default_factory=list)

    def add(self, name: str, figures: Figures) -> None:
        self.figures.add(figures)
        if (wrong := figures.wrong()) and len(self.failures) < FAILURES_KEPT_MAX:
            self.failures.append((name, ", ".join(wrong)))

    def join(self, other: Outcome) -> None:
        self.figures.add(other.figures)
        self.swept += other.swept
        self.failures = [*self.failures, *other.failures][:FAILURES_KEPT_MAX]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some places of the sweep, or some lives of a seed."""

    places: tuple[Place, ...] = ()
    lives: tuple[str, ...] = ()
    sabotage: str = ""


def chunks(seed: str, visits: int, sabotage: str = "") -> Iterator[Chunk]:
    """The sweep first, then enough whole lives for the visits that are left. A sabotaged bridge is tried by lives."""
    share, of = SWEEP_SHARE
    places = () if sabotage else some_places(seed, visits * share // of)
    for first in range(0, len(places), CHUNK):
        yield Chunk(places=tuple(places[first : first + CHUNK]))
    lives = -(-(visits - len(places)) // VISITS_A_LIFE)
    for first in range(0, lives, CHUNK):
        yield Chunk(lives=tuple(f"{seed}-{n}" for n in range(first, min(lives, first + CHUNK))), sabotage=sabotage)


def run_chunk(chunk: Chunk) -> Outcome:
    """A sabotaged chunk ends with the first finding: one is enough."""
    outcome = Outcome(swept=len(chunk.places))
    with unlogged():
        for place in chunk.places:
            outcome.add(str(place), play(place).figures)
        for seed in chunk.lives:
            outcome.add(seed, live(seed, sabotage=chunk.sabotage).figures)
            if chunk.sabotage and outcome.failures:
                break
    return outcome


@contextlib.contextmanager
def unlogged() -> Iterator[None]:
    """A keeper writes of every line that it loses; here failures are counted."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


def run_visits(seed: str, visits: int, *, workers: int = 1, sabotage: str = "") -> Outcome:
    """At least so many visits."""
    total = Outcome()
    for outcome in _spread(list(chunks(seed, visits, sabotage)), workers):
        total.join(outcome)
        if sabotage and total.failures:
            break
    return total


def _spread(work: Sequence[Chunk], workers: int) -> Iterator[Outcome]:
    if workers == 1:
        yield from map(run_chunk, work)
        return
    with ProcessPoolExecutor(workers) as pool:
        try:
            yield from pool.map(run_chunk, work)
        finally:
            pool.shutdown(cancel_futures=True)
