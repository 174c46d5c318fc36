"""What watchdog boards of all generations hear and say, in words and back. No I/O, no clock.

Generation 2.5 speaks frames, the older ones and STOD bare bytes: a frame begins with A5, which nothing bare does. Two
answers of old boards are known only by their question: four bytes of sensors, and the one byte after a restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from device_drivers import layout
from device_drivers.layout import Field, Kind, Layout, LayoutError
from device_drivers.osmp_watchdog import frames
from device_drivers.osmp_watchdog.frames import START, Frame
from device_drivers.osmp_watchdog.messages import (
    OLD_PREFIX,
    SET_MARK,
    STOD_RESET_PC,
    Command,
    Generation,
    MessageError,
    OldCommand,
    board_of,
    old_command,
    sensors_of,
)

Fields = dict[str, object]
VARIANTS = tuple(generation.value for generation in Generation)
HOST_TO_DEVICE = "host->device"
OLD_COMMAND_SIZE = 4

# What a command's data may be: bytes it begins with, and the fields behind them. Data of no form stays hex.
_SETS = bytes((SET_MARK,))
_FORMS: Mapping[Command, tuple[tuple[bytes, Layout], ...]] = {
    Command.VERSION: ((b"", (Field("text", 0, Kind.OEM),)),),
    Command.SERIAL_NUMBER: ((b"", (Field("type", 2, Kind.HEX), Field("serial", 0, Kind.HEX))),),
    Command.RESET_MODEM: ((_SETS, (Field("hold_s"),)),),
    Command.START_TIMER: ((_SETS, (Field("timeout_s"),)),),
    Command.RESET_PC: ((_SETS, (Field("pause_s"),)),),
    Command.READ_KEY: ((b"", (Field("number"),)), (b"", (Field("type"), Field("key", 8, Kind.HEX)))),
    Command.WAKE_UP: ((b"", (Field("half_hours"),)),),
}

__all__ = ["MessageError", "decode_message", "encode_message"]


def decode_message(raw: bytes, direction: str | None, variant: str, request: bytes) -> tuple[str, Fields]:
    """Name and fields of what is said to a board, or of what it answers to `request`.

    Raises:
        FrameError: the bytes begin like a frame and are none.
        MessageError: no board hears or says so.
    """
    if raw[:1] == bytes((START,)):
        if variant not in ("", Generation.OSMP_2_5.value):
            raise MessageError(f"generation {variant} knows no frames")
        return _decode_frame(frames.decode(raw))
    if variant == Generation.OSMP_2_5.value:
        raise MessageError("generation 2.5 speaks frames, which begin with a5")
    if direction in (None, HOST_TO_DEVICE) and (named := _old_command(raw)) is not None:
        return named, {}
    if direction != HOST_TO_DEVICE:
        return _old_answer(raw, request)
    raise MessageError(f"no board hears {raw.hex() or 'nothing'}")


def _decode_frame(frame: Frame) -> tuple[str, Fields]:
    try:
        code = Command(frame.command)
    except ValueError:
        raise MessageError(f"no command is {frame.command:02x}") from None
    name = code.name.replace("_", " ")
    if not frame.data:
        return name, {}
    for head, fields in _FORMS.get(code, ()):
        try:
            if frame.data.startswith(head) and _encoded(head, fields, told := _told(head, fields, frame)) == frame.data:
                return name, dict(told)
        except LayoutError:
            continue
    return name, {"data": frame.data.hex()}


def _told(head: bytes, fields: Layout, frame: Frame) -> layout.Values:
    return layout.decode(fields, frame.data[len(head) :])


def _encoded(head: bytes, fields: Layout, values: Mapping[str, layout.Value]) -> bytes:
    return head + layout.encode(fields, values)


def _old_command(raw: bytes) -> str | None:
    if raw == STOD_RESET_PC:
        return OldCommand.RESET_PC.name.replace("_", " ")
    if len(raw) != OLD_COMMAND_SIZE or raw[:3] != OLD_PREFIX or raw[3] not in set(OldCommand):
        return None
    return OldCommand(raw[3]).name.replace("_", " ")


def _old_answer(raw: bytes, request: bytes) -> tuple[str, Fields]:
    if request == old_command(OldCommand.SENSORS):
        return "SENSORS", dict(asdict(sensors_of(raw)))
    if request == old_command(OldCommand.RESET_PC) and len(raw) == 1:
        return "RESET PC", {"data": raw.hex()}
    if (board := board_of(raw)) is None or board.generation is Generation.OSMP_2_5:
        raise MessageError(f"no board says {raw.hex() or 'nothing'}")
    return "IDENTIFY", {"generation": board.generation.value, "text": board.name}


def encode_message(name: str, values: Mapping[str, str], variant: str) -> bytes:
    """What is said to a board by its name; `variant` is its generation, 2.5 without one.

    Raises:
        FrameError: more data than a frame carries.
        MessageError: no such message or field, or a value that does not fit.
    """
    word = name.strip().upper().replace(" ", "_")
    if variant not in ("", Generation.OSMP_2_5.value):
        return _encode_old(word, values, variant)
    if word not in Command.__members__:
        raise MessageError(f"no watchdog message is called {name}")
    code = Command[word]
    return frames.encode(Frame(code, _data(code, values)))


def _data(code: Command, values: Mapping[str, str]) -> bytes:
    if set(values) <= {"data"}:
        try:
            return bytes.fromhex(values.get("data", ""))
        except ValueError:
            raise MessageError(f"data is hex, not {values['data']!r}") from None
    for head, fields in _FORMS.get(code, ()):
        if set(values) == {field.name for field in fields}:
            try:
                return _encoded(head, fields, layout.parse(fields, values))
            except LayoutError as error:
                raise MessageError(str(error)) from error
    raise MessageError(f"{code.name.replace('_', ' ')} has no field {sorted(values)[0]}")


def _encode_old(word: str, values: Mapping[str, str], variant: str) -> bytes:
    if values:
        raise MessageError(f"a command of generation {variant} has no field {sorted(values)[0]}")
    if variant == Generation.STOD.value and word == OldCommand.RESET_PC.name:
        return STOD_RESET_PC
    if variant == Generation.STOD.value and word == OldCommand.IDENTIFY.name:
        return old_command(OldCommand.IDENTIFY_STOD)
    if word not in OldCommand.__members__:
        raise MessageError(f"generation {variant} has no command {word.replace('_', ' ')}")
    return old_command(OldCommand[word])
