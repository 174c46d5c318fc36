"""A technician is led through a device: each step has its proof, and no walk keeps a note or closes a document."""

from __future__ import annotations

import re

import pytest

from device_drivers.catalog import (
    DEVICE_CLASSES,
    make_auxiliaries,
    make_barcode_reader,
    make_bill_validator,
    make_coin_acceptor,
    make_fiscal_printer,
    make_payment_card_reader,
    make_receipt_printer,
    make_ups,
    make_watchdog,
)
from device_drivers.contract.barcode_reader import CodeDamaged, CodeRead
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.contract.ups import Supply, SupplyChanged
from device_drivers.simulators.atol import AtolSimulator
from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_bills import CctalkBillSimulator
from device_drivers.simulators.cctalk_coins import CctalkCoinSimulator
from device_drivers.simulators.escpos import EscposSimulator
from device_drivers.simulators.essp import EsspSimulator
from device_drivers.simulators.id003 import Id003Simulator
from device_drivers.simulators.inpas import InpasSimulator
from device_drivers.simulators.nut import UpsdSimulator
from device_drivers.simulators.osmp_watchdog import OsmpWatchdogSimulator
from device_drivers.simulators.sberbank import SberbankSimulator
from device_drivers.simulators.scanner import ScannerSimulator
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from device_drivers.simulators.switches import SwitchBoardSimulator
from device_drivers.simulators.vendotek import VendotekSimulator
from device_drivers.simulators.virtual_time import VirtualWire
from device_drivers.tools.steps import steps_for
from device_drivers.tools.walk import ABSENT_S, FAILED, PASSED, SKIPPED, Walk


class Technician:
    """A walk at a simulated device in virtual time."""

    def __init__(self, device_class, session, simulator, options=()):
        self.walk = Walk(session, steps_for(device_class, options))
        self.wire = VirtualWire(session, simulator)
        self.wire.react = lambda event: self.walk.on_event(event, self.wire.now_s)
        self.walk.begin(self.wire.now_s)

    def until_step(self, name):
        return self.until(lambda: self.walk.done or self.walk.steps[self.walk._at].name == name)

    def until(self, reached, limit_s=300.0):
        end_s = self.wire.now_s + limit_s
        while not reached() and self.wire.now_s < end_s:
            self.wire.run(0.1)
            self.walk.on_time(self.wire.now_s)

    @property
    def results(self):
        return [verdict.result for verdict in self.walk.verdicts]


@pytest.mark.parametrize(
    ("protocol", "make"), [("ccnet", CcnetSimulator), ("id003", Id003Simulator), ("essp", EsspSimulator)]
)
def test_a_validator_returns_its_note_and_sees_its_cassette(protocol, make):
    technician = Technician("bill_validator", make_bill_validator(protocol), make())
    technician.until_step("приём купюры")
    technician.wire.run(2.0)
    technician.wire.hand(do="insert", value_minor=10000)
    technician.until(lambda: len(technician.results) > 1, limit_s=6.0)  # sooner than a device gives it back by itself
    assert technician.results == [PASSED, PASSED]
    technician.wire.hand(do="cassette", present=False)
    technician.until_step("кассета на месте")
    technician.wire.hand(do="cassette", present=True)
    technician.until(lambda: technician.walk.done)
    assert technician.results == [PASSED] * 4
    assert technician.walk.passed
    assert "100 ₽ узнана и возвращена" in technician.walk.verdicts[1].seen
    assert technician.wire.hand(do="state")["cassette"]["count"] == 0
    assert technician.wire.hand(do="state")["enabled_minor"] == []


def test_a_note_of_a_step_that_is_over_goes_back_too():
    technician = Technician("bill_validator", make_bill_validator("ccnet"), CcnetSimulator())
    technician.until_step("приём купюры")
    technician.wire.run(2.0)
    technician.wire.hand(do="insert", value_minor=10000)
    technician.wire.run(0.3)
    technician.walk.on_answer("п\n", technician.wire.now_s)
    technician.wire.run(20.0)
    assert technician.results == [PASSED, SKIPPED]
    assert technician.wire.hand(do="state")["cassette"]["count"] == 0
    assert technician.wire.hand(do="state")["note_minor"] is None


@pytest.mark.clause("5.3.1")
def test_a_device_that_is_silent_fails_the_first_step_within_its_limit_and_the_walk_ends():
    simulator = CcnetSimulator()
    simulator.control({"do": "power_cut", "off_s": 3600}, 1000.0)
    technician = Technician("bill_validator", make_bill_validator("ccnet"), simulator)
    technician.until(lambda: technician.walk.done, ABSENT_S + 1.0)
    assert technician.results == [FAILED]
    assert technician.walk.verdicts[0].seen.startswith("устройства нет или оно не отвечает; устройство: offline")
    assert technician.walk.absent
    assert not technician.walk.passed


