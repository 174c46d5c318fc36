"""VTK messages as TLV: names, numbers, amounts. Pure.

Source: VTK protocol 1.12, "Tags". BER: tags of 1..3 bytes, lengths short or 81/82; any order, unknown tags ignored.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

NUMBER_DIGITS_MAX = 8
AMOUNT_DIGITS_MAX = 12
CONNECTION_SIZE = 10  # index, IPv4, port, status, window


class Tag(enum.IntEnum):
    NAME = 0x01
    OPERATION = 0x03
    AMOUNT = 0x04
    KEEP_ALIVE_S = 0x05
    OPERATION_TIMEOUT_S = 0x06
    EVENT_NAME = 0x07
    EVENT_NUMBER = 0x08
    PRODUCT = 0x09
    QR = 0x0A
    CONNECTION = 0x0B
    SENT_BYTES = 0x0C
    DATA = 0x0D
    CONFIRMABLE_DATA = 0x0E
    PRODUCT_NAME = 0x0F
    MANAGEMENT = 0x10
    LOCAL_TIME = 0x11
    SYSTEM = 0x12
    RECEIPT = 0x13
    QR_DISPLAY_MS = 0x14


NUMBERS = (Tag.OPERATION, Tag.AMOUNT, Tag.KEEP_ALIVE_S, Tag.OPERATION_TIMEOUT_S, Tag.EVENT_NUMBER, Tag.SENT_BYTES)
BYTES = (Tag.CONNECTION, Tag.DATA, Tag.CONFIRMABLE_DATA)
NAMES = ("IDL", "DIS", "STA", "VRP", "FIN", "ABR", "CDP", "MFR", "CON", "DAT", "DSC")


class MessageError(ValueError):
    """TLV bytes that mean nothing; the text says why."""


class ConnectionStatus(enum.IntEnum):
    NO_SERVICE = 0
    ESTABLISHED = 1
    LINK_INACTIVE = 3
    CLOSED_HERE = 5
    CLOSED_REMOTELY = 6


@dataclass(frozen=True, slots=True)
class Message:
    """A message: its name and its other tags."""

    name: str
    tags: Mapping[int, bytes] = field(default_factory=dict)

    def number(self, tag: Tag) -> int | None:
        """A decimal value; None when it is not there.

        Raises:
            MessageError: not a number of its size.
        """
        raw = self.tags.get(tag)
        if raw is None:
            return None
        digits = AMOUNT_DIGITS_MAX if tag is Tag.AMOUNT else NUMBER_DIGITS_MAX
        if not (raw.isdigit() and len(raw) <= digits):
            raise MessageError(f"tag {tag:02x} is a number of at most {digits} digits, not {raw!r}")
        return int(raw)

    def text(self, tag: Tag) -> str:
        """A text, "" when it is not there."""
        return self.tags.get(tag, b"").decode("utf-8", errors="replace")


def message(name: str, **values: int | str | bytes) -> Message:
    """A message of our own: `message("VRP", operation=6, amount=25000)`."""
    return Message(name, {Tag[key.upper()]: _raw(value) for key, value in values.items()})


def encode(said: Message) -> bytes:
    """The TLV bytes, the name first."""
    return b"".join(_tlv(tag, raw) for tag, raw in [(int(Tag.NAME), said.name.encode("ascii")), *said.tags.items()])


def decode(data: bytes) -> Message:
    """A message from its TLV bytes.

    Raises:
        MessageError: TLV that runs over its end, or no name, or numbers that are none.
    """
    tags = dict(_elements(data))
    raw = tags.pop(Tag.NAME, b"")
    try:
        name = raw.decode("ascii")
    except UnicodeDecodeError:
        name = ""
    if len(name) != 3 or not name.isalnum():
        raise MessageError(f"a message has a name of three letters, not {raw!r}")
    found = Message(name, tags)
    for tag in NUMBERS:
        found.number(tag)
    return found


def connection(index: int, address: str, port: int, status: ConnectionStatus) -> bytes:
    """Tag 0B as the host says it; the window is ours to say nothing about."""
    ip = bytes(int(part) for part in address.split("."))
    return bytes((index,)) + ip + port.to_bytes(2, "big") + bytes((status, 0, 0))


def _raw(value: int | str | bytes) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode("utf-8")


def _tlv(tag: int, raw: bytes) -> bytes:
    head = tag.to_bytes(max(1, (tag.bit_length() + 7) // 8), "big")
    size = len(raw)
    if size < 0x80:
        return head + bytes((size,)) + raw
    return head + (bytes((0x81, size)) if size <= 0xFF else b"\x82" + size.to_bytes(2, "big")) + raw


def _elements(data: bytes) -> Iterable[tuple[int, bytes]]:
    at = 0
    while at < len(data):
        tag, at = _tag(data, at)
        size, at = _size(data, at)
        if at + size > len(data):
            raise MessageError(f"the tag {tag:02x} runs over the end")
        yield tag, data[at : at + size]
        at += size


def _tag(data: bytes, at: int) -> tuple[int, int]:
    """BER: low five bits all set mean that the tag goes on, each further byte but the last with its high bit."""
    end = at + 1
    if data[at] & 0x1F == 0x1F:
        while end < len(data) and data[end] & 0x80 and end - at < 2:
            end += 1
        end += 1
    if end > len(data):
        raise MessageError("a tag is cut short")
    return int.from_bytes(data[at:end], "big"), end


def _size(data: bytes, at: int) -> tuple[int, int]:
    if at >= len(data):
        raise MessageError("a length is cut short")
    first = data[at]
    if first < 0x80:
        return first, at + 1
    count = first & 0x7F
    if count not in (1, 2) or at + 1 + count > len(data):
        raise MessageError(f"a length of {count} bytes")
    return int.from_bytes(data[at + 1 : at + 1 + count], "big"), at + 1 + count
