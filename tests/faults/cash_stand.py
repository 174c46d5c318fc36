"""A session of any bill validator's protocol against the simulator of that protocol, in virtual time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from device_drivers.catalog import make_bill_validator
from device_drivers.contract.bill_validator import NoteEscrowed, NoteReturned, NoteStacked
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import DeviceState, StatusChanged
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_bills import CctalkBillSimulator
from device_drivers.simulators.cctalk_wire import CctalkForm
from device_drivers.simulators.core import DeviceSimulator
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.virtual_time import VirtualWire

NOTES = frozenset(CashItem(rubles * 100) for rubles in (50, 100, 200, 500, 1000, 2000, 5000))
FIVE_HUNDRED = CashItem(50000)
ONLINE = StatusChanged(DeviceState.ONLINE)


@dataclass(frozen=True)
class Bench:
    """Both ends of one protocol in one of its forms."""

    url: str
    simulator: Callable[[dict[str, Any] | None], DeviceSimulator]
    faults: tuple[str, ...]
    acknowledges: bytes = b""  # what the host says to every answer before anything else
    decides_in_s: float = 0.015  # from a note in escrow to the order on the wire, when it is decided at once
    names_returned: bool = True  # the device says which note went back, even one that nobody heard of


PLAIN = ("ccnet", "id003", "cctalk", "essp")
WIRE_FAULTS = (
    "bad_crc",
    "lost_answer",
    "late_answer",
    "doubled_answer",
    "junk",
    "cut_frame",
    "slow_bytes",
    "pause_inside",
)

BENCHES = {
    "ccnet": Bench(
        "ccnet",
        lambda memory: CcnetSimulator(memory, initialize_s=1.0),
        (*WIRE_FAULTS, "nak", "illegal", "busy", "lost_ack"),
        acknowledges=bytes.fromhex("02030600c282"),
        decides_in_s=0.018,  # our ACK takes 6.3 ms at 9600 baud, and 10 ms of silence are demanded behind it
    ),
    "id003": Bench(
        "id003",
        lambda memory: Id003Simulator(memory, initialize_s=1.0),
        (*WIRE_FAULTS, "nak", "illegal", "lost_ack"),
    ),
    "id003 on a line with echo": Bench(
        "id003",
        lambda memory: Id003Simulator(memory, initialize_s=1.0, echo=True),
        (*WIRE_FAULTS, "nak", "illegal", "lost_ack"),
    ),
}


CCTALK_FAULTS = (*WIRE_FAULTS, "nak", "busy")
CCTALK_FORMS = {
    "cctalk": ("cctalk", CctalkForm(), False),
    "cctalk on a line with echo": ("cctalk", CctalkForm(), True),
    "cctalk with crc": ("cctalk?variant=crc16", CctalkForm("crc16"), True),
    "cctalk enciphered": ("cctalk?key=908172", CctalkForm("crc16", "908172"), False),
}
for _name, (_url, _form, _echo) in CCTALK_FORMS.items():
    BENCHES[_name] = Bench(
        _url,
        lambda memory, form=_form, echo=_echo: CctalkBillSimulator(memory, initialize_s=1.0, form=form, echo=echo),
        CCTALK_FAULTS,
    )


ESSP_FAULTS = (*WIRE_FAULTS, "nak", "illegal")
for _name, _url, _knows in [
    ("essp", "essp", True),
    ("essp without acknowledged polls", "essp", False),
    ("essp encrypted", "essp?encrypted=1", True),
]:
    BENCHES[_name] = Bench(
        _url,
        lambda memory, knows=_knows: EsspSimulator(memory, initialize_s=1.0, knows_poll_with_ack=knows),
        ESSP_FAULTS,
        names_returned=False,
    )


class Stand:
    """A session that keeps every note, a validator, and virtual time."""

    def __init__(self, bench: str, *, decide: str | None = "stack", chunk_size: int = 512, memory=None):
        self.bench = BENCHES[bench]
        self.session = make_bill_validator(self.bench.url)
        self.wire = VirtualWire(self.session, self.bench.simulator(memory), chunk_size=chunk_size)
        self.wire.react = self._react
        self.decide = decide
        self.session.enable(NOTES)

    def _react(self, event):
        if isinstance(event, NoteEscrowed) and self.decide:
            getattr(self.session, self.decide)()

    def fresh_session(self):
        """The host died and was started again."""
        self.session = self.wire.session = make_bill_validator(self.bench.url)
        return self.session

    def until_online(self, limit_s=60.0):
        self.wire.run_until(lambda: self.status() == ONLINE and self.idles(), limit_s)
        assert self.status() == ONLINE
        assert self.idles()

    def idles(self):
        return self.device()["state"] == "idling"

    def insert(self, value_minor=50000):
        self.wire.hand(do="insert", value_minor=value_minor)

    def device(self):
        return self.wire.hand(do="state")

    def told(self, kind):
        return [event for event in self.wire.events if isinstance(event, kind)]

    def status(self):
        return next((event for event in reversed(self.wire.events) if isinstance(event, StatusChanged)), None)

    def assert_every_note_is_told_once(self):
        assert sum(event.cash_item.value_minor for event in self.told(NoteStacked)) == self.cassette()["total_minor"]
        assert len(self.told(NoteStacked)) == self.cassette()["count"]
        if self.bench.names_returned:
            assert len(self.told(NoteReturned)) == self.device()["returned"]
        else:
            assert len(self.told(NoteReturned)) <= self.device()["returned"]
            assert len(self.told(NoteEscrowed)) == len(self.told(NoteStacked)) + len(self.told(NoteReturned))

    def cassette(self):
        return self.device()["cassette"]
