"""The media process as a program, a plain aiortc peer as the agent's page, this test as core."""

from __future__ import annotations

import asyncio
import socket
import time
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import segno
from media_bench import AGENT_TONE_HZ, Agent, MediaBench, until

from signaling_server.contract.messages import IceServer
from terminal_app.ipc.media_messages import (
    ApplyIceCandidate,
    ApplySdpAnswer,
    CallLiveness,
    CodeSeen,
    MakeSdpOffer,
    MediaDevicesChanged,
    MediaFailed,
    MediaHello,
    MediaStats,
    PhotoFailed,
    PhotoGuide,
    PhotoHint,
    PhotoTaken,
    SdpOfferMade,
    StartPhoto,
    StartScan,
    StopCall,
    StopPhoto,
    StopScan,
    TakePhoto,
    WarmUp,
)
from terminal_app.ipc.messages import Liveness

TERMINAL_TONE_HZ = 440.0


async def test_picture_and_tone_arrive_at_both_ends(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench, small_agent() as agent:
        bench.send(WarmUp([]))
        await bench.connect(agent)
        live = await bench.live()
        assert live.liveness is Liveness.LIVE
        frames = [await bench.next_picture(bench.agent_picture) for _ in range(20)]
        assert all(earlier.number < later.number for earlier, later in pairwise(frames))
        assert len({frame.pixels for frame in frames[-5:]}) == 5  # it moves
        await bench.next_picture(bench.preview)
        await until(lambda: len(agent.video_pts) > 30, "30 pictures at the agent")
        assert all(earlier < later for earlier, later in pairwise(agent.video_pts))
        await until(lambda: agent.tone_level_db(TERMINAL_TONE_HZ) > -30, "the terminal's tone at the agent")
        assert agent.tone_level_db(AGENT_TONE_HZ) < -45
        await bench.expect(MediaStats, lambda told: told.frames_decoded > 30 and told.audio_level_db > -30)
        stats = bench.seen(MediaStats)[-1]
        assert stats.frames_sent > 30
        assert stats.bitrate_kbps > 50
        assert await bench.expect(CallLiveness, lambda told: told.agent_has_video)


async def test_devices_open_at_a_command_and_close_after_it(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench:
        threads = bench.threads()
        await asyncio.sleep(0.5)
        assert bench.threads() == threads
        assert bench.preview.blanked
        bench.send(StartScan())
        await bench.next_picture(bench.preview)
        assert not bench.preview.blanked
        bench.send(StopScan())
        await until(lambda: bench.preview.blanked, "the preview wiped")
        assert bench.preview.latest() is None
        left = np.frombuffer((tmp_path / "preview.ring").read_bytes(), np.uint8)
        assert np.count_nonzero(left) < 100  # numbers and sizes, no pixels
        bench.send(WarmUp([]))
        await bench.next_picture(bench.preview)
        bench.send(StopCall())
        await until(lambda: bench.preview.blanked, "the preview wiped")


async def test_a_held_bill_is_read_and_told_at_most_once_a_second(tmp_path: Path) -> None:
    held = tmp_path / "held.png"
    payload = "ST00011|Name=АО «Энергосбыт»|PersAcc=123456789".encode("cp1251")
    async with MediaBench(tmp_path, camera_url=f"camera://pattern?held={held}") as bench:
        bench.send(StartScan())
        await bench.next_picture(bench.preview)
        assert not bench.seen(CodeSeen)
        segno.make(payload, error="m", micro=False).save(str(held), scale=6)
        assert (await bench.expect(CodeSeen)).payload == payload
        await asyncio.sleep(1.5)
        assert 2 <= len(bench.seen(CodeSeen)) <= 3
        bench.send(StopScan())
        await until(lambda: bench.preview.blanked, "the preview wiped")
        told = len(bench.seen(CodeSeen))
        await asyncio.sleep(1.2)
        assert len(bench.seen(CodeSeen)) == told


async def test_a_paper_is_photographed_at_a_command_and_nothing_stays(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench:
        bench.send(StartPhoto())
        assert (await bench.expect(PhotoGuide)).hint is not PhotoHint.NONE
        await bench.next_picture(bench.preview)
        bench.send(TakePhoto("photo-1"))
        taken = await bench.expect(PhotoTaken)
        assert taken.photo_id == "photo-1"
        assert cv2.imdecode(np.frombuffer(taken.content, np.uint8), cv2.IMREAD_COLOR).shape == (720, 1280, 3)
        assert len(taken.preview) < len(taken.content)
        bench.send(StopPhoto())
        await until(lambda: bench.preview.blanked, "the preview wiped")
        bench.send(TakePhoto("photo-2"))
        assert (await bench.expect(PhotoFailed)).photo_id == "photo-2"


async def test_a_sheet_is_read_under_the_document_camera(tmp_path: Path) -> None:
    film(tmp_path / "shelf.avi", (640, 480))
    async with MediaBench(tmp_path, document_camera_url=f"camera://{tmp_path}/shelf.avi") as bench:
        assert bench.seen(MediaHello)[0].document_camera_state == "online"
        bench.send(StartPhoto(to_read=True))
        assert (await bench.expect(PhotoGuide)).under
        bench.send(TakePhoto("under", to_read=True))
        assert size_of(await bench.expect(PhotoTaken)) == (640, 480)
        bench.send(StopPhoto())
        await until(lambda: bench.preview.blanked, "the preview wiped")


async def test_without_the_document_camera_there_is_one_fault_and_a_sheet_is_held_before_the_other(
    tmp_path: Path,
) -> None:
    async with MediaBench(tmp_path, document_camera_url=f"camera://{tmp_path}/shelf.avi") as bench:
        hello = bench.seen(MediaHello)[0]
        assert (hello.camera_state, hello.document_camera_state) == ("online", "no_device")
        assert "shelf.avi is not there" in hello.document_camera_detail
        bench.send(StartPhoto(to_read=True))
        assert not (await bench.expect(PhotoGuide)).under
        bench.send(TakePhoto("held", to_read=True))
        assert size_of(await bench.expect(PhotoTaken)) == (1280, 720)
        assert not bench.seen(MediaDevicesChanged)


def film(path: Path, size: tuple[int, int]) -> None:
    """Grey pictures, as of an empty shelf."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, size)
    for number in range(60):
        writer.write(np.full((size[1], size[0], 3), 120 + number, np.uint8))
    writer.release()


def size_of(taken: PhotoTaken) -> tuple[int, int]:
    picture = cv2.imdecode(np.frombuffer(taken.content, np.uint8), cv2.IMREAD_COLOR)
    return picture.shape[1], picture.shape[0]


async def test_ten_calls_leave_no_thread_no_file_and_no_picture_behind(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench:
        counts = []
        for number in range(10):
            call_id = f"call-{number}"
            bench.send(WarmUp([]))
            async with small_agent() as agent:
                await bench.connect(agent, call_id)
                await bench.live(1, call_id)
                await bench.next_picture(bench.agent_picture)
                bench.send(StopCall())
                await until(lambda: bench.agent_picture.blanked and bench.preview.blanked, "both rings wiped")
            await asyncio.sleep(0.2)
            counts.append((bench.threads(), len(bench.open_files()), bench.memory_mb()))
        assert len({files for _, files, _ in counts}) == 1
        await until(lambda: bench.threads() <= min(threads for threads, _, _ in counts), "no thread is left behind")
        early_mb = min(memory for _, _, memory in counts[2:6])
        await until(lambda: bench.memory_mb() - early_mb < 8, "what was freed has gone back")


async def test_a_new_epoch_takes_over_without_a_gap(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench, small_agent() as first, small_agent() as second:
        await bench.connect(first)
        await bench.live()
        await bench.next_picture(bench.agent_picture)
        shown_at_s = [time.monotonic()]

        async def watch() -> None:
            while True:
                if bench.agent_picture.latest() is not None:
                    shown_at_s.append(time.monotonic())
                await asyncio.sleep(0.005)

        watching = asyncio.create_task(watch())
        await bench.connect(second, media_epoch=2)
        await bench.live(2)
        await until(lambda: first.connection.connectionState == "closed", "the first connection closed")
        decoded = len(second.video_pts)
        await until(lambda: len(second.video_pts) > decoded + 30, "pictures at the second page")
        watching.cancel()
        gap_ms = max(later - earlier for earlier, later in pairwise(shown_at_s)) * 1_000
        print(f"longest gap between pictures while the epoch changed: {gap_ms:.0f} ms")
        assert gap_ms < 1_000
        assert {told.liveness for told in bench.seen(CallLiveness)} == {Liveness.CONNECTING, Liveness.LIVE}
        assert not bench.seen(MediaFailed)


async def test_a_page_that_goes_away_is_told_and_a_new_one_may_come(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench:
        async with small_agent() as first:
            await bench.connect(first)
            await bench.live()
        failed = await bench.expect(MediaFailed)
        assert (failed.call_id, failed.media_epoch) == ("call-1", 1)
        await bench.expect(CallLiveness, lambda told: told.liveness is Liveness.WEAK)
        await bench.expect(CallLiveness, lambda told: told.liveness is Liveness.RECONNECTING)
        async with small_agent() as second:
            await bench.connect(second, media_epoch=2)
            await bench.live(2)


async def test_the_call_goes_on_while_core_is_away(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench, small_agent() as agent:
        await bench.connect(agent)
        await bench.live()
        await bench.hang_up_socket()
        bench.messages.clear()
        decoded = len(agent.video_pts)
        await until(lambda: len(agent.video_pts) > decoded + 30, "the picture goes on")
        await bench.listen()
        hello = await bench.expect(MediaHello)
        assert (hello.call_id, hello.media_epoch) == ("call-1", 1)
        assert (await bench.live()).agent_has_video
        bench.send(StopCall())
        await until(lambda: bench.agent_picture.blanked, "the ring wiped")


async def test_without_camera_and_sound_card_the_call_works_with_a_placard_and_silence(tmp_path: Path) -> None:
    nothing = {"camera_url": "camera:///dev/video99", "sound_url": "sound://no-such-card"}
    async with MediaBench(tmp_path, **nothing) as bench, small_agent() as agent:
        hello = bench.seen(MediaHello)[0]
        assert (hello.camera_state, hello.sound_state) == ("no_device", "no_device")
        await bench.connect(agent)
        await bench.live()
        await until(lambda: len(agent.video_pts) > 10, "pictures at the agent")
        picture = agent.last_picture
        assert picture is not None
        luma = picture.to_ndarray(format="gray")
        assert luma.max() - luma.min() > 100  # drawn letters on a plain ground
        assert np.median(luma) < 80
        assert bench.preview.blanked
        await until(lambda: len(agent.heard) > 25, "half a second of sound at the agent")
        assert agent.tone_level_db(TERMINAL_TONE_HZ) < -70, "and it is silence"


async def test_a_camera_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "video0").write_text("no camera")
    async with MediaBench(tmp_path, camera_url=f"camera://{tmp_path}/video0") as bench:
        assert bench.seen(MediaHello)[0].camera_state == "online"  # not opened yet
        bench.send(StartScan())
        changed = await bench.expect(MediaDevicesChanged)
        assert changed.camera_state == "no_device"


async def test_a_silent_stun_server_does_not_hold_a_warm_call(tmp_path: Path) -> None:
    address = _own_address()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((address, 0))
        servers = [IceServer([f"stun:{address}:{silent.getsockname()[1]}", "nonsense"])]
        async with MediaBench(tmp_path) as bench:
            bench.send(WarmUp(servers))
            await asyncio.sleep(5.5)  # aioice's own limit: what the customer would have waited
            begun_s = time.monotonic()
            bench.send(MakeSdpOffer("call-1", 1, servers))
            await bench.expect(SdpOfferMade)
            assert time.monotonic() - begun_s < 0.3


async def test_a_call_stopped_while_it_gathers_leaves_no_socket(tmp_path: Path) -> None:
    address = _own_address()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind((address, 0))
        servers = [IceServer([f"stun:{address}:{silent.getsockname()[1]}"])]
        async with MediaBench(tmp_path) as bench:
            idle = len(bench.open_files())
            bench.send(WarmUp(servers))
            bench.send(MakeSdpOffer("call-1", 1, servers))
            await bench.next_picture(bench.preview)
            await until(lambda: len(bench.open_files()) > idle, "sockets that gather")
            bench.send(StopCall())
            await until(lambda: len(bench.open_files()) == idle, "the sockets closed")
            assert not bench.seen(SdpOfferMade)


async def test_bad_answers_fail_their_epoch_and_not_the_process(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench, small_agent() as agent:
        for epoch, answer in enumerate(["", "no sdp", "v=0\r\nm=video"], start=1):
            bench.send(MakeSdpOffer("call-1", epoch, []))
            await bench.expect(SdpOfferMade, lambda made, epoch=epoch: made.media_epoch == epoch)
            bench.send(ApplyIceCandidate("call-1", epoch, "candidate:rubbish", "0", 0))
            bench.send(ApplyIceCandidate("call-1", epoch, "candidate:1 1 udp x 192.0.2.9 y typ host", "0", 0))
            bench.send(ApplySdpAnswer("call-1", epoch, answer))
            failed = await bench.expect(MediaFailed, lambda told, epoch=epoch: told.media_epoch == epoch)
            assert failed.reason == "answer refused"
        await bench.connect(agent, media_epoch=4)
        await bench.live(4)


async def test_candidates_that_come_before_the_answer_are_used(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench, small_agent() as agent:
        bench.send(MakeSdpOffer("call-1", 1, []))
        answer = await agent.answer((await bench.expect(SdpOfferMade)).sdp)
        lines = answer.splitlines()
        for line in [line for line in lines if line.startswith("a=candidate:")]:
            bench.send(ApplyIceCandidate("call-1", 1, line.removeprefix("a="), "0", 0))
        bench.send(ApplyIceCandidate("call-1", 1, "", "0", 0))
        bare = [line for line in lines if not line.startswith(("a=candidate:", "a=end-of-candidates"))]
        bench.send(ApplySdpAnswer("call-1", 1, "\r\n".join(bare) + "\r\n"))
        await bench.live()


async def test_a_repeated_command_gets_the_same_offer_and_an_old_epoch_none(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench:
        for epoch in (2, 2, 1):
            bench.send(MakeSdpOffer("call-1", epoch, []))
            await asyncio.sleep(0.3)
        offers = bench.seen(SdpOfferMade)
        assert [offer.media_epoch for offer in offers] == [2, 2]
        assert offers[0].sdp == offers[1].sdp
        assert "a=rtpmap:97 VP8/90000\r\na=fmtp:97 x-google-start-bitrate=1500" in offers[0].sdp
        assert "H264" not in offers[0].sdp


async def test_at_its_end_it_leaves_no_ring_and_the_status_zero(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench, small_agent() as agent:
        await bench.connect(agent)
        await bench.live()
        bench.terminate()
        assert await bench.exit_status() == 0
        assert not list(tmp_path.glob("*.ring"))


def small_agent() -> Agent:
    """Its plain encoder takes less of a machine that other tests share."""
    return Agent(width=320, height=240)


def _own_address() -> str:
    """The address a gathered candidate would have."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.1", 9))  # sends nothing
        return str(probe.getsockname()[0])
