"""One terminal with its real drivers from its first customer to its rest, cut down on the way: what one seed gives."""

from __future__ import annotations

import tempfile
import traceback
from dataclasses import dataclass, field
from pathlib import Path

from payment.simulation.chance import Chance, SeededChance
from payment.simulation.far_ends import Deliver, Equipment
from payment.simulation.life import Life
from payment.simulation.stage import Stage
from payment.simulation.world import World
from terminal_app.simulation.devices import DrivenEnds, Knives, draw_kit
from terminal_app.simulation.sabotage import SABOTAGES, honest
from terminal_app.simulation.verdict import Figures, verdict
from terminal_app.simulation.wire_knife import Fall, Stroke, WireKnife

VISITS_A_LIFE = 12
POINTS_BETWEEN_CUTS = 700  # on average; verbs, records and events, as in payment's simulator
VALIDATOR_BYTES, PINPAD_BYTES, REGISTER_BYTES = 700, 250, 2_500  # between cuts, on average: some in a life
DEVICES_AHEAD_S = 365 * 86_400  # the clock of a simulated register begins a year after the stage's
EQUIPMENTS = (
    Equipment(coins=True, pinpad=True, fiscal=True),
    Equipment(pinpad=True, fiscal=True),
    Equipment(fiscal=True),
    Equipment(coins=True, pinpad=True, acquirer=True, fiscal=True),
    Equipment(),
)


@dataclass(slots=True)
class Told:
    """What is known of one life when it is over."""

    figures: Figures
    trace: list[str] = field(default_factory=list)


def live(seed: str, *, sabotage: str = "", visits: int = VISITS_A_LIFE, traced: bool = False) -> Told:
    """The life that this seed gives. An exception out of the cashier is an error of it, and the end of the life."""
    chance = SeededChance(seed)
    kit, equipment = draw_kit(chance), chance.pick(EQUIPMENTS)
    delayed = chance.happens(0.4)
    with tempfile.TemporaryDirectory() as folder:
        ends: list[DrivenEnds] = []

        def make_ends(stage: Stage, deliver: Deliver, journal_works: object) -> DrivenEnds:
            between = (VALIDATOR_BYTES, PINPAD_BYTES, REGISTER_BYTES)
            knives = Knives(*(_knife(stage, chance, mean) for mean in between))
            spoil = SABOTAGES[sabotage] if sabotage else honest
            ends.append(DrivenEnds(kit, Path(folder), stage, deliver, knives=knives, spoil=spoil))
            return ends[0]

        world = World(chance, equipment=equipment, delayed_disk=delayed, traced=traced, make_ends=make_ends)
        world.stage.jump_wall(DEVICES_AHEAD_S)
        world.stage.say(f"{kit}, {equipment}")
        world.tick_s = 1.0 if chance.happens(0.05) else 8.0
        try:
            lived = Life(world, chance, visits, points_between_cuts=POINTS_BETWEEN_CUTS).live()
            figures = verdict(world, ends[0])
            figures.visits, figures.crashes, figures.stuck = lived.visits, lived.crashes, lived.stuck
        except Exception as error:  # whatever it is, it is a finding
            figures = Figures(visits=1, errors=1)
            world.stage.say("".join(traceback.format_exception(error)))
        figures.cuts = ends[0].knives.cuts()
        return Told(figures, world.stage.trace or [])


def _knife(stage: Stage, chance: Chance, mean: int) -> WireKnife:
    """Falls again and again, and is put away when the life puts its other knife away."""

    def next_fall(passed: int) -> Fall:
        return passed + chance.whole(1, 2 * mean), chance.pick(list(Stroke))

    return WireKnife(stage.say, next_fall, lambda: stage.knife.falls_at == 0)
