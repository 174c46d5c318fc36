"""One terminal from its first customer to its rest, cut down on the way: a life is what one seed gives."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field

from payment.simulation.chance import Chance, SeededChance
from payment.simulation.collector import Collector
from payment.simulation.crash import Cut, PowerCutError
from payment.simulation.customer import Customer, Plan, draw_plan
from payment.simulation.far_ends import EVERYTHING, Equipment
from payment.simulation.oracle import Figures, judge
from payment.simulation.sabotage import Sabotage, make_sabotage
from payment.simulation.stage import Line
from payment.simulation.world import World

EQUIPMENTS = (EVERYTHING, EVERYTHING, Equipment(), Equipment(coins=True), Equipment(fiscal=True))
VISITS_A_LIFE = 12  # short lives keep recovery cheap
POINTS_BETWEEN_CUTS = 260  # on average; a visit has some eighty
POINTS_OF_RECOVERY = 40
PAUSE_S = (1.0, 40.0)
DARK_S = (3.0, 60.0)
LONG_DARK_S = (120.0, 100_000.0)
SETTLE_EVERY_S = 3_600.0
MENDING_S = 600.0
WALL_JUMPS_S = (-86_400, -3_600, -1, 3_600, 86_400)
REST_S_MAX = 400_000.0  # billing is up again long before
ACTS_MAX = 200_000  # a life has some thousand; more is a life that turns in a circle
REST_S_MIN = 60.0
REST_TICK_S = 60.0
OFFICE_TELLS_AFTER_S = 0.7  # a customer has come: an act of its own, or a cut in it would send him away for good


@dataclass(slots=True)
class Told:
    """What is known of one life when it is over."""

    figures: Figures
    trace: list[str] = field(default_factory=list)


class Life:
    """Runs one world through its visits and its cuts."""

    def __init__(
        self, world: World, chance: Chance, visits: int, *, points_between_cuts: int = POINTS_BETWEEN_CUTS
    ) -> None:
        self._world = world
        self._stage = world.stage
        self._chance = chance
        self._to_come = visits
        self._figures = Figures()
        self._customer: Customer | None = None
        self._settles_at_s = 0.0
        self._points_between_cuts = points_between_cuts
        self._waits_outside = False  # the next customer came to a dark terminal

    def live(self) -> Figures:
        """Until every visit was made and the world is at rest."""
        self._sharpen(self._points_between_cuts)
        self._stage.later(0.0, self._starts)
        self._stage.later(self._chance.between_s(*PAUSE_S), self._comes)
        step = self._stage.step
        for _ in range(ACTS_MAX):
            if not self._to_come and self._customer is None:
                break
            try:
                step()
            except PowerCutError:
                self._falls()
        else:
            self._figures.stuck += 1  # somebody never left, or the next one never came
        self._stage.knife.falls_at = 0
        self._world.tick_s = REST_TICK_S
        self._comes_to_rest()
        self._figures.stuck += not self._world.at_rest()
        self._figures.add(judge(self._world))
        return self._figures

    def _comes_to_rest(self) -> None:
        """Until nothing has been under way for a while: what was told last is written by then."""
        deadline_s = self._stage.now_s + REST_S_MAX
        busy_at_s = self._stage.now_s
        while self._stage.now_s < min(deadline_s, busy_at_s + REST_S_MIN):
            self._stage.step()  # the knife is put away
            self._world.screen_is_deserted()
            self._world.office_tells()
            self._settles()
            if not self._world.at_rest():
                busy_at_s = self._stage.now_s

    def _settles(self) -> None:
        """At rest the bank is asked for its totals, once an hour."""
        if self._stage.now_s >= self._settles_at_s:
            self._settles_at_s = self._stage.now_s + SETTLE_EVERY_S
            self._world.settle()

    # --- the knife --------------------------------------------------------------------------------------------------

    def _sharpen(self, points: int) -> None:
        knife = self._stage.knife
        knife.falls_at = knife.points + self._chance.whole(1, 2 * points) if self._to_come else 0

    def _falls(self) -> None:
        self._figures.crashes += 1
        self._world.fall(self._chance.pick((Cut.CORE_KILLED, Cut.POWER_LOST)))
        if self._customer is not None and not self._customer.core_fell():
            self._leaves()
        dark_s = self._chance.between_s(*(LONG_DARK_S if self._chance.happens(0.05) else DARK_S))
        if self._chance.happens(0.02):
            self._stage.jump_wall(self._chance.pick(WALL_JUMPS_S))
        self._sharpen(POINTS_OF_RECOVERY if self._chance.happens(0.3) else self._points_between_cuts)
        self._stage.later(dark_s, self._starts)

    def _starts(self) -> None:
        if self._world.cashier is not None:
            return  # two cuts, one start
        if self._waits_outside:
            self._waits_outside = False
            self._stage.later(self._chance.between_s(0.5, 5.0), self._comes)
        self._world.start()
        if self._customer is not None:
            self._customer_opens(self._customer)

    def _disk_fails(self) -> None:
        self._world.disk.fail()
        self._stage.later(MENDING_S, self._technician)

    def _technician(self) -> None:
        """Restarts the core, which mends what ails the disk."""
        if self._world.cashier is not None:
            self._falls()

    # --- customers --------------------------------------------------------------------------------------------------

    def _comes(self) -> None:
        if self._world.cashier is None:
            self._waits_outside = True
            return
        if self._chance.happens(0.02):
            Collector(self._world, self._collected, signs_in=self._chance.happens(0.9)).comes()
            return
        if self._chance.happens(0.01):
            self._world.billing.goes_down()
        if self._world.equipment.fiscal and self._chance.happens(0.01):
            self._world.register.goes_out()
        if self._chance.happens(0.003):
            self._stage.jump_wall(self._chance.pick(WALL_JUMPS_S))
        if self._chance.happens(0.003):
            self._stage.later(self._chance.between_s(0.0, 20.0), self._disk_fails)
        self._stage.later(OFFICE_TELLS_AFTER_S, self._world.office_tells, Line.CORE)
        account = f"{1000 + self._to_come}"
        self._customer = Customer(self._world, draw_plan(self._chance, account, self._world.equipment), self._leaves)
        self._to_come -= 1
        self._customer_opens(self._customer)

    def _collected(self) -> None:
        self._stage.later(self._chance.between_s(*PAUSE_S), self._comes)

    def _customer_opens(self, customer: Customer) -> None:
        self._figures.visits += 1
        customer.arrives()

    def _leaves(self) -> None:
        self._customer = None
        if self._to_come:
            self._stage.later(self._chance.between_s(*PAUSE_S), self._comes)
        self._world.between_customers()


def live(
    seed: str, *, sabotage: str = "", visits: int = VISITS_A_LIFE, real_disk: bool = False, traced: bool = False
) -> Told:
    """The life that this seed gives. An exception out of the cashier is an error of it, and the end of the life."""
    chance = SeededChance(seed)
    spoilt: Sabotage | None = make_sabotage(sabotage) if sabotage else None
    delayed = chance.happens(0.4)
    equipment = chance.pick(EQUIPMENTS)
    world = World(
        chance, equipment=equipment, delayed_disk=delayed, real_disk=real_disk, sabotage=spoilt, traced=traced
    )
    world.tick_s = 1.0 if chance.happens(0.05) else 8.0
    life = Life(world, chance, visits)
    try:
        figures = life.live()
    except Exception as error:  # whatever it is, it is a finding
        figures = Figures(visits=1, errors=1)
        world.stage.say("".join(traceback.format_exception(error)))
    finally:
        world.remove()
    return Told(figures, world.stage.trace or [])


__all__ = ["VISITS_A_LIFE", "Life", "Plan", "Told", "live"]
