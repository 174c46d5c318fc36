"""A cut at every byte of the dialogues in which money moves: one visit for each byte and kind of cut, without chance.

A dialogue is what passes on one wire from the customer's coming to the rest. The core is killed and the power cut at
every byte; the device's own power, a lost byte, a garbled one and a lost line take turns.
"""

from __future__ import annotations

import tempfile
import traceback
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from payment.contract import Means
from payment.simulation.chance import NoChance
from payment.simulation.crash import Cut, PowerCutError
from payment.simulation.customer import Customer, Plan
from payment.simulation.far_ends import Deliver, Equipment
from payment.simulation.stage import Stage
from payment.simulation.world import World
from terminal_app.simulation.devices import PINPADS, REGISTERS, VALIDATORS, DrivenEnds, Kit, Knives
from terminal_app.simulation.life import DEVICES_AHEAD_S, Told
from terminal_app.simulation.verdict import Figures, verdict
from terminal_app.simulation.wire_knife import Stroke, WireKnife

ARRIVES_S = 12.0
DARK_S = 5.0
REST_S_MAX = 5_000.0
SETTLE_EVERY_S = 300.0
EVERYWHERE = (Stroke.CORE_KILLED, Stroke.POWER_LOST)
STROKES_A_BYTE = len(EVERYWHERE) + 1
IN_TURN = (Stroke.DEVICE_OFF, Stroke.BYTE_LOST, Stroke.BYTE_GARBLED, Stroke.LINE_LOST)
NOTE = Plan("2001", notes=(500_00,))
CARD = Plan("2003", means=Means.CARD, asked=(500_00,))


@dataclass(frozen=True, slots=True)
class Dialogue:
    """Whose wire is cut, and in which visit."""

    wire: str  # validator, pinpad, register
    kit: Kit
    equipment: Equipment
    plan: Plan


DIALOGUES: dict[str, Dialogue] = {
    **{name: Dialogue("validator", Kit(validator=name), Equipment(), NOTE) for name in VALIDATORS},
    **{name: Dialogue("pinpad", Kit(pinpad=name), Equipment(pinpad=True), CARD) for name in PINPADS},
    **{name: Dialogue("register", Kit(register=name), Equipment(fiscal=True), NOTE) for name in REGISTERS},
}


@dataclass(frozen=True, slots=True)
class Place:
    """One cut: the byte of the dialogue, from 1, and what falls there."""

    dialogue: str
    byte: int
    stroke: Stroke

    def __str__(self) -> str:
        return f"{self.dialogue}:{self.byte}:{self.stroke.value}"


def read_place(text: str) -> Place:
    """A place as it is written.

    Raises:
        ValueError: it is none.
    """
    name, byte, stroke = text.split(":")
    if name not in DIALOGUES:
        raise ValueError(f"there is no dialogue {name!r}")
    return Place(name, int(byte), Stroke(stroke))


def size_of(dialogue: str) -> int:
    """Bytes of the dialogue when nothing cuts it."""
    play = _Play(DIALOGUES[dialogue], None, traced=False)
    play.run()
    return play.bytes_of_dialogue


def places() -> Iterator[Place]:
    """All of them."""
    for name in DIALOGUES:
        for byte in range(1, size_of(name) + 1):
            for stroke in (*EVERYWHERE, IN_TURN[byte % len(IN_TURN)]):
                yield Place(name, byte, stroke)


def some_places(seed: str, count: int) -> Sequence[Place]:
    """At most so many, spread evenly over all; another seed begins at another one."""
    everywhere = list(places())
    step = max(1, -(-len(everywhere) // max(1, count)))
    step += step % STROKES_A_BYTE == 0  # else it would meet one kind of cut alone
    return everywhere[zlib.crc32(seed.encode()) % step :: step]


def play(place: Place, *, traced: bool = False) -> Told:
    """One visit with this cut, to its rest."""
    played = _Play(DIALOGUES[place.dialogue], place, traced=traced)
    try:
        return Told(played.run(), played.trace)
    except Exception as error:  # whatever it is, it is a finding
        return Told(Figures(visits=1, errors=1), [*played.trace, *traceback.format_exception(error)])


class _Play:
    def __init__(self, dialogue: Dialogue, place: Place | None, *, traced: bool) -> None:
        self.trace: list[str] = []
        self.bytes_of_dialogue = 0
        self._dialogue = dialogue
        self._place = place
        self._traced = traced
        self._present = True
        self._settles_at_s = ARRIVES_S

    def run(self) -> Figures:
        with tempfile.TemporaryDirectory() as folder:
            return self._run(Path(folder))

    def _run(self, folder: Path) -> Figures:
        made: list[DrivenEnds] = []

        def make_ends(stage: Stage, deliver: Deliver, journal_works: object) -> DrivenEnds:
            knives = Knives(*(WireKnife(stage.say) for _ in range(3)))
            made.append(DrivenEnds(self._dialogue.kit, folder, stage, deliver, knives=knives))
            return made[0]

        self._world = World(
            NoChance(), equipment=self._dialogue.equipment, delayed_disk=False, traced=self._traced, make_ends=make_ends
        )
        stage = self._world.stage
        self.trace = stage.trace if stage.trace is not None else []
        stage.jump_wall(DEVICES_AHEAD_S)
        self._knife: WireKnife = getattr(made[0].knives, self._dialogue.wire)
        self._customer = Customer(self._world, self._dialogue.plan, self._gone)
        crashes = self._live()
        figures = verdict(self._world, made[0])
        figures.visits, figures.crashes, figures.cuts = 1, crashes, self._knife.cuts
        figures.stuck = int(not self._world.at_rest())
        self.bytes_of_dialogue = self._knife.bytes - self._begun
        return figures

    def _live(self) -> int:
        stage, crashes = self._world.stage, 0
        self._begun = 0
        stage.later(0.0, self._world.start)
        stage.later(ARRIVES_S, self._comes)
        while stage.now_s < REST_S_MAX and (self._present or not self._world.at_rest()):
            try:
                stage.step()
                if not self._present:
                    self._world.screen_is_deserted()
                    self._settles()
            except PowerCutError:
                crashes += 1
                assert self._place is not None
                self._world.fall(Cut.POWER_LOST if self._place.stroke is Stroke.POWER_LOST else Cut.CORE_KILLED)
                self._present = False
                stage.later(DARK_S, self._world.start)
        return crashes

    def _settles(self) -> None:
        """What only the day's totals can tell is asked of them, as often as a world at rest does."""
        if self._world.stage.now_s >= self._settles_at_s:
            self._settles_at_s = self._world.stage.now_s + SETTLE_EVERY_S
            self._world.settle()

    def _comes(self) -> None:
        self._begun = self._knife.bytes
        if self._place is not None:
            self._knife.falls_at, self._knife.stroke = self._begun + self._place.byte, self._place.stroke
        self._customer.arrives()

    def _gone(self) -> None:
        self._present = False
