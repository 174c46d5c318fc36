"""A real coturn: our probe, and the office's credentials at its door."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiortc.rtcpeerconnection
import aiortc.rtcrtpsender
import pytest
from media_bench import until

from signaling_server.contract.messages import IceServer
from signaling_server.desk.ice import IceServers, relay_server
from terminal_app.media import aiortc_tuning
from terminal_app.media.bitrate import Beginning
from terminal_app.media.mailbox import Mailbox
from terminal_app.media.network import PROBE_S_MAX, IceProbe
from terminal_app.media.peer import Peer, PeerListener
from terminal_app.media.tracks import CameraTrack, MicrophoneTrack

SECRET = b"a-secret-of-this-test"
NOBODY = PeerListener(picture=lambda peer, frame: None, sound=lambda peer: None, lost=lambda peer, reason: None)


@contextlib.asynccontextmanager
async def coturn(folder: Path) -> AsyncIterator[int]:
    """Its port, by UDP and TCP."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = int(listener.getsockname()[1])
    options = [
        *("-n", "--no-cli", "--no-tls", "--no-dtls", "--use-auth-secret", "--allow-loopback-peers"),
        *("--listening-ip", "127.0.0.1", "--listening-port", str(port), "--relay-ip", "127.0.0.1"),
        *("--static-auth-secret", SECRET.decode(), "--realm", "test", "--pidfile", str(folder / "pid")),
        *("--userdb", str(folder / "users.sqlite"), "--log-file", str(folder / "log"), "--simple-log"),
    ]
    process = await asyncio.create_subprocess_exec(
        "turnserver", *options, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        await until(lambda: _listens(port), "coturn")
        yield port
    finally:
        process.kill()
        await process.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextlib.contextmanager
def silent_server() -> Iterator[int]:
    """A port that takes datagrams and says nothing."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        yield silent.getsockname()[1]


async def offer_of(servers: list[IceServer]) -> str:
    peer = Peer(servers, camera=CameraTrack(Mailbox()), microphone=MicrophoneTrack(), listener=NOBODY)
    try:
        await peer.gather()
        return peer.offer(Beginning())
    finally:
        await peer.close()


@pytest.fixture(autouse=True)
def tuned(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aiortc.rtcpeerconnection, "RTCRtpReceiver", aiortc.rtcpeerconnection.RTCRtpReceiver)
    monkeypatch.setattr(aiortc.rtcpeerconnection, "RTCRtpSender", aiortc.rtcpeerconnection.RTCRtpSender)
    aiortc_tuning.install()


@pytest.mark.parametrize("transport", ["udp", "tcp"])
async def test_the_offices_credentials_open_the_relay_for_their_time(tmp_path: Path, transport: str) -> None:
    async with coturn(tmp_path) as port:
        url = f"turn:127.0.0.1:{port}?transport={transport}"
        (told,) = IceServers(relay_urls=(url,), relay_secret=SECRET).told("call-1", int(time.time() * 1_000))
        assert "typ relay" in await offer_of([told])
        forged = IceServer(told.urls, told.username, "bm8=")
        over = relay_server([url], SECRET, "call-1", until_s=int(time.time()) - 60)
        for refused in (forged, over):
            with contextlib.suppress(
                Exception
            ):  # aiortc may raise at a relay that refuses: no way through is what counts
                assert "typ relay" not in await offer_of([refused])


async def test_only_servers_that_answer_are_used_and_a_silent_one_costs_half_a_second(tmp_path: Path) -> None:
    async with coturn(tmp_path) as port:
        with silent_server() as mute:
            servers = [
                IceServer([f"stun:127.0.0.1:{mute}", f"stun:127.0.0.1:{port}", "stun:", "nonsense"]),
                IceServer([f"turn:127.0.0.1:{mute}", f"turn:127.0.0.1:{port}?transport=tcp"], "name", "word"),
                IceServer([f"turn:127.0.0.1:{port}"], "second", "word"),
            ]
            probe, began_s = IceProbe(), time.monotonic()
            chosen = await probe.answering(servers)
            assert time.monotonic() - began_s < PROBE_S_MAX + 0.5
            assert chosen == [
                IceServer([f"stun:127.0.0.1:{port}"]),
                IceServer([f"turn:127.0.0.1:{port}?transport=tcp"], "name", "word"),
            ]
            began_s = time.monotonic()
            assert await probe.answering(servers) == chosen
            assert time.monotonic() - began_s < PROBE_S_MAX / 2, "what is known is not asked again"


async def test_where_every_server_is_silent_an_offer_does_not_wait_for_them() -> None:
    with silent_server() as mute:
        servers = [IceServer([f"stun:127.0.0.1:{mute}"]), IceServer([f"turn:127.0.0.1:{mute}"], "name", "word")]
        began_s = time.monotonic()
        answering = await IceProbe().answering(servers)
        assert answering == []
        assert "a=candidate" in await offer_of(answering)
        assert time.monotonic() - began_s < 2.0
