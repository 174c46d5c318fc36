"""INPAS frames in words and back, for the tools of the field (`decode`, `encode`). No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.inpas import frames, messages
from device_drivers.inpas.frames import Control, Frame
from device_drivers.inpas.messages import BYTES, Message, MessageError, Operation, Tag

Fields = dict[str, object]
_NAMES = {tag: tag.name.lower() for tag in Tag}


def decode_frame(raw: bytes) -> tuple[str, Fields]:
    """Name and fields of a frame or control byte; both sides speak alike.

    Raises:
        FrameError: the bytes are neither.
        MessageError: the TLV cannot be read.
    """
    token = frames.decode(raw)
    if isinstance(token, Control):
        return token.name, {}
    if token.part is not None:
        return "PART", {"part": token.part, "data": token.data.hex()}
    found = messages.decode(token.data)
    fields: Fields = {}
    for tag, value in found.tags.items():
        known = Tag(tag) if tag in _NAMES else None
        name = _NAMES[known] if known is not None else f"tag_{tag:02x}"
        fields[name] = value.hex() if known is None or known in BYTES else value.decode("cp1251", errors="replace")
    try:
        return Operation(found.operation or 0).name.replace("_", " "), fields
    except ValueError:
        return "MESSAGE WITHOUT OPERATION" if found.operation is None else f"OPERATION {found.operation}", fields


def encode_frame(name: str, values: Mapping[str, str]) -> bytes:
    """A frame by the name of its operation; fields keep the order they are given in.

    Raises:
        FrameError: too long.
        MessageError: no such operation or field.
    """
    word = name.strip().upper().replace(" ", "_")
    if word in Control.__members__ and not values:
        return bytes((Control[word],))
    words = dict(values)
    if word == "PART":
        number = words.get("part", "0")
        if not (number.isascii() and number.isdecimal() and len(number) <= 4):
            raise MessageError(f"part is a number, not {number!r}")
        return frames.encode(Frame(_hex(words.get("data", ""), "data"), int(number)))
    if word in Operation.__members__:
        words.setdefault("operation", str(int(Operation[word])))
    elif word != "MESSAGE_WITHOUT_OPERATION" and not word.startswith("OPERATION_"):
        raise MessageError(f"no INPAS message is called {name}")
    tags = {_tag_named(key): _value(_tag_named(key), value) for key, value in words.items()}
    return frames.encode(Frame(messages.encode(Message(tags))))


def _tag_named(key: str) -> int:
    for tag, name in _NAMES.items():
        if name == key:
            return tag
    if key.startswith("tag_"):
        raw = _hex(key.removeprefix("tag_"), key)
        if len(raw) == 1:
            return raw[0]
    raise MessageError(f"there is no field {key}")


def _value(tag: int, word: str) -> bytes:
    if tag in BYTES or tag not in _NAMES:
        return _hex(word, f"tag {tag:02x}")
    try:
        return word.encode("cp1251")
    except UnicodeEncodeError:
        raise MessageError(f"{word!r} has letters that CP1251 has not") from None


def _hex(word: str, name: str) -> bytes:
    try:
        return bytes.fromhex(word)
    except ValueError:
        raise MessageError(f"{name} is hex, not {word!r}") from None
