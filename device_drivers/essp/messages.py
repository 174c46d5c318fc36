"""SSP commands, answers and poll events of a bill validator. No I/O, no clock.

Source: SSP paper, "Commands", "Poll events", "Reject codes". The lengths of events are those of protocol versions 6 to
8, which the host sets before it polls. An event of unknown code has an unknown length: what follows it is not read.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

PROTOCOL_VERSIONS = (8, 7, 6)  # asked for in turn; below 6 a set-up answer has no expanded values
EXPANDED_FROM_VERSION = 6
CHANNELS_MAX = 16
INHIBITS_SIZE = 2
SETUP_HEAD_SIZE = 12  # unit type, firmware (4), country (3), multiplier (3), number of channels
SERIAL_SIZE = 4


class Command(enum.IntEnum):
    """First data byte of what a host sends."""

    RESET = 0x01
    SET_INHIBITS = 0x02
    BEZEL_ON = 0x03
    BEZEL_OFF = 0x04
    SETUP_REQUEST = 0x05
    HOST_PROTOCOL_VERSION = 0x06
    POLL = 0x07
    REJECT = 0x08
    DISABLE = 0x09
    ENABLE = 0x0A
    GET_SERIAL_NUMBER = 0x0C
    UNIT_DATA = 0x0D
    CHANNEL_VALUES = 0x0E
    CHANNEL_SECURITY = 0x0F
    SYNC = 0x11
    LAST_REJECT_CODE = 0x17
    HOLD = 0x18
    GET_FIRMWARE = 0x20
    GET_DATASET = 0x21
    SET_GENERATOR = 0x4A
    SET_MODULUS = 0x4B
    KEY_EXCHANGE = 0x4C
    GET_BUILD = 0x4F
    POLL_WITH_ACK = 0x56
    EVENT_ACK = 0x57
    GET_COUNTERS = 0x58
    RESET_COUNTERS = 0x59


class Reply(enum.IntEnum):
    """First data byte of an answer."""

    OK = 0xF0
    UNKNOWN_COMMAND = 0xF2
    WRONG_PARAMETERS = 0xF3
    OUT_OF_RANGE = 0xF4
    CANNOT_BE_PROCESSED = 0xF5
    SOFTWARE_ERROR = 0xF6
    FAIL = 0xF8
    KEY_NOT_SET = 0xFA


class Event(enum.IntEnum):
    """Codes of a poll answer."""

    SLAVE_RESET = 0xF1
    READ = 0xEF
    CREDIT = 0xEE
    REJECTING = 0xED
    REJECTED = 0xEC
    STACKING = 0xCC
    STACKED = 0xEB
    SAFE_JAM = 0xEA
    UNSAFE_JAM = 0xE9
    DISABLED = 0xE8
    STACKER_FULL = 0xE7
    FRAUD_ATTEMPT = 0xE6
    BARCODE_VALIDATED = 0xE5
    BARCODE_ACKNOWLEDGED = 0xD1
    CASH_BOX_REPLACED = 0xE4
    CASH_BOX_REMOVED = 0xE3
    CLEARED_INTO_CASH_BOX = 0xE2
    CLEARED_FROM_FRONT = 0xE1
    NOTE_PATH_OPEN = 0xE0
    CHANNELS_DISABLED = 0xB5
    INITIALISING = 0xB6
    OUT_OF_SERVICE = 0xC6


# Events with one data byte, the channel.
WITH_CHANNEL = frozenset(
    {Event.READ, Event.CREDIT, Event.FRAUD_ATTEMPT, Event.CLEARED_INTO_CASH_BOX, Event.CLEARED_FROM_FRONT}
)
# Data bytes of commands that have some; None: any number.
COMMAND_SIZES = {
    Command.HOST_PROTOCOL_VERSION: 1,
    Command.SET_GENERATOR: 8,
    Command.SET_MODULUS: 8,
    Command.KEY_EXCHANGE: 8,
}

REJECT_CODES = {
    0: "accepted",
    1: "length",
    6: "channel inhibited",
    7: "second note",
    8: "rejected by host",
    9: "several channels",
    10: "rear sensor",
    11: "too long",
    12: "disabled by host",
    13: "slow mechanism",
    14: "string attempt",
    15: "fraud channel",
    16: "no note",
    19: "escrow time-out",
    21: "no cam",
    24: "lens oversample",
    25: "width",
    26: "short note",
    27: "payout note",
    28: "double note",
    29: "unable to stack",
} | dict.fromkeys((2, 3, 4, 5, 17, 18, 20, 22, 23), "validation")


class MessageError(ValueError):
    """Data that mean nothing in this direction; the text says why."""


@dataclass(frozen=True, slots=True)
class PollEvent:
    """One event; `channel` where its code has one."""

    code: Event
    channel: int | None = None


@dataclass(frozen=True, slots=True)
class PollAnswer:
    """Events, oldest first, and what could not be read."""

    events: tuple[PollEvent, ...]
    unread: bytes = b""


@dataclass(frozen=True, slots=True)
class Setup:
    """What a validator says of itself; channel n is `channels[n - 1]`: currency and value in minor units."""

    firmware: str
    protocol_version: int
    channels: tuple[tuple[str, int], ...]


def decode_poll(data: bytes) -> PollAnswer:
    """The events behind OK. Reading ends at the first unknown code."""
    events: list[PollEvent] = []
    at = 0
    while at < len(data):
        if data[at] not in _EVENTS:
            break
        code = Event(data[at])
        size = 2 if code in WITH_CHANNEL else 1
        if at + size > len(data):
            break
        events.append(PollEvent(code, data[at + 1] if size == 2 else None))
        at += size
    return PollAnswer(tuple(events), data[at:])


def decode_setup(data: bytes) -> Setup:
    """The set-up behind OK. Values are whole major units; a multiplier of 0 means that only the expanded ones count.

    Raises:
        MessageError: too short for what it says of itself.
    """
    if len(data) < SETUP_HEAD_SIZE:
        raise MessageError(f"a set-up has at least {SETUP_HEAD_SIZE} bytes, here are {len(data)}")
    count, multiplier = data[11], int.from_bytes(data[8:11], "big")
    values, rest = data[12 : 12 + count], data[12 + 2 * count :]
    if count > CHANNELS_MAX or len(rest) < 4:
        raise MessageError(f"a set-up of {count} channels has more than {len(data)} bytes")
    version = rest[3]
    channels = [(_text(data[5:8]), value * multiplier * 100) for value in values]
    if version >= EXPANDED_FROM_VERSION and len(rest) >= 4 + 7 * count:
        channels = [
            (_text(rest[4 + 3 * at : 7 + 3 * at]), int.from_bytes(rest[4 + 3 * count + 4 * at :][:4], "little") * 100)
            for at in range(count)
        ]
    return Setup(_text(data[1:5]), version, tuple(channels))


def decode_serial(data: bytes) -> int:
    """The serial number behind OK.

    Raises:
        MessageError: not four bytes.
    """
    if len(data) != SERIAL_SIZE:
        raise MessageError(f"a serial number has {SERIAL_SIZE} bytes, here are {len(data)}")
    return int.from_bytes(data, "big")


def inhibits(accepted: frozenset[int]) -> bytes:
    """Data of SET INHIBITS: bit = 1 accepts, channel 1 is bit 0 of the first byte."""
    return sum(1 << (channel - 1) for channel in accepted).to_bytes(INHIBITS_SIZE, "little")


def channels_of(mask: bytes) -> frozenset[int]:
    """The channels that a SET INHIBITS accepts; bytes not given are inhibited."""
    number = int.from_bytes(mask, "little")
    return frozenset(channel for channel in range(1, 8 * len(mask) + 1) if number >> (channel - 1) & 1)


def words(member: enum.IntEnum) -> str:
    """A code's name as the paper writes it."""
    return member.name.replace("_", " ")


def _text(raw: bytes) -> str:
    return raw.decode("ascii", errors="replace").strip(" \x00")


_EVENTS = frozenset(int(code) for code in Event)
