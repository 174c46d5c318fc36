"""What registers are told of a document, byte fields and limits; what a device URL may say."""

from __future__ import annotations

from dataclasses import replace

import pytest

from device_drivers.atol.session import AtolSession
from device_drivers.catalog import (
    make_fiscal_printer,
    make_payment_card_reader,
    split_device_url,
)
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.fiscal_printer import (
    DocumentClosed,
    DocumentKind,
    DocumentRefused,
    DocumentUnknown,
    FiscalDocument,
    FiscalItem,
    FiscalPayments,
    FiscalTag,
)
from device_drivers.dialogue import Dialogue, LinkBrokenError
from device_drivers.shtrih_m.session import ShtrihMSession
from device_drivers.simulators.atol import AtolSimulator
from device_drivers.simulators.shtrih_m import ShtrihMSimulator
from device_drivers.simulators.virtual_time import VirtualWire
from payment.fiscal.vat import Vat

ITEM = FiscalItem("Электроснабжение", 12345, 12345, vat=11, method=4, subject=4)
DOCUMENT = FiscalDocument("p-1", (ITEM,), FiscalPayments(cash_minor=12345))
ENDS = {"shtrih-m": (ShtrihMSession, ShtrihMSimulator), "atol3": (AtolSession, AtolSimulator)}


@pytest.fixture(params=ENDS)
def ends(request):
    session, simulator = ENDS[request.param][0](), ENDS[request.param][1]()
    wire = VirtualWire(session, simulator)
    wire.run(4.0)
    return session, simulator, wire


def printed(ends, document):
    session, simulator, wire = ends
    before = len(wire.events)
    session.print_document(document)
    wire.run(15.0)
    answers = [event for event in wire.events[before:] if isinstance(event, DocumentClosed | DocumentRefused)]
    assert len(answers) == 1
    return answers[0], simulator.drive.documents[-1] if simulator.drive.documents else None


def test_a_document_arrives_in_the_drive_as_it_was_given(ends):
    item = replace(ITEM, price_minor=6170, amount_minor=15425, quantity_millionths=2_500_000, subject=1, method=3)
    tags = (FiscalTag(1036, "0001"), FiscalTag(1084, (FiscalTag(1085, "ЛС"), FiscalTag(1086, "1"))))
    told, found = printed(ends, replace(DOCUMENT, items=(item,), payments=FiscalPayments(cash_minor=15425), tags=tags))
    assert isinstance(told, DocumentClosed)
    (line,) = found.lines
    assert (line["price_minor"], line["amount_minor"], line["quantity_millionths"]) == (6170, 15425, 2_500_000)
    assert (line["name"], line["subject"], line["method"]) == ("Электроснабжение", 1, 3)
    assert found.tag(1036) == b"0001"
    assert found.tag(1192) == b"p-1"
    assert bytes.fromhex("3d04" + "0200") + "ЛС".encode("cp866") in found.tag(1084)
    assert (told.fd, told.total_minor, told.shift, told.number_in_shift) == (found.fd, 15425, 1, 1)
    assert told.fpd == found.fpd


@pytest.mark.parametrize(
    ("payments", "places"),
    [
        (FiscalPayments(electronic_minor=12345), {1: 12345}),
        (FiscalPayments(cash_minor=2345, electronic_minor=10000), {0: 2345, 1: 10000}),
        (FiscalPayments(advance_minor=12000, credit_minor=300, other_minor=45), {"advance": 12000}),
    ],
)
def test_each_kind_of_payment_has_its_place(ends, payments, places):
    told, found = printed(ends, replace(DOCUMENT, payments=payments))
    assert isinstance(told, DocumentClosed)
    advance = 13 if isinstance(ends[0], ShtrihMSession) else 2
    for place, amount in places.items():
        assert found.paid_minor[advance if place == "advance" else place] == amount
    assert sum(found.paid_minor) == 12345


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_each_kind_of_document_is_that_kind_in_the_drive(ends, kind):
    told, found = printed(ends, replace(DOCUMENT, kind=kind))
    assert isinstance(told, DocumentClosed)
    assert found.operation == kind


@pytest.mark.parametrize(
    "document",
    [
        replace(DOCUMENT, items=()),
        replace(DOCUMENT, payments=FiscalPayments(cash_minor=1)),
        replace(DOCUMENT, fiscal_id=""),
        replace(DOCUMENT, fiscal_id="я"),
        replace(DOCUMENT, fiscal_id="0" * 17),
        replace(DOCUMENT, items=(replace(ITEM, name=" "),)),
        replace(DOCUMENT, items=(replace(ITEM, amount_minor=-1),)),
        replace(DOCUMENT, items=(replace(ITEM, quantity_millionths=0),)),
        replace(DOCUMENT, items=(replace(ITEM, vat=99),)),
        replace(DOCUMENT, items=(replace(ITEM, price_minor=1 << 60),)),
        replace(DOCUMENT, tags=(FiscalTag(1009, "я" * 300),)),
        replace(DOCUMENT, tags=(FiscalTag(70000, 1),)),
    ],
)
def test_a_document_that_cannot_be_made_is_refused_for_good_and_touches_nothing(ends, document):
    told, found = printed(ends, document)
    assert (type(told), told.final) == (DocumentRefused, True)
    assert told.reason
    assert found is None


