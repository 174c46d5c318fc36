"""OSMP 2.5 watchdog frames in words and back. No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.osmp_watchdog import frames
from device_drivers.osmp_watchdog.frames import Frame
from device_drivers.osmp_watchdog.messages import Command, MessageError

Fields = dict[str, object]

__all__ = ["MessageError", "decode_frame", "encode_frame"]


def decode_frame(raw: bytes) -> tuple[str, Fields]:
    """Name and fields of a frame.

    Raises:
        FrameError: the bytes are no frame.
        MessageError: no command has this code.
    """
    frame = frames.decode(raw)
    try:
        name = Command(frame.command).name.replace("_", " ")
    except ValueError:
        raise MessageError(f"no command is {frame.command:02x}") from None
    fields: Fields = {"data": frame.data.hex()} if frame.data else {}
    if frame.command == Command.VERSION and frame.data:
        fields["text"] = frame.data.decode("ascii", errors="replace")
    return name, fields


def encode_frame(name: str, values: Mapping[str, str]) -> bytes:
    """A frame by the name of its command and its `data` in hex.

    Raises:
        FrameError: more data than a frame carries.
        MessageError: no such command or field.
    """
    word = name.strip().upper().replace(" ", "_")
    if word not in Command.__members__:
        raise MessageError(f"no watchdog message is called {name}")
    if unknown := set(values) - {"data"}:
        raise MessageError(f"{name} has no field {sorted(unknown)[0]}")
    try:
        data = bytes.fromhex(values.get("data", ""))
    except ValueError:
        raise MessageError(f"data is hex, not {values['data']!r}") from None
    return frames.encode(Frame(Command[word], data))
