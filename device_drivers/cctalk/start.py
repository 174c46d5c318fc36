"""What is asked of a ccTalk device once at a start, and what it is set to. Pure.

Source: ccTalk paper, "Start-up", "Ids". Of a question that fails only the ids are asked again: a table with a hole
would refuse good money. The rest is for the technician's eyes.
"""

from __future__ import annotations

from device_drivers.cctalk import messages
from device_drivers.cctalk.exchange import Request
from device_drivers.cctalk.messages import (
    BILL_ID_SIZE,
    COIN_ID_SIZE,
    MODE_STACKER_AND_ESCROW,
    SCALING_SIZE,
    TYPES,
    Header,
    MessageError,
    Scaling,
)
from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import Identified

ID_ROUNDS_MAX = 4  # a type whose id never comes is an unused one
REPEAT_S = 1.0  # a setting that had no effect is sent again
ACK_ONLY = frozenset({0})
SELF_CHECK = Request(Header.SELF_CHECK, sizes=frozenset({1, 2}))

CURRENCY_OF_COUNTRY = {
    "RU": "RUB",
    "UA": "UAH",
    "KZ": "KZT",
    "BY": "BYN",
    "EU": "EUR",
    "US": "USD",
}
# The serial number first: another device's events are not to be taken for those of the one that was counted.
_IDENTITY = (Header.SERIAL_NUMBER, Header.MANUFACTURER, Header.PRODUCT_CODE, Header.SOFTWARE_REVISION)


class Start:
    """Asks who the device is and what each of its types is worth."""

    def __init__(self, id_header: Header) -> None:
        self._id_header = id_header
        self._present = False
        self._self_checked = False
        self._said: dict[Header, bytes | None] = {}
        self._ids: dict[int, tuple[str, int] | None] = {}
        self._rounds: dict[bytes, int] = {}
        self._scalings: dict[str, Scaling | None] = {}

    @property
    def present(self) -> bool:
        """The device answered the simple poll and was asked who it is: its events can be read."""
        return self._present and Header.SERIAL_NUMBER in self._said

    @property
    def serial(self) -> str:
        """The serial number as the technician reads it; empty when the device has none to tell."""
        raw = self._said.get(Header.SERIAL_NUMBER) or b""
        return str(int.from_bytes(raw, "little")) if raw else ""

    def next_request(self) -> Request | None:
        """The next question; None: all is known."""
        if not self._present:
            return Request(Header.SIMPLE_POLL, sizes=ACK_ONLY)
        for header in _IDENTITY:
            if header not in self._said:
                return Request(header)
        for kind in range(1, TYPES + 1):
            if kind not in self._ids:
                size = BILL_ID_SIZE if self._id_header is Header.BILL_ID else COIN_ID_SIZE
                return Request(self._id_header, bytes((kind,)), frozenset({size}))
        for country in self._countries():
            if country not in self._scalings:
                return Request(Header.COUNTRY_SCALING, country.encode("ascii"), frozenset({SCALING_SIZE}))
        return None if self._self_checked else SELF_CHECK

    def owns(self, request: Request) -> bool:
        """True for a question of the start."""
        asked = (Header.SIMPLE_POLL, *_IDENTITY, self._id_header, Header.COUNTRY_SCALING, Header.SELF_CHECK)
        return request.header in asked

    def answered(self, request: Request, data: bytes) -> None:
        """Takes an answer in."""
        if request.header is Header.SIMPLE_POLL:
            self._present = True
        elif request.header is Header.SELF_CHECK:
            self._self_checked = True
        elif request.header in _IDENTITY:
            self._said[request.header] = data
        else:
            try:
                self._take(request, data)
            except MessageError:
                self.failed(request)

    def failed(self, request: Request) -> None:
        """NAK, or no answer at all."""
        if request.header in _IDENTITY:
            self._said[request.header] = None
        elif request.header is Header.SELF_CHECK:
            self._self_checked = True
        elif request.header is Header.COUNTRY_SCALING:
            if self._is_hopeless(request):
                self._scalings[_country(request)] = None
        elif request.header is self._id_header and self._is_hopeless(request):
            self._ids[request.data[0]] = None

    def identity(self) -> Identified:
        """Who the device says it is."""
        maker, model, revision = (
            (self._said.get(header) or b"").decode("ascii", errors="replace").strip()
            for header in (Header.MANUFACTURER, Header.PRODUCT_CODE, Header.SOFTWARE_REVISION)
        )
        return Identified(" ".join(filter(None, (maker, model, revision))), self.serial)

    def table(self) -> dict[int, CashItem]:
        """What each type is worth; a type of a currency we do not know has no item."""
        found: dict[int, CashItem] = {}
        for kind, coded in self._ids.items():
            if coded is None or coded[0] not in CURRENCY_OF_COUNTRY:
                continue
            value = self._value_minor(*coded)
            if value is not None:
                found[kind] = CashItem(value, CURRENCY_OF_COUNTRY[coded[0]])
        return found

    def _value_minor(self, country: str, number: int) -> int | None:
        if self._id_header is Header.COIN_ID:
            return number
        scaling = self._scalings.get(country)
        return None if scaling is None else messages.bill_value_minor(number, scaling)

    def _countries(self) -> list[str]:
        if self._id_header is Header.COIN_ID:
            return []
        return sorted({coded[0] for coded in self._ids.values() if coded is not None})

    def _take(self, request: Request, data: bytes) -> None:
        if request.header is Header.COUNTRY_SCALING:
            self._scalings[_country(request)] = messages.decode_scaling(data)
        elif self._id_header is Header.COIN_ID:
            self._ids[request.data[0]] = messages.decode_coin_id(data)
        else:
            self._ids[request.data[0]] = messages.decode_bill_id(data)

    def _is_hopeless(self, request: Request) -> bool:
        self._rounds[request.data] = self._rounds.get(request.data, 0) + 1
        return self._rounds[request.data] >= ID_ROUNDS_MAX


