"""Pictures from media to ui through shared memory: three slots, the newest wins, a reader never waits.

The file lies in the run directory (tmpfs), so that a picture never reaches a disk. Each slot carries a sequence number
that is odd while the slot is written; a reader that finds it odd or changed throws its copy away. Numbers are aligned
64-bit words, stored in program order, which x86-64 keeps for other processes.
"""

from __future__ import annotations

import contextlib
import mmap
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

MAGIC = 0x314E_4952_4D41_5246  # b"FRAMRIN1" as a little-endian word
SLOTS = 3
BYTES_PER_PIXEL = 4  # RGBA
HEADER_SIZE = 4_096
SLOT_HEADER_SIZE = 64
READ_ATTEMPTS = 4  # a slot is overwritten under the reader only when the writer is three frames ahead

# Words of the file's header.
_MAGIC, _SLOT_SIZE, _LATEST, _BLANKED = range(4)
# Words of a slot's header.
_SEQUENCE, _NUMBER, _WIDTH, _HEIGHT, _CAPTURED_NS = range(5)

Pixels = npt.NDArray[np.uint8]
Words = npt.NDArray[np.uint64]


class FrameSizeError(ValueError):
    """A picture that does not fit the ring, or whose bytes do not fit its size."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One whole picture, RGBA rows from the top; `captured_at_s` is the monotonic clock of this machine."""

    width: int
    height: int
    pixels: bytes
    number: int
    captured_at_s: float


class FrameWriter:
    """The one writer of a ring. Makes a new file: readers of a former writer's file move over by themselves."""

    def __init__(self, path: Path, *, width_max: int = 1280, height_max: int = 720) -> None:
        self._path = path
        self._width_max = width_max
        self._height_max = height_max
        self._number = self._number_wiped = 0
        pixels_max = width_max * height_max * BYTES_PER_PIXEL
        # A new file is put in place whole, so no reader meets a half-made one.
        unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
        size = HEADER_SIZE + SLOTS * (SLOT_HEADER_SIZE + pixels_max)
        with unfinished.open("w+b") as file:
            os.fchmod(file.fileno(), 0o600)
            file.truncate(size)
            self._inode = os.fstat(file.fileno()).st_ino
            self._map = _Map(mmap.mmap(file.fileno(), size), pixels_max)
        self._map.header[_SLOT_SIZE] = pixels_max
        self._map.header[_BLANKED] = 1
        self._map.header[_MAGIC] = MAGIC
        unfinished.replace(path)

    def write(self, pixels: Pixels | bytes, width: int, height: int, captured_at_s: float) -> None:
        """Makes one RGBA picture the newest.

        Raises:
            FrameSizeError: larger than the ring's maximum, or the bytes do not fit the size.
        """
        source = np.frombuffer(pixels, np.uint8) if isinstance(pixels, bytes) else pixels.reshape(-1)
        if source.size != width * height * BYTES_PER_PIXEL:
            raise FrameSizeError(f"{source.size} bytes for {width}x{height} RGBA")

        def copy(pixels: Pixels) -> None:
            pixels.reshape(-1)[:] = source

        self.paint(copy, width, height, captured_at_s)

    def paint(self, paint: Callable[[Pixels], object], width: int, height: int, captured_at_s: float) -> None:
        """The same in place: `paint` fills an array of shape (height, width, 4).

        Raises:
            FrameSizeError: larger than the ring's maximum.
        """
        if not (0 < width <= self._width_max and 0 < height <= self._height_max):
            raise FrameSizeError(f"{width}x{height} in a ring of {self._width_max}x{self._height_max}")
        self._number += 1
        slot = self._map.slots[self._number % SLOTS]
        slot.words[_SEQUENCE] += np.uint64(1)
        slot.words[_NUMBER] = self._number
        slot.words[_WIDTH] = width
        slot.words[_HEIGHT] = height
        slot.words[_CAPTURED_NS] = int(captured_at_s * 1e9)
        try:
            paint(slot.pixels[: width * height * BYTES_PER_PIXEL].reshape(height, width, BYTES_PER_PIXEL))
        finally:  # a slot that stays odd would count as written ever after
            slot.words[_SEQUENCE] += np.uint64(1)
        self._map.header[_LATEST] = self._number
        self._map.header[_BLANKED] = 0

    def blank(self) -> None:
        """Takes the picture away and wipes its bytes: nobody's face stays in memory after a visit."""
        self._map.header[_BLANKED] = 1
        if self._number_wiped == self._number:
            return  # nothing was written since; a ring that nobody writes takes no memory
        self._number_wiped = self._number
        for slot in self._map.slots:
            slot.words[_SEQUENCE] += np.uint64(1)
            slot.pixels[:] = 0
            slot.words[_NUMBER] = 0
            slot.words[_SEQUENCE] += np.uint64(1)
        self._map.give_back()

    def close(self) -> None:
        """Blanks and removes the file, unless a newer writer has put its own in the place."""
        if self._map.closed:
            return
        self.blank()
        self._map.close()
        if _inode(self._path) == self._inode:
            self._path.unlink(missing_ok=True)


