"""A recording from the tap to the player: a real recorder, a real office over mutual TLS, both directions as WebM.

Clause 9.4.3: no notice, no file; the first record is later than the notice.
"""

from __future__ import annotations

import asyncio
import io
import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import av
import numpy as np
import pytest
from sqlalchemy import select, update

from signaling_server.config import SETTINGS_FILE, Settings
from signaling_server.contract.messages import (
    AgentStateChanged,
    CallAccepted,
    CallEndReason,
    CallQueued,
    CallRequested,
    EndCall,
    TerminalHello,
    WayToTalk,
)
from signaling_server.contract.recorded import RecordedError, Stream
from signaling_server.contract.recording import (
    NoticeGiven,
    RecordingAllowed,
    RecordingPolicy,
    RecordingState,
    RecordingTold,
)
from signaling_server.contract.sealing import OfficeSeal
from signaling_server.keys import open_secret
from signaling_server.office import Office, open_office_database
from signaling_server.recordings.room import MISCONDUCT_HOLD, RecordingRoom
from signaling_server.recordings.shelf import Shelf
from signaling_server.recordings.side import SILENCE, Side, even_sound
from signaling_server.recordings.viewing import Viewing
from signaling_server.storage.recording_tables import RECORDING_ACTS
from signaling_server.storage.tables import CALLS
from terminal_app.core.link import Link
from terminal_app.core.recording_upload import RecordingUpload
from terminal_app.ipc.media_messages import RecordingChanged, StartRecording
from terminal_app.media.recording import recorder as recording
from terminal_app.media.recording.passed import Passed
from terminal_app.media.recording.recorder import Recorder
from terminal_app.media.recording.tap import Tap
from tests.integration import office_bench as bench
from tests.integration import recording_scene as scene

KEY, ID = b"k" * 32, "a" * 32
LOSS = 0.02
SECONDS = 70


# --- the file --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Shelf:
    folder = tmp_path_factory.mktemp("shelf")
    scene.write_recording(folder, ID, KEY, SECONDS, loss=LOSS)
    return Shelf(folder)


def file_of(shelf: Shelf, side: Side) -> bytes:
    viewing = Viewing(shelf, ID, KEY)
    file = viewing.open().sides[side]
    return b"".join(viewing.read(file, 0, file.size))


def seconds_seen(content: bytes) -> dict[int, float]:
    """When each second's picture is shown first."""
    seen: dict[int, float] = {}
    with av.open(io.BytesIO(content)) as container:
        for frame in container.decode(video=0):
            bars = frame.to_ndarray()[40, 16 : scene.WIDTH : 32]
            seen.setdefault(sum(int(bar > 128) << bit for bit, bar in enumerate(bars)), float(frame.time))
    return seen


def pitches_heard(content: bytes) -> list[tuple[float, int]]:
    """The pitch of every 10 ms that is not silent."""
    heard: list[tuple[float, int]] = []
    with av.open(io.BytesIO(content)) as container:
        for frame in container.decode(audio=0):
            sound = frame.to_ndarray().reshape(-1).astype(float)
            loud = 0.05 if frame.format.name.startswith("flt") else 1_500
            for start in range(0, sound.size - 479, 480):
                part = sound[start : start + 480]
                if np.sqrt((part**2).mean()) > loud:
                    crossings = int(np.sum(np.diff(np.signbit(part))))
                    heard.append((float(frame.time) + start / 48_000, crossings * 50))
    return heard


@pytest.mark.parametrize("side", list(Side))
def test_picture_and_sound_of_a_lossy_call_are_in_step_to_a_tenth_of_a_second(shelf, side):
    content = file_of(shelf, side)
    seen, heard = seconds_seen(content), pitches_heard(content)
    offsets = []
    for second, at_s in seen.items():
        near = [(time_s, hz) for time_s, hz in heard if abs(time_s - at_s) < 0.4]
        if any(abs(hz - scene.pitch_hz(second - 1)) <= 70 for _, hz in near):
            begun = [time_s for time_s, hz in near if abs(hz - scene.pitch_hz(second)) <= 70]
            offsets += [min(begun) - at_s] if begun else []
    assert len(offsets) > 30
    assert max(map(abs, offsets)) <= 0.1


