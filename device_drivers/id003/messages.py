"""ID-003 messages: commands of the host, statuses and answers of a bill acceptor. No I/O, no clock.

Source: ID-003 paper, "Status codes", "Commands", "Currency assign". Direction decides what a code means: 40 is RESET
from the host and POWER UP from the device, 41 STACK-1 and POWER UP WITH BILL IN ACCEPTOR. Masks name what is DISABLED.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

DENOMINATION_FIRST = 0x61  # escrow code of mask bit 0
DENOMINATIONS = 16  # bits of the enable/disable mask
DENOMINATION_CODES = range(0x61, 0x80)
QUADRUPLE_SIZE = 4
ZEROS_MAX = 6


class Command(enum.IntEnum):
    """First byte of what the host sends."""

    STATUS_REQUEST = 0x11
    RESET = 0x40
    STACK_1 = 0x41
    STACK_2 = 0x42
    RETURN = 0x43
    HOLD = 0x44
    WAIT = 0x45
    ACK = 0x50
    GET_ENABLE = 0x80
    GET_SECURITY = 0x81
    GET_COMMUNICATION_MODE = 0x82
    GET_INHIBIT = 0x83
    GET_DIRECTION = 0x84
    GET_OPTIONS = 0x85
    GET_BARCODE_FUNCTION = 0x86
    GET_BARCODE_INHIBIT = 0x87
    VERSION_REQUEST = 0x88
    BOOT_VERSION_REQUEST = 0x89
    CURRENCY_ASSIGN_REQUEST = 0x8A
    SET_ENABLE = 0xC0
    SET_SECURITY = 0xC1
    SET_COMMUNICATION_MODE = 0xC2
    SET_INHIBIT = 0xC3
    SET_DIRECTION = 0xC4
    SET_OPTIONS = 0xC5
    SET_BARCODE_FUNCTION = 0xC6
    SET_BARCODE_INHIBIT = 0xC7


class Status(enum.IntEnum):
    """First byte of what a device sends by itself; ENQ only in interrupt mode."""

    ENQ = 0x05
    IDLING = 0x11
    ACCEPTING = 0x12
    ESCROW = 0x13
    STACKING = 0x14
    VEND_VALID = 0x15
    STACKED = 0x16
    REJECTING = 0x17
    RETURNING = 0x18
    HOLDING = 0x19
    DISABLE = 0x1A
    INITIALIZE = 0x1B
    POWER_UP = 0x40
    POWER_UP_WITH_BILL_IN_ACCEPTOR = 0x41
    POWER_UP_WITH_BILL_IN_STACKER = 0x42
    STACKER_FULL = 0x43
    STACKER_OPEN = 0x44
    JAM_IN_ACCEPTOR = 0x45
    JAM_IN_STACKER = 0x46
    PAUSE = 0x47
    CHEATED = 0x48
    FAILURE = 0x49
    COMMUNICATION_ERROR = 0x4A
    INVALID_COMMAND = 0x4B
    ACK = 0x50


# Data bytes of each setting command, and of the answer that gives its present value.
SETTING_SIZES = {
    Command.SET_ENABLE: 2,
    Command.SET_SECURITY: 2,
    Command.SET_COMMUNICATION_MODE: 1,
    Command.SET_INHIBIT: 1,
    Command.SET_DIRECTION: 1,
    Command.SET_OPTIONS: 2,
    Command.SET_BARCODE_FUNCTION: 2,
    Command.SET_BARCODE_INHIBIT: 1,
}
GETTER_TO_SETTING = 0x40  # 80 gives what C0 sets
OPERATIONS = frozenset({Command.RESET, Command.STACK_1, Command.STACK_2, Command.RETURN, Command.HOLD, Command.WAIT})

# Statuses with one data byte, and what it means.
ARGUMENT_OF = {Status.ESCROW: "denomination", Status.REJECTING: "reason", Status.FAILURE: "reason"}

REJECT_REASONS = {
    0x71: "insertion",
    0x72: "magnetic",
    0x73: "bill left in the acceptor",
    0x74: "calibration",
    0x75: "conveying",
    0x76: "denomination",
    0x77: "photo pattern 1",
    0x78: "photo level",
    0x79: "inhibit",
    0x7B: "operation",
    0x7C: "bill left in the stacker",
    0x7D: "length",
    0x7E: "photo pattern 2",
    0x7F: "true bill feature",
    0x98: "several bills",
    0x9B: "ticket wrong side",
}

FAILURE_REASONS = {
    0xA2: "stack motor",
    0xA5: "transport motor speed",
    0xA6: "transport motor",
    0xA7: "aligning motor",
    0xAB: "cash box not ready",
    0xAC: "optic sensor",
    0xAD: "magnetic sensor",
    0xAF: "head removed",
    0xB0: "boot ROM",
    0xB1: "external ROM",
    0xB2: "ROM",
    0xB3: "external ROM write",
}


class MessageError(ValueError):
    """Bytes that mean nothing in this direction; the text says why."""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What the device is doing; `argument` is its data byte where the status has one."""

    status: Status
    argument: int | None = None


