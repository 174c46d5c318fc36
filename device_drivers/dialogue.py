"""A device dialogue written as a generator: it yields what it wants and is sent what came of it. Pure, no clock.

A session whose device is asked step by step (status, open, lines, close, numbers) keeps its steps in the order of the
paper this way; `Dialogue` holds the one under way and what it waits for.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Generic, TypeVar

Wish = TypeVar("Wish")
Came = TypeVar("Came")


class LinkBrokenError(Exception):
    """Thrown into a dialogue when nobody is heard any more; it ends with what it then knows."""


class Dialogue(Generic[Wish, Came]):
    """At most one generator and its present wish."""

    def __init__(self) -> None:
        self._steps: Generator[Wish, Came, None] | None = None
        self._wish: Wish | None = None

    @property
    def wish(self) -> Wish | None:
        """What the dialogue waits for; None: no dialogue."""
        return self._wish

    @property
    def free(self) -> bool:
        """True when the next one may begin."""
        return self._steps is None

    def begin(self, steps: Generator[Wish, Came, None]) -> None:
        """Runs it to its first wish; only when `free`."""
        assert self._steps is None
        self._steps = steps
        self._advance(lambda: next(steps))

    def go_on(self, came: Came) -> None:
        """Gives it what came of its wish."""
        steps = self._steps
        assert steps is not None
        self._advance(lambda: steps.send(came))

    def break_off(self) -> None:
        """Tells it that nobody is heard; it must end."""
        steps = self._steps
        if steps is None:
            return
        self._advance(lambda: steps.throw(LinkBrokenError()))
        assert self._steps is None, "a broken dialogue asks for more"

    def _advance(self, step: Callable[[], Wish]) -> None:
        try:
            self._wish = step()
        except (StopIteration, LinkBrokenError):
            self._steps, self._wish = None, None
