"""Sberbank messages: command, length, number, body; numbers low byte first. Pure.

Source: notes on bank terminals, "Sberbank (UPOS) terminals", and recorded exchanges (MIT) for the layouts. Card hashes
and the ciphered card of an answer are cut off here and never leave this module.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from device_drivers import layout
from device_drivers.layout import Field, Kind, Layout, LayoutError, Value, Values

HEAD_SIZE = 7
ANSWER_FLAG = 0x8000_0000
BODY_SIZE_MAX = 4096 - HEAD_SIZE
TRACK_SIZE, RRN_SIZE = 40, 13
SECRETS_SIZE = 20 + 32 + 1  # SHA-1 of the card, the ciphered card, its kind


class MessageError(ValueError):
    """Bytes that mean nothing in this protocol; the text says why."""


class Command(enum.IntEnum):
    POLL = 0xC0
    TRANSACTION = 0x6D
    MASTER_CALL = 0xA0
    ABORT = 0x5B


class Operation(enum.IntEnum):
    SALE = 0x01
    SETTLEMENT = 0x07
    REVERSAL = 0x0D


class Instruction(enum.IntEnum):
    OPEN = 1
    READ = 2
    WRITE = 3
    CLOSE = 4


class Device(enum.IntEnum):
    PRINTER = 0x03
    LAN = 0x19


UNSUPPORTED = 252  # result of a master call nobody can fulfil
POLL_STATE = 0x81
NOT_ABORTED_RESULT = 0  # of a transaction that came to its end

TRANSACTION: Layout = (
    Field("amount_minor", 4),
    Field("card_type"),
    Field("currency"),
    Field("operation"),
    Field("track2", TRACK_SIZE, Kind.HEX),
    Field("request_id", 4),
    Field("rrn", RRN_SIZE, Kind.OEM),
    Field("flags", 4),
    Field("parameters_size"),
    Field("parameters", 0, Kind.HEX),
)
TRANSACTION_ANSWER: Layout = (
    Field("result", 2),
    Field("auth_code", 7, Kind.OEM),
    Field("rrn", RRN_SIZE, Kind.OEM),
    Field("number", 5, Kind.OEM),
    Field("card", 20, Kind.OEM),
    Field("expiry", 6, Kind.OEM),
    Field("text", 32, Kind.OEM),
    Field("date", 4),
    Field("time", 4),
    Field("owner"),
    Field("terminal_id", 9, Kind.OEM),
    Field("card_name", 28, Kind.OEM),
    Field("points_minor", 4),
)
POLL: Layout = (Field("question", 4), Field("parameter", 4), Field("repeat", 4))
POLL_ANSWER: Layout = (Field("value", 4),)
MASTER_CALL: Layout = (
    Field("instruction"),
    Field("device"),
    Field("reserved"),
    Field("size", 2),
    Field("parameters", 0, Kind.HEX),
)
LAN_PLACE: Layout = (
    Field("reserved", 2),
    Field("address", 4, Kind.HEX),
    Field("port", 2),
    Field("timeout_ms", 4),
)
LAN_READ: Layout = (Field("size_max", 2), Field("timeout_ms", 4))


@dataclass(frozen=True, slots=True)
class Message:
    """A request, or an answer to one: its command is then a result, and its number carries the flag."""

    command: int
    number: int
    body: bytes = b""

    @property
    def is_answer(self) -> bool:
        return bool(self.number & ANSWER_FLAG)

    @property
    def request_number(self) -> int:
        return self.number & ~ANSWER_FLAG


@dataclass(frozen=True, slots=True)
class MasterCall:
    """The terminal uses a device of ours."""

    number: int
    instruction: int
    device: int
    parameters: bytes


def encode(said: Message) -> bytes:
    """The bytes of a message, before it is cut into frames."""
    size = len(said.body).to_bytes(2, "little")
    return bytes((said.command,)) + size + said.number.to_bytes(4, "little") + said.body


def decode(data: bytes) -> Message:
    """A message from its joined frames.

    Raises:
        MessageError: cut short, or longer than it says.
    """
    if len(data) < HEAD_SIZE:
        raise MessageError(f"a message has at least {HEAD_SIZE} bytes, here are {len(data)}")
    size = int.from_bytes(data[1:3], "little")
    if size != len(data) - HEAD_SIZE:
        raise MessageError(f"the message says it has {size} bytes behind its head, here are {len(data) - HEAD_SIZE}")
    return Message(data[0], int.from_bytes(data[3:7], "little"), data[7:])


def transaction(operation: Operation, number: int, values: Mapping[str, Value]) -> Message:
    """A request of a transaction: `amount_minor`, `request_id`, `rrn`."""
    body = layout.encode(TRANSACTION, {"operation": int(operation), **values})
    return Message(Command.TRANSACTION, number, body)


def poll(number: int) -> Message:
    """Is the terminal there?"""
    return Message(Command.POLL, number, layout.encode(POLL, {"question": POLL_STATE, "repeat": 1}))


def transaction_answer(body: bytes) -> Values:
    """What the terminal says of a transaction, without the secrets of the card.

    Raises:
        MessageError: shorter than such an answer.
    """
    size = sum(field.size for field in TRANSACTION_ANSWER)
    if len(body) < size:
        raise MessageError(f"the answer to a transaction has {size} bytes and more, here are {len(body)}")
    return _values(TRANSACTION_ANSWER, body[:size])


def master_call(heard: Message) -> MasterCall:
    """What the terminal wants of a device of ours.

    Raises:
        MessageError: cut short, or parameters of another size than they say.
    """
    values = _values(MASTER_CALL, heard.body)
    parameters = bytes.fromhex(str(values["parameters"]))
    if len(parameters) != values["size"]:
        raise MessageError(f"a call says it has {values['size']} bytes, here are {len(parameters)}")
    return MasterCall(heard.number, int(values["instruction"]), int(values["device"]), parameters)


def call_answer(call: MasterCall, parameters: bytes = b"", *, result: int = 0) -> Message:
    """Our answer to a master call; a refused one has no body."""
    number = call.number | ANSWER_FLAG
    if result:
        return Message(result, number)
    values: Values = {
        "instruction": call.instruction,
        "device": call.device,
        "size": len(parameters),
        "parameters": parameters.hex(),
    }
    return Message(0, number, layout.encode(MASTER_CALL, values))


def values_of(fields: Layout, data: bytes) -> Values:
    """The values of a layout.

    Raises:
        MessageError: they do not fit.
    """
    return _values(fields, data)


def _values(fields: Layout, data: bytes) -> Values:
    try:
        return layout.decode(fields, data)
    except LayoutError as error:
        raise MessageError(str(error)) from None
