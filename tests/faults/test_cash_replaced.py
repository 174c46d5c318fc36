"""A bill validator replaced while its port was gone: told by its serial; what lay in the other one is in doubt."""

from __future__ import annotations

import pytest
from cash_stand import Stand

from device_drivers.contract.bill_validator import NoteMoving, NoteReturned, NoteStacked
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import Identified
from device_drivers.simulators import cctalk_bills

# What the other one says of itself; ID-003 tells no serial.
ANOTHER = {
    "ccnet": ("device_drivers.simulators.ccnet._IDENTIFICATION", b"SIM-RU1408     " + b"000000000099" + bytes(7)),
    "cctalk": ("device_drivers.simulators.cctalk_bills._IDS", {**cctalk_bills._IDS, 242: b"\x63\x00\x00"}),
    "essp": ("device_drivers.simulators.essp.SERIAL", 99),
}


@pytest.mark.parametrize("bench", ANOTHER)
def test_another_device_at_this_place_is_told_by_its_serial_and_credits_nothing_of_the_first_one(bench, monkeypatch):
    stand = Stand(bench)
    stand.until_online()
    stand.insert()
    stand.wire.run_until(lambda: stand.device()["state"] == "stacking", 5.0)
    stand.wire.cut()
    monkeypatch.setattr(*ANOTHER[bench])
    stand.wire.simulator = stand.bench.simulator(None)
    stand.wire.mend()
    stand.until_online()
    first, other = stand.told(Identified)
    assert first.serial != other.serial
    assert not stand.told(NoteStacked)
    assert not stand.told(NoteReturned)
    assert stand.told(NoteMoving)[-1] == NoteMoving(False), "the note of the first one is in doubt"
    stand.insert(20000)
    stand.wire.run(6.0)
    assert stand.told(NoteStacked) == [NoteStacked(CashItem(20000))]
