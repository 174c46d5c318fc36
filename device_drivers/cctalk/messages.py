"""ccTalk headers, ids, events and what their numbers mean. No I/O, no clock.

Source: ccTalk paper, "Headers", "Event buffer", "Ids". In an inhibit mask bit = 1 means that the type IS accepted;
type 1 is bit 0 of the first byte.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

TYPES = 16
MASK_SIZE = 2
EVENTS_KEPT = 5  # pairs in an answer
EVENTS_SIZE = 1 + 2 * EVENTS_KEPT
COIN_ID_SIZE, BILL_ID_SIZE, SCALING_SIZE = 6, 7, 3
ROUTE_RETURN, ROUTE_STACK, ROUTE_HOLD = 0, 1, 255
ESCROW_EMPTY, ROUTE_FAILED = 254, 255
MODE_STACKER_AND_ESCROW = 0b11
BILL_CREDITED, BILL_IN_ESCROW = 0, 1

REPLY, NAK, BUSY = 0, 5, 6


class Header(enum.IntEnum):
    """What a host asks."""

    RESET = 1
    COMMS_REVISION = 4
    READ_BARCODE_DATA = 129
    CURRENCY_REVISION = 145
    STACKER_CYCLE = 147
    OPERATING_MODE = 153
    GET_OPERATING_MODE = 152
    ROUTE_BILL = 154
    BILL_POSITION = 155
    COUNTRY_SCALING = 156
    BILL_ID = 157
    READ_BILL_EVENTS = 159
    COIN_ID = 184
    BUILD_CODE = 192
    GET_MASTER_INHIBIT = 227
    MASTER_INHIBIT = 228
    READ_COIN_EVENTS = 229
    GET_INHIBIT_MASK = 230
    INHIBIT_MASK = 231
    SELF_CHECK = 232
    SOFTWARE_REVISION = 241
    SERIAL_NUMBER = 242
    DATABASE_VERSION = 243
    PRODUCT_CODE = 244
    EQUIPMENT_CATEGORY = 245
    MANUFACTURER = 246
    STATUS = 248
    POLLING_PRIORITY = 249
    ADDRESS_POLL = 253
    SIMPLE_POLL = 254


# Headers whose data are one byte, and what it is called.
ARGUMENT_OF = {
    Header.OPERATING_MODE: "mode",
    Header.ROUTE_BILL: "route",
    Header.BILL_ID: "type",
    Header.COIN_ID: "type",
    Header.MASTER_INHIBIT: "accept",
}

COIN_ERRORS = {
    1: "reject coin",
    2: "inhibited coin",
    3: "multiple window",
    4: "wake-up time-out",
    5: "validation time-out",
    6: "credit sensor time-out",
    7: "sorter time-out",
    8: "second close coin",
    9: "gate not ready",
    10: "credit sensor not ready",
    11: "sorter not ready",
    12: "reject coin not cleared",
    13: "validation sensor not ready",
    14: "credit sensor blocked",
    15: "sorter blocked",
    16: "credit sequence error",
    17: "coin going backwards",
    18: "coin too fast",
    19: "coin too slow",
    20: "coin on string",
    21: "DCE time-out",
    22: "DCE not seen",
    23: "sensor reached too early",
    24: "repeated trip",
    25: "slug",
    26: "reject sensor blocked",
    29: "accept gate",
    30: "accept gate",
    31: "manifold",
    32: "manifold",
    253: "data block request",
    254: "return lever",
    255: "unspecified",
}

BILL_STATUSES = {
    0: "master inhibit active",
    1: "returned from escrow",
    2: "rejected by validation",
    3: "rejected by transport",
    4: "inhibited by serial",
    5: "inhibited by switches",
    6: "jam in transport, unsafe",
    7: "jam in stacker",
    8: "pulled backwards",
    9: "tamper",
    10: "stacker OK",
    11: "stacker removed",
    12: "stacker inserted",
    13: "stacker faulty",
    14: "stacker full",
    15: "stacker jammed",
    16: "jam in transport, safe",
    17: "opto fraud",
    18: "string fraud",
    19: "anti-string mechanism faulty",
    20: "bar code detected",
    21: "unknown type stacked",
    22: "jam cleared",
}

SELF_CHECK_FAULTS = {
    0: "no fault",
    1: "EEPROM checksum",
    2: "coils",
    3: "credit sensor",
    8: "sorter sensors",
    18: "reject sensor",
    19: "return mechanism",
    20: "coin on string",
    30: "ROM",
    33: "supply voltage",
    34: "temperature",
    36: "validation sensor",
    37: "transport motor",
    38: "stacker",
    39: "bill jammed",
    41: "string sensor",
    42: "accept gate",
    43: "accept gate",
    44: "stacker missing",
    45: "stacker full",
    46: "flash",
    47: "flash",
    48: "slave silent",
    49: "opto",
    51: "door",
    53: "clock",
    54: "firmware",
    55: "initialisation",
    255: "unspecified",
}


class MessageError(ValueError):
    """Data that mean nothing; the text says why."""


@dataclass(frozen=True, slots=True)
class EventBuffer:
    """The answer to 229 or 159: a counter and the last five pairs, newest first."""

    counter: int
    pairs: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Scaling:
    """What the number in a bill id is multiplied by; `decimals` places of it are behind the point."""

    factor: int
    decimals: int


def decode_events(data: bytes) -> EventBuffer:
    """Counter and pairs.

    Raises:
        MessageError: not eleven bytes.
    """
    if len(data) != EVENTS_SIZE:
        raise MessageError(f"an event buffer has {EVENTS_SIZE} bytes, here are {len(data)}")
    return EventBuffer(data[0], tuple((data[at], data[at + 1]) for at in range(1, EVENTS_SIZE, 2)))


def encode_events(buffer: EventBuffer) -> bytes:
    """The eleven bytes."""
    return bytes((buffer.counter,)) + bytes(number for pair in buffer.pairs for number in pair)


def decode_coin_id(data: bytes) -> tuple[str, int] | None:
    """Country and value in minor units of `RU100A`; `1K0` is 1000. None: an unused type.

    Raises:
        MessageError: not six plain characters.
    """
    text = _plain(data, COIN_ID_SIZE)
    country, value = text[:2], text[2:5]
    if not country.isalpha():
        return None
    digits = value.replace("K", "") if value.count("K") == 1 else value
    if not digits.isdecimal():
        return None
    thousand = value.find("K")
    minor = int(digits) if thousand < 0 else int(digits) * 1000 // 10 ** (len(digits) - thousand)
    return (country, minor) if minor else None


def decode_bill_id(data: bytes) -> tuple[str, int] | None:
    """Country and number of `RU0500A`, to be multiplied by the country's scaling. None: an unused type.

    Raises:
        MessageError: not seven plain characters.
    """
    text = _plain(data, BILL_ID_SIZE)
    if not text[:2].isalpha() or not text[2:6].isdecimal() or int(text[2:6]) == 0:
        return None
    return text[:2], int(text[2:6])


def decode_scaling(data: bytes) -> Scaling | None:
    """The scaling of a country. None: the device does not support it.

    Raises:
        MessageError: not three bytes.
    """
    if len(data) != SCALING_SIZE:
        raise MessageError(f"a scaling has {SCALING_SIZE} bytes, here are {len(data)}")
    scaling = Scaling(int.from_bytes(data[:2], "little"), data[2])
    return scaling if scaling.factor else None


def bill_value_minor(number: int, scaling: Scaling) -> int | None:
    """Minor units of a bill; None when it is no whole number of them, or beyond any bill."""
    if scaling.decimals > 2:
        return None
    return number * scaling.factor * (100, 10, 1)[scaling.decimals]


def mask(types: frozenset[int]) -> bytes:
    """Two bytes: bit = 1 accepts, type 1 is bit 0 of the first."""
    return sum(1 << (kind - 1) for kind in types).to_bytes(MASK_SIZE, "little")


def types_of(mask_bytes: bytes) -> frozenset[int]:
    """The types a mask accepts."""
    number = int.from_bytes(mask_bytes, "little")
    return frozenset(kind for kind in range(1, TYPES + 1) if number >> (kind - 1) & 1)


def words(header: Header) -> str:
    """A header's name as the tools write it."""
    return header.name.replace("_", " ")


def _plain(data: bytes, size: int) -> str:
    if len(data) != size:
        raise MessageError(f"an id has {size} characters, here are {len(data)}")
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise MessageError(f"an id is plain text, not {data.hex()}") from None