def test_a_device_that_says_it_is_not_there_ends_the_walk_at_once():
    walk = Walk(None, steps_for("camera", {}))
    walk.begin(0.0)
    walk.on_event(StatusChanged(DeviceState.NO_DEVICE, Fault.LINE_LOST, "no such file"), 0.1)
    assert (walk.done, walk.absent, [verdict.step for verdict in walk.verdicts]) == (True, True, ["связь"])


def test_a_device_with_a_trouble_is_there_and_is_led_through_every_step():
    simulator = CcnetSimulator()
    technician = Technician("bill_validator", make_bill_validator("ccnet"), simulator)
    technician.wire.hand(do="cassette", present=False)
    technician.until_step("приём купюры")
    assert technician.results == [FAILED]
    assert technician.walk.verdicts[0].seen.startswith("не дождались за 60 с; устройство: user_error")
    assert not technician.walk.absent


def test_the_end_of_the_answers_ends_the_walk_and_closes_the_device():
    technician = Technician("bill_validator", make_bill_validator("ccnet"), CcnetSimulator())
    technician.until_step("приём купюры")
    technician.wire.run(2.0)
    technician.walk.on_end_of_answers()
    technician.wire.run(2.0)
    assert technician.walk.done
    assert technician.results == [PASSED, SKIPPED]
    assert not technician.walk.passed
    assert technician.wire.hand(do="state")["enabled_minor"] == []


def test_a_printer_prints_its_test_and_the_person_judges_it():
    technician = Technician("receipt_printer", make_receipt_printer("escpos"), EscposSimulator())
    technician.until_step("вид листа")
    (slip,) = technician.wire.simulator.take_slips()
    assert "Проверка принтера" in [row.text.strip() for row in slip.rows if hasattr(row, "text")]
    technician.walk.on_answer("\n", technician.wire.now_s)
    technician.wire.hand(do="cover", open=True)
    technician.until_step("крышка закрыта")
    technician.wire.hand(do="cover", open=False)
    technician.until(lambda: technician.walk.done)
    assert technician.results == [PASSED] * 5


def test_a_printer_without_paper_fails_with_its_reason_and_a_no_is_a_failure():
    technician = Technician("receipt_printer", make_receipt_printer("escpos"), EscposSimulator())
    technician.until_step("печать")
    technician.walk.on_answer("н", technician.wire.now_s)  # not a question: the answer means nothing
    technician.until_step("вид листа")
    technician.walk.on_answer("н", technician.wire.now_s)
    assert technician.results[-1] == FAILED
    assert "техник" in technician.walk.verdicts[-1].seen


def test_a_coin_is_named_and_the_acceptor_is_closed_after_it():
    technician = Technician("coin_acceptor", make_coin_acceptor("cctalk"), CctalkCoinSimulator())
    technician.until_step("приём монеты")
    technician.wire.run(2.0)
    technician.wire.hand(do="insert", value_minor=1000)
    technician.until(lambda: technician.walk.done)
    assert technician.results == [PASSED, PASSED]
    assert technician.walk.verdicts[1].seen == "монета 10 ₽"


@pytest.mark.parametrize(("protocol", "make"), [("atol3", AtolSimulator), ("shtrih-m", ShtrihMSimulator)])
def test_a_register_is_asked_and_closes_nothing(protocol, make):
    technician = Technician("fiscal_printer", make_fiscal_printer(protocol), make())
    technician.until(lambda: technician.walk.done)
    assert technician.results == [PASSED, PASSED]
    assert technician.wire.simulator.drive.documents == []
    assert "последний документ 0" in technician.walk.verdicts[0].seen
    assert re.search(r"срок накопителя \d\d\.\d\d\.20\d\d,", technician.walk.verdicts[0].seen)


def test_a_bank_terminal_is_only_asked_whether_it_is_there():
    technician = Technician("payment_card_reader", make_payment_card_reader("inpas"), InpasSimulator())
    technician.until(lambda: technician.walk.done)
    assert technician.results == [PASSED]


