"""Every single crash point and every ordered pair of them in visits that are short enough to try them all.

No chance here: the same visit goes on after each cut, and the second cut falls anywhere between the restart and the
rest (a crash of a crash). A point stands before and after everything that crosses the border: both sides are tried.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from payment.contract import JournalRecord, Means
from payment.simulation.chance import NoChance
from payment.simulation.collector import Collector
from payment.simulation.crash import Cut, PowerCutError
from payment.simulation.customer import Customer, Plan
from payment.simulation.oracle import Figures, judge
from payment.simulation.world import World

ARRIVES_S = 10.0
DARK_S = 5.0
REST_S_MAX = 5_000.0

ENCASHMENT = "encashment"
SPLIT = (500_00, 1_234_56)

VISITS: dict[str, Plan] = {
    "note": Plan("2001", notes=(500_00,)),
    "three notes and a coin": Plan("2002", notes=(100_00, 500_00, 1000_00), coins=(10_00,)),
    "card": Plan("2003", means=Means.CARD, asked=(500_00,)),
    "split card": Plan("2004", means=Means.CARD, asked=SPLIT, closed_second=True),
    "refused card": Plan("2005", means=Means.CARD, asked=(500_00,), closed_account=True),
    "qr": Plan("2006", means=Means.QR, asked=(500_00,)),
    "refused qr, given back": Plan("2010", means=Means.QR, asked=(500_00,), closed_account=True),
    "refusal": Plan("2007", notes=(500_00,), closed_account=True),
    "over the limit": Plan("2008", notes=(5000_00, 5000_00, 5000_00, 5000_00)),
    ENCASHMENT: Plan("2009", notes=(500_00,)),
}


@dataclass(frozen=True, slots=True)
class Stroke:
    """One fall of the knife: how many points after the start or after the cut before it."""

    point: int
    cut: Cut


@dataclass(frozen=True, slots=True)
class Played:
    figures: Figures
    points: int  # since the last cut, or since the start
    trace: Sequence[str]


def play(name: str, strokes: Sequence[Stroke], *, traced: bool = False) -> Played:
    """One visit with these cuts, to its rest."""
    return _Play(name, strokes, traced=traced).run()


def records_of(name: str, strokes: Sequence[Stroke] = ()) -> list[JournalRecord]:
    """The journal of such a visit."""
    visit = _Play(name, strokes, traced=False)
    visit.run()
    return list(visit.world.disk.store.records())


def single_strokes(name: str) -> Iterator[Stroke]:
    """Every point of the uncut visit, with both kinds of cut."""
    for point in range(1, play(name, ()).points + 1):
        for cut in Cut:
            yield Stroke(point, cut)


def enumerate_all(name: str, *, step: int = 1) -> Iterator[tuple[tuple[Stroke, ...], Played]]:
    """All singles, and behind each of them all seconds; `step` 3 takes every third first point."""
    for number, first in enumerate(single_strokes(name)):
        played = play(name, (first,))
        yield (first,), played
        if number % step:
            continue
        for point in range(1, played.points + 1):
            for cut in Cut:
                strokes = (first, Stroke(point, cut))
                yield strokes, play(name, strokes)


class _Play:
    def __init__(self, name: str, strokes: Sequence[Stroke], *, traced: bool) -> None:
        self.world = World(NoChance(), delayed_disk=False, traced=traced)
        self._stage = self.world.stage
        self._strokes = list(strokes)
        self._figures = Figures(visits=1)
        self._begun = 0
        self._present = True
        self._collecting = False
        self._collects = name == ENCASHMENT
        self._customer = Customer(self.world, VISITS[name], self._gone)

    def run(self) -> Played:
        self._sharpen()
        self._stage.later(0.0, self.world.start)
        self._stage.later(ARRIVES_S, self._comes)
        while self._stage.now_s < REST_S_MAX and not (not self._present and self.world.at_rest()):
            try:
                self._stage.step()
                if not self._present:
                    self.world.screen_is_deserted()
                    self.world.office_tells()
            except PowerCutError:
                self._falls()
        self._figures.stuck += not self.world.at_rest()
        self._figures.add(judge(self.world))
        return Played(self._figures, self._stage.knife.points - self._begun, self._stage.trace or ())

    def _sharpen(self) -> None:
        knife = self._stage.knife
        self._begun = knife.points
        knife.falls_at = knife.points + self._strokes[0].point if self._strokes else 0

    def _falls(self) -> None:
        self._figures.crashes += 1
        self.world.fall(self._strokes.pop(0).cut)
        self._present = self._collecting
        self._sharpen()
        self._stage.later(DARK_S, self.world.start)

    def _comes(self) -> None:
        if self.world.cashier is not None:
            self._customer.arrives()
        self._present = self.world.cashier is not None

    def _gone(self) -> None:
        """The canonical encashment follows its customer; a cut there does not send the collector away."""
        self._present = self._collects
        if self._collects:
            self._collects = False
            self._collecting = True
            Collector(self.world, self._collected).comes()

    def _collected(self) -> None:
        self._present = self._collecting = False
