"""SSP packets in words and back, for the tools of the field (`decode`, `encode`). No I/O, no clock.

An answer does not say what it answers: data behind OK are poll events if all of them read as such, a set-up if its
lengths fit, and bare bytes otherwise; the question, where it is known, decides. A key is the sixteen bytes of AES.
"""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.essp import encryption, frames, messages
from device_drivers.essp.encryption import STEX, CipherError, Key
from device_drivers.essp.frames import Frame
from device_drivers.essp.messages import (
    COMMAND_SIZES,
    INHIBITS_SIZE,
    WITH_CHANNEL,
    Command,
    Event,
    MessageError,
    Reply,
    words,
)

Fields = dict[str, object]

HOST_TO_DEVICE = "host->device"
DEVICE_TO_HOST = "device->host"
KEY_SIZE = 16
_POLLS = (Command.POLL, Command.POLL_WITH_ACK)
_NUMBERS = (Command.SET_GENERATOR, Command.SET_MODULUS, Command.KEY_EXCHANGE)


def decode_frame(raw: bytes, direction: str | None, key: str, request: bytes = b"") -> tuple[str, Fields]:
    """Name and fields of a whole packet's bytes. Without a direction a reply code tells an answer.

    Raises:
        FrameError: the bytes are no packet.
        MessageError: the packet means nothing, or the key is none, or not the one.
    """
    frame = frames.decode(raw)
    fields: Fields = {"sequence": frame.sequence, "address": frame.address}
    data = frame.data
    if data[0] == STEX:
        if not key:
            return "ENCRYPTED", fields | {"data_hex": data[1:].hex()}
        try:
            fields["count"], data = encryption.decrypt(data, _key(key))
        except CipherError as error:
            raise MessageError(str(error)) from error
        if not data:
            raise MessageError("nothing is encrypted here")
    answered = data[0] in set(Reply) if direction is None else direction == DEVICE_TO_HOST
    name, found = describe(data, DEVICE_TO_HOST if answered else HOST_TO_DEVICE, request)
    return name, fields | found


def encode_frame(name: str, values: Mapping[str, str], key: str) -> bytes:
    """The bytes of a packet by its name; `sequence` is 1 and `address` 0 where not given, padding is zeros.

    Raises:
        FrameError: it does not fit into a packet.
        MessageError: no such message, or a field is missing, unknown or out of its range.
    """
    fields = dict(values)
    sequence, address = _number(fields, "sequence", 1, default=1), _number(fields, "address", 0x7D, default=0)
    count = _number(fields, "count", 2**32 - 1, default=0) if key else 0
    data = encode_data(name, fields)
    if key:
        data = encryption.encrypt(data, count, _key(key), bytes)
    return frames.encode(Frame(sequence, address, data))


def describe(data: bytes, direction: str, request: bytes = b"") -> tuple[str, Fields]:
    """Name and fields of plain data that went in `direction`; `request` is what an answer answers, if known.

    Raises:
        MessageError: the data mean nothing in this direction.
    """
    return _describe_command(data) if direction == HOST_TO_DEVICE else _describe_answer(data, request)


def encode_data(name: str, values: Mapping[str, str]) -> bytes:
    """Plain data of a message by its name: a command, a reply, or `POLL ANSWER`.

    Raises:
        MessageError: no such message, or a field is missing, unknown or out of its range.
    """
    fields = dict(values)
    data = _encode_word(name.strip().upper().replace(" ", "_"), fields)
    if fields:
        raise MessageError(f"{name} has no field {sorted(fields)[0]}")
    return data


def _describe_command(data: bytes) -> tuple[str, Fields]:
    try:
        command = Command(data[0])
    except ValueError:
        raise MessageError(f"no command is {data[0]:02x}") from None
    rest = data[1:]
    if command in COMMAND_SIZES and len(rest) != COMMAND_SIZES[command]:
        raise MessageError(f"{words(command)} has {COMMAND_SIZES[command]} data bytes, here are {len(rest)}")
    if command is Command.HOST_PROTOCOL_VERSION:
        return words(command), {"version": rest[0]}
    if command in _NUMBERS:
        return words(command), {"number": int.from_bytes(rest, "little")}
    if command is Command.SET_INHIBITS:
        if not 1 <= len(rest) <= 3:
            raise MessageError(f"{words(command)} has 1..3 data bytes, here are {len(rest)}")
        return words(command), {"accepted_channels": sorted(messages.channels_of(rest))}
    if rest:
        raise MessageError(f"{words(command)} has no data bytes, here are {len(rest)}")
    return words(command), {}


