"""TLV of fiscal documents (FFD): tag and length of 2 bytes, low byte first; text in CP866; nested ones. Pure.

Source: FFD 1.05..1.2 as fiscal drives store it; Shtrih-M and ATOL take and give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from device_drivers.contract.fiscal_printer import FiscalTag

HEAD_SIZE = 4
TLV_SIZE_MAX = 250  # of one tag in one command
FISCAL_ID_TAG = 1192
MEASURE_TAG = 2108
SHIFT_TAG, NUMBER_IN_SHIFT_TAG = 1038, 1042

_IN_OTHER_WORDS = {"₽": "руб.", "—": "-", "–": "-", "«": '"', "»": '"', "…": "...", "\u00a0": " "}


class TlvError(ValueError):
    """Bytes that are no TLV, or a tag that is too long; the text says why."""


@dataclass(frozen=True, slots=True)
class Element:
    """One tag with its bytes."""

    tag: int
    value: bytes

    @property
    def number(self) -> int:
        return int.from_bytes(self.value, "little")

    @property
    def text(self) -> str:
        return self.value.decode("cp866", errors="replace")


def encode(tag: FiscalTag) -> bytes:
    """One tag as bytes; numbers take as few bytes as they need.

    Raises:
        TlvError: no tag, or too long for one command.
    """
    if not 1 <= tag.number <= 0xFFFF:
        raise TlvError(f"no tag is {tag.number}")
    value = _value(tag)
    if len(value) > TLV_SIZE_MAX - HEAD_SIZE:
        raise TlvError(f"tag {tag.number} has {len(value)} bytes, at most {TLV_SIZE_MAX - HEAD_SIZE} fit")
    return tag.number.to_bytes(2, "little") + len(value).to_bytes(2, "little") + value


def decode(data: bytes) -> list[Element]:
    """The tags of the outer level.

    Raises:
        TlvError: a length that runs over the end.
    """
    found = []
    at = 0
    while at < len(data):
        size = int.from_bytes(data[at + 2 : at + HEAD_SIZE], "little")
        if at + HEAD_SIZE + size > len(data):
            raise TlvError(f"the tag at byte {at} runs over the end")
        found.append(Element(int.from_bytes(data[at : at + 2], "little"), data[at + HEAD_SIZE : at + HEAD_SIZE + size]))
        at += HEAD_SIZE + size
    return found


def first(elements: Iterable[Element], tag: int) -> Element | None:
    """The first element of this tag."""
    return next((element for element in elements if element.tag == tag), None)


def in_cp866(text: str) -> str:
    """The text in characters a fiscal document can hold; what has no letter there is shown as `?`."""
    words = "".join(_IN_OTHER_WORDS.get(letter, letter) for letter in text)
    return words.encode("cp866", errors="replace").decode("cp866")


def _value(tag: FiscalTag) -> bytes:
    if isinstance(tag.value, tuple):
        return b"".join(encode(inner) for inner in tag.value)
    if isinstance(tag.value, str):
        return in_cp866(tag.value).encode("cp866")
    if tag.value < 0:
        raise TlvError(f"tag {tag.number} cannot be {tag.value}")
    return tag.value.to_bytes(max(1, (tag.value.bit_length() + 7) // 8), "little")
