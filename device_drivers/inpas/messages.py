"""INPAS messages as TLV: one byte of tag, two of length (low byte first), values mostly CP1251 decimal text. Pure.

Source: notes on bank terminals, "INPAS SmartSale".
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

CURRENCY_RUB = "643"
AMOUNT_DIGITS = 8


class Tag(enum.IntEnum):
    AMOUNT = 0x00
    CURRENCY = 0x04
    HOST_TIME = 0x06
    CARD = 0x0A
    EXPIRY = 0x0B
    AUTH_CODE = 0x0D
    RRN = 0x0E
    HOST_CODE = 0x0F
    TEXT = 0x13
    TERMINAL_TIME = 0x15
    TRANSACTION = 0x17
    OPERATION = 0x19
    HOST_ID = 0x1A
    TERMINAL_ID = 0x1B
    MERCHANT_ID = 0x1C
    RESULT = 0x27
    PRINT_TIMEOUT = 0x39
    COMMAND_MODE = 0x40
    COMMAND_TYPE = 0x41
    COMMAND_RESULT = 0x43
    COMMAND_DATA = 0x46
    PRINT_TEXT = 0x47
    CASHIER_REQUEST = 0x4C
    MDB_OPTIONS = 0x56
    SLIP = 0x5A


BYTES = (Tag.COMMAND_DATA,)


class Operation(enum.IntEnum):
    SALE = 1
    WAIT = 21
    LINK_CHECK = 26
    MESSAGE = 41
    CANCEL = 53
    SETTLEMENT = 59
    NETWORK = 63


class Result(enum.IntEnum):
    UNKNOWN = 0
    APPROVED = 1
    DECLINED = 16
    NO_CONNECTION = 34
    ABORTED = 53


class NetworkType(enum.IntEnum):
    CONNECTION = 16
    DATA = 17


class MessageError(ValueError):
    """TLV bytes that mean nothing; the text says why."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message by its tags; what came twice counts once, the last."""

    tags: Mapping[int, bytes]

    def text(self, tag: Tag) -> str:
        """A text, "" when it is not there."""
        return self.tags.get(tag, b"").decode("cp1251", errors="replace")

    def number(self, tag: Tag) -> int | None:
        """A decimal value; None when it is not there or no such number (terminals say -1 for «none»)."""
        raw = self.tags.get(tag, b"")
        return int(raw) if raw.isdigit() and len(raw) <= 18 else None

    @property
    def operation(self) -> int | None:
        return self.number(Tag.OPERATION)


def message(**values: int | str | bytes) -> Message:
    """A message of our own: `message(operation=1, amount="00000100")`; the order is kept."""
    return Message({Tag[key.upper()]: _raw(value) for key, value in values.items()})


def encode(said: Message) -> bytes:
    """The TLV bytes."""
    return b"".join(bytes((tag,)) + len(value).to_bytes(2, "little") + value for tag, value in said.tags.items())


def decode(data: bytes) -> Message:
    """A message from its TLV bytes.

    Raises:
        MessageError: TLV that runs over its end, or none.
    """
    tags: dict[int, bytes] = {}
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at + 1 : at + 3], "little")
        if at + 3 + size > len(data):
            raise MessageError(f"the tag {data[at]:02x} runs over the end")
        tags[data[at]] = data[at + 3 : at + 3 + size]
        at += 3 + size
    if not tags:
        raise MessageError("a message has tags")
    return Message(tags)


def amount(minor: int) -> str:
    """Kopecks as eight digits."""
    return str(minor).zfill(AMOUNT_DIGITS)


def _raw(value: int | str | bytes) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("cp1251", errors="replace")
