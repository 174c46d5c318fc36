"""The shared-memory ring: newest wins, nothing torn, nothing left after blanking."""

from __future__ import annotations

import select
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from terminal_app.ipc.frame_ring import FrameReader, FrameSizeError, FrameWriter

# Fills each picture with one byte made from its number, in ever other sizes, as fast as it can.
WRITER_PROGRAM = """
import sys, time
from pathlib import Path
import numpy as np
from terminal_app.ipc.frame_ring import FrameWriter
writer = FrameWriter(Path(sys.argv[1]))
canvas = np.zeros(1280 * 720 * 4, np.uint8)
end = time.monotonic() + float(sys.argv[2])
number = 0
while time.monotonic() < end:
    number += 1
    width, height = 640 + number % 641, 360 + number % 361
    size = width * height * 4
    canvas[:size] = number % 251
    writer.write(canvas[:size], width, height, float(number))
print(number, flush=True)
sys.stdin.readline()
"""


def picture(shade: int, width: int = 8, height: int = 4) -> np.ndarray:
    return np.full((height, width, 4), shade, np.uint8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "preview.ring"


def test_the_newest_picture_wins_and_is_returned_once(path: Path) -> None:
    writer, reader = FrameWriter(path), FrameReader(path)
    for shade in (1, 2, 3, 4, 5):
        writer.write(picture(shade), 8, 4, captured_at_s=shade + 0.5)
    frame = reader.latest()
    assert frame is not None
    assert (frame.width, frame.height, frame.number, frame.captured_at_s) == (8, 4, 5, 5.5)
    assert frame.pixels == bytes([5]) * 8 * 4 * 4
    assert reader.latest() is None
    assert not reader.blanked


def test_pixels_may_be_bytes_or_an_array_cut_out_of_another(path: Path) -> None:
    writer, reader = FrameWriter(path), FrameReader(path)
    wide = np.arange(4 * 16 * 4, dtype=np.uint8).reshape(4, 16, 4)
    writer.write(wide[:, 4:12], 8, 4, 1.0)
    first = reader.latest()
    writer.write(wide[:, 4:12].tobytes(), 8, 4, 2.0)
    second = reader.latest()
    assert first is not None
    assert second is not None
    assert first.pixels == second.pixels == wide[:, 4:12].tobytes()


def test_a_ring_that_is_not_there_yet_is_blank_and_appears_later(path: Path) -> None:
    reader = FrameReader(path)
    assert reader.blanked
    assert reader.latest() is None
    writer = FrameWriter(path)
    assert reader.blanked
    writer.write(picture(9), 8, 4, 1.0)
    assert reader.latest() is not None
    assert not reader.blanked


def test_blanking_leaves_no_byte_of_the_picture_in_the_file(path: Path) -> None:
    writer, reader = FrameWriter(path, width_max=8, height_max=4), FrameReader(path)
    for _ in range(3):
        writer.write(picture(0xAB), 8, 4, 1.0)
    assert b"\xab" * 16 in path.read_bytes()
    writer.blank()
    assert reader.blanked
    assert reader.latest() is None
    assert b"\xab" * 16 not in path.read_bytes()
    writer.write(picture(7), 8, 4, 2.0)
    frame = reader.latest()
    assert frame is not None
    assert frame.pixels[0] == 7


def test_a_ring_takes_memory_only_while_a_picture_stands_in_it(path: Path) -> None:
    writer, reader = FrameWriter(path), FrameReader(path)
    empty = path.stat().st_blocks
    writer.blank()
    assert path.stat().st_blocks == empty, "nobody wrote, so nothing is wiped"
    for turn in range(1, 4):
        writer.write(picture(turn, 1280, 720), 1280, 720, 1.0)
        assert reader.latest() is not None
        assert path.stat().st_blocks > empty + 5_000  # of 512 bytes
        writer.blank()
        assert path.stat().st_blocks < empty + 100, "the file system of the tests makes holes"
        assert reader.blanked
    writer.paint(lambda pixels: pixels.fill(9), 8, 4, 1.0)
    frame = reader.latest()
    assert frame is not None
    assert frame.pixels == bytes([9]) * 8 * 4 * 4


def test_a_picture_whose_painting_fails_is_not_shown_and_harms_none_that_follows(path: Path) -> None:
    writer, reader = FrameWriter(path), FrameReader(path)
    writer.write(picture(1), 8, 4, 1.0)

    def fail(pixels: np.ndarray) -> None:
        raise ValueError("half painted")

    with pytest.raises(ValueError, match="half painted"):
        writer.paint(fail, 8, 4, 2.0)
    frame = reader.latest()
    assert frame is not None
    assert frame.pixels[0] == 1
    for shade in (3, 4, 5):  # each slot once
        writer.write(picture(shade), 8, 4, 3.0)
        frame = reader.latest()
        assert frame is not None
        assert frame.pixels[0] == shade


def test_a_reader_moves_over_to_a_restarted_writer(path: Path) -> None:
    old, reader = FrameWriter(path), FrameReader(path)
    for _ in range(5):
        old.write(picture(1), 8, 4, 1.0)
    assert reader.latest() is not None
    new = FrameWriter(path)  # the old one was killed: it never closed
    assert reader.blanked
    new.write(picture(2), 8, 4, 2.0)
    frame = reader.latest()
    assert frame is not None
    assert (frame.number, frame.pixels[0]) == (1, 2)
    old.close()
    assert path.exists()  # the ring of the new writer is not the old one's to remove
    new.close()
    assert not path.exists()
    assert reader.blanked


def test_the_file_is_for_its_owner_alone(path: Path) -> None:
    FrameWriter(path)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("pixels", "width", "height"),
    [
        (picture(1), 9, 4),
        (picture(1).tobytes()[:-1], 8, 4),
        (picture(1, 1281, 1), 1281, 1),
        (picture(1, 1, 721), 1, 721),
        (b"", 0, 4),
    ],
    ids=["other size", "a byte short", "too wide", "too high", "empty"],
)
def test_a_picture_that_does_not_fit_is_refused_and_the_last_one_stays(
    path: Path, pixels: np.ndarray | bytes, width: int, height: int
) -> None:
    writer, reader = FrameWriter(path), FrameReader(path)
    writer.write(picture(3), 8, 4, 1.0)
    with pytest.raises(FrameSizeError):
        writer.write(pixels, width, height, 2.0)
    frame = reader.latest()
    assert frame is not None
    assert frame.pixels[0] == 3


@pytest.mark.parametrize("content", [b"", b"x" * 100, bytes(5_000)], ids=["empty", "short", "zeros"])
def test_a_file_that_is_no_ring_is_blank(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    reader = FrameReader(path)
    assert reader.blanked
    assert reader.latest() is None


def test_two_processes_at_full_speed_never_show_a_torn_frame(path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", WRITER_PROGRAM, str(path), "3"], stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        reader = FrameReader(path)
        last, frames = 0, 0
        while process.poll() is None and (frame := next_frame(reader, process)) is not None:
            assert frame.number > last
            assert (frame.width, frame.height) == (640 + frame.number % 641, 360 + frame.number % 361)
            assert frame.captured_at_s == frame.number
            assert frame.pixels == bytes([frame.number % 251]) * (frame.width * frame.height * 4)
            last, frames = frame.number, frames + 1
        process.stdin.close()
    assert frames > 50


def next_frame(reader: FrameReader, process: subprocess.Popen[str]):
    """The next picture; None when the writer has written its last and it was seen."""
    while True:
        done = bool(select.select([process.stdout], [], [], 0)[0])
        frame = reader.latest()
        if frame is not None or done:
            return frame
