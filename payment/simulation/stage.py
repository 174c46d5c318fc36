"""The virtual clock and what is to happen when. One thread; time passes only from one act to the next.

An act hangs on a line: what hangs on CORE is gone when the cashier falls, what hangs on MAINS when the power goes, what
is FAR happens in any case (a request on its way to billing), as do the acts of the LIFE itself (the next customer).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from heapq import heappop, heappush

from payment.contract import CashierEvent, Moment
from payment.simulation.chance import Chance
from payment.simulation.crash import Knife, PowerCutError

EPOCH_S = 1_763_900_000  # 23.11.2025: where the walls of all lives begin
_SECONDS = [f"{second:02d}" for second in range(60)]


class Line:
    """What an act hangs on. Plain numbers: naming a member of an enumeration takes longer than most acts."""

    LIFE = 0
    CORE = 1
    MAINS = 2
    FAR = 3


class Stage:
    """Time, agenda and trace of one life. It is the cashier's `Clock`."""

    def __init__(self, chance: Chance, *, traced: bool = False) -> None:
        self.chance = chance
        self.now_s = 1_000.0
        self.trace: list[str] | None = [] if traced else None
        self.knife = Knife(say=self.say if traced else None)
        self._agenda: list[tuple[float, int, int, int, Callable[[], None]]] = []
        self._number = 0
        self._epochs = [0] * (Line.FAR + 1)
        self._wall_ahead_s = 0
        self._booted_s = 0.0
        self._moment = Moment(0, -1.0, "")
        self._moment_s = -1.0
        self._minute = -1
        self._to_minute = ""  # YYYYMMDDHHMM

    # --- the clock --------------------------------------------------------------------------------------------------

    def now(self) -> Moment:
        if self._moment_s != self.now_s:
            self._moment_s = self.now_s
            wall_s = EPOCH_S + self.now_s + self._wall_ahead_s
            self._moment = Moment(int(wall_s * 1000), self.now_s - self._booted_s, self._local(int(wall_s)))
        return self._moment

    def _local(self, wall_s: int) -> str:
        """Most acts fall into the minute of the one before."""
        minute = wall_s // 60
        if minute != self._minute:
            self._minute, self._to_minute = minute, time.strftime("%Y%m%d%H%M", time.gmtime(wall_s))
        return self._to_minute + _SECONDS[wall_s % 60]

    def jump_wall(self, seconds: int) -> None:
        """Someone or something sets the wall clock; the monotonic one does not care."""
        self._wall_ahead_s += seconds
        self._moment_s = -1.0
        self.say(f"the wall clock jumps by {seconds} s")

    # --- the agenda -------------------------------------------------------------------------------------------------

    def later(self, delay_s: float, act: Callable[[], None], line: int = Line.LIFE) -> None:
        self._number += 1
        heappush(self._agenda, (self.now_s + delay_s, self._number, line, self._epochs[line], act))

    def step(self) -> None:
        """The next act; the agenda is never empty while a terminal lives.

        A knife that falls before a move of a far end does not undo the move: it comes next, unless its mains failed.
        """
        entry = heappop(self._agenda)
        due_s, _, line, epoch, act = entry
        if epoch != self._epochs[line]:
            return
        if due_s > self.now_s:
            self.now_s = due_s
        try:
            act()
        except PowerCutError:
            if line >= Line.MAINS:
                heappush(self._agenda, entry)
            raise

    def core_falls(self) -> None:
        self._epochs[Line.CORE] += 1

    def mains_fail(self) -> None:
        """The computer and the devices are dark; the monotonic clock will begin anew."""
        self._epochs[Line.CORE] += 1
        self._epochs[Line.MAINS] += 1

    def computer_starts(self) -> None:
        self._booted_s = self.now_s - 10.0
        self._moment_s = -1.0

    # --- the trace --------------------------------------------------------------------------------------------------

    def say(self, words: str, *told: object) -> None:
        """`told` fills the braces of `words`, if anybody reads them."""
        if self.trace is not None:
            self.trace.append(f"{self.now_s:10.3f}  {words.format(*told) if told else words}")


class Wire:
    """From one far end to the cashier: events arrive late but in order, and those on their way fall with the core."""

    def __init__(self, stage: Stage, deliver: Callable[[CashierEvent, Callable[[], None] | None], None]) -> None:
        self._stage = stage
        self._deliver = deliver
        self._free_s = 0.0

    def tell(self, event: CashierEvent, span_s: tuple[float, float], taken: Callable[[], None] | None = None) -> None:
        """`taken` is called when the core has the event, before it has done anything about it."""
        stage = self._stage
        due_s = stage.now_s + stage.chance.between_s(*span_s)
        self._free_s = max(due_s, self._free_s)
        stage.later(self._free_s - stage.now_s, partial(self._deliver, event, taken), Line.CORE)

    def fall(self) -> None:
        self._free_s = 0.0
