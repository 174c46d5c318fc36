"""IPP messages, as far as a print job needs them. No I/O, no clock.

Source: RFC 8010 (encoding), RFC 8011 (operations and states).
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field

VERSION = b"\x02\x00"
HEAD_SIZE = 8
OPERATION_GROUP, END = 0x01, 0x03
DELIMITER_MAX = 0x0F  # a tag up to here begins a group of attributes
INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME = 0x42, 0x44, 0x45, 0x47, 0x48, 0x49
ERROR_FROM = 0x0100  # a status up to here is success

Value = int | bool | str


class Operation(enum.IntEnum):
    PRINT_JOB = 0x0002
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_PRINTER_ATTRIBUTES = 0x000B


class JobState(enum.IntEnum):
    PENDING = 3
    HELD = 4
    PROCESSING = 5
    STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class PrinterState(enum.IntEnum):
    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


class IppError(ValueError):
    """Bytes that are no IPP answer; the text says why."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a request."""

    tag: int
    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and attributes of an answer, whatever group they stand in."""

    status: int
    attributes: dict[str, tuple[Value, ...]] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        return self.status < ERROR_FROM

    def number(self, name: str) -> int | None:
        """The first value of an attribute, when it is a number."""
        value = self.attributes.get(name, (None,))[0]
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def words(self, name: str) -> tuple[str, ...]:
        """The values of an attribute that are words."""
        return tuple(value for value in self.attributes.get(name, ()) if isinstance(value, str))


def encode(operation: Operation, request_id: int, attributes: Sequence[Attribute], document: bytes = b"") -> bytes:
    """A request; character set and language go before its attributes."""
    first = (
        Attribute(CHARSET, "attributes-charset", ("utf-8",)),
        Attribute(LANGUAGE, "attributes-natural-language", ("en",)),
    )
    head = VERSION + int(operation).to_bytes(2, "big") + request_id.to_bytes(4, "big")
    body = b"".join(_attribute(attribute) for attribute in (*first, *attributes))
    return head + bytes((OPERATION_GROUP,)) + body + bytes((END,)) + document


def decode(raw: bytes) -> Answer:
    """An answer from its bytes.

    Raises:
        IppError: what is wrong with them.
    """
    if len(raw) < HEAD_SIZE + 1:
        raise IppError(f"an answer has at least {HEAD_SIZE + 1} bytes, here are {len(raw)}")
    attributes: dict[str, tuple[Value, ...]] = {}
    name, at = "", HEAD_SIZE
    while at < len(raw) and raw[at] != END:
        tag, at = raw[at], at + 1
        if tag <= DELIMITER_MAX:
            name = ""
            continue
        word, at = _sized(raw, at)
        value, at = _sized(raw, at)
        name = word.decode("utf-8", errors="replace") or name
        attributes[name] = (*(attributes.get(name, ()) if not word else ()), _value(tag, value))
    if at >= len(raw):
        raise IppError("the attributes have no end")
    return Answer(int.from_bytes(raw[2:4], "big"), attributes)


def _attribute(attribute: Attribute) -> bytes:
    out, name = b"", attribute.name.encode()
    for value in attribute.values:
        raw = value.encode() if isinstance(value, str) else int(value).to_bytes(1 if value is True else 4, "big")
        out += bytes((attribute.tag,)) + len(name).to_bytes(2, "big") + name + len(raw).to_bytes(2, "big") + raw
        name = b""
    return out


def _sized(raw: bytes, at: int) -> tuple[bytes, int]:
    if at + 2 > len(raw):
        raise IppError("an attribute is cut off")
    start = at + 2
    end = start + int.from_bytes(raw[at:start], "big")
    if end > len(raw):
        raise IppError("an attribute is cut off")
    return raw[start:end], end


def _value(tag: int, raw: bytes) -> Value:
    if tag in (INTEGER, ENUM) and len(raw) == 4:
        return int.from_bytes(raw, "big", signed=True)
    if tag == BOOLEAN and len(raw) == 1:
        return raw != b"\x00"
    return raw.decode("utf-8", errors="replace")
