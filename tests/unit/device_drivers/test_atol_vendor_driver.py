"""JSON tasks of ATOL's own driver: exact decimals, and no document printed twice."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_drivers.atol import json_tasks
from device_drivers.atol.json_tasks import TaskAnswerError
from device_drivers.atol.vendor_driver import Libfptr, VendorError, make_document
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.fiscal_printer import (
    DocumentClosed,
    DocumentRefused,
    DocumentUnknown,
    FiscalDocument,
    FiscalItem,
    FiscalPayments,
    FiscalTag,
)

ITEM = FiscalItem("Электроснабжение «день»", 154321, 154321, vat=11, method=4, subject=4, measure=255)
DOCUMENT = FiscalDocument(
    "p-1",
    (ITEM,),
    FiscalPayments(cash_minor=154321),
    tags=(
        FiscalTag(1036, "0001"),
        FiscalTag(1009, "Невский пр., 1"),
        FiscalTag(1187, "Терминал"),
        FiscalTag(1060, "nalog.gov.ru"),
        FiscalTag(1008, "+79110000000"),
        FiscalTag(1084, (FiscalTag(1085, "Лицевой счёт"), FiscalTag(1086, "000123456"))),
    ),
)
ANSWER = json.dumps(
    {
        "fiscalParams": {
            "fiscalDocumentNumber": 91,
            "fiscalDocumentSign": "1697013557",
            "fiscalDocumentDateTime": "2026-11-25T14:12:00+03:00",
            "fnNumber": "9999078900000001",
            "registrationNumber": "0000000001012345",
            "shiftNumber": 3,
            "fiscalReceiptNumber": 7,
            "total": 1543.21,
        }
    }
)


class FakeDriver:
    """Answers, refuses, and remembers what it was asked."""

    def __init__(self, answer=ANSWER, refusal=None, closed=False, asking_fails=False):
        self.answer, self.refusal, self.closed, self.asking_fails = answer, refusal, closed, asking_fails
        self.tasks, self.cancelled = [], 0

    def process(self, task):
        self.tasks.append(task)
        if self.refusal is not None:
            raise self.refusal
        return self.answer

    def document_is_closed(self):
        if self.asking_fails:
            raise VendorError(3, "no connection")
        return self.closed

    def cancel_receipt(self):
        self.cancelled += 1


def test_a_document_becomes_the_task_of_the_paper():
    task = json.loads(json_tasks.document_task(DOCUMENT), parse_float=Decimal)
    assert task == {
        "type": "sell",
        "taxationType": "osn",
        "electronically": False,
        "machineNumber": "0001",
        "paymentsAddress": "Невский пр., 1",
        "paymentsPlace": "Терминал",
        "clientInfo": {"emailOrPhone": "+79110000000"},
        "items": [
            {
                "type": "position",
                "name": "Электроснабжение «день»",
                "price": Decimal("1543.21"),
                "quantity": 1,
                "amount": Decimal("1543.21"),
                "measurementUnit": 255,
                "paymentMethod": "fullPayment",
                "paymentObject": "service",
                "tax": {"type": "vat22"},
            },
            {"type": "additionalAttribute", "value": "p-1"},
            {"type": "userAttribute", "name": "Лицевой счёт", "value": "000123456"},
        ],
        "payments": [{"type": "cash", "sum": Decimal("1543.21")}],
        "total": Decimal("1543.21"),
    }


@given(st.integers(0, 10**12))
def test_every_kopeck_is_written_and_read_exactly(minor):
    written = json.loads(json_tasks.rubles(minor), parse_float=Decimal)
    assert written * 100 == minor
    assert json_tasks.kopecks(written) == minor


def test_a_quantity_keeps_its_digits():
    item = replace(ITEM, quantity_millionths=12_345_600)
    assert '"quantity":12.3456,' in json_tasks.document_task(replace(DOCUMENT, items=(item,)))


def test_the_numbers_of_a_document_are_read():
    assert make_document(FakeDriver(), DOCUMENT) == DocumentClosed(
        "p-1", "9999078900000001", 91, 1697013557, "20261125T1412", 3, 7, 154321
    )


@pytest.mark.parametrize("answer", ["", "{}", "[]", '{"fiscalParams":{}}', ANSWER.replace("1543.21", "1543.215")])
def test_an_answer_without_numbers_is_unknown_and_never_printed_again(answer):
    driver = FakeDriver(answer=answer)
    assert isinstance(make_document(driver, DOCUMENT), DocumentUnknown)
    assert len(driver.tasks) == 1
    with pytest.raises(TaskAnswerError):
        json_tasks.closed_document("p-1", answer)


def test_a_refused_document_that_was_closed_all_the_same_is_not_cancelled():
    driver = FakeDriver(refusal=VendorError(2, "no connection"), closed=True)
    assert isinstance(make_document(driver, DOCUMENT), DocumentUnknown)
    assert (len(driver.tasks), driver.cancelled) == (1, 0)


@pytest.mark.parametrize("bad_task", [False, True])
def test_a_refused_document_that_is_not_closed_is_cancelled(bad_task):
    driver = FakeDriver(refusal=VendorError(44, "no paper", bad_task=bad_task))
    told = make_document(driver, DOCUMENT)
    assert (type(told), told.reason, told.final) == (DocumentRefused, "44 no paper", bad_task)
    assert driver.cancelled == 1


def test_a_register_that_cannot_tell_leaves_the_document_unknown():
    driver = FakeDriver(refusal=VendorError(2, "no connection"), asking_fails=True)
    assert isinstance(make_document(driver, DOCUMENT), DocumentUnknown)


@pytest.mark.parametrize(
    "document",
    [
        replace(DOCUMENT, tax_system=3),
        replace(DOCUMENT, items=(replace(ITEM, vat=99),)),
        replace(DOCUMENT, items=(replace(ITEM, method=9),)),
        replace(DOCUMENT, items=(replace(ITEM, subject=99),)),
        replace(DOCUMENT, items=(replace(ITEM, tags=(FiscalTag(1222, 1),)),)),
        replace(DOCUMENT, tags=(FiscalTag(1999, 1),)),
        replace(DOCUMENT, payments=FiscalPayments()),
    ],
)
def test_what_the_driver_has_no_word_for_is_refused_for_good(document):
    driver = FakeDriver()
    told = make_document(driver, document)
    assert (type(told), told.final, driver.tasks) == (DocumentRefused, True, [])


def test_a_machine_without_the_driver_says_so():
    with pytest.raises(DeviceUrlError, match="libfptr10"):
        Libfptr("{}")


def test_the_drivers_module_is_spoken_to_by_its_names(monkeypatch):
    said = []

    class Module:
        class IFptr:
            LIBFPTR_PARAM_JSON_DATA, LIBFPTR_PARAM_DOCUMENT_CLOSED = 1, 2

            def __init__(self, path):
                self.result = 0

            def __getattr__(self, name):
                answers = {"getParamString": ANSWER, "getParamBool": True, "errorCode": 44, "errorDescription": "paper"}
                return lambda *arguments: said.append((name, *arguments)) or answers.get(name, self.result)

    monkeypatch.setattr("importlib.import_module", lambda name: Module)
    driver = Libfptr('{"Model":500}')
    assert isinstance(make_document(driver, DOCUMENT), DocumentClosed)
    assert driver.document_is_closed()
    driver.cancel_receipt()
    assert [name for name, *_ in said][:3] == ["setSettings", "open", "setParam"]
    driver._driver.result = -1
    with pytest.raises(VendorError, match="44 paper"):
        driver.cancel_receipt()
