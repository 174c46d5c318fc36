"""A call of the real media process is recorded beside a plain aiortc peer, and neither end sees where it begins."""

from __future__ import annotations

import asyncio
import itertools
import time
from pathlib import Path

import msgspec
import pytest
from media_bench import Agent, MediaBench, until

from signaling_server.contract.recorded import ChunkSeal, Record, Stream, is_last, key_context, unpack
from signaling_server.contract.recording import RecordingHead
from signaling_server.contract.sealing import OfficeSeal
from terminal_app.ipc.media_messages import MakeSdpOffer, RecordingChanged, StartRecording, StopCall, StopRecording
from terminal_app.ipc.recordings import FOLDER, HEAD

OFFICE = OfficeSeal(bytes(range(32)))
ID = "a" * 32
WINDOW_S = 2.5


def start(call_id: str = "call-1") -> StartRecording:
    return StartRecording(call_id, ID, time.monotonic_ns() // 1_000, OFFICE.key_id, OFFICE.public_key.hex())


def opened(run_dir: Path) -> list[Record]:
    folder = run_dir / FOLDER / ID
    head = msgspec.json.decode((folder / HEAD).read_bytes(), type=RecordingHead)
    seal = ChunkSeal(OFFICE.open(head.sealed_key, key_context(ID, "call-1")), ID)
    chunks = [path.read_bytes() for path in sorted(folder.glob("[0-9]*"))]
    assert is_last(chunks[-1])
    return [record for number, sealed in enumerate(chunks) for record in unpack(seal.open(number, sealed))]


async def longest_gap_s(agent: Agent, bench: MediaBench) -> float:
    """Between two pictures that arrive, at the worse end."""
    counts = (lambda: len(agent.video_pts), lambda: frame.number if (frame := bench.agent_picture.latest()) else 0)
    end_s, worst_s = time.monotonic() + WINDOW_S, 0.0
    last = [(count(), time.monotonic()) for count in counts]
    while (now_s := time.monotonic()) < end_s:
        for at, count in enumerate(counts):
            worst_s = max(worst_s, now_s - last[at][1])
            if count() != last[at][0]:
                last[at] = (count(), now_s)
        await asyncio.sleep(0.005)
    return worst_s


async def test_both_directions_are_recorded_from_the_notice_to_the_end_without_a_glitch(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench, Agent(width=320, height=240) as agent:
        await bench.connect(agent)
        await bench.live()
        await until(lambda: len(agent.video_pts) > 30, "30 pictures at the agent")
        before_s = await longest_gap_s(agent, bench)
        bench.send(start())
        during_s = await longest_gap_s(agent, bench)
        assert (await bench.expect(RecordingChanged)).on
        bench.send(StopCall())
        await until(lambda: bench.agent_picture.blanked, "the end of the call")
        print(f"longest gap before {before_s:.3f} s, while it begins {during_s:.3f} s")
        assert during_s < max(0.4, 3 * before_s)
        await until(lambda: any(is_last(path.read_bytes()) for path in (tmp_path / FOLDER / ID).glob("[0-9]*")), "it")
    records = opened(tmp_path)
    for stream in Stream:
        lane = [record for record in records if record.stream is stream]
        assert len(lane) > 20, stream
        assert lane[0].key, "what is recorded first needs nothing before it"
        assert all(after.time_us > before.time_us > 0 for before, after in itertools.pairwise(lane))


@pytest.mark.clause("9.4.3", owner="terminal_app")
async def test_without_recording_leaves_no_file_and_the_call_goes_on_without_a_glitch(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench, Agent(width=320, height=240) as agent:
        await bench.connect(agent)
        await bench.live()
        await until(lambda: len(agent.video_pts) > 30, "30 pictures at the agent")
        before_s = await longest_gap_s(agent, bench)
        bench.send(start())
        await bench.expect(RecordingChanged)
        await asyncio.sleep(1.5)
        bench.send(StopRecording("call-1"))
        during_s = await longest_gap_s(agent, bench)
        print(f"longest gap before {before_s:.3f} s, while it ends {during_s:.3f} s")
        assert during_s < max(0.4, 3 * before_s)
        assert list((tmp_path / FOLDER).iterdir()) == []
        assert len(agent.video_pts) > 60


async def test_a_recording_of_no_call_is_refused(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench:
        bench.send(MakeSdpOffer("call-1", 1, []))
        bench.send(start("call-2"))
        told = await bench.expect(RecordingChanged)
        assert (told.on, told.reason) == (False, "media")
        assert not (tmp_path / FOLDER).exists()
