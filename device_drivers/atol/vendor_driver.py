"""ATOL's own driver (libfptr10), where a machine has it: one document at a time, in a thread of its own. Blocking.

Source: ATOL protocol, "Which interface"; notes on payments: an unknown outcome of closing is asked by
checkDocumentClosed, never repeated blindly. The binary is not part of this house and untried here.
"""

from __future__ import annotations

import importlib
from typing import Any, Protocol

from device_drivers.atol import json_tasks
from device_drivers.atol.json_tasks import TaskAnswerError
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.fiscal_printer import (
    DocumentClosed,
    DocumentError,
    DocumentRefused,
    DocumentUnknown,
    FiscalDocument,
    check_document,
)
from device_drivers.fiscal_session import UnfitError

MODULE = "libfptr10"


class VendorError(Exception):
    """The driver refused a task. `bad_task`: the task itself is wrong, so a repeat would be refused as well."""

    def __init__(self, code: int, description: str, *, bad_task: bool = False) -> None:
        super().__init__(f"{code} {description}")
        self.bad_task = bad_task


class VendorDriver(Protocol):
    """What is used of the driver. Each call blocks for as long as the register works."""

    def process(self, task: str) -> str:
        """Raises VendorError."""

    def document_is_closed(self) -> bool:
        """Of the last document. Raises VendorError when the register cannot tell."""

    def cancel_receipt(self) -> None:
        """Raises VendorError."""


def make_document(driver: VendorDriver, document: FiscalDocument) -> DocumentClosed | DocumentRefused | DocumentUnknown:
    """Makes a document; after a refusal the register is asked whether it was closed all the same."""
    fiscal_id = document.fiscal_id
    try:
        check_document(document)
        task = json_tasks.document_task(document)
    except (DocumentError, UnfitError) as error:
        return DocumentRefused(fiscal_id, str(error), final=True)
    try:
        return json_tasks.closed_document(fiscal_id, driver.process(task))
    except TaskAnswerError as error:
        return DocumentUnknown(fiscal_id, str(error))  # closed it is, but its numbers have to be asked for
    except VendorError as error:
        return _after_refusal(driver, fiscal_id, error)


def _after_refusal(driver: VendorDriver, fiscal_id: str, refusal: VendorError) -> DocumentRefused | DocumentUnknown:
    try:
        if driver.document_is_closed():
            return DocumentUnknown(fiscal_id, str(refusal))
        driver.cancel_receipt()
    except VendorError as error:
        return DocumentUnknown(fiscal_id, str(error))
    return DocumentRefused(fiscal_id, str(refusal), final=refusal.bad_task)


class Libfptr:
    """The driver as its Python module offers it."""

    def __init__(self, settings: str) -> None:
        """Opens the register that the driver's own settings (JSON) name.

        Raises:
            DeviceUrlError: the driver is not installed.
            VendorError: it cannot open the register.
        """
        try:
            module: Any = importlib.import_module(MODULE)
        except ImportError:
            raise DeviceUrlError(f"ATOL's driver {MODULE} is not installed on this machine") from None
        self._names: Any = module.IFptr
        self._driver: Any = module.IFptr("")
        self._driver.setSettings(settings)
        self._check(self._driver.open())

    def process(self, task: str) -> str:
        """One JSON task and its answer."""
        self._driver.setParam(self._names.LIBFPTR_PARAM_JSON_DATA, task)
        self._check(self._driver.processJson())
        return str(self._driver.getParamString(self._names.LIBFPTR_PARAM_JSON_DATA))

    def document_is_closed(self) -> bool:
        """Of the last document."""
        self._check(self._driver.checkDocumentClosed())
        return bool(self._driver.getParamBool(self._names.LIBFPTR_PARAM_DOCUMENT_CLOSED))

    def cancel_receipt(self) -> None:
        """Throws an open receipt away."""
        self._check(self._driver.cancelReceipt())

    def _check(self, result: int) -> None:
        if result < 0:
            bad_task = bool(getattr(self._driver, "isParamsError", lambda: False)())
            raise VendorError(self._driver.errorCode(), self._driver.errorDescription(), bad_task=bad_task)
