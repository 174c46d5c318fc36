"""ccTalk messages in words and back, for the tools of the field (`decode`, `encode`). No I/O, no clock.

An answer does not say what it answers, so what its data mean is told by their shape: eleven bytes are events.
"""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.cctalk import frames, messages
from device_drivers.cctalk.frames import BILL_VALIDATOR, HOST, Form, Frame, FrameError, Variant
from device_drivers.cctalk.messages import (
    ARGUMENT_OF,
    BUSY,
    EVENTS_KEPT,
    EVENTS_SIZE,
    MASK_SIZE,
    NAK,
    REPLY,
    EventBuffer,
    Header,
    MessageError,
    words,
)
from device_drivers.cctalk.place import form_of

Fields = dict[str, object]

HOST_TO_DEVICE = "host->device"
DEVICE_TO_HOST = "device->host"
VARIANTS = tuple(variant.value for variant in Variant)
_REPLIES = {"ACK": REPLY, "NAK": NAK, "BUSY": BUSY}


def decode_frame(raw: bytes, direction: str | None, variant: str, key: str) -> tuple[str, Fields]:
    """Name and fields of a whole message's bytes. Without a variant the simple checksum is tried first, then the CRC;
    without a direction the destination tells it.

    Raises:
        FormError: no such form.
        FrameError: the bytes are no message in this form.
        MessageError: the message means nothing.
    """
    form = form_of(variant, key)
    try:
        frame = frames.decode(raw, form)
    except FrameError:
        if variant or key:
            raise
        frame = frames.decode(raw, form_of(Variant.CRC16.value, ""))
    going = DEVICE_TO_HOST if frame.destination == HOST else HOST_TO_DEVICE
    return describe(frame, direction or going)


def encode_frame(name: str, values: Mapping[str, str], variant: str, key: str) -> bytes:
    """The bytes of a message by its name.

    Raises:
        FormError: no such form.
        MessageError: no such message.
    """
    form = form_of(variant, key)
    return frames.encode(encode_data(name, values, form), form)


def describe(frame: Frame, direction: str) -> tuple[str, Fields]:
    """Name and fields of a message that went in `direction`.

    Raises:
        MessageError: it cannot have gone that way, or its data do not fit its header.
    """
    if direction == HOST_TO_DEVICE:
        if frame.destination == HOST:
            raise MessageError("a host does not speak to itself")
        name, fields = _describe_request(frame)
    else:
        if frame.destination != HOST:
            raise MessageError(f"an answer goes to the host, not to {frame.destination}")
        name, fields = _describe_answer(frame)
    head: Fields = {"destination": frame.destination}
    if frame.source is not None:
        head["source"] = frame.source
    return name, head | fields


def encode_data(name: str, values: Mapping[str, str], form: Form) -> Frame:
    """The message of this name: a request, or an answer (`ACK`, `NAK`, `BUSY`, `EVENTS`, `ANSWER`, `HEADER n`).

    Raises:
        MessageError: no such message, or a field is missing, unknown or out of its range.
    """
    fields = dict(values)
    word = name.strip().upper().replace(" ", "_")
    is_answer = word in (*_REPLIES, "EVENTS", "ANSWER") or word.startswith("HEADER_")
    header, data = _encode_answer(word, fields) if is_answer else _encode_request(word, fields)
    destination = _number(fields, "destination", HOST if is_answer else BILL_VALIDATOR)
    source = _number(fields, "source", BILL_VALIDATOR if is_answer else HOST)
    if fields:
        raise MessageError(f"{name} has no field {sorted(fields)[0]}")
    return Frame(destination, header, data, source if form.variant is Variant.CHECKSUM8 else None)


def _describe_request(frame: Frame) -> tuple[str, Fields]:
    try:
        header = Header(frame.header)
    except ValueError:
        return f"HEADER {frame.header}", _data_field(frame.data)
    if header is Header.INHIBIT_MASK:
        _expect_size(words(header), frame.data, MASK_SIZE)
        return words(header), {"accepted_types": sorted(messages.types_of(frame.data))}
    if (argument := ARGUMENT_OF.get(header)) is not None:
        _expect_size(words(header), frame.data, 1)
        return words(header), {argument: frame.data[0]}
    return words(header), _data_field(frame.data)