def test_an_id_that_cannot_be_asked_about_is_unknown(ends):
    session, _, wire = ends
    session.ask_document("я")
    assert isinstance(wire.run(0.1)[-1], DocumentUnknown)


def test_letters_a_receipt_has_not_are_written_in_other_words():
    wire = VirtualWire(ShtrihMSession(), ShtrihMSimulator())
    wire.run(4.0)
    tag = FiscalTag(1086, "Сумма 5 ₽ — «аванс»")
    _, found = printed((wire.session, wire.simulator, wire), replace(DOCUMENT, tags=(tag,)))
    assert found.tag(1086).decode("cp866") == 'Сумма 5 руб. - "аванс"'


@pytest.mark.parametrize(
    ("url", "protocol", "line"),
    [
        ("shtrih-m+serial:///dev/ttyS0", "shtrih-m", "serial:///dev/ttyS0?baud=115200"),
        ("shtrih-m+tcp://10.0.0.5:7778?password=1", "shtrih-m?password=1", "tcp://10.0.0.5:7778"),
        ("vendotek+tcp://10.0.0.5:62801", "vendotek?framing=tcp", "tcp://10.0.0.5:62801"),
        ("vendotek+tcp://10.0.0.5:62801?framing=serial", "vendotek?framing=serial", "tcp://10.0.0.5:62801"),
        ("vendotek+serial:///dev/ttyS0", "vendotek", "serial:///dev/ttyS0?baud=115200"),
    ],
)
def test_device_urls_of_registers_and_bank_terminals(url, protocol, line):
    assert split_device_url(url) == (protocol, line)


@pytest.mark.parametrize(
    ("make", "protocol"),
    [
        (make_fiscal_printer, "shtrih-m?password=x"),
        (make_fiscal_printer, "shtrih-m?taxes=11"),
        (make_fiscal_printer, "shtrih-m?taxes="),
        (make_fiscal_printer, "shtrih-m?taxes=13:1"),
        (make_fiscal_printer, "atol3?taxes=11:1,11:2"),
        (make_fiscal_printer, "atol3?taxes=11:0"),
        (make_fiscal_printer, "shtrih-m?colour=red"),
        (make_fiscal_printer, "atol3?password=12345"),
        (make_fiscal_printer, "atol3?colour=red"),
        (make_fiscal_printer, "ccnet"),
        (make_payment_card_reader, "vendotek?framing=radio"),
        (make_payment_card_reader, "vendotek?colour=red"),
        (make_payment_card_reader, "inpas?colour=red"),
        (make_payment_card_reader, "sberbank?colour=red"),
        (make_payment_card_reader, "shtrih-m"),
    ],
)
def test_a_url_nobody_can_open_is_one_clear_error(make, protocol):
    with pytest.raises(DeviceUrlError):
        make(protocol)


def register_with(protocol, taxes=""):
    session, simulator = make_fiscal_printer(f"{protocol}{taxes}"), ENDS[protocol][1]()
    wire = VirtualWire(session, simulator)
    wire.run(4.0)
    return session, simulator, wire


@pytest.mark.parametrize("protocol", ENDS)
def test_tax_groups_of_another_register_are_given_in_its_url(protocol):
    register = register_with(protocol, "?taxes=1:1,6:8")
    told, found = printed(register, replace(DOCUMENT, items=(replace(ITEM, vat=1),)))
    assert isinstance(told, DocumentClosed)
    assert found.lines[0]["tax"] == 1
    told, _ = printed(register, replace(DOCUMENT, fiscal_id="p-2"))
    assert isinstance(told, DocumentRefused)
    assert told.final
    assert "VAT code 11: taxes=" in told.reason


@pytest.mark.parametrize("vat", list(Vat))
@pytest.mark.parametrize("protocol", ENDS)
def test_each_vat_code_of_a_receipt_has_its_group_or_is_refused_before_anything_is_opened(protocol, vat):
    register = register_with(protocol)
    told, _ = printed(register, replace(DOCUMENT, items=(replace(ITEM, vat=int(vat)),)))
    usual = {Vat.VAT_22, Vat.VAT_22_122, Vat.VAT_10, Vat.VAT_10_110, Vat.VAT_0, Vat.NONE}
    assert isinstance(told, DocumentClosed if vat in usual else DocumentRefused)
    assert register[1].drive.describe()["receipts"] == (vat in usual)


def test_a_dialogue_that_is_broken_off_ends_and_the_next_one_begins():
    seen = []

    def steps():
        try:
            seen.append((yield "first"))
            yield "second"
        except LinkBrokenError:
            seen.append("broken")

    dialogue = Dialogue()
    dialogue.begin(steps())
    assert dialogue.wish == "first"
    dialogue.go_on("came")
    assert dialogue.wish == "second"
    dialogue.break_off()
    assert (dialogue.free, dialogue.wish, seen) == (True, None, ["came", "broken"])
    dialogue.break_off()
    dialogue.begin(steps())
    assert dialogue.wish == "first"