@pytest.mark.parametrize(
    ("event", "result", "seen"),
    [
        (CodeRead("ST00012|Name=Иванов".encode()), PASSED, "код прочитан, 25 байт"),
        (CodeDamaged("cut short"), FAILED, "код пришёл не целиком: cut short"),
    ],
)
def test_a_scanner_shows_that_it_reads_and_nothing_of_what_it_read(event, result, seen):
    walk = Walk(None, steps_for("barcode_reader", {}))
    walk.begin(0.0)
    walk.on_event(StatusChanged(DeviceState.ONLINE), 1.0)
    walk.on_event(event, 2.0)
    assert [(verdict.result, verdict.seen) for verdict in walk.verdicts][1:] == [(result, seen)]
    assert "Иванов" not in "".join(walk.take_said())


def test_a_ups_is_seen_on_its_battery_and_back():
    walk = Walk(None, steps_for("ups", {}))
    walk.begin(0.0)
    for event in (StatusChanged(DeviceState.ONLINE), SupplyChanged(Supply.BATTERY), SupplyChanged(Supply.MAINS)):
        walk.on_event(event, 1.0)
    assert walk.passed


def test_a_board_of_contacts_is_led_through_the_parts_it_has():
    session = make_auxiliaries("switches?sos=key148&door=sw0")
    technician = Technician("auxiliaries", session, SwitchBoardSimulator(), {"sos": "", "door": ""})
    technician.until_step("кнопка вызова помощи")
    technician.wire.hand(do="fault", name="bounce")
    technician.wire.hand(do="sos", pressed=True)
    technician.until_step("дверь открыта")
    technician.wire.hand(do="door", open=True)
    technician.until_step("дверь закрыта")
    technician.wire.hand(do="door", open=False)
    technician.until(lambda: technician.walk.done)
    assert technician.results == [PASSED] * 4


def test_a_technician_who_stands_there_already_is_seen_and_seen_to_leave():
    session = make_auxiliaries("switches?presence=key149")
    technician = Technician("auxiliaries", session, SwitchBoardSimulator(), {"presence": ""})
    technician.wire.hand(do="presence", there=True)
    technician.until_step("у терминала никого")
    technician.wire.hand(do="presence", there=False)
    technician.until(lambda: technician.walk.done)
    assert technician.results == [PASSED] * 3


@pytest.mark.parametrize("generation", ["1", "2", "2.5", "stod"])
def test_a_watchdog_is_only_asked_who_it_is(generation):
    board = OsmpWatchdogSimulator(generation=generation)
    technician = Technician("watchdog", make_watchdog("osmp-watchdog"), board)
    technician.until(lambda: technician.walk.done)
    assert technician.results == [PASSED]
    assert technician.wire.hand(do="state") | {"faults": {}} == {
        "ok": True,
        "running": False,
        "restarts": 0,
        "faults": {},
    }


@pytest.mark.clause("5.3.1")
@pytest.mark.parametrize(
    ("device_class", "session", "make"),
    [
        ("bill_validator", make_bill_validator("cctalk"), CctalkBillSimulator),
        ("payment_card_reader", make_payment_card_reader("vendotek"), VendotekSimulator),
        ("payment_card_reader", make_payment_card_reader("sberbank"), SberbankSimulator),
        ("barcode_reader", make_barcode_reader("scanner"), ScannerSimulator),
        ("barcode_reader", make_barcode_reader("keyboard-scanner"), lambda: ScannerSimulator(keyboard=True)),
        ("ups", make_ups("nut?ups=kiosk"), UpsdSimulator),
    ],
    ids=["cctalk", "vendotek", "sberbank", "scanner", "keyboard-scanner", "nut"],
)
def test_every_other_protocol_passes_the_first_step_at_its_simulator(device_class, session, make):
    technician = Technician(device_class, session, make())
    technician.until(lambda: bool(technician.results), ABSENT_S)
    assert technician.results[0] == PASSED, technician.walk.verdicts


def test_every_device_class_has_a_walk_and_every_instruction_is_a_sentence():
    for device_class in DEVICE_CLASSES:
        steps = steps_for(device_class, {"sos": "", "door": "", "presence": ""})
        assert steps
        assert all(step.instruction[0].isupper() and step.instruction[-1] in ".»" for step in steps)


def test_what_is_said_names_the_step_and_its_result():
    technician = Technician("bill_validator", make_bill_validator("ccnet"), CcnetSimulator())
    technician.until_step("приём купюры")
    first, result, second = technician.walk.take_said()
    assert first.startswith("Шаг 1 из 4. Проверяем связь")
    assert result.startswith("   пройден: устройство отвечает: ")
    assert second.startswith("Шаг 2 из 4. Вставьте любую купюру")
    assert technician.walk.facts.cash_items >= {CashItem(10000)}
