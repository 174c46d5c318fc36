"""A real Janus as the office's child: a room, who sends into it, who gets it; and an office without one."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator

import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from media_bench import Agent, MovingPicture, ToneTrack, until

from signaling_server.media_server import janus_child
from signaling_server.media_server.janus import MediaServerError
from signaling_server.media_server.server import MediaServer, MediaServerSettings


@pytest.fixture
async def server() -> AsyncIterator[MediaServer]:
    server = MediaServer(MediaServerSettings())
    yield server
    await server.close()


@contextlib.asynccontextmanager
async def sender() -> AsyncIterator[RTCPeerConnection]:
    connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
    for track in (ToneTrack(), MovingPicture(320, 240)):
        connection.addTrack(track)
    await connection.setLocalDescription(await connection.createOffer())
    yield connection
    await connection.close()


async def test_what_one_sends_into_a_room_another_gets(server: MediaServer) -> None:
    janus = await server.session()
    host = await janus.attach()
    room = await host.create()
    async with sender() as connection, Agent(with_video=False) as viewer:
        publisher, subscriber = await janus.attach(), await janus.attach()
        feed, answer = await publisher.publish(room, connection.localDescription.sdp)
        await connection.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        viewer._tracks = []
        await publisher.up.wait()
        offer = await subscriber.subscribe(room, feed)
        await subscriber.start(await viewer.answer(offer))
        await until(lambda: len(viewer.video_pts) > 10, "pictures through the room")
        await until(lambda: viewer.tone_level_db(1_000) > -30, "the tone through the room")
        await subscriber.detach()
        seen = len(viewer.video_pts)
        await asyncio.sleep(0.5)
        assert len(viewer.video_pts) <= seen + 5, "who is let go gets nothing more"
    await host.destroy(room)


async def test_nobody_comes_into_a_room_without_its_pin(server: MediaServer) -> None:
    janus = await server.session()
    room = await (await janus.attach()).create()
    stranger = type(room)(room.number, "guessed")
    async with sender() as connection:
        with pytest.raises(MediaServerError):
            await (await janus.attach()).publish(stranger, connection.localDescription.sdp)


async def test_a_janus_that_died_is_started_anew_and_ends_with_its_office(server: MediaServer) -> None:
    first = await server.session()
    pid = server.child.pid
    os.kill(pid, 9)
    async with asyncio.timeout(5):
        await first.lost.wait()
    second = await server.session()
    assert server.child.pid != pid
    await (await second.attach()).create()
    await server.close()
    assert not server.child.running


async def test_an_office_without_a_media_server_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(janus_child, "PROGRAM", "no-such-program")
    with pytest.raises(MediaServerError):
        await MediaServer(MediaServerSettings()).session()
    with pytest.raises(MediaServerError):
        await MediaServer(MediaServerSettings(url="ws://127.0.0.1:9", secret="word")).session()
