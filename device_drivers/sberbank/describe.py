"""Sberbank frames in words and back, for the tools of the field (`decode`, `encode`). No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers import layout
from device_drivers.layout import LayoutError
from device_drivers.sberbank import frames, messages
from device_drivers.sberbank.frames import Frame
from device_drivers.sberbank.messages import ANSWER_FLAG, Command, Message, MessageError

Fields = dict[str, object]
VARIANTS = ("bare", "serial")  # a frame alone, or in the envelope of a serial line
_LAYOUTS = {
    Command.POLL: messages.POLL,
    Command.TRANSACTION: messages.TRANSACTION,
    Command.MASTER_CALL: messages.MASTER_CALL,
    Command.ABORT: (),
}


def decode_frame(raw: bytes, variant: str) -> tuple[str, Fields]:
    """Name and fields of a frame; a whole message in it is told in words.

    Raises:
        FrameError: the bytes are no frame.
        MessageError: the message inside cannot be read.
    """
    if variant == VARIANTS[1] or (not variant and raw[:2] == bytes((frames.STX, frames.MARK))):
        raw = frames.out_of_envelope(raw)
    frame = frames.decode(raw)
    fields: Fields = {"frame": frame.number, "more": frame.more, "data": frame.data.hex()}
    if frame.more or frame.number:
        return "PART", fields
    try:
        message = messages.decode(frame.data)
    except MessageError:
        return "DATA", fields  # a frame carries any bytes; only whole messages have words
    if message.is_answer:
        return "ANSWER", fields | {"result": message.command, "request": f"{message.request_number:08x}"}
    try:
        command = Command(message.command)
    except ValueError:
        return f"COMMAND {message.command:02x}", fields
    known = messages.values_of(_LAYOUTS[command], message.body)
    known.pop("track2", None)
    return command.name.replace("_", " "), fields | {"number": f"{message.number:08x}", **known}


def encode_frame(name: str, values: Mapping[str, str], variant: str) -> bytes:
    """A frame: of a command by its fields, or of any `data`.

    Raises:
        FrameError: a number or a size no frame has.
        MessageError: no such command, or a field is unknown or out of its range.
    """
    words = dict(values)
    word = name.strip().upper().replace(" ", "_")
    number = _number(words.pop("frame", "0"), "frame", 10)
    more = words.pop("more", "False") in ("True", "true", "1")
    data = _hex(words["data"]) if "data" in words else _message(word, words)
    raw = frames.encode(Frame(number, data, more))
    return frames.in_envelope(raw) if variant == VARIANTS[1] else raw


def _message(word: str, words: dict[str, str]) -> bytes:
    if word == "ANSWER":
        result = _number(words.pop("result", "0"), "result", 10)
        number = _number(words.pop("request", "0"), "request", 16) | ANSWER_FLAG
        return messages.encode(Message(result, number, _hex(words.pop("body", ""))))
    if word not in Command.__members__:
        raise MessageError(f"no Sberbank message is called {word.replace('_', ' ')}")
    number = _number(words.pop("number", "0"), "number", 16)
    fields = _LAYOUTS[Command[word]]
    try:
        body = layout.encode(fields, layout.parse(fields, words))
    except LayoutError as error:
        raise MessageError(str(error)) from None
    return messages.encode(Message(Command[word], number, body))


def _number(word: str, name: str, base: int) -> int:
    try:
        value = int(word, base)
    except ValueError:
        value = -1
    if not 0 <= value < ANSWER_FLAG:
        raise MessageError(f"the field {name} is a number, not {word!r}")
    return value


def _hex(word: str) -> bytes:
    try:
        return bytes.fromhex(word)
    except ValueError:
        raise MessageError(f"{word!r} is not hex") from None