@pytest.mark.parametrize("side", list(Side))
def test_packets_stand_in_the_file_as_they_were_recorded(shelf, side):
    records = [record for chunk in scene.chunks(scene.passed(SECONDS, loss=LOSS)) for record in chunk]
    picture, sound = {
        Side.AGENT: (Stream.AGENT_PICTURE, Stream.AGENT_SOUND),
        Side.CUSTOMER: (Stream.CUSTOMER_PICTURE, Stream.CUSTOMER_SOUND),
    }[side]
    with av.open(io.BytesIO(file_of(shelf, side))) as container:
        packets = [(packet.stream.type, bytes(packet)) for packet in container.demux() if packet.size]
    assert [data for kind, data in packets if kind == "video"] == [r.data for r in records if r.stream is picture]
    kept = [data for kind, data in packets if kind == "audio" and data != SILENCE]
    assert kept == [record.data for record in records if record.stream is sound]


def test_any_range_of_bytes_is_the_same_as_in_the_whole_file(shelf):
    viewing = Viewing(shelf, ID, KEY)
    file = viewing.open().sides[Side.AGENT]
    whole = b"".join(viewing.read(file, 0, file.size))
    assert len(whole) == file.size
    for start, stop in ((0, 1), (10, 5_000), (file.size - 7, file.size), (file.size // 3, file.size // 2)):
        assert b"".join(viewing.read(file, start, stop)) == whole[start:stop]


def test_without_its_key_nothing_decodes(shelf):
    with pytest.raises(RecordedError):
        Viewing(shelf, ID, b"x" * 32).open()
    sealed = b"".join(content for _, content in shelf.chunks(ID))
    with pytest.raises(av.FFmpegError):
        av.open(io.BytesIO(sealed))


def test_a_lost_chunk_and_a_cut_end_are_told_and_the_rest_plays(shelf, tmp_path):
    for number, sealed in shelf.chunks(ID):
        if number not in (20, SECONDS):  # the last one
            Shelf(tmp_path).put(ID, number, sealed)
    opened = Viewing(Shelf(tmp_path), ID, KEY).open()
    assert (opened.missing, opened.whole) == (1, False)
    seen = seconds_seen(file_of(Shelf(tmp_path), Side.CUSTOMER))
    assert set(range(40, SECONDS - 1)) <= set(seen)


def test_holes_are_filled_with_silence_and_twins_left_out():
    packets = [(0, b"a"), (20_000, b"b"), (100_000, b"c"), (20_000, b"late"), (119_000, b"d")]
    even, end_us = even_sound(iter(packets), 0, 150_000)
    assert [data for _, data in even] == [b"a", b"b", SILENCE, SILENCE, SILENCE, b"c", b"d"]
    assert all(after - before == 20_000 for (before, _), (after, _) in itertools.pairwise(even))
    assert end_us == 140_000


# --- from the tap to the office --------------------------------------------------------------------------------------


class Stage:
    """One call between a terminal and an agent of a real office that records private customers."""

    def __init__(self, office: Office, crowd: bench.Crowd, folder: Path) -> None:
        self.office, self.crowd, self.folder = office, crowd, folder
        self.queue = folder / "recordings"
        self.queue.mkdir()
        self.tap = Tap()
        self.told: list[RecordingChanged] = []
        self.recorder = Recorder(self.queue, self.tap, self.told.append)

    async def in_call(self) -> str:
        identity = await bench.enrol_terminal(self.folder / "office", self.office.terminal_url, "t1")
        self.link = Link(
            self.office.terminal_url,
            identity.ssl_context(),
            hello=lambda: TerminalHello("1.0"),
            heartbeat=pytest.fail,
            on_message=pytest.fail,
            on_changed=pytest.fail,
        )
        self.booth = await self.crowd.terminal(self.office.terminal_url, identity)
        self.page = await self.crowd.page(self.office.desk_url, await self.crowd.signed_in(self.office.desk_url))
        await self.page.expect(AgentStateChanged)
        await self.booth.send(CallRequested("r1", WayToTalk.SPEAK))
        await self.booth.expect(CallQueued)
        self.call_id = await bench.take_call(self.page)
        assert (await self.booth.expect(CallAccepted)).recording is RecordingPolicy.CHOICE
        return self.call_id

    async def recorded(self, *, declined_before: bool = False) -> str:
        """Gives the notice, records a second or two, hangs up; its id."""
        if declined_before:
            await self.booth.send(NoticeGiven(self.call_id))
            self.declined_id = (await self.booth.expect(RecordingAllowed)).recording_id
            await self.booth.send(RecordingTold(self.call_id, RecordingState.DECLINED))
            await self.booth.send(RecordingTold(self.call_id, RecordingState.NOTICE))
            for _ in range(2):
                await self.page.expect(RecordingTold)
        notice_us = int(time.monotonic() * 1e6)
        await self.booth.send(NoticeGiven(self.call_id))
        allowed = await self.booth.expect(RecordingAllowed)
        start = StartRecording(self.call_id, allowed.recording_id, notice_us, allowed.seal_key_id, allowed.seal_key_hex)
        self.recorder.start(start)
        await self.booth.send(RecordingTold(self.call_id, RecordingState.ON))
        assert (await self.page.expect(RecordingTold)).state is RecordingState.ON
        for packet in scene.passed(3, loss=0.0):  # a writer of 0.1 s sees them in many chunks
            now = Passed(packet.stream, packet.source, packet.timestamp, packet.key, packet.data, time.monotonic())
            self.recorder._writer.take(now)
            await asyncio.sleep(0.003)
        await asyncio.to_thread(self.recorder.stop)
        await self.page.send(EndCall("e1", self.call_id))
        return allowed.recording_id

    def upload(self, put=None) -> RecordingUpload:
        return RecordingUpload(self.queue, put or self.link.put, lambda: True)


@pytest.fixture
async def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    monkeypatch.setattr(recording, "CHUNK_S", 0.1)
    data = tmp_path / "office"
    await bench.add_agent(data, "anna")
    await bench.add_agent(data, "vera", roles=("supervisor",))
    (data / SETTINGS_FILE).write_text('[recording.b2c]\npolicy = "choice"\nkeep_days = 30\n', "utf-8")
    async with bench.running_office(data) as office, bench.Crowd() as crowd:
        yield Stage(office, crowd, tmp_path)


class Later:
    """A month has passed."""

    def now_s(self) -> float:
        return time.time() + 31 * 86_400


async def opened_by(http: aiohttp.ClientSession, url: str, recording_id: str) -> dict[str, object]:
    body = {"recording_id": recording_id, "reason": "проверка жалобы"}
    async with http.post(f"{url}/api/recordings/open", json=body) as answer:
        assert answer.status == 200, await answer.text()
        return await answer.json()


@pytest.mark.clause("9.4.3", owner="terminal_app")
async def test_a_recorded_call_is_brought_after_it_and_played_by_the_entitled(stage):
    await stage.in_call()
    recording_id = await stage.recorded()
    sent = 0

    async def broken(path: str, content: bytes) -> int:
        nonlocal sent
        sent += 1
        if sent == 4:
            raise OSError("the line broke")
        return await stage.link.put(path, content)

    with pytest.raises(OSError):
        await stage.upload(broken).send(stage.queue / recording_id)
    await stage.upload().send(stage.queue / recording_id)
    assert list(stage.queue.iterdir()) == [], "what the office has is gone from here"
    url, vera = stage.office.desk_url, await stage.crowd.signed_in(stage.office.desk_url, "vera")
    async with vera.get(f"{url}/api/recordings") as answer:
        (row,) = (await answer.json())["recordings"]
    assert (row["recording_id"], row["whole"], row["keep_until_ms"] - row["noticed_at_ms"]) == (
        recording_id,
        True,
        30 * 86_400_000,
    )
    told = await opened_by(vera, url, recording_id)
    assert told["begins_at_ms"] >= row["noticed_at_ms"]
    assert (told["whole"], told["missing"]) == (True, 0)
    for side in told["sides"]:
        async with vera.get(url + side["path"], headers={"Range": "bytes=0-3"}) as answer:
            assert (answer.status, await answer.read()) == (206, b"\x1a\x45\xdf\xa3")
        async with vera.get(url + side["path"]) as answer:
            assert len(seconds_seen(await answer.read())) == 3
    anna = await stage.crowd.signed_in(url, "anna")
    for method, path in (("GET", "/api/recordings"), ("GET", told["sides"][0]["path"])):
        async with anna.request(method, url + path) as answer:
            assert answer.status == 403


@pytest.mark.clause("9.4.3", owner="signaling_server/desk")
async def test_what_has_no_stored_notice_or_was_declined_is_taken_by_no_office(stage):
    await stage.in_call()
    recording_id = await stage.recorded(declined_before=True)
    stranger = stage.queue / ("f" * 32)
    stranger.mkdir()
    (stranger / "head.json").write_bytes((stage.queue / recording_id / "head.json").read_bytes())
    await stage.upload().send(stranger)
    assert not stranger.exists(), "no notice, no file"
    kept = (stage.queue / recording_id / "head.json").read_bytes()
    declined = stage.queue / stage.declined_id
    declined.mkdir()
    (declined / "head.json").write_bytes(kept)
    await stage.upload().send(declined)
    assert not declined.exists(), "«Без записи»"
    assert not (stage.folder / "office" / "recordings" / stranger.name).exists()


async def test_a_talk_that_ended_by_misconduct_is_held_from_the_beginning(stage):
    await stage.in_call()
    recording_id = await stage.recorded()
    database = await open_office_database(stage.folder / "office", Settings())
    async with database.begin() as tx:
        await tx.execute(update(CALLS).values(end_reason=CallEndReason.MISCONDUCT))
    await database.dispose()
    await stage.upload().send(stage.queue / recording_id)
    url, vera = stage.office.desk_url, await stage.crowd.signed_in(stage.office.desk_url, "vera")
    async with vera.get(f"{url}/api/recordings") as answer:
        (row,) = (await answer.json())["recordings"]
    assert row["hold_reason"] == MISCONDUCT_HOLD


async def test_a_recording_is_destroyed_in_its_time_unless_somebody_holds_it(stage):
    await stage.in_call()
    recording_id = await stage.recorded()
    await stage.upload().send(stage.queue / recording_id)
    url, vera = stage.office.desk_url, await stage.crowd.signed_in(stage.office.desk_url, "vera")
    hold = {"recording_id": recording_id, "hold": True, "reason": "идёт проверка"}
    async with vera.post(f"{url}/api/recordings/hold", json=hold) as answer:
        assert answer.status == 204
    data = stage.folder / "office"
    database = await open_office_database(data, Settings())
    room = RecordingRoom(database, Later(), data, OfficeSeal(open_secret(data / "seal.key")), {})
    await room.destroy_overdue()
    await opened_by(vera, url, recording_id)
    async with vera.post(f"{url}/api/recordings/hold", json={**hold, "hold": False}) as answer:
        assert answer.status == 204
    await room.destroy_overdue()
    body = {"recording_id": recording_id, "reason": "ещё раз"}
    async with vera.post(f"{url}/api/recordings/open", json=body) as gone:
        assert gone.status == 404
    assert not (data / "recordings" / recording_id).exists()
    async with database.begin() as tx:
        acts = (await tx.execute(select(RECORDING_ACTS.c.act, RECORDING_ACTS.c.login))).all()
    assert [tuple(act) for act in acts] == [
        ("hold", "vera"),
        ("view", "vera"),
        ("release", "vera"),
        ("destroy", ""),
    ]
    await database.dispose()
