"""ATOL frames in words and back, for the tools of the field (`decode`, `encode`). No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers import layout
from device_drivers.atol import frames, messages
from device_drivers.atol.frames import Frame
from device_drivers.atol.messages import SHAPES, Buffer, Command, MessageError, TaskState
from device_drivers.layout import Field, Kind, LayoutError

Fields = dict[str, object]

HOST_TO_DEVICE = "host->device"
_PASSWORD = (Field("password", 2, Kind.BCD),)
_NAMES = {
    Buffer.ADD: "ADD TASK",
    Buffer.ACKNOWLEDGE: "ACKNOWLEDGE TASK",
    Buffer.ASK: "ASK TASK",
    Buffer.CLEAR: "CLEAR BUFFER",
    Buffer.ACKNOWLEDGE_AND_ADD: "ACKNOWLEDGE AND ADD",
}
_WITH_TASK = (Buffer.ADD, Buffer.ACKNOWLEDGE_AND_ADD)


def decode_frame(raw: bytes, direction: str) -> tuple[str, Fields]:
    """Name and fields of a frame.

    Raises:
        FrameError: the bytes are no frame.
        MessageError: the data mean nothing in this direction.
    """
    frame = frames.decode(raw)
    name, fields = _said(frame.data) if direction == HOST_TO_DEVICE else _answered(frame.data)
    return name, {"id": frame.number, **fields}


def encode_frame(name: str, values: Mapping[str, str]) -> bytes:
    """A frame by the name of what it says; `id` is the packet's number, 0 without it.

    Raises:
        FrameError: no such packet number, or too long.
        MessageError: no such name, or a field is unknown or out of its range.
    """
    words = dict(values)
    number = _number(words.pop("id", "0"), "id")
    word = name.strip().upper()
    data = _encode_said(word, words) or _encode_answered(word, words)
    if data is None:
        raise MessageError(f"no ATOL message is called {name}")
    return frames.encode(Frame(number, data))


def _said(data: bytes) -> tuple[str, Fields]:
    try:
        buffer = Buffer(data[0])
    except ValueError:
        raise MessageError(f"the buffer of tasks knows no {data[0]:02x}") from None
    if buffer is Buffer.CLEAR:
        return _NAMES[buffer], {}
    if buffer not in _WITH_TASK:
        if len(data) != 2:
            raise MessageError(f"{_NAMES[buffer]} has a task number and nothing else")
        return _NAMES[buffer], {"task": data[1]}
    head = 3 if buffer is Buffer.ADD else 4
    if len(data) < head + 3:
        raise MessageError("a task has a password and a command")
    fields: Fields = {"flags": data[head - 2], "task": data[head - 1]}
    if buffer is Buffer.ACKNOWLEDGE_AND_ADD:
        fields = {"acknowledged": data[1], **fields}
    password = messages.values_of(_PASSWORD, data[head : head + 2], "task")["password"]
    return _NAMES[buffer], fields | {"password": password, **_task(data[head + 2], data[head + 3 :])}


def _task(code: int, parameters: bytes) -> Fields:
    fields: Fields = {"command": f"{code:02x}"}
    try:
        shape = SHAPES[Command(code)]
    except ValueError:
        return fields | ({"parameters": parameters.hex()} if parameters else {})
    return fields | {"command_name": shape.name, **messages.values_of(shape.parameters, parameters, shape.name)}


def _answered(data: bytes) -> tuple[str, Fields]:
    try:
        state = TaskState(data[0])
    except ValueError:
        raise MessageError(f"no state of a task is {data[0]:02x}") from None
    if state in (TaskState.ASYNC_RESULT, TaskState.ASYNC_ERROR, TaskState.STOPPED):
        if len(data) < 2:
            raise MessageError("the number of the task is missing")
        return state.name.replace("_", " "), {"task": data[1], **({"result": data[2:].hex()} if data[2:] else {})}
    return state.name.replace("_", " "), {"result": data[1:].hex()} if data[1:] else {}


def _encode_said(word: str, words: dict[str, str]) -> bytes | None:
    buffer = next((code for code, name in _NAMES.items() if name == word), None)
    if buffer is None:
        return None
    if buffer is Buffer.CLEAR:
        return bytes((buffer,))
    task = _number(words.pop("task", "1"), "task")
    if buffer not in _WITH_TASK:
        if words:
            raise MessageError(f"{word} has no field {sorted(words)[0]}")
        return bytes((buffer, task))
    head = bytes((buffer,))
    if buffer is Buffer.ACKNOWLEDGE_AND_ADD:
        head += bytes((_number(words.pop("acknowledged", "1"), "acknowledged"),))
    head += bytes((_number(words.pop("flags", "1"), "flags"), task))
    return head + _encode_task(words)


def _encode_task(words: dict[str, str]) -> bytes:
    password = words.pop("password", "0")
    words.pop("command_name", None)
    code, rest = _hex(words.pop("command", ""), "command"), words.get("parameters", "")
    try:
        head = layout.encode(_PASSWORD, layout.parse(_PASSWORD, {"password": password})) + code
        if len(code) != 1:
            raise MessageError("the command is one byte in hex")
        if code[0] not in list(Command):
            return head + _hex(rest, "parameters")
        shape = SHAPES[Command(code[0])]
        return head + layout.encode(shape.parameters, layout.parse(shape.parameters, words))
    except LayoutError as error:
        raise MessageError(str(error)) from None


def _encode_answered(word: str, words: dict[str, str]) -> bytes | None:
    if word.replace(" ", "_") not in TaskState.__members__:
        return None
    out = bytes((TaskState[word.replace(" ", "_")],))
    if "task" in words:
        out += bytes((_number(words["task"], "task"),))
    return out + _hex(words.get("result", ""), "result")


def _hex(word: str, name: str) -> bytes:
    try:
        return bytes.fromhex(word)
    except ValueError:
        raise MessageError(f"the field {name} is hex, not {word!r}") from None


def _number(word: str, name: str) -> int:
    try:
        value = int(word, 0)
    except ValueError:
        value = -1
    if not 0 <= value <= 0xFF:
        raise MessageError(f"the field {name} is a number 0..255, not {word!r}")
    return value
