"""Many lives, over one process or several. What a seed gives does not depend on how they are spread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from payment.simulation.life import VISITS_A_LIFE, live
from payment.simulation.oracle import Figures
from payment.simulation.pairs import VISITS, enumerate_all

LIVES_A_CHUNK = 50
FAILURES_KEPT_MAX = 20

Item = TypeVar("Item")


@dataclass(slots=True)
class Outcome:
    """Figures of a run, and the first of what went wrong: seed and words."""

    figures: Figures = field(default_factory=Figures)
    failures: list[tuple[str, str]] = field(default_factory=list)

    def add(self, seed: str, figures: Figures) -> None:
        self.figures.add(figures)
        wrong = figures.wrong()
        if wrong and len(self.failures) < FAILURES_KEPT_MAX:
            self.failures.append((seed, ", ".join(wrong)))

    def join(self, other: Outcome) -> None:
        self.figures.add(other.figures)
        self.failures = [*self.failures, *other.failures][:FAILURES_KEPT_MAX]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lives `first` to `last` - 1 of a seed."""

    seed: str
    first: int
    last: int
    sabotage: str = ""


def chunks(seed: str, visits: int, sabotage: str = "") -> Iterator[Chunk]:
    """Enough whole lives for so many visits."""
    lives = -(-visits // VISITS_A_LIFE)
    for first in range(0, lives, LIVES_A_CHUNK):
        yield Chunk(seed, first, min(first + LIVES_A_CHUNK, lives), sabotage)


def run_chunk(chunk: Chunk) -> Outcome:
    """A sabotaged chunk ends with the first finding: one is enough."""
    outcome = Outcome()
    for number in range(chunk.first, chunk.last):
        seed = f"{chunk.seed}-{number}"
        outcome.add(seed, live(seed, sabotage=chunk.sabotage).figures)
        if chunk.sabotage and outcome.failures:
            break
    return outcome


def run_pairs(name: str, step: int = 1) -> Outcome:
    """All crash points of one canonical visit; a failure is named by its strokes."""
    outcome = Outcome()
    for strokes, played in enumerate_all(name, step=step):
        told = " then ".join(f"{stroke.cut.value} at {stroke.point}" for stroke in strokes)
        outcome.add(f"{name}: {told}", played.figures)
    return outcome


def run_visits(seed: str, visits: int, *, workers: int = 1, sabotage: str = "") -> Outcome:
    return _joined(_spread(run_chunk, list(chunks(seed, visits, sabotage)), workers), stop=bool(sabotage))


def run_all_pairs(workers: int = 1) -> Outcome:
    return _joined(_spread(run_pairs, list(VISITS), workers), stop=False)


def _joined(outcomes: Iterable[Outcome], *, stop: bool) -> Outcome:
    total = Outcome()
    for outcome in outcomes:
        total.join(outcome)
        if stop and total.failures:
            break
    return total


def _spread(work: Callable[[Item], Outcome], items: Sequence[Item], workers: int) -> Iterator[Outcome]:
    if workers == 1:
        yield from map(work, items)
        return
    with ProcessPoolExecutor(workers) as pool:
        try:
            yield from pool.map(work, items)
        finally:
            pool.shutdown(cancel_futures=True)
