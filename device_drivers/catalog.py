"""Which protocols there are: name -> factory. A device URL is `protocol+line`, its own options beside the line's.

`escpos+serial:///dev/ttyUSB0?baud=19200&columns=42` is the printer `escpos?columns=42` on the line
`serial:///dev/ttyUSB0?baud=19200`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol
from urllib.parse import urlencode

from device_drivers.ccnet.session import CcnetSession
from device_drivers.contract.bill_validator import BillValidator, BillValidatorEvent
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.receipt_printer import ReceiptPrinter, ReceiptPrinterEvent
from device_drivers.escpos.commands import paper_of
from device_drivers.escpos.session import EscposSession
from device_drivers.id003.session import Id003Session
from device_drivers.id003.settings import money_of
from device_drivers.session import Session
from device_drivers.transport.open import SCHEMES, options_of

LINE_OPTIONS = frozenset({"baud", "parity", "rtscts", "stopbits"})


class BillValidatorSession(Session[BillValidatorEvent], BillValidator, Protocol):
    """A bill validator's session with its verbs."""


class ReceiptPrinterSession(Session[ReceiptPrinterEvent], ReceiptPrinter, Protocol):
    """A receipt printer's session with its verbs."""


def _ccnet(options: dict[str, str]) -> BillValidatorSession:
    if options:
        raise DeviceUrlError(f"ccnet has no option {sorted(options)[0]}")
    return CcnetSession()


def _escpos(options: dict[str, str]) -> ReceiptPrinterSession:
    return EscposSession(paper_of(options))


BILL_VALIDATORS: Mapping[str, Callable[[dict[str, str]], BillValidatorSession]] = {
    "ccnet": _ccnet,
    "id003": lambda options: Id003Session(money_of(options)),
}
RECEIPT_PRINTERS: Mapping[str, Callable[[dict[str, str]], ReceiptPrinterSession]] = {"escpos": _escpos}
DEVICE_CLASSES = {"bill_validator": BILL_VALIDATORS, "receipt_printer": RECEIPT_PRINTERS}
# What a serial port is set to where the URL does not say; one row a protocol.
_LINE_OF_PROTOCOL: Mapping[str, Mapping[str, str]] = {
    "ccnet": {"baud": "9600"},
    "escpos": {"baud": "19200"},
    "id003": {"baud": "9600", "parity": "even"},
}


def split_device_url(url: str) -> tuple[str, str]:
    """`(protocol, line_url)`: the first is for `make_...`, the second for `open_line`.

    Raises:
        DeviceUrlError: not `protocol+line`, or a protocol or line nobody knows.
    """
    head, _, rest = url.partition("://")
    protocol, _, scheme = head.partition("+")
    if protocol not in _LINE_OF_PROTOCOL or scheme not in SCHEMES:
        known = ", ".join(sorted(_LINE_OF_PROTOCOL))
        raise DeviceUrlError(f"{url}: a device is written ccnet+serial:///dev/ttyUSB0; protocols: {known}")
    place, _, query = rest.partition("?")
    options = options_of(query)
    line_options = {name: value for name, value in options.items() if name in LINE_OPTIONS}
    if scheme == "serial":
        for name, value in _LINE_OF_PROTOCOL[protocol].items():
            line_options.setdefault(name, value)
    own_options = {name: value for name, value in options.items() if name not in LINE_OPTIONS}
    return _with_query(protocol, own_options), _with_query(f"{scheme}://{place}", line_options)


def make_bill_validator(protocol: str) -> BillValidatorSession:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no bill validator speaks it, or it has no such option.
    """
    name, _, query = protocol.partition("?")
    if name not in BILL_VALIDATORS:
        raise DeviceUrlError(f"no bill validator speaks {name}; known: {', '.join(sorted(BILL_VALIDATORS))}")
    return BILL_VALIDATORS[name](options_of(query))


def make_receipt_printer(protocol: str) -> ReceiptPrinterSession:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no receipt printer speaks it, or it has no such option.
    """
    name, _, query = protocol.partition("?")
    if name not in RECEIPT_PRINTERS:
        raise DeviceUrlError(f"no receipt printer speaks {name}; known: {', '.join(sorted(RECEIPT_PRINTERS))}")
    return RECEIPT_PRINTERS[name](options_of(query))


def _with_query(head: str, options: dict[str, str]) -> str:
    return f"{head}?{urlencode(options)}" if options else head