@dataclass(frozen=True, slots=True)
class Denomination:
    """One used entry of the currency assignment: the device's country byte, value in minor units."""

    country: int
    value_minor: int


def decode_status(data: bytes) -> StatusReport:
    """A status report.

    Raises:
        MessageError: no such status, or a data byte too many or too few.
    """
    try:
        status = Status(data[0])
    except ValueError:
        raise MessageError(f"no status is {data[0]:02x}") from None
    size = 2 if status in ARGUMENT_OF else 1
    if len(data) != size:
        raise MessageError(f"{words(status)} has {size} bytes, here are {len(data)}")
    return StatusReport(status, data[1] if size == 2 else None)


def decode_denominations(data: bytes) -> dict[int, Denomination]:
    """Denominations by escrow code from the data behind 8A. What follows the last quadruple is the firmware's own.

    Raises:
        MessageError: not one quadruple, or an amount nobody prints.
    """
    quadruples = [data[at : at + QUADRUPLE_SIZE] for at in range(0, len(data) - QUADRUPLE_SIZE + 1, QUADRUPLE_SIZE)]
    found: dict[int, Denomination] = {}
    for code, country, value, zeros in quadruples:
        if code not in DENOMINATION_CODES:
            break
        if value == 0:
            continue
        if zeros > ZEROS_MAX:
            raise MessageError(f"the denomination {code:02x} has {zeros} zeros")
        found[code] = Denomination(country, value * 10**zeros * 100)
    if not quadruples or quadruples[0][0] not in DENOMINATION_CODES:
        raise MessageError(f"a currency assignment begins with a denomination code, not {data[:1].hex()}")
    return found


def encode_denominations(denominations: dict[int, Denomination]) -> bytes:
    """The data behind 8A.

    Raises:
        MessageError: a value that is no whole number of major units below 256 and zeros.
    """
    return b"".join(_quadruple(code, denomination) for code, denomination in sorted(denominations.items()))


def _quadruple(code: int, denomination: Denomination) -> bytes:
    value, rest = divmod(denomination.value_minor, 100)
    zeros = 0
    while value >= 10 and value % 10 == 0:
        value, zeros = value // 10, zeros + 1
    if rest or not 0 < value <= 0xFF or zeros > ZEROS_MAX:
        raise MessageError(f"no quadruple holds {denomination.value_minor} minor units")
    return bytes((code, denomination.country, value, zeros))


def decode_version(data: bytes) -> str:
    """The text behind 88: model, country, stacker, interface, version, date, CRC."""
    return data.decode("ascii", errors="replace").strip(" \x00")


def disabled_mask(enabled_codes: frozenset[int]) -> bytes:
    """Two bytes of C0: bit = 1 disables; bit 0 of the first byte is code 61."""
    mask = 0xFFFF
    for code in enabled_codes:
        mask &= ~(1 << (code - DENOMINATION_FIRST))
    return mask.to_bytes(2, "little")


def enabled_codes(mask_bytes: bytes) -> frozenset[int]:
    """The denomination codes that a C0 mask leaves enabled."""
    mask = int.from_bytes(mask_bytes, "little")
    return frozenset(DENOMINATION_FIRST + bit for bit in range(DENOMINATIONS) if not mask >> bit & 1)


def words(member: enum.IntEnum) -> str:
    """A code's name as the paper writes it."""
    return member.name.replace("_", " ")
