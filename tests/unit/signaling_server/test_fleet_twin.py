"""What the office knows of a terminal is what it said last: devices, alarms, why cash is stopped; and it keeps it."""

from __future__ import annotations

from pathlib import Path

import pytest

from signaling_server.contract.messages import (
    AlarmReport,
    CashCount,
    DeviceReport,
    Heartbeat,
    StorageReport,
    TerminalHello,
)
from signaling_server.contract.preflight import LastPreflight, Part, PartFault, PartState, PathQuality, Preflight
from signaling_server.fleet.twin import Fleet
from signaling_server.storage.engine import open_database, sqlite_url
from signaling_server.storage.terminals import OrderStore
from tests.unit.signaling_server.desk_scene import ToldClock

CASSETTE = StorageReport("cassette", "high", 900, 1000, [CashCount(100_00, 899)], 1)
DEVICES = [
    DeviceReport("bill_validator", "online", storage=[CASSETTE]),
    DeviceReport("camera", "no_device", fitted=False),
]
FOUND = LastPreflight(7_000, Preflight(microphone=Part(PartState.BAD, PartFault.SILENT), path=PathQuality(640, 900)))
SOS, DOOR = AlarmReport("sos", 5_000), AlarmReport("door_open", 6_000)


@pytest.mark.clause("9.7.3", owner="signaling_server/desk")
async def test_an_alarm_is_on_the_page_with_the_heartbeat_that_tells_it_and_once_in_the_log(tmp_path: Path, caplog):
    database = await open_database(sqlite_url(tmp_path))
    await OrderStore(database).terminal_certified(
        terminal_id="T-1", title="Зал 1", site="МФЦ", fingerprint_hex="aa", at_ms=0
    )
    fleet = Fleet(database, ToldClock())
    fleet.connected("T-1", 1, TerminalHello("1.0"))
    for sequence in (1, 2):
        fleet.heard("T-1", Heartbeat(sequence, "attract", DEVICES, alarms=[SOS, DOOR], cash_stopped="door"))
    (row,) = (await fleet.answer()).terminals
    assert (row.devices, row.alarms, row.cash_stopped) == (DEVICES, [SOS, DOOR], "door")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("signaling_server")]
    assert ours == ["terminal T-1: sos", "terminal T-1: door_open"]
    await fleet.flush()
    (row,) = (await Fleet(database, ToldClock()).answer()).terminals
    assert (row.devices, row.alarms, row.cash_stopped, row.online) == (DEVICES, [SOS, DOOR], "door", False)
    fleet.heard("T-1", Heartbeat(3, "attract", DEVICES))
    (row,) = (await fleet.answer()).terminals
    assert (row.alarms, row.cash_stopped) == ([], "")
    await database.dispose()


async def test_what_a_terminal_found_before_its_last_call_is_on_the_page_and_stays_there(tmp_path: Path):
    database = await open_database(sqlite_url(tmp_path))
    await OrderStore(database).terminal_certified(
        terminal_id="T-1", title="Зал 1", site="МФЦ", fingerprint_hex="aa", at_ms=0
    )
    fleet = Fleet(database, ToldClock())
    fleet.connected("T-1", 1, TerminalHello("1.0"))
    (row,) = (await fleet.answer()).terminals
    assert row.preflight is None
    fleet.heard("T-1", Heartbeat(1, "call_waiting", DEVICES, preflight=FOUND))
    fleet.connected("T-1", 2, TerminalHello("1.0"))
    (row,) = (await fleet.answer()).terminals
    assert row.preflight == FOUND
    await fleet.flush()
    (row,) = (await Fleet(database, ToldClock()).answer()).terminals
    assert row.preflight == FOUND
    await database.dispose()
