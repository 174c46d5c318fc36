"""ID-003 data in words and back, for the tools of the field (`decode`, `encode`). No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.id003 import messages
from device_drivers.id003.messages import (
    ARGUMENT_OF,
    DENOMINATION_FIRST,
    DENOMINATIONS,
    FAILURE_REASONS,
    GETTER_TO_SETTING,
    REJECT_REASONS,
    SETTING_SIZES,
    Command,
    MessageError,
    Status,
    words,
)

Fields = dict[str, object]

HOST_TO_DEVICE = "host->device"
DEVICE_TO_HOST = "device->host"

_ENABLES = (Command.SET_ENABLE, Command.GET_ENABLE)


def describe(data: bytes, direction: str) -> tuple[str, Fields]:
    """Name and fields of a frame's command or status that went in `direction`.

    Raises:
        MessageError: the data mean nothing in this direction.
    """
    if not data:
        raise MessageError("there is no command in no bytes")
    return _describe_command(data) if direction == HOST_TO_DEVICE else _describe_answer(data)


def encode_data(name: str, values: Mapping[str, str]) -> bytes:
    """Command or status by its name, with its data.

    Raises:
        MessageError: no such message, or a field is missing, unknown or out of its range.
    """
    fields = dict(values)
    data = _encode_word(name.strip().upper().replace(" ", "_").replace("-", "_"), fields)
    if fields:
        raise MessageError(f"{name} has no field {sorted(fields)[0]}")
    return data


def _describe_command(data: bytes) -> tuple[str, Fields]:
    try:
        command = Command(data[0])
    except ValueError:
        raise MessageError(f"no command is {data[0]:02x}") from None
    _expect_size(words(command), data, 1 + SETTING_SIZES.get(command, 0))
    return words(command), _setting_fields(command, data[1:])


def _describe_answer(data: bytes) -> tuple[str, Fields]:
    if data[0] in (Command.VERSION_REQUEST, Command.BOOT_VERSION_REQUEST) and len(data) > 1:
        return words(Command(data[0])).removesuffix(" REQUEST"), {"text": messages.decode_version(data[1:])}
    if data[0] == Command.CURRENCY_ASSIGN_REQUEST and len(data) > 1:
        kinds = messages.decode_denominations(data[1:])
        found = {
            f"{code:02x}": {"country": kind.country, "value_minor": kind.value_minor} for code, kind in kinds.items()
        }
        return "CURRENCY ASSIGN", {"denominations": found}
    if data[0] in SETTING_SIZES:  # a setting comes back as it was sent
        return _describe_command(data)
    if data[0] + GETTER_TO_SETTING in SETTING_SIZES:
        command = Command(data[0])
        size = SETTING_SIZES[Command(data[0] + GETTER_TO_SETTING)]
        _expect_size(words(command), data, 1 + size)
        return words(command), _setting_fields(command, data[1:])
    report = messages.decode_status(data)
    fields: Fields = {"status": f"0x{report.status:02x}"}
    if report.argument is not None:
        fields[ARGUMENT_OF[report.status]] = report.argument
    if report.status is Status.REJECTING:
        fields["reason_text"] = REJECT_REASONS.get(report.argument or 0, "unknown")
    if report.status is Status.FAILURE:
        fields["reason_text"] = FAILURE_REASONS.get(report.argument or 0, "unknown")
    return words(report.status), fields


def _setting_fields(command: Command, data: bytes) -> Fields:
    if not data:
        return {}
    if command in _ENABLES:
        codes = sorted(messages.enabled_codes(data))
        return {"enabled": [f"{code:02x}" for code in codes]}
    if command in (Command.SET_INHIBIT, Command.GET_INHIBIT):
        return {"inhibit": data[0]}
    return {"data_hex": data.hex()}


def _encode_word(word: str, fields: dict[str, str]) -> bytes:
    for command in Command:
        if word == command.name:
            return bytes((command,)) + _encode_setting(command, fields)
    for status in Status:
        if word == status.name:
            argument = ARGUMENT_OF.get(status)
            return bytes((status,)) if argument is None else bytes((status, _byte(fields, argument)))
    if word in ("VERSION", "BOOT_VERSION"):
        command = Command.VERSION_REQUEST if word == "VERSION" else Command.BOOT_VERSION_REQUEST
        return bytes((command,)) + _ascii(fields, "text")
    raise MessageError(f"no ID-003 message is called {word.replace('_', ' ')}")


def _encode_setting(command: Command, fields: dict[str, str]) -> bytes:
    size = SETTING_SIZES.get(command)
    if size is None:
        return b""
    if command is Command.SET_ENABLE:
        return messages.disabled_mask(_codes(fields, "enabled"))
    if command is Command.SET_INHIBIT:
        return bytes((_byte(fields, "inhibit"),))
    text = fields.pop("data_hex", "")
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if len(data) != size:
        raise MessageError(f"{words(command)} has the field data_hex of {size} bytes, not {text!r}")
    return data


def _codes(fields: dict[str, str], name: str) -> frozenset[int]:
    """`61,63` in hex, `all` or nothing; an absent field is no code."""
    text = fields.pop(name, "").replace(" ", "")
    known = frozenset(range(DENOMINATION_FIRST, DENOMINATION_FIRST + DENOMINATIONS))
    if text == "all":
        return known
    try:
        codes = frozenset(int(part, 16) for part in text.split(",") if part)
    except ValueError:
        codes = frozenset({-1})
    if not codes <= known:
        raise MessageError(f"{name} is a list of codes like 61,63 or all, not {text}")
    return codes


def _byte(fields: dict[str, str], name: str) -> int:
    text = fields.pop(name, "")
    try:
        value = int(text, 0)
    except ValueError:
        raise MessageError(f"the field {name} is a number 0..255, not {text!r}") from None
    if not 0 <= value <= 0xFF:
        raise MessageError(f"the field {name} is a number 0..255, not {text}")
    return value


def _ascii(fields: dict[str, str], name: str) -> bytes:
    text = fields.pop(name, "")
    if not text or not text.isascii():
        raise MessageError(f"the field {name} is plain text, not {text!r}")
    return text.encode("ascii")


def _expect_size(name: str, data: bytes, size: int) -> None:
    if len(data) != size:
        raise MessageError(f"{name} has {size} bytes, here are {len(data)}")
