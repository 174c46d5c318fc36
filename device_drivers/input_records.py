"""Records of an input device of Linux: buttons, switches, scanners that type. No I/O, no clock.

Source: Linux, input.h (struct input_event) and input-event-codes.h.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

RECORD = struct.Struct("@llHHi")  # time (2), type, code, value
EV_SYN, EV_KEY, EV_MSC, EV_SW = 0, 1, 4, 5
_NAMES = {EV_SYN: "SYN", EV_KEY: "KEY", EV_MSC: "MISC", EV_SW: "SWITCH"}
_LIMITS = {"code": (0, 0xFFFF), "value": (-(2**31), 2**31 - 1)}


class RecordError(ValueError):
    """Bytes that are not one record, or a record that does not exist; the text says why."""


def decode_record(raw: bytes) -> tuple[str, dict[str, object]]:
    """Name and fields of one record: `code` of the key or switch, `value` 0 released, 1 pressed, 2 repeated.

    Raises:
        RecordError: not one record, or of a kind that no device of ours sends.
    """
    if len(raw) != RECORD.size:
        raise RecordError(f"a record has {RECORD.size} bytes, here are {len(raw)}")
    _, _, kind, code, value = RECORD.unpack(raw)
    if kind not in _NAMES:
        raise RecordError(f"no record of ours has the type {kind}")
    return _NAMES[kind], {"code": code, "value": value}


def encode_record(name: str, values: Mapping[str, str]) -> bytes:
    """One record by its name, `code` and `value`, without a time.

    Raises:
        RecordError: no such record, or a field is unknown or out of its range.
    """
    kind = next((kind for kind, known in _NAMES.items() if known == name.strip().upper()), None)
    if kind is None:
        raise RecordError(f"a record is one of {', '.join(_NAMES.values())}, not {name}")
    if unknown := set(values) - set(_LIMITS):
        raise RecordError(f"{name} has no field {sorted(unknown)[0]}")
    return RECORD.pack(0, 0, kind, *(_number(field, values.get(field, "0")) for field in _LIMITS))


def _number(field: str, text: str) -> int:
    low, high = _LIMITS[field]
    try:
        number = int(text)
    except ValueError:
        number = low - 1
    if not low <= number <= high:
        raise RecordError(f"{field} is a number from {low} to {high}, not {text!r}")
    return number
