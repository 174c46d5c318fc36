"""The recorder: what passes the tap, on one clock, sealed on disk; nothing plain, nothing older than the notice."""

from __future__ import annotations

import itertools
import threading
import time
from pathlib import Path

import msgspec
import pytest

from signaling_server.contract.recorded import ChunkSeal, Record, RecordedError, Stream, is_last, key_context, unpack
from signaling_server.contract.recording import RecordingHead
from signaling_server.contract.sealing import OfficeSeal
from terminal_app.ipc.media_messages import RecordingChanged, StartRecording
from terminal_app.ipc.recordings import HEAD, chunk_name
from terminal_app.media.recording import recorder as recording
from terminal_app.media.recording.passed import Passed
from terminal_app.media.recording.recorder import DiskLimits, Recorder
from terminal_app.media.recording.streams import Streams
from terminal_app.media.recording.tap import KEY_EVERY_S, Tap

KEY_PICTURE, PICTURE = b"\x10" + bytes(40), b"\x11" + bytes(40)  # the lowest bit of a VP8 key frame is 0
OFFICE = OfficeSeal(bytes(range(32)))
ID = "a" * 32
NOTICE_S = 100.0


def picture(number: int, *, source: int = 1, key: bool = False, late_s: float = 0.0) -> Passed:
    at_s = NOTICE_S + number / 30 + late_s
    return Passed(Stream.AGENT_PICTURE, source, number * 3_000, key, b"%d" % number, at_s)


def sound(number: int, *, late_s: float = 0.0) -> Passed:
    at_s = NOTICE_S + number / 50 + late_s
    return Passed(Stream.AGENT_SOUND, 9, (number * 960) & 0xFFFF_FFFF, True, b"%d" % number, at_s)


def order(records: list[Record]) -> list[int]:
    return [int(record.data) for record in records]


@pytest.mark.clause("9.4.3", owner="terminal_app")
def test_what_passed_before_the_notice_is_in_no_record():
    streams = Streams(NOTICE_S)
    for number in range(-60, 60):
        streams.take(picture(number, key=number % 30 == 0))
    records = streams.rest()
    assert min(record.time_us for record in records) > 0
    assert order(records) == list(range(1, 60))


def test_a_picture_that_was_sent_again_stands_at_its_own_time():
    streams = Streams(NOTICE_S)
    for number in range(1, 60):
        streams.take(picture(number, key=number == 1, late_s=0.09 if number % 7 == 0 else 0.0))
    times_ms = [record.time_us / 1_000 for record in streams.rest()]
    gaps = [after - before for before, after in itertools.pairwise(times_ms)]
    assert max(abs(gap - 1_000 / 30) for gap in gaps) < 0.01


def test_late_sound_finds_its_place_and_what_is_too_late_is_left_out():
    streams = Streams(NOTICE_S)
    for number in (1, 2, 4, 5, 3, 6):
        streams.take(sound(number, late_s=0.05 if number == 3 else 0.0))
    assert order(streams.due(NOTICE_S + 1.0)) == [1, 2, 3, 4, 5, 6]
    streams.take(sound(2, late_s=1.0))
    streams.take(sound(60))
    assert order(streams.rest()) == [60]


def test_a_new_connection_takes_over_with_a_key_frame_and_one_that_comes_to_nothing_gives_back():
    streams = Streams(NOTICE_S)
    for number in range(1, 10):
        streams.take(picture(number, key=number == 1))
    for number in range(10, 13):
        streams.take(picture(number, source=2))  # leans on what nobody has
    streams.take(picture(13, source=2, key=True))
    streams.take(picture(14, source=1, key=True))  # the old one goes on for a while: not twice
    streams.take(picture(60, source=1, key=True))
    assert order(streams.rest()) == [*range(1, 10), 13, 60]


def test_a_key_frame_is_wanted_when_a_recording_begins_and_then_every_while(monkeypatch):
    now_s = 50.0
    monkeypatch.setattr("terminal_app.media.recording.tap.time.monotonic", lambda: now_s)
    tap, source = Tap(), 1
    assert not tap.wants_key(source), "nobody records"
    tap.listen(lambda _: None)
    assert [tap.wants_key(source), tap.wants_key(source)] == [True, False]
    tap.picture(Stream.AGENT_PICTURE, source, 0, KEY_PICTURE)
    now_s += KEY_EVERY_S - 0.1
    tap.picture(Stream.AGENT_PICTURE, source, 0, PICTURE)
    assert not tap.wants_key(source)
    now_s += 0.2
    assert tap.wants_key(source)


