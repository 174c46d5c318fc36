"""A bank terminal's session against the simulator of its protocol, in virtual time; the bank's books are the oracle."""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.contract.payment_card_reader import (
    CardAnswered,
    CardCaptured,
    CardOutcome,
    CardReversed,
    CardSettled,
    OperationNamed,
    StepOutcome,
)
from device_drivers.contract.status import DeviceState, StatusChanged
from device_drivers.inpas.session import InpasSession
from device_drivers.sberbank.session import SberbankSession
from device_drivers.simulators.inpas import InpasSimulator
from device_drivers.simulators.sberbank import SberbankSimulator
from device_drivers.simulators.vendotek import VendotekSimulator
from device_drivers.simulators.virtual_time import VirtualWire
from device_drivers.vendotek.frames import Framing
from device_drivers.vendotek.session import VendotekSession

ONLINE = StatusChanged(DeviceState.ONLINE)
SALE_S_MAX = 700.0  # INPAS: three times the time of a sale, when the terminal says «wait» all along
STEP_S_MAX = 900.0
AMOUNT_MINOR = 123450


@dataclass(frozen=True)
class Bench:
    """Both ends of one protocol, and how its sale is called by the fault plan."""

    session: object
    simulator: object
    sale: str
    faults: tuple[str, ...]
    remembers: bool = True  # the terminal can be asked for its last operation


SPREAD = ("slow_bytes", "pause_inside")
WIRE_FAULTS = ("lost_message", "lost_answer", "late_answer", "doubled_answer", "bad_crc", "cut_frame", "junk", *SPREAD)
POWER_FAULTS = ("power_cut_before", "power_cut_after")
ACKNOWLEDGED = ("lost_ack", "nak")

BENCHES = {
    "vendotek": Bench(VendotekSession, VendotekSimulator, "VRP", (*WIRE_FAULTS, *POWER_FAULTS)),
    "vendotek over tcp": Bench(
        lambda: VendotekSession(Framing.TCP),
        lambda memory=None: VendotekSimulator(memory, serial=False),
        "VRP",
        ("lost_message", "lost_answer", "late_answer", "doubled_answer", *SPREAD, *POWER_FAULTS),
    ),
    "inpas": Bench(
        InpasSession,
        InpasSimulator,
        "1",
        (*WIRE_FAULTS, *POWER_FAULTS, *ACKNOWLEDGED, "parts", "no_name"),
        remembers=False,
    ),
    "sberbank": Bench(
        SberbankSession, SberbankSimulator, "sale", (*WIRE_FAULTS, *POWER_FAULTS, *ACKNOWLEDGED), remembers=False
    ),
}


class CardStand:
    """One bank terminal and its host, whose names of operations are durable; the host can be killed."""

    def __init__(self, name, memory=None):
        self.name, self.bench = name, BENCHES[name]
        self.terminal = self.bench.simulator(memory)
        self.names = {}
        self._join()

    def _join(self, now_s=1000.0):
        self.session = self.bench.session()
        self.wire = VirtualWire(self.session, self.terminal)
        self.wire.now_s = now_s
        self.wire.react = self._react

    def _react(self, event):
        if isinstance(event, OperationNamed):
            self.names[event.operation_id] = event.host_id
            self.session.proceed(event.operation_id)

    def start(self):
        self.wire.run(8.0)
        assert self.status() == ONLINE
        return self

    def restart_host(self):
        """The program was killed; the terminal and the names stay."""
        self._join(self.wire.now_s)

    def fault(self, name, to="", count=1):
        self.wire.hand(do="fault", name=name, to=to, count=count)

    def sell(self, operation_id, amount_minor=AMOUNT_MINOR):
        self.session.authorize(operation_id, amount_minor)
        return self.answer(CardAnswered, SALE_S_MAX)

    def ask(self, operation_id):
        self.session.last_result(operation_id, self.names.get(operation_id, ""), AMOUNT_MINOR)
        return self.answer(CardAnswered)

    def capture(self, operation_id, amount_minor=AMOUNT_MINOR):
        self.session.capture(operation_id, self.names[operation_id], amount_minor)
        return self.answer(CardCaptured).outcome

    def reverse(self, operation_id):
        self.session.reverse(operation_id, self.names.get(operation_id, ""), AMOUNT_MINOR)
        return self.answer(CardReversed).outcome

    def settle(self):
        self.session.settle("s-1")
        return self.answer(CardSettled)

    def answer(self, kind, limit_s=STEP_S_MAX):
        before = len(self.events(kind))
        self.wire.run_until(lambda: len(self.events(kind)) > before, limit_s)
        assert len(self.events(kind)) == before + 1, "no answer within the limit"
        return self.events(kind)[-1]

    def events(self, kind):
        return [event for event in self.wire.events if isinstance(event, kind)]

    def status(self):
        return self.events(StatusChanged)[-1]

    def settled(self, told):
        """What an owner does: an unknown sale is asked about, then reversed; an approved one is made final.

        Gives what is surely taken from the card, None when only the settlement will tell.
        """
        operation_id = told.operation_id
        if told.outcome is CardOutcome.UNKNOWN:
            told = self.ask(operation_id)
        if told.outcome is CardOutcome.APPROVED:
            outcome = self.capture(operation_id, told.amount_minor)
            return {StepOutcome.DONE: told.amount_minor, StepOutcome.REFUSED: 0}.get(outcome)
        if told.outcome is CardOutcome.DECLINED:
            return 0
        return 0 if self.reverse(operation_id) is StepOutcome.DONE else None
