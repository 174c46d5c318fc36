"""The three devices that move money, behind their real sessions, bridges, keepers and manager."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from device_drivers.simulators.atol import AtolSimulator
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_bills import CctalkBillSimulator
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.inpas import InpasSimulator
from device_drivers.simulators.sberbank import SberbankSimulator
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from device_drivers.simulators.vendotek import VendotekSimulator
from device_drivers.transport.line import Line as DeviceLine
from payment.contract import CashierEvent
from payment.simulation.chance import Chance
from payment.simulation.crash import Cut
from payment.simulation.far_ends import Deliver, Equipment
from payment.simulation.stage import Stage
from terminal_app.core.device_keeper import Surroundings
from terminal_app.core.device_manager import DeviceManager
from terminal_app.simulation import cards, documents, notes
from terminal_app.simulation.cards import PinpadEnd
from terminal_app.simulation.documents import RegisterEnd
from terminal_app.simulation.fibres import Fibres, pause
from terminal_app.simulation.notes import ValidatorEnd
from terminal_app.simulation.port import DevicePort, MakeSimulator, PortLine
from terminal_app.simulation.sabotage import Spoil, honest
from terminal_app.simulation.wire_knife import WireKnife

INITIALIZE_S = 1.0

VALIDATORS: dict[str, MakeSimulator] = {
    "ccnet": lambda memory, now_s: CcnetSimulator(memory, initialize_s=INITIALIZE_S, now_s=now_s),
    "id003": lambda memory, now_s: Id003Simulator(memory, initialize_s=INITIALIZE_S, now_s=now_s),
    "cctalk": lambda memory, now_s: CctalkBillSimulator(memory, initialize_s=INITIALIZE_S, now_s=now_s),
    "essp": lambda memory, now_s: EsspSimulator(memory, initialize_s=INITIALIZE_S, now_s=now_s),
}
PINPADS: dict[str, MakeSimulator] = {
    "vendotek": lambda memory, now_s: VendotekSimulator(memory, now_s=now_s),
    "inpas": lambda memory, now_s: InpasSimulator(memory, now_s=now_s),
    "sberbank": lambda memory, now_s: SberbankSimulator(memory, now_s=now_s),
}
REGISTERS: dict[str, MakeSimulator] = {
    "shtrih-m": lambda memory, now_s: ShtrihMSimulator(memory, now_s=now_s),
    "atol3": lambda memory, now_s: AtolSimulator(memory, now_s=now_s),
}


@dataclass(frozen=True, slots=True)
class Kit:
    """Which devices a terminal has, by protocol."""

    validator: str = "ccnet"
    pinpad: str = "vendotek"
    register: str = "shtrih-m"


def draw_kit(chance: Chance) -> Kit:
    """One of each kind."""
    return Kit(chance.pick(list(VALIDATORS)), chance.pick(list(PINPADS)), chance.pick(list(REGISTERS)))


@dataclass(frozen=True, slots=True)
class Knives:
    """One for each wire."""

    validator: WireKnife
    pinpad: WireKnife
    register: WireKnife

    def cuts(self) -> int:
        return self.validator.cuts + self.pinpad.cuts + self.register.cuts


class DrivenEnds:
    """`FarEnds` behind real drivers. `folder`: where the core keeps its names of card operations."""

    def __init__(
        self, kit: Kit, folder: Path, stage: Stage, deliver: Deliver, *, knives: Knives, spoil: Spoil = honest
    ) -> None:
        self.knives = knives
        self.failures = 0  # exceptions that a driver or the owner of its events raised
        self._stage = stage
        self._deliver = deliver
        self._fibres = Fibres(stage)
        self._manager: DeviceManager | None = None
        notes_port = DevicePort("validator", stage, knives.validator, VALIDATORS[kit.validator])
        cards_port = DevicePort("pinpad", stage, knives.pinpad, PINPADS[kit.pinpad])
        documents_port = DevicePort("register", stage, knives.register, REGISTERS[kit.register])
        self.validator = ValidatorEnd(kit.validator, notes_port, self._tell, spoil)
        self.pinpad = PinpadEnd(kit.pinpad, cards_port, folder, self._tell, spoil)
        self.register = RegisterEnd(kit.register, documents_port, self._tell, spoil)
        self._all: dict[str, ValidatorEnd | PinpadEnd | RegisterEnd] = {
            notes.DEVICE_CLASS: self.validator,
            cards.DEVICE_CLASS: self.pinpad,
            documents.DEVICE_CLASS: self.register,
        }
        for name, end in self._all.items():
            end.port.wake = partial(self._fibres.wake, name)

    def _tell(self, event: CashierEvent) -> None:
        self._deliver(event, None)

    # --- the core ---------------------------------------------------------------------------------------------------

    def greetings(self, equipment: Equipment, *, after_power: bool) -> list[Callable[[], None]]:
        """The manager is made anew; each device joins it when its driver starts."""
        manager = self._manager = DeviceManager(
            lambda: None,
            world=Surroundings(self._open_line, pause, lambda: self._stage.now_s, self._fibres.start),
        )
        there: list[ValidatorEnd | PinpadEnd | RegisterEnd] = [self.validator]
        there += [self.pinpad] * equipment.pinpad
        there += [self.register] * equipment.fiscal
        for end in self._all.values():
            end.port.switch_on()
        return [partial(end.join, manager) for end in there]

    async def _open_line(self, name: str) -> DeviceLine:
        end = self._all[name]
        return PortLine(end.port, end.session)

    def fall(self, cut: Cut) -> None:
        """The core is gone, and with a power cut the devices' minds."""
        self.count_failures()
        self._fibres.fall()
        for end in self._all.values():
            if cut is Cut.POWER_LOST:
                end.port.switch_off()
            end.core_starts()

    def count_failures(self) -> None:
        """The manager goes, and what it caught is counted."""
        if self._manager is not None:
            for counters in self._manager.counters().values():
                self.failures += counters.driver_failures + counters.owner_failures
            self._manager = None
