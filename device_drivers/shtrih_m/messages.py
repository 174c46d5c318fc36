"""Shtrih-M commands and answers: the table of layouts, error codes, modes. Pure.

Source: Shtrih-M protocol description 2.0/1.12, "Main commands", "Layouts of the two closing commands", "Modes",
"Errors". FF46 is "Operation V2" of the vendor's description; payment types 14..16 of FF45 are advance, credit, other.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from device_drivers import fiscal_drive, layout
from device_drivers.fiscal_drive import FnQuestion
from device_drivers.layout import Field, Kind, Layout, LayoutError, Value, Values

PAYMENT_TYPES = 16
NAME_SIZE = 128
TEXT_SIZE = 40
RECKON_TAX = 0xFF_FFFF_FFFF  # the device reckons the tax itself


class MessageError(ValueError):
    """Data that mean nothing in this protocol; the text says why."""


class Command(enum.IntEnum):
    """What the driver says."""

    SHORT_STATUS = 0x10
    FULL_STATUS = 0x11
    Z_REPORT = 0x41
    CANCEL_RECEIPT = 0x88
    OPEN_RECEIPT = 0x8D
    CONTINUE_PRINT = 0xB0
    OPEN_SHIFT = 0xE0
    DEVICE_TYPE = 0xFC
    FN_STATUS = 0xFF01
    FN_EXPIRY = 0xFF03
    FIND_DOCUMENT = 0xFF0A
    SEND_TLV = 0xFF0C
    OFD_STATUS = 0xFF39
    DOCUMENT_TLV = 0xFF3A
    READ_TLV = 0xFF3B
    SHIFT_PARAMETERS = 0xFF40
    CLOSE_RECEIPT_EXTENDED = 0xFF45
    OPERATION_V2 = 0xFF46
    SEND_ITEM_TLV = 0xFF4D


@dataclass(frozen=True, slots=True)
class Shape:
    """A command: its words, what it carries, what its answer carries behind the error code."""

    name: str
    request: Layout
    answer: Layout


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the device: nothing follows an error."""

    command: int
    error: int
    values: Mapping[str, Value]

    def number(self, name: str) -> int:
        """A number of the answer, 0 where this firmware does not give it."""
        return int(self.values.get(name, 0))

    def text(self, name: str) -> str:
        """A text of the answer, empty where this firmware does not give it."""
        return str(self.values.get(name, ""))


_P = Field("password", 4)
_OPERATOR = Field("operator")
_STATE = (Field("flags", 2), Field("mode"), Field("submode"))
_TAXES = tuple(Field(f"tax{number}") for number in range(1, 5))
_DOCUMENT = (Field("fd", 4), Field("fpd", 4))
_SHIFT = (Field("shift", 2), *_DOCUMENT)
_LINE = (Field("quantity_thousandths", 5), Field("price_minor", 5), Field("department"), *_TAXES)
_TEXT = Field("text", TEXT_SIZE, Kind.WIN)