def _describe_answer(data: bytes, request: bytes) -> tuple[str, Fields]:
    try:
        reply = Reply(data[0])
    except ValueError:
        raise MessageError(f"no answer begins with {data[0]:02x}") from None
    rest = data[1:]
    if reply is not Reply.OK or not rest:
        return words(reply), _data_field(rest)
    asked = request[0] if request else None
    if asked in _POLLS or asked is None:
        answer = messages.decode_poll(rest)
        if asked in _POLLS or not answer.unread:
            events: Fields = {"events": [_event_text(event.code, event.channel) for event in answer.events]}
            return "POLL ANSWER", events | ({"unread_hex": answer.unread.hex()} if answer.unread else {})
    if asked in (Command.SETUP_REQUEST, None) and _looks_like_setup(rest, sure=asked is not None):
        setup = messages.decode_setup(rest)
        channels = [f"{currency} {value}" for currency, value in setup.channels]
        return "SETUP", {"firmware": setup.firmware, "protocol_version": setup.protocol_version, "channels": channels}
    if asked == Command.GET_SERIAL_NUMBER:
        return "SERIAL NUMBER", {"serial": messages.decode_serial(rest)}
    return words(reply), _data_field(rest)


def _looks_like_setup(data: bytes, *, sure: bool) -> bool:
    if sure:
        return True
    count = data[11] if len(data) > 11 else 0
    size = messages.SETUP_HEAD_SIZE + 2 * count + 4
    return count > 0 and len(data) in (size, size + 7 * count)


def _encode_word(word: str, fields: dict[str, str]) -> bytes:
    if word == "POLL_ANSWER":
        return bytes((Reply.OK,)) + _events(fields.pop("events", ""))
    for reply in Reply:
        if word == reply.name:
            return bytes((reply,)) + _hex(fields, "data_hex")
    try:
        command = Command[word]
    except KeyError:
        raise MessageError(f"no SSP message is called {word.replace('_', ' ')}") from None
    head = bytes((command,))
    if command is Command.HOST_PROTOCOL_VERSION:
        return head + bytes((_number(fields, "version", 0xFF),))
    if command in _NUMBERS:
        return head + _number(fields, "number", 2**64 - 1).to_bytes(8, "little")
    if command is Command.SET_INHIBITS:
        return head + messages.inhibits(_channels(fields, "accepted_channels"))
    return head


def _event_text(code: Event, channel: int | None) -> str:
    return words(code) if channel is None else f"{words(code)} {channel}"


def _events(text: str) -> bytes:
    """`CREDIT 1,STACKED`, oldest first."""
    data = b""
    for part in filter(None, (part.strip().upper() for part in text.split(","))):
        name, _, last = part.rpartition(" ")
        has_channel = last.isdecimal()
        word = (name if has_channel else part).replace(" ", "_")
        code = Event.__members__.get(word)
        if code is None or has_channel is not (code in WITH_CHANNEL) or (has_channel and int(last) > 0xFF):
            raise MessageError(f"events are a list like CREDIT 1,STACKED, not {part}")
        data += bytes((code, int(last))) if has_channel else bytes((code,))
    return data


def _channels(fields: dict[str, str], name: str) -> frozenset[int]:
    """`1,2,5`, `1-16` or nothing."""
    channels: set[int] = set()
    for part in filter(None, fields.pop(name, "").replace(" ", "").split(",")):
        first, _, last = part.partition("-")
        last = last or first
        if not (first.isdecimal() and last.isdecimal() and 1 <= int(first) <= int(last) <= 8 * INHIBITS_SIZE):
            raise MessageError(f"{name} is a list like 1,2,5 or 1-16, not {part}")
        channels.update(range(int(first), int(last) + 1))
    return frozenset(channels)


def _number(fields: dict[str, str], name: str, high: int, *, default: int | None = None) -> int:
    text = fields.pop(name, None)
    if text is None and default is not None:
        return default
    try:
        value = int(text or "", 0)
    except ValueError:
        value = -1
    if not 0 <= value <= high:
        raise MessageError(f"the field {name} is a number 0..{high}, not {text!r}")
    return value


def _hex(fields: dict[str, str], name: str) -> bytes:
    text = fields.pop(name, "")
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise MessageError(f"the field {name} is hex, not {text}") from None


def _data_field(data: bytes) -> Fields:
    return {"data_hex": data.hex()} if data else {}


def _key(text: str) -> Key:
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = b""
    if len(raw) != KEY_SIZE:
        raise MessageError(f"the key is {KEY_SIZE} bytes in hex")
    return Key(raw)
