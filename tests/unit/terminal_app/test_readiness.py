"""The readiness check of the terminal: one word, and what it lacks (clause 5.3.1)."""

from __future__ import annotations

import pytest

from device_drivers.contract.status import DeviceState, Fault
from signaling_server.contract.messages import DeviceReport
from signaling_server.contract.readiness import Lack, Readiness
from terminal_app.core.readiness import Around, readiness
from terminal_app.core.service_mode import values as v
from terminal_app.core.service_mode.mode import step
from terminal_app.core.service_mode.pages import page_of
from terminal_app.ipc.messages import CashStop
from terminal_app.ipc.pages import Choose, Tone
from terminal_app.ui.locale.en_service_mode import SERVICE_MODE as ENGLISH
from terminal_app.ui.locale.ru_service_mode import SERVICE_MODE as RUSSIAN

WELL = Around(CashStop.NONE, billing_up=True, linked=True, ending=False)
WHOLE = [
    DeviceReport("bill_validator", "device_busy"),
    DeviceReport("receipt_printer", "online", "paper_low"),
    DeviceReport("camera", "online"),
    DeviceReport("watchdog", "no_device", fitted=False),
]


def around(**changed: object) -> Around:
    return Around(**{**{name: getattr(WELL, name) for name in Around.__slots__}, **changed})


@pytest.mark.clause("5.3.1", owner="terminal_app")
def test_what_the_project_promises_and_works_is_ready():
    assert readiness(WHOLE, WELL).state is Readiness.READY
    assert readiness(WHOLE, WELL).lacks == []
    assert readiness(WHOLE, around(cash_stop=CashStop.NOT_FITTED)).state is Readiness.READY


@pytest.mark.clause("5.3.1", owner="terminal_app")
@pytest.mark.parametrize("device_class", ["receipt_printer", "camera", "audio", "fiscal_printer", "bill_validator"])
def test_a_broken_device_makes_it_ready_in_part_and_is_named_with_its_fault(device_class):
    broken = DeviceReport(device_class, "offline", "line_lost")
    rest = [device for device in WHOLE if device.device_class != device_class]
    told = readiness([*rest, broken], WELL)
    assert (told.state, told.lacks) == (Readiness.PARTLY, [Lack(device_class, "line_lost")])


def test_a_state_without_a_fault_is_the_reason_itself():
    assert readiness([DeviceReport("camera", "no_device")], WELL).lacks == [Lack("camera", "no_device")]


@pytest.mark.clause("5.3.1", owner="terminal_app")
def test_cash_that_is_not_taken_is_a_lack_and_the_validator_that_stops_it_is_named_once():
    told = readiness(WHOLE, around(cash_stop=CashStop.DOOR))
    assert (told.state, told.lacks) == (Readiness.PARTLY, [Lack("cash", "door")])
    jammed = [DeviceReport("bill_validator", "hardware_error", "jammed")]
    assert readiness(jammed, around(cash_stop=CashStop.JAMMED)).lacks == [Lack("bill_validator", "jammed")]


@pytest.mark.clause("5.3.1", owner="terminal_app")
def test_who_can_serve_nobody_is_not_ready():
    away = readiness(WHOLE, around(billing_up=False, linked=False, cash_stop=CashStop.BILLING))
    assert (away.state, [lack.what for lack in away.lacks]) == (Readiness.NOT_READY, ["billing", "office"])
    ending = readiness(WHOLE, around(ending=True, cash_stop=CashStop.POWER))
    assert (ending.state, ending.lacks[0].what) == (Readiness.NOT_READY, "power")
    assert readiness(WHOLE, around(billing_up=False)).state is Readiness.PARTLY  # one may still talk and write
    assert readiness(WHOLE, around(linked=False)).state is Readiness.PARTLY  # one may still pay


@pytest.mark.clause("5.3.1", owner="terminal_app")
def test_a_technician_opens_it_from_the_menu_and_reads_what_is_lacking():
    menu = v.Mode(place=v.Place.MENU, who="Сидоров С. С.")
    at, _ = step(menu, Choose("service_menu", "readiness"), 1.0)
    assert at.place is v.Place.READINESS
    told = readiness([*WHOLE, DeviceReport("audio", "offline", "line_lost")], around(cash_stop=CashStop.DOOR))
    page = page_of(at, v.Facts(readiness=told))
    assert page is not None
    words = [(RUSSIAN[pair.name.key], RUSSIAN[pair.value.key]) for pair in page.pairs]
    assert RUSSIAN[page.title.key] == "Терминал готов частично"
    assert words[0] == ("Приём наличных", "Открыта дверь")
    assert words[1][0] == "Звук"
    assert page.tone is Tone.WARN
    well = page_of(at, v.Facts(readiness=readiness(WHOLE, WELL)))
    assert well is not None
    assert (RUSSIAN[well.title.key], well.tone, well.pairs) == ("Терминал готов", Tone.GOOD, [])


def test_every_reason_has_its_words_in_both_languages():
    reasons = [stop.value for stop in CashStop if stop not in (CashStop.NONE, CashStop.NOT_FITTED)]
    for table in (RUSSIAN, ENGLISH):
        assert {f"service.why.{reason}" for reason in (*reasons, "no_answer")} - {"service.why.billing"} <= set(table)
        assert {f"service.state.{state.value}" for state in DeviceState} <= set(table)
        assert {f"service.fault.{fault.value}" for fault in Fault} - {"service.fault.none"} <= set(table)
        assert {f"service.lack.{what}" for what in ("power", "cash", "billing", "office")} <= set(table)
        assert {f"service_readiness.{state}{tail}" for state in Readiness for tail in ("", ".hint")} <= set(table)
