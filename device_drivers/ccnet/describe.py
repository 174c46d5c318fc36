"""CCNET data in words and back, for the tools of the field (`decode`, `encode`). No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.ccnet import messages
from device_drivers.ccnet.messages import (
    ARGUMENT_OF,
    BILL_TABLE_SIZE,
    BILL_TYPES,
    FAILURE_REASONS,
    IDENTIFICATION_SIZE,
    MASK_SIZE,
    REJECT_REASONS,
    MessageError,
    Opcode,
    PollAnswer,
    Reply,
    State,
)

Fields = dict[str, object]

HOST_TO_DEVICE = "host->device"
DEVICE_TO_HOST = "device->host"
EVERY_TYPE = f"0-{BILL_TYPES - 1}"

_PLAIN_COMMANDS = frozenset(
    set(Opcode) - {Opcode.SET_SECURITY, Opcode.ENABLE_BILL_TYPES, Opcode.SET_BARCODE_PARAMETERS}
)
_BARE_ANSWERS = frozenset(int(reply) for reply in Reply)


def describe(data: bytes, direction: str) -> tuple[str, Fields]:
    """Name and fields of the data of a frame that went in `direction`.

    Raises:
        MessageError: the data mean nothing in this direction.
    """
    return _describe_command(data) if direction == HOST_TO_DEVICE else _describe_answer(data)


def encode_data(name: str, values: Mapping[str, str]) -> bytes:
    """Data bytes of a message by its name: a command, or failing that a poll answer or a bare answer.

    Raises:
        MessageError: no such message, or a field is missing, unknown or out of its range.
    """
    word = name.strip().upper().replace(" ", "_")
    fields = dict(values)
    data = _encode_word(word, fields)
    if fields:
        raise MessageError(f"{name} has no field {sorted(fields)[0]}")
    return data


def _describe_command(data: bytes) -> tuple[str, Fields]:
    try:
        opcode = Opcode(data[0])
    except ValueError:
        raise MessageError(f"no command is {data[0]:02x}") from None
    name = opcode.name.replace("_", " ")
    if opcode in _PLAIN_COMMANDS:
        _expect_size(name, data, 1)
        return name, {}
    if opcode is Opcode.ENABLE_BILL_TYPES:
        _expect_size(name, data, 1 + 2 * MASK_SIZE)
        return name, {"enabled_types": _types(data[1:4]), "escrow_types": _types(data[4:7])}
    if opcode is Opcode.SET_SECURITY:
        _expect_size(name, data, 1 + MASK_SIZE)
        return name, {"high_security_types": _types(data[1:4])}
    _expect_size(name, data, 3)
    return name, {"format": data[1], "characters": data[2]}


def _describe_answer(data: bytes) -> tuple[str, Fields]:
    if len(data) == IDENTIFICATION_SIZE:
        who = messages.decode_identification(data)
        return "IDENTIFICATION", {"part": who.part, "serial": who.serial, "asset_hex": who.asset.hex()}
    if len(data) == BILL_TABLE_SIZE:
        kinds = enumerate(messages.decode_bill_table(data).kinds)
        return "BILL TABLE", {
            "bills": {str(at): f"{kind.country} {kind.value_minor}" for at, kind in kinds if kind is not None}
        }
    if len(data) == 2 * MASK_SIZE:
        return "STATUS", {"enabled_types": _types(data[:3]), "high_security_types": _types(data[3:])}
    if len(data) == 1 and data[0] in _BARE_ANSWERS:
        return Reply(data[0]).name.replace("_", " "), {}
    return _describe_poll_answer(messages.decode_poll_answer(data))


def _describe_poll_answer(answer: PollAnswer) -> tuple[str, Fields]:
    fields: Fields = {"state": f"0x{answer.state:02x}"}
    if answer.argument is not None:
        fields[ARGUMENT_OF[answer.state]] = answer.argument
    if answer.state is State.REJECTING:
        fields["reason_text"] = REJECT_REASONS.get(answer.argument or 0, "unknown")
    if answer.state is State.FAILED:
        fields["reason_text"] = FAILURE_REASONS.get(answer.argument or 0, "unknown")
    return answer.state.name.replace("_", " "), fields


def _encode_word(word: str, fields: dict[str, str]) -> bytes:
    if word == Opcode.ENABLE_BILL_TYPES.name:
        return messages.enable_bill_types(_parse_types(fields, "enabled_types"), _parse_types(fields, "escrow_types"))
    if word == Opcode.SET_SECURITY.name:
        return bytes((Opcode.SET_SECURITY,)) + messages.mask(_parse_types(fields, "high_security_types"))
    if word == Opcode.SET_BARCODE_PARAMETERS.name:
        opcode = Opcode.SET_BARCODE_PARAMETERS
        return bytes((opcode, _parse_byte(fields, "format"), _parse_byte(fields, "characters")))
    for code in (*Opcode, *Reply):
        if word == code.name:
            return bytes((code,))
    for state in State:
        if word == state.name:
            argument = ARGUMENT_OF.get(state)
            return bytes((state,)) if argument is None else bytes((state, _parse_byte(fields, argument)))
    raise MessageError(f"no CCNET message is called {word.replace('_', ' ')}")


def _types(mask_bytes: bytes) -> object:
    types = sorted(messages.types_of(mask_bytes))
    return EVERY_TYPE if len(types) == BILL_TYPES else types


def _parse_types(fields: dict[str, str], name: str) -> frozenset[int]:
    """`2,3,4`, `0-23` or nothing; an absent field is no type."""
    types: set[int] = set()
    for part in filter(None, fields.pop(name, "").replace(" ", "").split(",")):
        first, _, last = part.partition("-")
        if not (first.isdecimal() and (last or first).isdecimal() and int(last or first) < BILL_TYPES):
            raise MessageError(f"{name} is a list like 2,3,4 or 0-23, not {part}")
        types.update(range(int(first), int(last or first) + 1))
    return frozenset(types)


def _parse_byte(fields: dict[str, str], name: str) -> int:
    text = fields.pop(name, "")
    try:
        value = int(text, 0)
    except ValueError:
        raise MessageError(f"the field {name} is a number 0..255, not {text!r}") from None
    if not 0 <= value <= 0xFF:
        raise MessageError(f"the field {name} is a number 0..255, not {text}")
    return value


def _expect_size(name: str, data: bytes, size: int) -> None:
    if len(data) != size:
        raise MessageError(f"{name} has {size} data bytes, here are {len(data)}")
