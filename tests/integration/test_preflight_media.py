"""The real media process while a customer waits: what it says of dead devices and a lossy line, and when it stops."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from media_bench import MediaBench, until
from test_media_pulseaudio import pulse_environment, pulseaudio

from signaling_server.contract.messages import IceServer
from signaling_server.contract.preflight import Part, PartFault, PartState
from terminal_app.ipc.media_messages import (
    DevicesChecked,
    MakeSdpOffer,
    MediaDevicesChanged,
    PathChecked,
    SdpOfferMade,
    StopCall,
    WarmUp,
)
from terminal_app.media.path_check import DATAGRAMS

GOOD = Part(PartState.GOOD)
LOST_EVERY = 4
STUN_HEADER_BYTES = 20


def film(path: Path, level: int) -> str:
    """A camera that gives the same picture again and again, whole each time."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 25, (320, 240))
    assert writer.isOpened()
    picture = np.full((240, 320, 3), level, np.uint8)
    picture[:120] //= 2
    for _ in range(25):
        writer.write(picture)
    writer.release()
    return f"camera://{path}"


def bad(fault: PartFault) -> Part:
    return Part(PartState.BAD, fault)


async def test_what_works_is_told_within_a_second_and_once(tmp_path: Path) -> None:
    async with MediaBench(tmp_path) as bench:
        bench.send(WarmUp([]))
        await bench.expect(DevicesChecked, lambda told: told == DevicesChecked(GOOD, GOOD, GOOD))
        told = len(bench.seen(DevicesChecked))
        await asyncio.sleep(1.0)
        assert len(bench.seen(DevicesChecked)) == told <= 3, "told when it changes"
        bench.send(WarmUp([]))
        await until(lambda: len(bench.seen(DevicesChecked)) > told, "who asks anew is told anew")
        assert bench.seen(PathChecked) == [], "nobody is asked where the office names no server"


@pytest.mark.parametrize(("level", "fault"), [(0, PartFault.BLACK), (160, PartFault.FROZEN)])
async def test_a_silent_microphone_and_a_dead_picture_are_found_while_all_devices_are_open(tmp_path, level, fault):
    camera_url = film(tmp_path / "film.avi", level)
    async with MediaBench(tmp_path, camera_url=camera_url, sound_url="sound://tone?hz=0") as bench:
        bench.send(WarmUp([]))
        silent = await bench.expect(DevicesChecked, lambda told: told.microphone == bad(PartFault.SILENT))
        assert silent.loudspeaker == GOOD
        await bench.expect(DevicesChecked, lambda told: told.camera == bad(fault))


async def test_devices_that_are_not_there_are_told_at_once(tmp_path: Path) -> None:
    nothing = {"camera_url": "camera:///dev/video99", "sound_url": "sound://no-such-card"}
    async with MediaBench(tmp_path, **nothing) as bench:
        bench.send(WarmUp([]))
        gone = bad(PartFault.NO_DEVICE)
        await bench.expect(DevicesChecked, lambda told: told == DevicesChecked(gone, gone, gone))


async def test_a_terminal_without_sound_by_its_project_says_so(tmp_path: Path) -> None:
    async with MediaBench(tmp_path, sound_url="") as bench:
        bench.send(WarmUp([]))
        absent = bad(PartFault.NOT_FITTED)
        await bench.expect(DevicesChecked, lambda told: told == DevicesChecked(GOOD, absent, absent))


async def test_a_card_that_gives_zeros_and_one_that_is_pulled_in_the_wait_are_found(tmp_path: Path) -> None:
    """The microphone is the monitor of a sink that nobody plays into: exact zeros, as of a muted one."""
    run_dir, home = tmp_path / "run", tmp_path / "pulse"
    run_dir.mkdir()
    home.mkdir(mode=0o700)
    async with pulseaudio(home) as server:
        bench = MediaBench(run_dir, sound_url="sound://default?processing=off")
        bench.environment = pulse_environment(home)
        async with bench:
            bench.send(WarmUp([]))
            await bench.expect(DevicesChecked, lambda told: told == DevicesChecked(GOOD, bad(PartFault.SILENT), GOOD))
            server.kill()
            await bench.expect(MediaDevicesChanged)
            gone = bad(PartFault.NO_DEVICE)
            await bench.expect(DevicesChecked, lambda told: (told.microphone, told.loudspeaker) == (gone, gone))


async def test_the_line_is_measured_by_datagrams_and_not_again_within_a_minute(tmp_path: Path) -> None:
    async with lossy_stun() as (server, asked), MediaBench(tmp_path) as bench:
        bench.send(WarmUp([server]))
        measured = await bench.expect(PathChecked)
        assert measured.lost_percent == pytest.approx(100 / LOST_EVERY, abs=100 / DATAGRAMS)
        assert measured.round_trip_ms is not None
        assert measured.round_trip_ms < 200
        sent = len(asked)
        assert sent <= DATAGRAMS + 8, "twenty, and what the connection itself asks"
        assert sum(asked) < 1_500, "bytes"
        bench.send(StopCall())
        bench.send(WarmUp([server]))
        await until(lambda: len(bench.seen(PathChecked)) == 2, "the same is told anew")
        assert bench.seen(PathChecked)[1] == measured
        assert len(asked) - sent < 8, "the connection itself asks; nothing is measured"


async def test_nothing_is_measured_any_more_once_the_call_begins(tmp_path: Path) -> None:
    async with lossy_stun() as (server, asked), MediaBench(tmp_path, sound_url="sound://tone?hz=0") as bench:
        bench.send(WarmUp([server]))
        await until(lambda: len(asked) > 3, "the measurement has begun")
        bench.send(MakeSdpOffer("call-1", 1, [server]))
        await bench.expect(SdpOfferMade)
        asked.clear()
        told = len(bench.seen(DevicesChecked))
        await asyncio.sleep(2.5)
        assert len(asked) < DATAGRAMS / 2
        assert (bench.seen(PathChecked), len(bench.seen(DevicesChecked))) == ([], told)


@contextlib.asynccontextmanager
async def lossy_stun() -> AsyncIterator[tuple[IceServer, list[int]]]:
    """A STUN server on this machine that keeps every fourth answer, and the sizes of what it was asked."""
    asked: list[int] = []
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _LossyStun(asked), local_addr=("127.0.0.1", 0)
    )
    try:
        port = transport.get_extra_info("sockname")[1]
        yield IceServer([f"stun:127.0.0.1:{port}"]), asked
    finally:
        transport.close()


class _LossyStun(asyncio.DatagramProtocol):
    def __init__(self, asked: list[int]) -> None:
        self._asked = asked

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:  # type: ignore[override]
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._asked.append(len(data))
        if len(self._asked) % LOST_EVERY:
            host, port = addr
            mapped = bytes.fromhex("00010008") + b"\0\1" + port.to_bytes(2, "big") + bytes(map(int, host.split(".")))
            header = bytes.fromhex("0101") + len(mapped).to_bytes(2, "big") + data[4:STUN_HEADER_BYTES]
            self._transport.sendto(header + mapped, addr)