class FrameReader:
    """Reads the newest picture, if there is one not seen yet. Any number of readers; none holds the writer up."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._map: _Map | None = None
        self._inode = 0
        self._seen = 0

    @property
    def blanked(self) -> bool:
        """There is no picture to show: media is away, or has taken its picture away."""
        opened = self._opened()
        return opened is None or bool(opened.header[_BLANKED])

    def latest(self) -> Frame | None:
        """The newest picture; None when it was already returned or there is none."""
        opened = self._opened()
        if opened is None:
            return None
        for _ in range(READ_ATTEMPTS):
            if opened.header[_BLANKED]:
                return None
            number = int(opened.header[_LATEST])
            if number == self._seen:
                return None
            frame = opened.slots[number % SLOTS].copy(number)
            if frame is not None:
                self._seen = number
                return frame
        return None

    def close(self) -> None:
        if self._map is not None:
            self._map.close()
            self._map = None
            self._inode = 0

    def _opened(self) -> _Map | None:
        inode = _inode(self._path)
        if inode != self._inode:
            self.close()
            self._map = _map_existing(self._path)
            self._seen = 0
            self._inode = inode if self._map is not None else 0
        return self._map


class _Slot:
    def __init__(self, words: Words, pixels: Pixels) -> None:
        self.words = words
        self.pixels = pixels

    def copy(self, number: int) -> Frame | None:
        """A whole copy of picture `number`; None when the writer was at this slot meanwhile."""
        before = int(self.words[_SEQUENCE])
        if before % 2 or int(self.words[_NUMBER]) != number:
            return None
        width, height, captured_ns = (int(self.words[at]) for at in (_WIDTH, _HEIGHT, _CAPTURED_NS))
        size = width * height * BYTES_PER_PIXEL
        if not 0 < size <= self.pixels.size:
            return None
        pixels = self.pixels[:size].tobytes()
        if int(self.words[_SEQUENCE]) != before:
            return None
        return Frame(width, height, pixels, number, captured_ns / 1e9)


class _Map:
    """The mapped file as words and slots."""

    def __init__(self, memory: mmap.mmap, pixels_max: int) -> None:
        self._memory = memory
        self.closed = False
        self.header: Words = np.frombuffer(memory, np.uint64, HEADER_SIZE // 8)
        self.slots = [
            _Slot(
                np.frombuffer(memory, np.uint64, SLOT_HEADER_SIZE // 8, at),
                np.frombuffer(memory, np.uint8, pixels_max, at + SLOT_HEADER_SIZE),
            )
            for at in (HEADER_SIZE + index * (SLOT_HEADER_SIZE + pixels_max) for index in range(SLOTS))
        ]

    def give_back(self) -> None:
        """Slots that are wiped take no memory until they are written again."""
        sequences = [int(slot.words[_SEQUENCE]) for slot in self.slots]
        with contextlib.suppress(OSError):  # a file system that makes no holes
            self._memory.madvise(mmap.MADV_REMOVE, HEADER_SIZE)
        for slot, sequence in zip(self.slots, sequences, strict=True):
            slot.words[_SEQUENCE] = sequence  # a reader may be at it

    def close(self) -> None:
        self.closed = True
        del self.header
        self.slots.clear()  # a mapping with living views refuses to close
        self._memory.close()


def _map_existing(path: Path) -> _Map | None:
    """None for what is no ring of this release: media will put its own there."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size < HEADER_SIZE:
                return None
            memory = mmap.mmap(file.fileno(), size, prot=mmap.PROT_READ)
    except OSError:
        return None
    magic, pixels_max = (int.from_bytes(memory[at : at + 8], "little") for at in (_MAGIC * 8, _SLOT_SIZE * 8))
    if magic != MAGIC or size != HEADER_SIZE + SLOTS * (SLOT_HEADER_SIZE + pixels_max):
        memory.close()
        return None
    return _Map(memory, pixels_max)


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except OSError:
        return 0
