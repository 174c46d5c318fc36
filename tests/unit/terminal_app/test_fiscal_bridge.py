"""The bridge to the fiscal register: a sale becomes its document, the drive's words become payment's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device_drivers.contract import fiscal_printer as device
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.shtrih_m.session import ShtrihMSession
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from device_drivers.simulators.virtual_time import VirtualWire
from payment.contract import (
    FiscalChanged,
    FiscalDone,
    FiscalKind,
    FiscalRefused,
    FiscalSale,
    FiscalUnknown,
    Means,
    Purpose,
    SaleLine,
)
from payment.fiscal.values import Agent, AgentKind, FiscalSettings
from terminal_app.core.fiscal import RegisterFiscalPort, days_between

SETTINGS = FiscalSettings(automat_number="0001", address="Санкт-Петербург, Невский пр., 1", place="Терминал № 1")
DRIVE = device.FiscalStateChanged(
    shift=device.ShiftState.OPEN,
    shift_number=7,
    last_fd=120,
    today="20261125",
    shift_hours=3,
    drive_expires="20270110",
    unsent_documents=2,
    first_unsent="20261120",
)


def sale(fiscal_id="p-1", means=Means.CASH, **line):
    values = {
        "txn_id": "1",
        "account": "000123456",
        "service": "electricity",
        "service_title": "Электроэнергия",
        "purpose": Purpose.SUPPLY,
        "amount_minor": 150000,
        "owed_minor": 100000,
        "period": "2026-10",
    } | line
    return FiscalSale(fiscal_id, FiscalKind.INCOME, means, (SaleLine(**values),), "20261125120000")


class FakeRegister:
    def __init__(self):
        self.said = []

    def __getattr__(self, verb):
        return lambda *arguments: self.said.append((verb, *arguments))


@pytest.fixture
def register():
    return FakeRegister()


@pytest.fixture
def told():
    return []


@pytest.fixture
def port(register, told):
    return RegisterFiscalPort(register, SETTINGS, told.append)


def test_a_sale_becomes_a_document_of_the_contract(port, register):
    port.fiscalise(sale())
    ((verb, document),) = register.said
    assert verb == "print_document"
    device.check_document(document)
    assert document.payments == device.FiscalPayments(cash_minor=150000)
    assert [(item.amount_minor, item.vat) for item in document.items] == [(100000, 11), (50000, 12)]
    assert {tag.number for tag in document.tags} >= {1036, 1009, 1187, 1084}
    assert 1192 not in {tag.number for tag in document.tags}  # the driver writes our id by itself


def test_tags_of_an_agent_go_with_their_items(register, told):
    agent = Agent(AgentKind.PAYMENT_AGENT, "Поставщик", "7707083893", "+78120000000", "+78120000001")
    port = RegisterFiscalPort(register, replace(SETTINGS, agent=agent), told.append)
    port.fiscalise(sale())
    assert told == []
    for item in register.said[0][1].items:
        assert {tag.number for tag in item.tags} == {1222, 1223, 1224, 1226}


def test_a_sale_no_register_would_take_is_refused_for_good(port, register, told):
    port.fiscalise(sale(fiscal_id="far too long an identifier"))
    assert register.said == []
    assert (told[0].fiscal_id, told[0].final) == ("far too long an identifier", True)


def test_the_registers_answers_are_told_in_payments_words(port, told):
    port.on_event(device.DocumentClosed("p-1", "9999078900000001", 5, 77, "20261125T1416", 2, 3, 150000))
    port.on_event(device.DocumentPrinted("p-1"))
    port.on_event(device.DocumentRefused("p-2", "6b no receipt paper"))
    port.on_event(device.DocumentRefused("p-3", "45", final=True))
    port.on_event(device.DocumentUnknown("p-4"))
    port.on_event(device.DocumentAbsent("p-5"))
    assert told == [
        FiscalDone("p-1", "9999078900000001", 5, 77, "202611251416", 2, 3),
        FiscalRefused("p-2", "6b no receipt paper", False),
        FiscalRefused("p-3", "45", True),
        FiscalUnknown("p-4"),
        FiscalRefused("p-5", "not in the drive", False),
    ]


def test_readiness_needs_the_device_and_its_drive(port, told):
    port.on_event(StatusChanged(DeviceState.ONLINE))
    assert told == [FiscalChanged(ready=False)] or not told[-1].ready
    port.on_event(DRIVE)
    assert told[-1] == FiscalChanged(ready=True, shift_open=True, shift_hours=3, drive_days_left=46, unsent_days=5)
    port.on_event(StatusChanged(DeviceState.USER_ERROR, Fault.PAPER_OUT))
    assert (told[-1].ready, told[-1].fault) == (False, "paper_out")
    before = len(told)
    port.on_event(DRIVE)
    assert len(told) == before


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"drive_expires": "20261125"}, "drive_expired"),
        ({"first_unsent": "20261026"}, "unsent_too_long"),
    ],
)
def test_a_drive_that_will_refuse_makes_the_port_not_ready(port, told, change, fault):
    port.on_event(StatusChanged(DeviceState.ONLINE))
    port.on_event(replace(DRIVE, **change))
    assert (told[-1].ready, told[-1].fault) == (False, fault)


def test_an_expired_shift_does_not_hinder_a_document(port, told):
    port.on_event(StatusChanged(DeviceState.ONLINE))
    port.on_event(replace(DRIVE, shift=device.ShiftState.EXPIRED, shift_hours=25))
    assert (told[-1].ready, told[-1].shift_open, told[-1].shift_hours) == (True, True, 25)


def test_a_refused_verb_of_the_shift_is_answered_all_the_same(port, register, told):
    port.open_shift()
    port.close_shift()
    assert register.said == [("open_shift",), ("close_shift",)]
    port.on_event(device.ShiftRefused("4e the shift is older than 24 hours"))
    assert told[-1].fault == "4e the shift is older than 24 hours"


def test_without_a_register_every_verb_is_answered(told):
    nothing = RegisterFiscalPort(None, SETTINGS, told.append)
    nothing.fiscalise(sale())
    nothing.ask("p-1")
    nothing.open_shift()
    nothing.close_shift()
    assert [type(event) for event in told] == [FiscalRefused, FiscalUnknown, FiscalChanged, FiscalChanged]
    assert not told[0].final


@pytest.mark.parametrize(
    ("first", "second", "days"), [("20261031", "20261101", 1), ("", "20261101", None), ("20261399", "20261101", None)]
)
def test_days_between_dates_a_device_tells(first, second, days):
    assert days_between(first, second) == days


@pytest.mark.parametrize("means", [Means.CASH, Means.CARD])
def test_a_sale_goes_through_a_real_session_into_the_drive(told, means):
    simulator, session = ShtrihMSimulator(), ShtrihMSession()
    port = RegisterFiscalPort(session, SETTINGS, told.append)
    wire = VirtualWire(session, simulator)
    wire.react = port.on_event
    wire.run(4.0)
    assert told[-1].ready
    port.fiscalise(sale(means=means))
    wire.run(10.0)
    (done,) = [event for event in told if isinstance(event, FiscalDone)]
    (receipt,) = [found for found in simulator.drive.documents if found.kind == 3]
    assert (receipt.fd, receipt.total_minor, len(receipt.lines)) == (done.fd, 150000, 2)
    assert receipt.paid_minor[0 if means is Means.CASH else 1] == 150000
    assert receipt.tag(1192) == b"p-1"
    assert b"000123456" in receipt.tag(1084)
    port.ask("p-1")
    wire.run(10.0)
    assert [event for event in told if isinstance(event, FiscalDone)] == [done, done]
    port.ask("p-2")
    wire.run(10.0)
    assert told[-1] == FiscalRefused("p-2", "not in the drive", False)
