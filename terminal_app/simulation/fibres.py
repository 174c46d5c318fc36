"""Runs the coroutines of the real device manager, keeper and pump on the stage's clock, without an event loop.

A coroutine waits by `pause`; nothing else in it may wait. The core's fall ends all of them, as a killed process ends.
"""

from __future__ import annotations

import types
from collections.abc import Coroutine, Generator
from functools import partial
from typing import Any, NoReturn

from payment.simulation.stage import Line, Stage


@types.coroutine
def pause(delay_s: float) -> Generator[float, None, None]:
    """Waits so many seconds of the stage, or less when somebody wakes the fibre."""
    yield delay_s


class Fibres:
    """What runs in the core."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._running: dict[str, Coroutine[Any, Any, NoReturn]] = {}
        self._tickets: dict[str, int] = {}
        self._inside = ""

    def start(self, work: Coroutine[Any, Any, NoReturn], name: str) -> None:
        """It is driven from now on."""
        self._running[name] = work
        self._tickets[name] = 0
        self.wake(name)

    def wake(self, name: str) -> None:
        """It goes on now, whatever it waits for; one that is just running needs no waking."""
        if name in self._running and name != self._inside:
            self._tickets[name] += 1
            self._stage.later(0.0, partial(self._step, name, self._tickets[name]), Line.CORE)

    def fall(self) -> None:
        """The core is gone."""
        running, self._running, self._inside = self._running, {}, ""
        for work in running.values():
            work.close()

    def _step(self, name: str, ticket: int) -> None:
        if ticket != self._tickets[name]:
            return
        self._inside = name
        delay_s: float = self._running[name].send(None)
        self._inside = ""
        self._stage.later(delay_s, partial(self._step, name, ticket), Line.CORE)