class Settings:
    """Operating mode, mask and master inhibit: each is sent until the device took it."""

    def __init__(self, *, escrow: bool) -> None:
        self._escrow = escrow
        self._taken: dict[Header, bytes] = {}
        self._sent: dict[Header, tuple[bytes, float]] = {}  # what, and when

    def next_request(self, accepted: frozenset[int] | None, now_s: float) -> Request | None:
        """The next setting to send; `accepted` None: the table is not known, so accept nothing."""
        for header, data in self._wanted(accepted):
            if self._taken.get(header) != data:
                sent, sent_s = self._sent.get(header, (b"", 0.0))
                if sent == data and now_s < sent_s + REPEAT_S:
                    return None  # in this order only: money is not let in before the escrow is on
                return Request(header, data, ACK_ONLY)
        return None

    def sent(self, request: Request, now_s: float) -> None:
        """It is not sent again at once."""
        self._sent[request.header] = request.data, now_s

    def taken(self, request: Request) -> None:
        """The device said ACK."""
        self._taken[request.header] = request.data

    def doubted(self) -> None:
        """The device may have been reset between two settings: all are sent again, the escrow first."""
        self._taken.clear()

    def owns(self, request: Request) -> bool:
        """True for a setting."""
        return request.header in (Header.OPERATING_MODE, Header.INHIBIT_MASK, Header.MASTER_INHIBIT)

    def _wanted(self, accepted: frozenset[int] | None) -> list[tuple[Header, bytes]]:
        if not accepted:
            return [(Header.MASTER_INHIBIT, b"\x00")]
        mode = [(Header.OPERATING_MODE, bytes((MODE_STACKER_AND_ESCROW,)))] if self._escrow else []
        return [*mode, (Header.INHIBIT_MASK, messages.mask(accepted)), (Header.MASTER_INHIBIT, b"\x01")]


def _country(request: Request) -> str:
    return request.data.decode("ascii")
