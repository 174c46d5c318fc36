"""Which protocols there are: name -> factory. A device URL is `protocol+line`, its own options beside the line's.

`escpos+serial:///dev/ttyUSB0?baud=19200&columns=42` is the printer `escpos?columns=42` on the line
`serial:///dev/ttyUSB0?baud=19200`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, TypeVar
from urllib.parse import urlencode

from device_drivers.atol.session import register_of as atol_register_of
from device_drivers.ccnet.session import CcnetSession
from device_drivers.cctalk.bill_session import CctalkBillSession
from device_drivers.cctalk.coin_session import CctalkCoinSession
from device_drivers.cctalk.frames import BILL_VALIDATOR, COIN_ACCEPTOR
from device_drivers.cctalk.place import cctalk_place
from device_drivers.contract.auxiliaries import AuxiliariesEvent
from device_drivers.contract.barcode_reader import BarcodeReaderEvent
from device_drivers.contract.bill_validator import BillValidator, BillValidatorEvent
from device_drivers.contract.coin_acceptor import CoinAcceptor, CoinAcceptorEvent
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.fiscal_printer import FiscalPrinter, FiscalPrinterEvent
from device_drivers.contract.payment_card_reader import PaymentCardReader, PaymentCardReaderEvent
from device_drivers.contract.receipt_printer import ReceiptPrinter, ReceiptPrinterEvent
from device_drivers.contract.ups import UpsEvent
from device_drivers.contract.watchdog import PowerSwitch, Watchdog, WatchdogEvent
from device_drivers.escpos.commands import paper_of
from device_drivers.escpos.session import EscposSession
from device_drivers.essp.place import essp_of
from device_drivers.id003.session import Id003Session
from device_drivers.id003.settings import money_of
from device_drivers.inpas.session import terminal_of as inpas_terminal_of
from device_drivers.osmp_watchdog.session import watchdog_of
from device_drivers.sberbank.session import terminal_of as sberbank_terminal_of
from device_drivers.scanner.session import keyboard_scanner_of, serial_scanner_of
from device_drivers.session import Session
from device_drivers.shtrih_m.session import register_of as shtrih_m_register_of
from device_drivers.switches.session import switches_of
from device_drivers.transport.open import SCHEMES, options_of
from device_drivers.ups.session import ups_of
from device_drivers.vendotek.session import terminal_of as vtk_terminal_of

LINE_OPTIONS = frozenset({"baud", "parity", "rtscts", "stopbits"})
Made = TypeVar("Made")


class BillValidatorSession(Session[BillValidatorEvent], BillValidator, Protocol):
    """A bill validator's session with its verbs."""


class CoinAcceptorSession(Session[CoinAcceptorEvent], CoinAcceptor, Protocol):
    """A coin acceptor's session with its verbs."""


class ReceiptPrinterSession(Session[ReceiptPrinterEvent], ReceiptPrinter, Protocol):
    """A receipt printer's session with its verbs."""


class FiscalPrinterSession(Session[FiscalPrinterEvent], FiscalPrinter, Protocol):
    """A fiscal printer's session with its verbs."""


class PaymentCardReaderSession(Session[PaymentCardReaderEvent], PaymentCardReader, Protocol):
    """A payment card reader's session with its verbs."""


class WatchdogSession(Session[WatchdogEvent], Watchdog, PowerSwitch, Protocol):
    """A watchdog board's session with its verbs."""


def _ccnet(options: dict[str, str]) -> BillValidatorSession:
    if options:
        raise DeviceUrlError(f"ccnet has no option {sorted(options)[0]}")
    return CcnetSession()


def _escpos(options: dict[str, str]) -> ReceiptPrinterSession:
    return EscposSession(paper_of(options))


def _cctalk_bills(options: dict[str, str]) -> BillValidatorSession:
    place = cctalk_place(options, BILL_VALIDATOR)
    return CctalkBillSession(place.form, place.address)


def _cctalk_coins(options: dict[str, str]) -> CoinAcceptorSession:
    place = cctalk_place(options, COIN_ACCEPTOR)
    return CctalkCoinSession(place.form, place.address)