SHAPES: Mapping[int, Shape] = {
    0x10: Shape(
        "SHORT STATUS",
        (_P,),
        (
            _OPERATOR,
            *_STATE,
            Field("ops_low"),
            Field("battery"),
            Field("supply"),
            Field("fp_error"),
            Field("eklz_error"),
            Field("ops_high"),
            Field("reserved", 3, Kind.HEX),
            Field("print_result", optional=True),
        ),
    ),
    0x11: Shape(
        "FULL STATUS",
        (_P,),
        (
            _OPERATOR,
            Field("version", 2, Kind.WIN),
            Field("build", 2),
            Field("version_date", 3, Kind.DATE),
            Field("hall"),
            Field("document", 2),
            *_STATE,
            Field("port"),
            Field("fp_version", 2, Kind.WIN),
            Field("fp_build", 2),
            Field("fp_date", 3, Kind.DATE),
            Field("date", 3, Kind.DATE),
            Field("time", 3, Kind.TIME),
            Field("fp_flags"),
            Field("serial", 4),
            Field("last_shift", 2),
            Field("free_records", 2),
            Field("registrations"),
            Field("registrations_left"),
            Field("inn", 6),
        ),
    ),
    0x13: Shape("BEEP", (_P,), (_OPERATOR,)),
    0x17: Shape("PRINT LINE", (_P, Field("flags"), _TEXT), (_OPERATOR,)),
    0x1A: Shape("MONEY REGISTER", (_P, Field("register")), (_OPERATOR, Field("value_minor", 6))),
    0x1B: Shape("OPERATION REGISTER", (_P, Field("register")), (_OPERATOR, Field("value", 2))),
    0x25: Shape("CUT", (_P, Field("partial")), (_OPERATOR,)),
    0x28: Shape("OPEN DRAWER", (_P, Field("drawer")), (_OPERATOR,)),
    0x29: Shape("FEED", (_P, Field("flags"), Field("rows")), (_OPERATOR,)),
    0x40: Shape("X REPORT", (_P,), (_OPERATOR,)),
    0x41: Shape("Z REPORT", (_P,), (_OPERATOR,)),
    0x50: Shape("CASH IN", (_P, Field("amount_minor", 5)), (_OPERATOR, Field("document", 2))),
    0x51: Shape("CASH OUT", (_P, Field("amount_minor", 5)), (_OPERATOR, Field("document", 2))),
    0x80: Shape("SALE", (_P, *_LINE, _TEXT), (_OPERATOR,)),
    0x82: Shape("SALE RETURN", (_P, *_LINE, _TEXT), (_OPERATOR,)),
    0x85: Shape(
        "CLOSE RECEIPT",
        (_P, *(Field(f"paid{n}_minor", 5) for n in range(1, 5)), Field("discount", 2, Kind.SIGNED), *_TAXES, _TEXT),
        (_OPERATOR, Field("change_minor", 5)),
    ),
    0x88: Shape("CANCEL RECEIPT", (_P,), (_OPERATOR,)),
    0x89: Shape("SUBTOTAL", (_P,), (_OPERATOR, Field("total_minor", 5))),
    0x8C: Shape("REPEAT DOCUMENT", (_P,), (_OPERATOR,)),
    0x8D: Shape("OPEN RECEIPT", (_P, Field("kind")), (_OPERATOR,)),
    0xB0: Shape("CONTINUE PRINT", (_P,), (_OPERATOR,)),
    0xE0: Shape("OPEN SHIFT", (_P,), (Field("operator", optional=True),)),
    0xFC: Shape(
        "DEVICE TYPE",
        (),
        (
            Field("type"),
            Field("subtype"),
            Field("protocol"),
            Field("subprotocol"),
            Field("model"),
            Field("language"),
            Field("title", 0, Kind.WIN),
        ),
    ),
    0xFF01: Shape("FN STATUS", (_P,), fiscal_drive.ANSWERS[FnQuestion.STATUS]),
    0xFF02: Shape("FN NUMBER", (_P,), (Field("fn", 16, Kind.WIN),)),
    0xFF03: Shape("FN EXPIRY", (_P,), fiscal_drive.ANSWERS[FnQuestion.EXPIRY]),
    0xFF08: Shape("CANCEL FN DOCUMENT", (_P,), ()),
    0xFF0A: Shape("FIND DOCUMENT", (_P, Field("fd", 4)), fiscal_drive.ANSWERS[FnQuestion.FIND]),
    0xFF0B: Shape("OPEN FN SHIFT", (_P,), _SHIFT),
    0xFF0C: Shape("SEND TLV", (_P, Field("tlv", 0, Kind.HEX)), ()),
    0xFF39: Shape("OFD STATUS", (_P,), fiscal_drive.ANSWERS[FnQuestion.OFD]),
    0xFF3A: Shape("DOCUMENT TLV", (_P, Field("fd", 4)), (Field("kind", 2), Field("size", 2))),
    0xFF3B: Shape("READ TLV", (_P,), (Field("tlv", 0, Kind.HEX),)),
    0xFF3F: Shape("UNCONFIRMED COUNT", (_P,), (Field("count", 2),)),
    0xFF40: Shape("SHIFT PARAMETERS", (_P,), fiscal_drive.ANSWERS[FnQuestion.SHIFT]),
    0xFF41: Shape("BEGIN OPEN SHIFT", (_P,), ()),
    0xFF42: Shape("BEGIN CLOSE SHIFT", (_P,), ()),
    0xFF43: Shape("CLOSE FN SHIFT", (_P,), _SHIFT),
    0xFF45: Shape(
        "CLOSE RECEIPT EXTENDED",
        (
            _P,
            *(Field(f"paid{number}_minor", 5) for number in range(1, PAYMENT_TYPES + 1)),
            Field("discount", 2, Kind.SIGNED),
            *_TAXES,
            Field("tax_system"),
            _TEXT,
        ),
        (
            Field("change_minor", 5),
            Field("fd", 4, optional=True),
            Field("fpd", 4, optional=True),
        ),
    ),
    0xFF46: Shape(
        "OPERATION V2",
        (
            _P,
            Field("operation"),
            Field("quantity_millionths", 6),
            Field("price_minor", 5),
            Field("amount_minor", 5),
            Field("tax_minor", 5),
            Field("tax"),
            Field("department"),
            Field("method"),
            Field("subject"),
            Field("text", NAME_SIZE, Kind.WIN),
        ),
        (),
    ),
    0xFF4D: Shape("SEND ITEM TLV", (_P, Field("tlv", 0, Kind.HEX)), ()),
}