def _describe_answer(frame: Frame) -> tuple[str, Fields]:
    if not frame.data:
        for name, header in _REPLIES.items():
            if frame.header == header:
                return name, {}
    if frame.header != REPLY:
        return f"HEADER {frame.header}", _data_field(frame.data)
    if len(frame.data) == EVENTS_SIZE:
        buffer = messages.decode_events(frame.data)
        return "EVENTS", {"counter": buffer.counter, "events": [list(pair) for pair in buffer.pairs]}
    return "ANSWER", _data_field(frame.data)


def _data_field(data: bytes) -> Fields:
    return {"data_hex": data.hex()} if data else {}


def _encode_request(word: str, fields: dict[str, str]) -> tuple[int, bytes]:
    try:
        header = Header[word]
    except KeyError:
        raise MessageError(f"no ccTalk message is called {word.replace('_', ' ')}") from None
    if header is Header.INHIBIT_MASK:
        return header, messages.mask(_types(fields, "accepted_types"))
    if (argument := ARGUMENT_OF.get(header)) is not None:
        return header, bytes((_number(fields, argument, None),))
    return header, _hex(fields, "data_hex")


def _encode_answer(word: str, fields: dict[str, str]) -> tuple[int, bytes]:
    if word in _REPLIES:
        return _REPLIES[word], b""
    if word == "EVENTS":
        return REPLY, messages.encode_events(EventBuffer(_number(fields, "counter", None), _pairs(fields, "events")))
    if word == "ANSWER":
        return REPLY, _hex(fields, "data_hex")
    number = word.removeprefix("HEADER_")
    if not number.isdecimal() or int(number) > 0xFF:
        raise MessageError(f"a header is a number 0..255, not {number}")
    return int(number), _hex(fields, "data_hex")


def _number(fields: dict[str, str], name: str, default: int | None) -> int:
    text = fields.pop(name, None)
    if text is None and default is not None:
        return default
    try:
        value = int(text or "", 0)
    except ValueError:
        raise MessageError(f"the field {name} is a number 0..255, not {text!r}") from None
    if not 0 <= value <= 0xFF:
        raise MessageError(f"the field {name} is a number 0..255, not {text}")
    return value


def _types(fields: dict[str, str], name: str) -> frozenset[int]:
    """`1,2,5`, `1-16` or nothing."""
    types: set[int] = set()
    for part in filter(None, fields.pop(name, "").replace(" ", "").split(",")):
        first, _, last = part.partition("-")
        last = last or first
        if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last) <= messages.TYPES):
            raise MessageError(f"{name} is a list like 1,2,5 or 1-16, not {part}")
        types.update(range(int(first), int(last) + 1))
    return frozenset(types)


def _pairs(fields: dict[str, str], name: str) -> tuple[tuple[int, int], ...]:
    """`4:1,0:2`, newest first; what is not given is 0:0."""
    pairs = []
    for part in filter(None, fields.pop(name, "").replace(" ", "").split(",")):
        first, _, second = part.partition(":")
        if not (first.isdecimal() and second.isdecimal() and int(first) <= 0xFF and int(second) <= 0xFF):
            raise MessageError(f"{name} is a list like 4:1,0:2, not {part}")
        pairs.append((int(first), int(second)))
    if len(pairs) > EVENTS_KEPT:
        raise MessageError(f"a buffer holds {EVENTS_KEPT} events, here are {len(pairs)}")
    return (*pairs, *[(0, 0)] * (EVENTS_KEPT - len(pairs)))


def _hex(fields: dict[str, str], name: str) -> bytes:
    text = fields.pop(name, "")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise MessageError(f"the field {name} is hex, not {text}") from None


def _expect_size(name: str, data: bytes, size: int) -> None:
    if len(data) != size:
        raise MessageError(f"{name} has {size} data bytes, here are {len(data)}")
