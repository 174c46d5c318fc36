"""What is said to the boards of each generation, and what their answers mean. No I/O, no clock.

Source: watchdog paper. Generations 1 and 2 hear "OSP" and one byte without any checksum; 2.5 hears frames.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

from device_drivers.contract.watchdog import WatchdogSensors
from device_drivers.osmp_watchdog.frames import Frame, encode

OLD_PREFIX = b"OSP"
STOD_RESET_PC = b"OSTR"
STOD_NAME = "STODSIM"
_OLD_NAME = re.compile(r"WDT.*v([12])\.\d\d")
SENSORS_SIZE = 4
TIMEOUT_S_DEFAULT, TIMEOUT_S_MIN, TIMEOUT_S_MAX = 30, 10, 255
OLD_TIMEOUT_S = 25 * 60  # fixed in the hardware, about
SET_MARK = 0x02  # the form of a command that sets a number has data 02, value


class Generation(enum.Enum):
    OSMP_1 = "1"
    OSMP_2 = "2"
    OSMP_2_5 = "2.5"
    STOD = "stod"


class Command(enum.IntEnum):
    """Commands of generation 2.5. An answer has the form and the command of its question."""

    VERSION = 0x00
    SERIAL_NUMBER = 0x01
    RESET_MODEM = 0x02
    START_TIMER = 0x03
    STOP_TIMER = 0x04
    PING = 0x05
    RESET_CLOCK = 0x06
    RESET_PC = 0x0C
    WRITE_KEY = 0x11
    READ_KEY = 0x12
    WAKE_UP = 0x15


class OldCommand(enum.IntEnum):
    """Commands of generations 1 and 2; most are not answered."""

    IDENTIFY = 0x01
    RESET_MODEM = 0x02
    START_TIMER = 0x03
    STOP_TIMER = 0x04
    PING = 0x05
    SENSORS = 0x07
    IDENTIFY_STOD = 0x09
    RESET_PC = 0xAE


OLD_ANSWERED = frozenset({OldCommand.IDENTIFY, OldCommand.IDENTIFY_STOD, OldCommand.SENSORS, OldCommand.RESET_PC})


class MessageError(ValueError):
    """A message that does not exist, or bytes that mean nothing; the text says why."""


@dataclass(frozen=True, slots=True)
class Board:
    """Who answered."""

    generation: Generation
    name: str


def command(which: Command) -> bytes:
    """A plain command of generation 2.5."""
    return encode(Frame(which))


def set_command(which: Command, value_s: int) -> bytes:
    """A command of generation 2.5 that sets a number of seconds."""
    return encode(Frame(which, bytes((SET_MARK, value_s))))


def old_command(which: OldCommand) -> bytes:
    """A command of generations 1 and 2."""
    return OLD_PREFIX + bytes((which,))


def board_of(text: bytes) -> Board | None:
    """The board that gives this name; None for anything else, an echo of our own question too."""
    name = "".join(chr(byte) for byte in text if 0x20 <= byte < 0x7F).strip()
    if "2.5." in name:
        return Board(Generation.OSMP_2_5, name)
    if STOD_NAME in name:
        return Board(Generation.STOD, name)
    if (old := _OLD_NAME.search(name)) is not None:
        return Board(Generation.OSMP_1 if old[1] == "1" else Generation.OSMP_2, old[0])
    return None


def sensors_of(raw: bytes) -> WatchdogSensors:
    """The four sensor bytes of generation 2.

    Raises:
        MessageError: not four bytes.
    """
    if len(raw) != SENSORS_SIZE:
        raise MessageError(f"sensors are {SENSORS_SIZE} bytes, here are {len(raw)}")
    door, power, blocks, _ = raw
    sensed = not door & 0x08
    computer_block, ups_block = not blocks & 0x80, not blocks & 0x40
    return WatchdogSensors(
        door_open=bool(door & 0x40) if sensed and door & 0x20 else None,
        too_hot=not power & 0x08 if sensed and power & 0x10 else None,
        ups_battery_low=bool(power & 0x04) if ups_block else None,
        ups_voltage=bool(power & 0x02) if ups_block else None,
        computer_voltage=not power & 0x01 if computer_block else None,
    )
