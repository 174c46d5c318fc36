"""What upsd is asked and what it answers. No I/O, no clock. Source: UPS paper; NUT, RFC 9271."""

from __future__ import annotations

from dataclasses import dataclass

from device_drivers.ups.frames import LineError, words_of

STATUS, CHARGE, RUNTIME = "ups.status", "battery.charge", "battery.runtime"
MODEL, SERIAL = "ups.model", "ups.serial"
LIST_UPS = "LIST UPS"


@dataclass(frozen=True, slots=True)
class Value:
    """`VAR <ups> <name> "<value>"`."""

    ups: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Refused:
    """`ERR DATA-STALE` and the like."""

    reason: str


@dataclass(frozen=True, slots=True)
class Listed:
    """`UPS <ups> "<description>"`, one line of a list."""

    ups: str


@dataclass(frozen=True, slots=True)
class ListEnded:
    """`END LIST UPS`."""


Answer = Value | Refused | Listed | ListEnded


def request(ups: str, name: str) -> str:
    """The question after one variable."""
    return f"GET VAR {ups} {name}"


def answer_of(line: str) -> Answer | None:
    """What a line says; None for a line that answers none of our questions."""
    try:
        words = words_of(line)
    except LineError:
        return None
    match words:
        case ["VAR", ups, name, value]:
            return Value(ups, name, value)
        case ["ERR", reason, *_]:
            return Refused(reason)
        case ["UPS", ups, *_]:
            return Listed(ups)
        case ["END", "LIST", "UPS"]:
            return ListEnded()
        case _:
            return None


def whole_number(text: str) -> int | None:
    """`100`, `87.5` or `300.0` as a whole number, cut; None for anything else."""
    digits = text.strip().partition(".")[0]
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= 9 else None