ERRORS = {
    0x15: "the shift is open already",
    0x16: "the shift is not open",
    0x33: "bad parameters",
    0x35: "bad parameters for these settings",
    0x36: "bad parameters for this firmware",
    0x37: "no such command",
    0x3D: "the shift is not open",
    0x45: "less is paid than the total",
    0x46: "not enough cash",
    0x4A: "a receipt is open",
    0x4B: "the receipt buffer is full",
    0x4E: "the shift is older than 24 hours",
    0x4F: "wrong password",
    0x50: "the previous command is still printed",
    0x55: "the receipt is closed",
    0x58: "waits for the command to continue printing",
    0x59: "opened by another operator",
    0x5C: "supply voltage is low",
    0x61: "price out of range",
    0x62: "quantity out of range",
    0x64: "no fiscal memory",
    0x6B: "no receipt paper",
    0x6C: "no journal paper",
    0x71: "cutter fault",
    0x72: "not allowed in this submode",
    0x73: "not allowed in this mode",
    0x84: "total overflow",
    0xC0: "waits for the date to be confirmed",
}
# A document refused for these would be refused again as it is.
FINAL_ERRORS = frozenset({0x33, 0x35, 0x36, 0x37, 0x45, 0x61, 0x62, 0x84})


def encode_request(command: int, values: Mapping[str, Value]) -> bytes:
    """Command and data.

    Raises:
        MessageError: the values do not fit.
    """
    try:
        return command_bytes(command) + layout.encode(SHAPES[command].request, values)
    except LayoutError as error:
        raise MessageError(f"{SHAPES[command].name}: {error}") from None


def encode_answer(command: int, error: int, values: Mapping[str, Value]) -> bytes:
    """What a device says.

    Raises:
        MessageError: the values do not fit.
    """
    head = command_bytes(command) + bytes((error,))
    try:
        return head if error else head + layout.encode(SHAPES[command].answer, values)
    except LayoutError as refused:
        raise MessageError(f"{SHAPES[command].name}: {refused}") from None


def decode_answer(data: bytes) -> Answer:
    """An answer of a command of the table.

    Raises:
        MessageError: cut short, unknown, or fields that do not fit.
    """
    command, rest = split_command(data)
    if not rest:
        raise MessageError(f"the answer to {command:02x} ends before its error code")
    if rest[0]:
        return Answer(command, rest[0], {})
    if command not in SHAPES:
        raise MessageError(f"no answer to {command:02x} is known")
    return Answer(command, 0, values_of(SHAPES[command].answer, rest[1:], SHAPES[command].name))


def values_of(fields: Layout, data: bytes, name: str) -> Values:
    """The values of a layout.

    Raises:
        MessageError: they do not fit.
    """
    try:
        return layout.decode(fields, data)
    except LayoutError as error:
        raise MessageError(f"{name}: {error}") from None


def split_command(data: bytes) -> tuple[int, bytes]:
    """The command of one byte, or of two when the first is FF, and the rest.

    Raises:
        MessageError: no command.
    """
    if not data or (data[0] == 0xFF and len(data) < 2):
        raise MessageError("the message ends before its command")
    return (0xFF00 | data[1], data[2:]) if data[0] == 0xFF else (data[0], data[1:])


def command_bytes(command: int) -> bytes:
    """One byte, or FF and one."""
    return command.to_bytes(2 if command > 0xFF else 1, "big")


def error_text(command: int, error: int) -> str:
    """A code in words: commands FFxx speak the drive's codes below 20h, everything else the register's."""
    words = fiscal_drive.ERRORS.get(error) if command > 0xFF and error < 0x20 else None
    return f"{error:02x} {words or ERRORS.get(error, 'unknown')}"
