"""CCNET messages: commands of the host and answers of a bill validator. No I/O, no clock.

Source: CCNET interface description, "Commands", "Poll answers", "Bill table". Direction decides what a byte means:
30 is RESET from the host and ILLEGAL COMMAND from the device, 41 is GET BILL TABLE and DROP CASSETTE FULL.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

BILL_TYPES = 24  # also the bits of a mask
MASK_SIZE = 3
BILL_WORD_SIZE = 5
BILL_TABLE_SIZE = BILL_TYPES * BILL_WORD_SIZE
PART_SIZE, SERIAL_SIZE, ASSET_SIZE = 15, 12, 7
IDENTIFICATION_SIZE = PART_SIZE + SERIAL_SIZE + ASSET_SIZE


class Opcode(enum.IntEnum):
    """First data byte of what the host sends."""

    ACK = 0x00
    RESET = 0x30
    GET_STATUS = 0x31
    SET_SECURITY = 0x32
    POLL = 0x33
    ENABLE_BILL_TYPES = 0x34
    STACK = 0x35
    RETURN = 0x36
    IDENTIFICATION = 0x37
    HOLD = 0x38
    SET_BARCODE_PARAMETERS = 0x39
    EXTRACT_BARCODE_DATA = 0x3A
    GET_BILL_TABLE = 0x41
    DOWNLOAD = 0x50
    GET_CRC32_OF_THE_CODE = 0x51
    REQUEST_STATISTICS = 0x60
    NAK = 0xFF


class Reply(enum.IntEnum):
    """Bare answers of a device to a command without answer data."""

    ACK = 0x00
    ILLEGAL_COMMAND = 0x30
    NAK = 0xFF


class State(enum.IntEnum):
    """First byte of a poll answer."""

    POWER_UP = 0x10
    POWER_UP_BILL_IN_VALIDATOR = 0x11
    POWER_UP_BILL_IN_STACKER = 0x12
    INITIALIZE = 0x13
    IDLING = 0x14
    ACCEPTING = 0x15
    STACKING = 0x17
    RETURNING = 0x18
    UNIT_DISABLED = 0x19
    HOLDING = 0x1A
    DEVICE_BUSY = 0x1B
    REJECTING = 0x1C
    DROP_CASSETTE_FULL = 0x41
    DROP_CASSETTE_OUT_OF_POSITION = 0x42
    VALIDATOR_JAMMED = 0x43
    DROP_CASSETTE_JAMMED = 0x44
    CHEATED = 0x45
    PAUSE = 0x46
    FAILED = 0x47
    ESCROW_POSITION = 0x80
    BILL_STACKED = 0x81
    BILL_RETURNED = 0x82


# The second byte a poll answer must have, and what it means.
ARGUMENT_OF = {
    State.DEVICE_BUSY: "tenths",
    State.REJECTING: "reason",
    State.FAILED: "reason",
    State.ESCROW_POSITION: "bill_type",
    State.BILL_STACKED: "bill_type",
    State.BILL_RETURNED: "bill_type",
}

REJECT_REASONS = {
    0x60: "insertion",
    0x61: "magnetic",
    0x62: "bill remains in the head",
    0x63: "compensation",
    0x64: "conveying",
    0x65: "identification",
    0x66: "verification",
    0x67: "optic",
    0x68: "inhibit",
    0x69: "capacity",
    0x6A: "operation",
    0x6C: "length",
    0x6D: "UV",
    0x92: "bar code not recognised",
    0x93: "wrong number of bar-code characters",
    0x94: "bar-code start",
    0x95: "bar-code stop",
}

FAILURE_REASONS = {
    0x15: "memory",
    0x22: "recovery mode",
    0x23: "calibration",
    0x30: "boot",
    0x50: "stack motor",
    0x51: "transport motor speed",
    0x52: "transport motor",
    0x53: "aligning motor",
    0x54: "initial cassette status",
    0x55: "optic canal",
    0x56: "magnetic canal",
    0x57: "sensor board, upper",
    0x58: "sensor board, lower",
    0x59: "peripheral board",
    0x5F: "capacitance canal",
    0x60: "peripheral board",
    0xF4: "stacker",
    0xFE: "cover open",
}


class MessageError(ValueError):
    """Data bytes that mean nothing in this direction; the text says why."""


@dataclass(frozen=True, slots=True)
class PollAnswer:
    """What the device is doing; `argument` is its second byte where the state has one."""

    state: State
    argument: int | None = None


@dataclass(frozen=True, slots=True)
class Identification:
    """Who the device says it is."""

    part: str
    serial: str
    asset: bytes


@dataclass(frozen=True, slots=True)
class BillKind:
    """One used word of the bill table: country code as the device gives it, value in minor units."""

    country: str
    value_minor: int


@dataclass(frozen=True, slots=True)
class BillTable:
    """Kinds by bill type (0..23); None is an unused type."""

    kinds: tuple[BillKind | None, ...]


Answer = Reply | PollAnswer | Identification | BillTable


def mask(types: frozenset[int]) -> bytes:
    """Three bytes, most significant first: bit n is bill type n."""
    return sum(1 << bill_type for bill_type in types).to_bytes(MASK_SIZE, "big")


def types_of(mask_bytes: bytes) -> frozenset[int]:
    """The bill types of a mask."""
    number = int.from_bytes(mask_bytes, "big")
    return frozenset(bill_type for bill_type in range(BILL_TYPES) if number >> bill_type & 1)


def enable_bill_types(enabled: frozenset[int], escrow: frozenset[int]) -> bytes:
    """Data of ENABLE BILL TYPES. A type outside `escrow` is stacked at once."""
    return bytes((Opcode.ENABLE_BILL_TYPES,)) + mask(enabled) + mask(escrow)


def decode_poll_answer(data: bytes) -> PollAnswer:
    """A poll answer.

    Raises:
        MessageError: no such state, or its second byte is missing.
    """
    try:
        state = State(data[0])
    except ValueError:
        raise MessageError(f"no poll answer begins with {data[0]:02x}") from None
    size = 2 if state in ARGUMENT_OF else 1
    if len(data) != size:
        raise MessageError(f"{_words(state)} has {size} data bytes, here are {len(data)}")
    return PollAnswer(state, data[1] if size == 2 else None)


def decode_identification(data: bytes) -> Identification:
    """Part number, serial number (space padded ASCII) and asset number.

    Raises:
        MessageError: not 34 bytes.
    """
    if len(data) != IDENTIFICATION_SIZE:
        raise MessageError(f"an identification has {IDENTIFICATION_SIZE} bytes, here are {len(data)}")
    part, serial = data[:PART_SIZE], data[PART_SIZE : PART_SIZE + SERIAL_SIZE]
    return Identification(_plain_text(part), _plain_text(serial), data[PART_SIZE + SERIAL_SIZE :])


def encode_identification(identification: Identification) -> bytes:
    """The 34 bytes of an identification."""
    part = identification.part.encode("ascii").ljust(PART_SIZE)
    serial = identification.serial.encode("ascii").ljust(SERIAL_SIZE)
    return part + serial + identification.asset


def decode_bill_table(data: bytes) -> BillTable:
    """The table of 24 words: leading digits, country (3 ASCII), zeros to append or the decimal point.

    Raises:
        MessageError: not 120 bytes, or a word nobody can read.
    """
    if len(data) != BILL_TABLE_SIZE:
        raise MessageError(f"a bill table has {BILL_TABLE_SIZE} bytes, here are {len(data)}")
    words = [data[at : at + BILL_WORD_SIZE] for at in range(0, BILL_TABLE_SIZE, BILL_WORD_SIZE)]
    return BillTable(tuple(_bill_kind(word) for word in words))


def _bill_kind(word: bytes) -> BillKind | None:
    digits, country, scale = word[0], word[1:4], word[4]
    if digits == 0:
        return None
    try:
        code = country.decode("ascii")
    except UnicodeDecodeError:
        raise MessageError(f"the country of a bill is {country.hex()}, not ASCII") from None
    places = scale & 0x7F
    if scale & 0x80:  # position of the decimal point from the right: 1 with place 2 is one kopeck
        if places > 2:
            raise MessageError(f"a bill worth {digits} with the point at {places} has no whole kopecks")
        return BillKind(code, digits * 10 ** (2 - places))
    if places > 6:
        raise MessageError(f"a bill with {places} zeros")
    return BillKind(code, digits * 10**places * 100)


def _plain_text(field: bytes) -> str:
    return field.decode("ascii", errors="replace").rstrip(" \x00")


def _words(member: enum.IntEnum) -> str:
    return member.name.replace("_", " ")
