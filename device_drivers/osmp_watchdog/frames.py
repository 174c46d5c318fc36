"""OSMP 2.5 frames: A5 CMD LEN DATA SUM, all bytes adding up to 0. No I/O, no clock.

Source: watchdog paper, "OSMP 2.5".
"""

from __future__ import annotations

from dataclasses import dataclass

START = 0xA5
HEAD_SIZE = 3  # start, command, length
FRAME_SIZE_MIN = 4
DATA_SIZE_MAX = 255
ANSWER_DATA_SIZE_MAX = 64  # the longest answer met is a version text: a longer one on the wire is noise


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame whose sum is right."""

    command: int
    data: bytes = b""


class FrameError(ValueError):
    """Bytes that are not one whole frame, or data no frame carries; the text says why."""


def encode(frame: Frame) -> bytes:
    """The bytes of a frame.

    Raises:
        FrameError: more data than a frame carries.
    """
    if len(frame.data) > DATA_SIZE_MAX or not 0 <= frame.command <= 0xFF:
        raise FrameError(f"a frame carries 0..{DATA_SIZE_MAX} data bytes, not {len(frame.data)}")
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
    if len(raw) != FRAME_SIZE_MIN + raw[2]:
        raise FrameError(f"the frame says it has {raw[2]} data bytes, here are {len(raw) - FRAME_SIZE_MIN}")
    if sum(raw) & 0xFF:
        raise FrameError(f"the bytes add up to {sum(raw) & 0xFF:02x}, not to 0")
    return Frame(raw[1], raw[HEAD_SIZE:-1])


class FrameReader:
    """Rebuilds frames from a byte stream cut anywhere; what is no frame is skipped and counted."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.noise_bytes = 0

    def feed(self, chunk: bytes) -> list[Frame]:
        """Frames that became whole with these bytes, in order."""
        self._buffer += chunk
        found = []
        while (frame := self._take_frame()) is not None:
            found.append(frame)
        return found

    def give_up_waiting(self) -> list[Frame]:
        """Time passed and the frame begun never ended: what lay behind its start is looked through."""
        found = []
        while self._buffer:
            self._skip()
            found += self.feed(b"")
        return found

    def _take_frame(self) -> Frame | None:
        while self._buffer:
            if self._buffer[0] != START or (len(self._buffer) >= HEAD_SIZE and self._buffer[2] > ANSWER_DATA_SIZE_MAX):
                self._skip()
                continue
            if len(self._buffer) < HEAD_SIZE or len(self._buffer) < FRAME_SIZE_MIN + self._buffer[2]:
                return None  # the rest is still on the wire
            size = FRAME_SIZE_MIN + self._buffer[2]
            raw = bytes(self._buffer[:size])
            if sum(raw) & 0xFF:
                self._skip()
                continue
            del self._buffer[:size]
            return Frame(raw[1], raw[HEAD_SIZE:-1])
        return None

    def _skip(self) -> None:
        del self._buffer[0]
        self.noise_bytes += 1
