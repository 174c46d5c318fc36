"""Shtrih-M messages in words and back, for the tools of the field (`decode`, `encode`). No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers import layout
from device_drivers.layout import LayoutError
from device_drivers.shtrih_m import frames, messages
from device_drivers.shtrih_m.frames import Control, Message
from device_drivers.shtrih_m.messages import SHAPES, MessageError, Shape

Fields = dict[str, object]

HOST_TO_DEVICE = "host->device"
ANSWER = " ANSWER"
BATTERY_STEPS_A_VOLT, SUPPLY_STEPS_A_VOLT = 51, 9
_STATUSES = (messages.Command.SHORT_STATUS, messages.Command.FULL_STATUS)


def decode_frame(raw: bytes, direction: str) -> tuple[str, Fields]:
    """Name and fields of a whole message or control byte.

    Raises:
        FrameError: the bytes are neither.
        MessageError: the data mean nothing in this direction.
    """
    return describe(frames.decode(raw), direction)


def encode_frame(name: str, values: Mapping[str, str]) -> bytes:
    """A message or a control byte by its name.

    Raises:
        FrameError: longer than a message may be.
        MessageError: no such message, or a field is unknown or out of its range.
    """
    word = name.strip().upper()
    if word in Control.__members__ and not values:
        return bytes((Control[word],))
    return frames.encode(encode_data(name, values))


def describe(token: Message | Control, direction: str) -> tuple[str, Fields]:
    """Name and fields of what went in `direction`.

    Raises:
        MessageError: the data mean nothing in this direction.
    """
    if isinstance(token, Control):
        return token.name, {}
    command, rest = messages.split_command(token.data)
    shape = SHAPES.get(command)
    fields: Fields = {"command": messages.command_bytes(command).hex()}
    name = shape.name if shape is not None else f"COMMAND {fields['command']}"
    if direction == HOST_TO_DEVICE:
        return name, fields | _request_fields(shape, rest)
    return name + ANSWER, fields | _answer_fields(command, shape, rest)


def encode_data(name: str, values: Mapping[str, str]) -> bytes:
    """Command and data of a message by its name; an answer's name ends in ANSWER and has the field `error`.

    Raises:
        MessageError: no such message, or a field is unknown or out of its range.
    """
    word = name.strip().upper()
    answer = word.endswith(ANSWER)
    command = _command_named(word.removesuffix(ANSWER))
    words = {key: value for key, value in values.items() if key not in ("command", "mode_name", "error_text")}
    shape = SHAPES.get(command) or Shape(word, messages.SHAPES[messages.Command.SEND_TLV].request, ())
    try:
        error = _number(words.pop("error", "0"), "error") if answer else 0
        parsed = layout.parse(shape.answer if answer else shape.request, _as_on_wire(command, words))
        if not answer:
            return messages.command_bytes(command) + layout.encode(shape.request, parsed)
        if not 0 <= error <= 0xFF:
            raise MessageError(f"an error code is 0..255, not {error}")
        head = messages.command_bytes(command) + bytes((error,))
        return head if error else head + layout.encode(shape.answer, parsed)
    except LayoutError as refused:
        raise MessageError(f"{word}: {refused}") from None


def _command_named(word: str) -> int:
    for command, shape in SHAPES.items():
        if shape.name == word:
            return command
    if word.startswith("COMMAND "):
        try:
            code = int(word.removeprefix("COMMAND "), 16)
        except ValueError:
            code = -1
        if 0 <= code < 0xFF or 0xFF00 <= code <= 0xFFFF:
            return code
    raise MessageError(f"no Shtrih-M message is called {word}")


def _request_fields(shape: Shape | None, rest: bytes) -> Fields:
    if shape is None:
        password: Fields = {"password": int.from_bytes(rest[:4], "little")} if len(rest) >= 4 else {}
        return password | {"tlv": rest[4:].hex()} if len(rest) > 4 else password
    return dict(messages.values_of(shape.request, rest, shape.name))


def _answer_fields(command: int, shape: Shape | None, rest: bytes) -> Fields:
    if not rest:
        raise MessageError("the answer ends before its error code")
    if rest[0]:
        if len(rest) > 1:
            raise MessageError("nothing follows an error code")
        return {"error": rest[0], "error_text": messages.error_text(command, rest[0])}
    if shape is None:
        raise MessageError(f"no answer to {command:02x} is known")
    fields: Fields = {"error": 0, **messages.values_of(shape.answer, rest[1:], shape.name)}
    if command in _STATUSES:
        _in_words(fields)
    return fields


def _in_words(fields: Fields) -> None:
    """Status as people read it: flags in hex, the two halves of the mode, volts."""
    mode = int(str(fields["mode"]))
    fields["flags"] = f"{int(str(fields['flags'])):04x}"
    fields["mode"] = mode & 0x0F
    fields["mode_status"] = mode >> 4
    if "battery" in fields:
        fields["ops_in_receipt"] = int(str(fields.pop("ops_high"))) << 8 | int(str(fields.pop("ops_low")))
        fields["battery_v"] = round(int(str(fields["battery"])) / BATTERY_STEPS_A_VOLT, 2)
        fields["supply_v"] = round(int(str(fields["supply"])) / SUPPLY_STEPS_A_VOLT, 2)


def _as_on_wire(command: int, words: Mapping[str, str]) -> dict[str, str]:
    """Undoes `_in_words`."""
    if command not in _STATUSES:
        return dict(words)
    out = {key: value for key, value in words.items() if key not in ("battery_v", "supply_v", "mode_status")}
    if "flags" in out and not out["flags"].startswith("0x"):
        out["flags"] = "0x" + out["flags"]
    if "mode_status" in words:
        mode = _number(words.get("mode", "0"), "mode")
        out["mode"] = str(_number(words["mode_status"], "mode_status") << 4 | mode)
    if "ops_in_receipt" in out:
        count = _number(out.pop("ops_in_receipt"), "ops_in_receipt")
        out["ops_low"], out["ops_high"] = str(count & 0xFF), str(count >> 8)
    return out


def _number(word: str, name: str) -> int:
    try:
        return int(word, 0)
    except ValueError:
        raise LayoutError(f"the field {name} is a number, not {word!r}") from None
