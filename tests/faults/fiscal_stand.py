"""A fiscal register's session against the simulator of its protocol, in virtual time; the drive is the oracle."""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.atol.session import AtolSession
from device_drivers.contract.fiscal_printer import (
    DocumentAbsent,
    DocumentClosed,
    DocumentRefused,
    DocumentUnknown,
    FiscalDocument,
    FiscalItem,
    FiscalPayments,
    FiscalTag,
)
from device_drivers.contract.status import DeviceState, StatusChanged
from device_drivers.shtrih_m.session import ShtrihMSession
from device_drivers.simulators.atol import AtolSimulator
from device_drivers.simulators.fiscal_drive import RECEIPT
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from device_drivers.simulators.virtual_time import VirtualWire

ONLINE = StatusChanged(DeviceState.ONLINE)
OUTCOMES = (DocumentClosed, DocumentRefused, DocumentUnknown, DocumentAbsent)
DOCUMENT_S_MAX = 200.0  # a minute of printing before, a minute of the command, and the inquiries
HEAL_S_MAX = 90.0


@dataclass(frozen=True)
class Bench:
    """Both ends of one protocol, and how its commands are called by the fault plan."""

    session: type
    simulator: type
    opening: str
    line: str
    closing: str
    shift: str
    faults: tuple[str, ...]


BENCHES = {
    "shtrih-m": Bench(
        ShtrihMSession,
        ShtrihMSimulator,
        "8d",
        "ff46",
        "ff45",
        "e0",
        (
            "lost_command",
            "lost_ack",
            "lost_answer",
            "late_answer",
            "doubled_answer",
            "bad_crc",
            "cut_frame",
            "slow_bytes",
            "pause_inside",
            "junk",
            "nak",
            "busy",
            "continue",
            "error",
            "power_cut_before",
            "power_cut_after",
        ),
    ),
    "atol3": Bench(
        AtolSession,
        AtolSimulator,
        "92",
        "eb",
        "4a",
        "9a",
        (
            "lost_packet",
            "lost_answer",
            "late_answer",
            "doubled_answer",
            "bad_crc",
            "cut_frame",
            "slow_bytes",
            "pause_inside",
            "junk",
            "error",
            "slow",
            "async",
            "power_cut_before",
            "power_cut_after",
        ),
    ),
}


def document(fiscal_id, amount_minor=150000, **payments):
    item = FiscalItem("Электроснабжение, 11.2026", amount_minor, amount_minor, vat=11, method=4, subject=4)
    tags = (
        FiscalTag(1008, "+79110000000"),
        FiscalTag(1084, (FiscalTag(1085, "Лицевой счёт"), FiscalTag(1086, "000123456"))),
    )
    paid = FiscalPayments(**payments) if payments else FiscalPayments(cash_minor=amount_minor)
    return FiscalDocument(fiscal_id, (item,), paid, tags=tags)


class FiscalStand:
    """One register and its host; the host can be killed and started anew."""

    def __init__(self, name, memory=None):
        self.bench = BENCHES[name]
        self.register = self.bench.simulator(memory)
        self.session = self.bench.session()
        self.wire = VirtualWire(self.session, self.register)

    def start(self):
        self.wire.run(4.0)
        assert self.status() == ONLINE
        return self

    def restart_host(self):
        """The program was killed; the register stays as it is."""
        self.session = self.bench.session()
        now_s, self.wire = self.wire.now_s, VirtualWire(self.session, self.register)
        self.wire.now_s = now_s

    def fault(self, name, to="", count=1):
        self.wire.hand(do="fault", name=name, to=to, count=count)

    def print(self, made, limit_s=DOCUMENT_S_MAX):
        self.session.print_document(made)
        return self.outcome(limit_s)

    def ask(self, fiscal_id, limit_s=DOCUMENT_S_MAX):
        self.session.ask_document(fiscal_id)
        return self.outcome(limit_s)

    def outcome(self, limit_s=DOCUMENT_S_MAX):
        """The one answer to the last verb."""
        before = len(self.outcomes())
        self.wire.run_until(lambda: len(self.outcomes()) > before, limit_s)
        assert len(self.outcomes()) == before + 1, "no answer within the limit"
        return self.outcomes()[-1]

    def outcomes(self):
        return [event for event in self.wire.events if isinstance(event, OUTCOMES)]

    def status(self):
        return [event for event in self.wire.events if isinstance(event, StatusChanged)][-1]

    def receipts(self, fiscal_id=None):
        """What is in the drive."""
        closed = [found for found in self.register.drive.documents if found.kind == RECEIPT]
        return [found for found in closed if fiscal_id is None or found.tag(1192) == fiscal_id.encode()]

    def settled(self, made):
        """What an owner does: prints, asks as long as it is unknown, prints again what surely is not there."""
        told = self.print(made)
        for _ in range(6):
            if isinstance(told, DocumentClosed):
                break
            told = self.ask(made.fiscal_id) if isinstance(told, DocumentUnknown) else self.print(made)
        assert isinstance(told, DocumentClosed)
        return told
