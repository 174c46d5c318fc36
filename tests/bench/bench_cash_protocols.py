"""What the cash protocols cost: `python -m tests.bench.bench_cash_protocols [--json]`.

Decoding: frames a second of CPU out of a stream cut into reads of 64 bytes. Polling: CPU of a day of one idle, enabled
device, both ends in virtual time, so the driver's own share is less. Latency: from the bytes that tell of a note to the
bytes of the decision, in virtual time, with an owner who decides at once.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from device_drivers.catalog import (
    BillValidatorSession,
    CoinAcceptorSession,
    make_bill_validator,
    make_coin_acceptor,
)
from device_drivers.ccnet import frames as ccnet
from device_drivers.cctalk import frames as cctalk
from device_drivers.cctalk.cipher import key_of
from device_drivers.cctalk.frames import Form, Frame, Variant
from device_drivers.contract.bill_validator import NoteEscrowed
from device_drivers.contract.cash import CashItem
from device_drivers.essp import encryption
from device_drivers.essp import frames as essp
from device_drivers.essp.encryption import Key
from device_drivers.id003 import frames as id003
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_bills import CctalkBillSimulator
from device_drivers.simulators.cctalk_coins import CctalkCoinSimulator
from device_drivers.simulators.core import DeviceSimulator
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.virtual_time import VirtualWire

FRAMES = 20_000
READ_SIZE = 64
POLLED_S = 600.0
DAY_S = 86_400.0
NOTES = 100
CRC, BNV = Form(Variant.CRC16), Form(Variant.CRC16, key_of("908172"))
AES = Key(bytes(range(16)))
EVENTS = b"\x05" + bytes((4, 1)) * 5

CCNET_ACK = ccnet.encode(ccnet.Frame(ccnet.BILL_VALIDATOR, b"\x00"))  # owed to each answer before anything else

WIRES: dict[str, tuple[bytes, Callable[[], Any]]] = {
    "ccnet": (ccnet.encode(ccnet.Frame(3, b"\x80\x05")), ccnet.FrameReader),
    "id003": (id003.encode(b"\x13\x63"), id003.FrameReader),
    "cctalk checksum8": (cctalk.encode(Frame(1, 0, EVENTS, 40), Form()), lambda: cctalk.FrameReader(Form())),
    "cctalk crc16": (cctalk.encode(Frame(1, 0, EVENTS), CRC), lambda: cctalk.FrameReader(CRC)),
    "cctalk enciphered": (cctalk.encode(Frame(1, 0, EVENTS), BNV), lambda: cctalk.FrameReader(BNV)),
    "essp": (essp.encode(essp.Frame(1, 0, b"\xf0\xef\x03")), essp.FrameReader),
}
VALIDATORS: dict[str, Callable[[], DeviceSimulator]] = {
    "ccnet": CcnetSimulator,
    "id003": Id003Simulator,
    "cctalk": CctalkBillSimulator,
    "essp": EsspSimulator,
}


def frames_per_s(wire: bytes, make_reader: Callable[[], Any]) -> int:
    """Frames a second of CPU."""
    count = FRAMES // 10 if len(wire) > 12 else FRAMES
    stream, reader, found = wire * count, make_reader(), 0
    began_s = time.process_time()
    for at in range(0, len(stream), READ_SIZE):
        found += len(reader.feed(stream[at : at + READ_SIZE]))
    assert found == count
    return round(count / (time.process_time() - began_s))


def encrypted_per_s() -> int:
    """Encrypted answers opened in a second of CPU, without their framing."""
    sealed = encryption.encrypt(b"\xf0\xef\x03", 7, AES, bytes)
    began_s = time.process_time()
    for _ in range(FRAMES):
        encryption.decrypt(sealed, AES)
    return round(FRAMES / (time.process_time() - began_s))


def day_cpu_s(session: BillValidatorSession | CoinAcceptorSession, device: DeviceSimulator) -> float:
    """CPU seconds of a day of polling, measured over ten minutes of it."""
    session.enable(frozenset({CashItem(1000), CashItem(50000)}))
    wire: VirtualWire[Any] = VirtualWire(session, device)
    wire.run(60.0)
    began_s = time.process_time()
    wire.run(POLLED_S)
    return (time.process_time() - began_s) * DAY_S / POLLED_S


def decision_ms(protocol: str, device: DeviceSimulator) -> list[float]:
    """Milliseconds from the escrow's bytes to those of the decision, for each note."""
    session = make_bill_validator(protocol)
    session.enable(frozenset({CashItem(50000)}))
    wire = VirtualWire(session, device)
    escrowed_s: list[float] = []

    def react(event: object) -> None:
        if isinstance(event, NoteEscrowed):
            escrowed_s.append(wire.now_s)
            session.stack()

    wire.react = react
    waits = []
    while len(waits) < NOTES:
        wire.run_until(lambda: wire.hand(do="state")["state"] == "idling", 60.0)
        wire.hand(do="insert", value_minor=50000)
        before = len(escrowed_s)
        wire.run_until(lambda before=before: len(escrowed_s) > before, 10.0)
        seen = len(wire.wire_log)
        wire.run(1.0)
        host = [(at_s, data) for at_s, side, data in wire.wire_log[seen:] if side == "host"]
        said_s = next(at_s for at_s, data in host if data != CCNET_ACK)
        waits.append((said_s - escrowed_s[-1]) * 1000)
    return waits


def measure() -> dict[str, Any]:
    """All figures."""
    days = {name: day_cpu_s(make_bill_validator(name), make()) for name, make in VALIDATORS.items()}
    days["cctalk coins"] = day_cpu_s(make_coin_acceptor("cctalk"), CctalkCoinSimulator())
    waits = {name: decision_ms(name, make()) for name, make in VALIDATORS.items()}
    return {
        "frames_per_s": {name: frames_per_s(*row) for name, row in WIRES.items()} | {"essp AES": encrypted_per_s()},
        "day_cpu_s": {name: round(cpu_s, 1) for name, cpu_s in days.items()},
        "five_devices_percent_of_a_core": round(sum(days.values()) / DAY_S * 100, 2),
        "decision_p99_ms": {name: round(statistics.quantiles(wait, n=100)[98], 2) for name, wait in waits.items()},
    }


def main() -> int:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    found = measure()
    if parser.parse_args().json:
        print(json.dumps(found))
        return 0
    for name, figures in found.items():
        print(f"{name}: {figures if not isinstance(figures, dict) else ''}")
        for row, figure in figures.items() if isinstance(figures, dict) else ():
            print(f"  {row:20} {figure:>12,}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
