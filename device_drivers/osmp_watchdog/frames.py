"""OSMP 2.5 watchdog frames: A5 CMD LEN DATA SUM, all bytes add up to 0. No I/O, no clock.

Source: notes on watchdog boards, "OSMP 2.5".
"""

from __future__ import annotations

from dataclasses import dataclass

START = 0xA5
FRAME_SIZE_MIN = 4  # start, command, length, sum
DATA_SIZE_MAX = 255


class FrameError(ValueError):
    """Bytes that are not one whole frame; the text says why."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame whose sum is right."""

    command: int
    data: bytes = b""


def encode(frame: Frame) -> bytes:
    """The bytes of a frame on the wire.

    Raises:
        FrameError: more data than a frame carries, or no such command.
    """
    if not 0 <= frame.command <= 0xFF or len(frame.data) > DATA_SIZE_MAX:
        raise FrameError(f"a frame has a command of one byte and 0..{DATA_SIZE_MAX} bytes of data")
    body = bytes((START, frame.command, len(frame.data))) + frame.data
    return body + bytes((-sum(body) & 0xFF,))


def decode(raw: bytes) -> Frame:
    """One whole frame from exactly its bytes.

    Raises:
        FrameError: what is wrong with the bytes.
    """
    if len(raw) < FRAME_SIZE_MIN:
        raise FrameError(f"a frame has at least {FRAME_SIZE_MIN} bytes, here are {len(raw)}")
    if raw[0] != START:
        raise FrameError(f"a frame begins with a5, not {raw[0]:02x}")
    if raw[2] != len(raw) - FRAME_SIZE_MIN:
        raise FrameError(f"the frame says it carries {raw[2]} bytes, here are {len(raw) - FRAME_SIZE_MIN}")
    if sum(raw) & 0xFF:
        raise FrameError(f"the bytes sum up to {sum(raw) & 0xFF:02x}, not to 00")
    return Frame(raw[1], raw[3:-1])
