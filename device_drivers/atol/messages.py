"""ATOL buffer commands, tasks and their answers: the table of layouts and codes. Pure.

Source: ATOL protocol, "Transport v3", and a driver of such registers (MIT): layouts of 3F, 45, 56, 92, EB, 4A, A4.
E8 (a tag of the receipt) and 99 (a part of the payment) are known from practice and untried here.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from device_drivers import fiscal_drive, layout
from device_drivers.layout import Field, Kind, Layout, LayoutError, Value

TASK_ID_MIN, TASK_ID_MAX = 0x01, 0xDE
NEED_RESULT = 0x01


class MessageError(ValueError):
    """Data that mean nothing in this protocol; the text says why."""


class Buffer(enum.IntEnum):
    """What the buffer of tasks is told."""

    ADD = 0xC1
    ACKNOWLEDGE = 0xC2
    ASK = 0xC3
    CLEAR = 0xC4
    ACKNOWLEDGE_AND_ADD = 0xC5


class TaskState(enum.IntEnum):
    """What it answers."""

    PENDING = 0xA1
    IN_PROGRESS = 0xA2
    RESULT = 0xA3
    ERROR = 0xA4
    STOPPED = 0xA5
    ASYNC_RESULT = 0xA6
    ASYNC_ERROR = 0xA7
    WAITING = 0xA8
    BUFFER_FULL = 0xB1
    TASK_EXISTS = 0xB2
    NOT_FOUND = 0xB3
    BAD_PARAMETER = 0xB4


class Command(enum.IntEnum):
    """Commands of the register inside a task."""

    STATUS = 0x3F
    STATE = 0x45
    LEAVE_MODE = 0x48
    CLOSE_RECEIPT = 0x4A
    ENTER_MODE = 0x56
    CANCEL_RECEIPT = 0x59
    CLOSE_SHIFT = 0x5A
    OPEN_RECEIPT = 0x92
    PAYMENT = 0x99
    OPEN_SHIFT = 0x9A
    DRIVE = 0xA4
    DEVICE = 0xA5
    TAG = 0xE8
    BEGIN_ITEM = 0xEA
    END_ITEM = 0xEB


class Mode(enum.IntEnum):
    IDLE = 0
    SALE = 1
    Z_REPORT = 3


@dataclass(frozen=True, slots=True)
class Shape:
    """A command: its words and what it carries behind the password and its code."""

    name: str
    parameters: Layout


_FLAGS = Field("flags")

SHAPES: Mapping[Command, Shape] = {
    Command.STATUS: Shape("STATUS", ()),
    Command.STATE: Shape("STATE", ()),
    Command.LEAVE_MODE: Shape("LEAVE MODE", ()),
    Command.CLOSE_RECEIPT: Shape(
        "CLOSE RECEIPT", (_FLAGS, Field("payment", 1, Kind.BCD), Field("amount_minor", 5, Kind.BCD))
    ),
    Command.ENTER_MODE: Shape("ENTER MODE", (Field("mode"), Field("mode_password", 4, Kind.BCD))),
    Command.CANCEL_RECEIPT: Shape("CANCEL RECEIPT", ()),
    Command.CLOSE_SHIFT: Shape("CLOSE SHIFT", ()),
    Command.OPEN_RECEIPT: Shape("OPEN RECEIPT", (_FLAGS, Field("kind"))),
    Command.PAYMENT: Shape("PAYMENT", (_FLAGS, Field("payment", 1, Kind.BCD), Field("amount_minor", 5, Kind.BCD))),
    Command.OPEN_SHIFT: Shape("OPEN SHIFT", (_FLAGS, Field("text", 0, Kind.OEM))),
    Command.DRIVE: Shape("DRIVE", (Field("question"), Field("parameters", 0, Kind.HEX))),
    Command.DEVICE: Shape("DEVICE", ()),
    Command.TAG: Shape("TAG", (_FLAGS, Field("blocks"), Field("block"), Field("tlv", 0, Kind.HEX))),
    Command.BEGIN_ITEM: Shape("BEGIN ITEM", (_FLAGS, Field("parameter"), Field("reserved"))),
    Command.END_ITEM: Shape(
        "END ITEM",
        (
            _FLAGS,
            Field("price_minor", 7, Kind.BCD),
            Field("quantity_thousandths", 5, Kind.BCD),
            Field("amount_minor", 7, Kind.BCD),
            Field("tax"),
            Field("tax_minor", 7, Kind.BCD),
            Field("section", 1, Kind.BCD),
            Field("subject", 1, Kind.BCD),
            Field("method", 1, Kind.BCD),
            Field("discount_sign"),
            Field("discount_minor", 7, Kind.BCD),
            Field("reserved", 2),
            Field("name", 0, Kind.OEM),
        ),
    ),
}

STATUS_ANSWER: Layout = (
    Field("result"),  # 44h
    Field("cashier", 1, Kind.BCD),
    Field("hall"),
    Field("year", 1, Kind.BCD),
    Field("month", 1, Kind.BCD),
    Field("day", 1, Kind.BCD),
    Field("hour", 1, Kind.BCD),
    Field("minute", 1, Kind.BCD),
    Field("second", 1, Kind.BCD),
    _FLAGS,
    Field("serial", 4, Kind.BCD),
    Field("model"),
    Field("version", 2, Kind.WIN),
    Field("mode"),
    Field("receipt_number", 2, Kind.BCD),
    Field("closed_shift", 2, Kind.BCD),
    Field("receipt_state"),
    Field("total_minor", 5, Kind.BCD),
    Field("point"),
    Field("interface"),
)
STATE_ANSWER: Layout = (Field("result"), Field("mode"), Field("printer"))
DEVICE_ANSWER: Layout = (
    Field("error"),
    Field("protocol"),
    Field("type"),
    Field("model"),
    Field("modes", 2),
    Field("version", 5, Kind.HEX),
    Field("title", 0, Kind.OEM),
)
STATUS_RESULT, COMMAND_RESULT = 0x44, 0x55
FLAG_SHIFT_OPEN, FLAG_PAPER = 0x02, 0x08
PRINTER_NO_PAPER, PRINTER_NO_LINK, PRINTER_BROKEN, PRINTER_CUTTER = 0x01, 0x02, 0x04, 0x08

ERRORS = {
    0x66: "not allowed in this mode",
    0x67: "no paper",
    0x68: "no connection to the printer",
    0x88: "the shift is older than 24 hours",
    0x8C: "wrong password",
    0x9A: "the receipt is closed",
    0x9B: "a receipt is open",
    0x9C: "the shift is open",
    0x9D: "the shift is not open",
    0xA4: "less is paid than the total",
}
ERROR_EXPIRED, ERROR_SHIFT_OPEN = 0x88, 0x9C
FINAL_ERRORS = frozenset({0xA4})


def encode_task(password: int, command: Command, values: Mapping[str, Value]) -> bytes:
    """Password, command and parameters: the data of a task.

    Raises:
        MessageError: a value does not fit.
    """
    shape = SHAPES[command]
    try:
        head = layout.encode((Field("password", 2, Kind.BCD),), {"password": password}) + bytes((command,))
        return head + layout.encode(shape.parameters, values)
    except LayoutError as error:
        raise MessageError(f"{shape.name}: {error}") from None


def values_of(fields: Layout, data: bytes, name: str) -> Mapping[str, Value]:
    """The values of an answer.

    Raises:
        MessageError: they do not fit.
    """
    try:
        return layout.decode(fields, data)
    except LayoutError as error:
        raise MessageError(f"{name}: {error}") from None


def error_text(code: int) -> str:
    """A code in words: the register's own, else the drive's below 20h."""
    return f"{code:02x} {ERRORS.get(code) or fiscal_drive.ERRORS.get(code, 'unknown')}"
