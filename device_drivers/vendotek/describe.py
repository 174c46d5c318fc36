"""VTK frames in words and back, for the tools of the field (`decode`, `encode`). No I/O, no clock."""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.vendotek import frames, messages
from device_drivers.vendotek.frames import HOST, HOST_NFC, TERMINAL, TERMINAL_NFC, Frame, Framing
from device_drivers.vendotek.messages import BYTES, NUMBERS, MessageError, Tag

Fields = dict[str, object]
HOST_TO_DEVICE, DEVICE_TO_HOST = "host->device", "device->host"
VARIANTS = tuple(framing.value for framing in Framing)
_SPEAKERS = {HOST_TO_DEVICE: (HOST, HOST_NFC), DEVICE_TO_HOST: (TERMINAL, TERMINAL_NFC)}
_NAMES = {tag: tag.name.lower() for tag in Tag}


def decode_frame(raw: bytes, direction: str | None, variant: str) -> tuple[str, Fields]:
    """Name and fields of a frame.

    Raises:
        FrameError: the bytes are no frame.
        MessageError: the other side speaks so, or in the other framing.
    """
    frame, framing = frames.decode(raw)
    if variant and variant != framing.value:
        raise MessageError(f"the frame is {framing.value}, not {variant}")
    if direction is not None and frame.discriminator not in _SPEAKERS[direction]:
        raise MessageError(f"with {frame.discriminator:04x} the other side speaks")
    return describe(frame, framing)


def describe(frame: Frame, framing: Framing) -> tuple[str, Fields]:
    """Name and fields; a frame whose TLV cannot be read is whole all the same, and ignored by either side."""
    fields: Fields = {"transport": framing.value, "discriminator": f"{frame.discriminator:04x}"}
    if frame.discriminator in (HOST_NFC, TERMINAL_NFC):
        return "NFC READER", fields | {"data": frame.data.hex()}
    try:
        found = messages.decode(frame.data)
    except MessageError as error:
        return "UNREADABLE", fields | {"tlv_ok": False, "data": frame.data.hex(), "error": str(error)}
    for tag, raw in found.tags.items():
        known = Tag(tag) if tag in _NAMES else None
        name = _NAMES[known] if known is not None else f"tag_{tag:02x}"
        # Digits are told as they stand: leading zeros are part of the bytes.
        fields[name] = raw.hex() if known is None or known in BYTES else raw.decode("utf-8", errors="replace")
    return found.name, fields


def encode_frame(name: str, values: Mapping[str, str], variant: str) -> bytes:
    """A frame by the name of its message; `discriminator=97fb` speaks for the terminal.

    Raises:
        MessageError: no such message, or a field that does not exist or does not fit.
        FrameError: too long.
    """
    words = dict(values)
    transport = words.pop("transport", Framing.SERIAL.value)
    if (variant or transport) not in VARIANTS:
        raise MessageError(f"a frame is {' or '.join(VARIANTS)}, not {transport}")
    framing = Framing(variant or transport)
    words.pop("error", None)
    readable = words.pop("tlv_ok", "True") != "False"
    speaker = _hex(words.pop("discriminator", f"{HOST:04x}"), "discriminator")
    word = name.strip().upper()
    if word == "NFC READER" or not readable:
        data = _hex(words.pop("data", ""), "data")
        return frames.encode(Frame(int.from_bytes(speaker, "big"), data), framing)
    if word not in messages.NAMES:
        raise MessageError(f"no VTK message is called {name}; there are {', '.join(messages.NAMES)}")
    tags = {_tag_named(key): _value(_tag_named(key), value) for key, value in words.items()}
    return frames.encode(Frame(int.from_bytes(speaker, "big"), messages.encode(messages.Message(word, tags))), framing)


def _tag_named(key: str) -> int:
    for tag, name in _NAMES.items():
        if name == key and tag is not Tag.NAME:
            return tag
    if key.startswith("tag_"):
        return int.from_bytes(_hex(key.removeprefix("tag_"), key), "big")
    raise MessageError(f"there is no field {key}")


def _value(tag: int, word: str) -> bytes:
    if tag in BYTES or tag not in _NAMES:
        return _hex(word, f"tag {tag:02x}")
    if tag in NUMBERS and not (word.isascii() and word.isdecimal()):
        raise MessageError(f"{_NAMES[Tag(tag)]} is a number, not {word!r}")
    return word.encode("utf-8")


def _hex(word: str, name: str) -> bytes:
    try:
        return bytes.fromhex(word)
    except ValueError:
        raise MessageError(f"{name} is hex, not {word!r}") from None
