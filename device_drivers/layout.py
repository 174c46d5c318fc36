"""Messages of fixed fields as data: one table serves the driver and the tools that decode and encode. Pure."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass

Value = int | str
Values = dict[str, Value]


class LayoutError(ValueError):
    """Bytes or values that do not fit a layout; the text says why."""


class Kind(enum.Enum):
    """What the bytes of a field are."""

    NUMBER = "number"  # unsigned, low byte first
    BIG = "big"  # unsigned, high byte first
    SIGNED = "signed"  # low byte first
    BCD = "bcd"  # two digits a byte, high byte first
    WIN = "cp1251"  # text, padded with zeros
    OEM = "cp866"
    HEX = "hex"  # bytes as they are
    DATE = "date"  # DD MM YY, as YYYYMMDD
    TIME = "time"  # HH MM SS, as HHMMSS
    BACK_DATE = "back_date"  # YY MM DD, as YYYYMMDD
    BACK_TIME = "back_time"  # YY MM DD HH MM, as YYYYMMDDTHHMM


_NUMBERS = (Kind.NUMBER, Kind.BIG, Kind.SIGNED, Kind.BCD)


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `size` 0 takes all that is left. Optional ones may be missing at the end of an answer."""

    name: str
    size: int = 1
    kind: Kind = Kind.NUMBER
    optional: bool = False


Layout = tuple[Field, ...]


def decode(layout: Layout, data: bytes) -> Values:
    """The values of `data`.

    Raises:
        LayoutError: too short, too long, or a field that means nothing.
    """
    values: Values = {}
    at = 0
    for field in layout:
        size = field.size or len(data) - at
        if at + size > len(data):
            if field.optional and at == len(data):
                break
            raise LayoutError(f"{len(data)} bytes end within the field {field.name}")
        values[field.name] = _value(field, data[at : at + size])
        at += size
    if at < len(data):
        raise LayoutError(f"{len(data) - at} bytes are left over")
    return values


def encode(layout: Layout, values: Mapping[str, Value]) -> bytes:
    """The bytes of values; an absent field is zero or empty, an absent optional one is left away.

    Raises:
        LayoutError: an unknown field, or a value that does not fit.
    """
    if unknown := set(values) - {field.name for field in layout}:
        raise LayoutError(f"there is no field {sorted(unknown)[0]}")
    given = [field for field in layout if not field.optional or field.name in values]
    return b"".join(_bytes(field, values.get(field.name, 0 if field.kind in _NUMBERS else "")) for field in given)


def parse(layout: Layout, words: Mapping[str, str]) -> Values:
    """Values as a person wrote them: numbers decimal or 0x..., the rest as text.

    Raises:
        LayoutError: not a number where one is needed.
    """
    kinds = {field.name: field.kind for field in layout}
    values: Values = {}
    for name, word in words.items():
        try:
            values[name] = int(word, 0) if kinds.get(name) in _NUMBERS else word
        except ValueError:
            raise LayoutError(f"the field {name} is a number, not {word!r}") from None
    return values


def _value(field: Field, raw: bytes) -> Value:
    kind = field.kind
    if kind in (Kind.NUMBER, Kind.SIGNED):
        return int.from_bytes(raw, "little", signed=kind is Kind.SIGNED)
    if kind is Kind.BIG:
        return int.from_bytes(raw, "big")
    if kind is Kind.HEX:
        return raw.hex()
    if kind in (Kind.WIN, Kind.OEM):
        return raw.rstrip(b"\x00").decode(kind.value, errors="replace")
    if kind is Kind.BCD:
        return _bcd(field.name, raw)
    return _moment(kind, raw)


def _bcd(name: str, raw: bytes) -> int:
    digits = raw.hex()
    if digits and not digits.isdecimal():
        raise LayoutError(f"the field {name} has digits, not {digits}")
    return int(digits or "0")


def _moment(kind: Kind, raw: bytes) -> str:
    """Zeros are «never»; a date of no calendar is told as it is: the device's clock may be dead."""
    if not any(raw) and kind is not Kind.TIME:
        return ""
    pairs = [f"{byte:02d}" for byte in raw]
    if kind is Kind.TIME:
        return "".join(pairs)
    if kind is Kind.DATE:
        return "20" + "".join(reversed(pairs))
    day = "20" + "".join(pairs[:3])
    return day if kind is Kind.BACK_DATE else f"{day}T{''.join(pairs[3:])}"


def _bytes(field: Field, value: Value) -> bytes:
    try:
        raw = _number_bytes(field, value) if field.kind in _NUMBERS else _text_bytes(field, str(value))
    except (ValueError, OverflowError):
        raise LayoutError(f"the field {field.name} of {field.size} bytes cannot be {value!r}") from None
    if field.size and len(raw) != field.size:
        raise LayoutError(f"the field {field.name} has {field.size} bytes, {value!r} gives {len(raw)}")
    return raw


def _number_bytes(field: Field, value: Value) -> bytes:
    if isinstance(value, str):
        raise ValueError
    if field.kind is Kind.BCD:
        if value < 0:
            raise ValueError
        return bytes.fromhex(str(value).zfill(2 * field.size))
    order = "big" if field.kind is Kind.BIG else "little"
    return value.to_bytes(field.size, order, signed=field.kind is Kind.SIGNED)  # type: ignore[arg-type]


def _text_bytes(field: Field, text: str) -> bytes:
    kind = field.kind
    if kind is Kind.HEX:
        return bytes.fromhex(text) or bytes(field.size)
    if kind in (Kind.WIN, Kind.OEM):
        return text.encode(kind.value, errors="replace").ljust(field.size, b"\x00")
    digits = text.replace("T", "")
    if not text:
        return bytes(field.size)
    if not (digits.isascii() and digits.isdecimal()):
        raise ValueError
    if kind is Kind.TIME:
        return bytes(int(digits[at : at + 2]) for at in range(0, 6, 2))
    pairs = [int(digits[at : at + 2]) for at in range(2, len(digits), 2)]
    return bytes(reversed(pairs) if kind is Kind.DATE else pairs)