BILL_VALIDATORS: Mapping[str, Callable[[dict[str, str]], BillValidatorSession]] = {
    "ccnet": _ccnet,
    "cctalk": _cctalk_bills,
    "essp": essp_of,
    "id003": lambda options: Id003Session(money_of(options)),
}
COIN_ACCEPTORS: Mapping[str, Callable[[dict[str, str]], CoinAcceptorSession]] = {"cctalk": _cctalk_coins}
RECEIPT_PRINTERS: Mapping[str, Callable[[dict[str, str]], ReceiptPrinterSession]] = {"escpos": _escpos}
FISCAL_PRINTERS: Mapping[str, Callable[[dict[str, str]], FiscalPrinterSession]] = {
    "atol3": atol_register_of,
    "shtrih-m": shtrih_m_register_of,
}
PAYMENT_CARD_READERS: Mapping[str, Callable[[dict[str, str]], PaymentCardReaderSession]] = {
    "inpas": inpas_terminal_of,
    "sberbank": sberbank_terminal_of,
    "vendotek": vtk_terminal_of,
}
BARCODE_READERS: Mapping[str, Callable[[dict[str, str]], Session[BarcodeReaderEvent]]] = {
    "keyboard-scanner": keyboard_scanner_of,
    "scanner": serial_scanner_of,
}
AUXILIARIES: Mapping[str, Callable[[dict[str, str]], Session[AuxiliariesEvent]]] = {"switches": switches_of}
UPSES: Mapping[str, Callable[[dict[str, str]], Session[UpsEvent]]] = {"nut": ups_of}
WATCHDOGS: Mapping[str, Callable[[dict[str, str]], WatchdogSession]] = {"osmp-watchdog": watchdog_of}
DEVICE_CLASSES = {
    "bill_validator": BILL_VALIDATORS,
    "coin_acceptor": COIN_ACCEPTORS,
    "receipt_printer": RECEIPT_PRINTERS,
    "fiscal_printer": FISCAL_PRINTERS,
    "payment_card_reader": PAYMENT_CARD_READERS,
    "auxiliaries": AUXILIARIES,
    "barcode_reader": BARCODE_READERS,
    "ups": UPSES,
    "watchdog": WATCHDOGS,
}
# What a serial port is set to where the URL does not say; one row a protocol.
_LINE_OF_PROTOCOL: Mapping[str, Mapping[str, str]] = {
    "ccnet": {"baud": "9600"},
    "cctalk": {"baud": "9600"},
    "escpos": {"baud": "19200"},
    "essp": {"baud": "9600", "stopbits": "2"},
    "id003": {"baud": "9600", "parity": "even"},
    "shtrih-m": {"baud": "115200"},
    "atol3": {"baud": "115200"},
    "inpas": {"baud": "115200"},
    "keyboard-scanner": {},
    "nut": {},
    "osmp-watchdog": {"baud": "9600"},
    "sberbank": {"baud": "115200"},
    "scanner": {"baud": "9600"},
    "switches": {},
    "vendotek": {"baud": "115200"},
}
# What a protocol itself is set to on a line of this scheme where the URL does not say.
_OWN_OF_LINE: Mapping[tuple[str, str], Mapping[str, str]] = {("vendotek", "tcp"): {"framing": "tcp"}}


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
    own_options = dict(_OWN_OF_LINE.get((protocol, scheme), {}))
    own_options |= {name: value for name, value in options.items() if name not in LINE_OPTIONS}
    return _with_query(protocol, own_options), _with_query(f"{scheme}://{place}", line_options)


def make_bill_validator(protocol: str) -> BillValidatorSession:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no bill validator speaks it, or it has no such option.
    """
    return _made("bill validator", BILL_VALIDATORS, protocol)


def make_coin_acceptor(protocol: str) -> CoinAcceptorSession:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no coin acceptor speaks it, or it has no such option.
    """
    return _made("coin acceptor", COIN_ACCEPTORS, protocol)


def make_receipt_printer(protocol: str) -> ReceiptPrinterSession:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no receipt printer speaks it, or it has no such option.
    """
    return _made("receipt printer", RECEIPT_PRINTERS, protocol)


def make_fiscal_printer(protocol: str) -> FiscalPrinterSession:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no fiscal printer speaks it, or it has no such option.
    """
    return _made("fiscal printer", FISCAL_PRINTERS, protocol)


def make_payment_card_reader(protocol: str) -> PaymentCardReaderSession:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no payment card reader speaks it, or it has no such option.
    """
    return _made("payment card reader", PAYMENT_CARD_READERS, protocol)


def make_auxiliaries(protocol: str) -> Session[AuxiliariesEvent]:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no board of buttons and sensors speaks it, or it has no such option.
    """
    return _made("board of switches", AUXILIARIES, protocol)


def make_barcode_reader(protocol: str) -> Session[BarcodeReaderEvent]:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no scanner speaks it, or it has no such option.
    """
    return _made("scanner", BARCODE_READERS, protocol)


def make_ups(protocol: str) -> Session[UpsEvent]:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no UPS speaks it, or it has no such option.
    """
    return _made("UPS", UPSES, protocol)


def make_watchdog(protocol: str) -> WatchdogSession:
    """A fresh session of the protocol that `split_device_url` gave.

    Raises:
        DeviceUrlError: no watchdog board speaks it, or it has no such option.
    """
    return _made("watchdog board", WATCHDOGS, protocol)


def _made(kind: str, factories: Mapping[str, Callable[[dict[str, str]], Made]], protocol: str) -> Made:
    """The session that a table's factory makes; `kind` is said where the table has no such protocol."""
    name, _, query = protocol.partition("?")
    if name not in factories:
        raise DeviceUrlError(f"no {kind} speaks {name}; known: {', '.join(sorted(factories))}")
    return factories[name](options_of(query))


def _with_query(head: str, options: dict[str, str]) -> str:
    return f"{head}?{urlencode(options)}" if options else head
