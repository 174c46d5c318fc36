"""What a room costs: `python -m tests.bench.bench_rooms [--path] [--call]`, both when neither is named.

Path: one picture of 720 lines and its time, straight to a peer and by Janus to another at the same moment: what the hop
adds. Call: a whole one (office, core, media, Chromium): processor of the terminal's media direct and in a room of 3,
the longest time without a picture at each move, memory of Janus for the room.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median, quantiles

sys.path.append(str(Path(__file__).parents[1] / "integration"))

import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from av import VideoFrame
from media_bench import Agent, MovingPicture, ToneTrack, until
from room_scene import RoomScene, room_scene

from signaling_server.media_server.server import MediaServer, MediaServerSettings
from tests.bench.media import stamps

CALM_S, WATCHED_S = 4.0, 10.0
ROOMS = 50


class StampedPicture(MovingPicture):
    """Each picture carries the time at which it was made."""

    async def recv(self) -> VideoFrame:
        frame = await super().recv()
        planes = frame.to_ndarray()
        stamps.draw(planes[: frame.height], stamps.wall_ms())
        stamped = VideoFrame.from_ndarray(planes, format="yuv420p")
        stamped.pts, stamped.time_base = frame.pts, frame.time_base
        return stamped


class Viewer(Agent):
    """Sends nothing, and says how old each picture is."""

    def __init__(self) -> None:
        super().__init__(with_video=False)
        self._tracks = []
        self.ages_ms: list[float] = []
        self._number = 0

    def look(self) -> None:
        if self.last_picture is None or len(self.video_pts) == self._number:
            return
        self._number = len(self.video_pts)
        stamp = stamps.read(np.asarray(self.last_picture.to_ndarray()[: self.last_picture.height]))
        if stamp is not None:
            self.ages_ms.append(stamps.age_ms(stamp, stamps.wall_ms()))


async def measure_path() -> None:
    server = MediaServer(MediaServerSettings())
    janus = await server.session()
    host = await janus.attach()
    empty_kb = memory_kb(server.child.pid)
    rooms = [await host.create() for _ in range(ROOMS)]
    print(f"janus: {empty_kb / 1e3:.1f} MB, an empty room {(memory_kb(server.child.pid) - empty_kb) / ROOMS:.1f} kB")
    publisher, subscriber = await janus.attach(), await janus.attach()
    direct, sender = (RTCPeerConnection(RTCConfiguration(iceServers=[])) for _ in range(2))
    straight, by_room = Viewer(), Viewer()
    for connection in (direct, sender):
        connection.addTrack(ToneTrack())
        connection.addTrack(StampedPicture(1280, 720))
        await connection.setLocalDescription(await connection.createOffer())
    answer = await straight.answer(direct.localDescription.sdp)
    await direct.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    feed, answer = await publisher.publish(rooms[0], sender.localDescription.sdp)
    await sender.setRemoteDescription(RTCSessionDescription(answer, "answer"))
    await publisher.up.wait()
    await subscriber.start(await by_room.answer(await subscriber.subscribe(rooms[0], feed)))
    await until(lambda: straight.video_pts and by_room.video_pts, "pictures at both")
    await asyncio.sleep(CALM_S)
    straight.ages_ms.clear()
    by_room.ages_ms.clear()
    end_s, before_s = time.monotonic() + WATCHED_S, cpu_s(server.child.pid)
    while time.monotonic() < end_s:
        await asyncio.sleep(0.001)
        straight.look()
        by_room.look()
    for name, viewer in (("direct", straight), ("by janus", by_room)):
        print(f"{name}: p50 {median(viewer.ages_ms):.0f} ms, p95 {quantiles(viewer.ages_ms, n=20)[-1]:.0f} ms")
    print(f"janus, one feed to one: {(cpu_s(server.child.pid) - before_s) / WATCHED_S * 100:.1f} % of a core")
    for end in (direct, sender, straight, by_room):
        await end.close()
    await server.close()


async def measure_call() -> None:
    with tempfile.TemporaryDirectory() as place:
        async with room_scene(Path(place)) as scene:
            await scene.call()
            await report(scene, "direct")
            begun_s = time.monotonic()
            await scene.invite("inna", "specialist")
            await scene.until_shown(scene.beside, begun_s)
            await asyncio.sleep(CALM_S)
            print(f"into the room: {scene.agent.longest_gap_s(begun_s, time.monotonic()) * 1_000:.0f} ms")
            await report(scene, "room of three")
            begun_s = time.monotonic()
            await scene.pages["anna"].get_by_test_id("hand-over").click()
            await scene.sees(scene.pages["inna"], "on_call")
            await asyncio.sleep(CALM_S)
            print(
                f"hand-over and back to direct: {scene.agent.longest_gap_s(begun_s, time.monotonic()) * 1_000:.0f} ms"
            )
            await report(scene, "direct, with the other agent")


async def report(scene: RoomScene, name: str) -> None:
    assert scene.media is not None
    server = scene.office.media_server
    janus = server.child.pid if server is not None and server.child.running else None
    pids = {"media": scene.media.pid} | ({"janus": janus} if janus else {})
    before, pictures = {who: cpu_s(pid) for who, pid in pids.items()}, len(scene.agent.times_s)
    await asyncio.sleep(WATCHED_S)
    told = [f"{who} {(cpu_s(pid) - before[who]) / WATCHED_S * 100:.0f} % of a core" for who, pid in pids.items()]
    told += [f"{who} {memory_kb(pid) / 1e3:.0f} MB" for who, pid in pids.items()]
    print(f"{name}: {', '.join(told)}, agent {(len(scene.agent.times_s) - pictures) / WATCHED_S:.0f} pictures/s")


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_kb(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--path", action="store_true")
    parser.add_argument("--call", action="store_true")
    options = parser.parse_args()
    every = not (options.path or options.call)
    if options.path or every:
        asyncio.run(measure_path())
    if options.call or every:
        asyncio.run(measure_call())


if __name__ == "__main__":
    main()