# --- on disk ---------------------------------------------------------------------------------------------------------


class Told:
    """What the recorder says, from its own thread."""

    def __init__(self) -> None:
        self.messages: list[RecordingChanged] = []
        self._news = threading.Condition()

    def __call__(self, message: RecordingChanged) -> None:
        with self._news:
            self.messages.append(message)
            self._news.notify_all()

    def wait(self, *, on: bool) -> RecordingChanged:
        with self._news:
            assert self._news.wait_for(lambda: any(each.on is on for each in self.messages), 10)
        return next(each for each in self.messages if each.on is on)


def start() -> StartRecording:
    return StartRecording("c1", ID, int(time.monotonic() * 1e6), OFFICE.key_id, OFFICE.public_key.hex())


def pass_some(tap: Tap, count: int = 20) -> None:
    for number in range(count):
        tap.picture(Stream.CUSTOMER_PICTURE, 1, number * 3_000, KEY_PICTURE + b"secret picture")
        tap.sound(Stream.CUSTOMER_SOUND, 2, number * 960, b"secret sound")


def opened(folder: Path) -> list[Record]:
    head = msgspec.json.decode((folder / ID / HEAD).read_bytes(), type=RecordingHead)
    seal = ChunkSeal(OFFICE.open(head.sealed_key, key_context(ID, "c1")), ID)
    records: list[Record] = []
    number = 0
    while (path := folder / ID / chunk_name(number)).exists():
        records += unpack(seal.open(number, path.read_bytes()))
        number += 1
    assert is_last((folder / ID / chunk_name(number - 1)).read_bytes())
    return records


def test_the_office_alone_opens_what_was_recorded_and_the_disk_holds_nothing_plain(tmp_path, monkeypatch):
    monkeypatch.setattr(recording, "CHUNK_S", 0.05)
    tap, told = Tap(), Told()
    recorder = Recorder(tmp_path, tap, told)
    recorder.start(start())
    told.wait(on=True)
    for _ in range(4):
        pass_some(tap)
        time.sleep(0.06)
    recorder.stop()
    pass_some(tap)  # after the end: nobody listens
    records = opened(tmp_path)
    assert sum(record.stream is Stream.CUSTOMER_PICTURE for record in records) == 80
    assert b"secret" not in b"".join(path.read_bytes() for path in (tmp_path / ID).iterdir())
    with pytest.raises(ValueError, match="key"):
        OfficeSeal(bytes(32)).open(
            msgspec.json.decode((tmp_path / ID / HEAD).read_bytes(), type=RecordingHead).sealed_key,
            key_context(ID, "c1"),
        )


def test_without_recording_nothing_is_left_on_the_disk(tmp_path):
    tap, told = Tap(), Told()
    recorder = Recorder(tmp_path, tap, told)
    recorder.start(start())
    told.wait(on=True)
    pass_some(tap)
    recorder.stop(discard=True)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limits", [DiskLimits(free_bytes_min=1 << 60), DiskLimits(folder_bytes_max=1_000)])
def test_a_full_disk_ends_the_recording_and_says_so(tmp_path, monkeypatch, limits):
    monkeypatch.setattr(recording, "CHUNK_S", 0.05)
    tap, told = Tap(), Told()
    recorder = Recorder(tmp_path, tap, told, limits)
    recorder.start(start())
    pass_some(tap, 200)
    assert told.wait(on=False).reason == "disk"
    pass_some(tap)  # the call goes on
    recorder.stop()


def test_a_recording_that_cannot_be_sealed_says_so_and_writes_nothing(tmp_path):
    told = Told()
    recorder = Recorder(tmp_path, Tap(), told)
    recorder.start(msgspec.structs.replace(start(), seal_key_hex="00"))
    assert told.wait(on=False).reason == "media"
    recorder.stop()
    assert not list(tmp_path.rglob("*.json")), "no head, nothing to bring"


def test_a_chunk_that_was_changed_swapped_or_taken_from_elsewhere_does_not_open():
    seal = ChunkSeal(bytes(32), ID)
    sealed = seal.close(3, b"", last=False)
    assert seal.open(3, sealed) == b""
    for number, bad in (
        (3, sealed[:-1] + bytes([sealed[-1] ^ 1])),
        (4, sealed),
        (3, b"\1" + sealed[1:]),  # said to be the last
        (3, ChunkSeal(bytes(32), "b" * 32).close(3, b"", last=False)),
        (3, ChunkSeal(b"k" * 32, ID).close(3, b"", last=False)),
        (3, b""),
    ):
        with pytest.raises(RecordedError):
            seal.open(number, bad)
