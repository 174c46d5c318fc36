"""A second of small datagrams to the office's STUN server and back: how many are lost, and how long they take.

They go the way a call goes, by UDP. Before a call only, once a minute at most, 20 of 28 bytes: a thin line does not
feel them.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from collections.abc import Callable

from signaling_server.contract.messages import IceServer
from terminal_app.ipc.media_messages import PathChecked
from terminal_app.media.aiortc_tuning import ice_url
from terminal_app.media.network import binding_request, transaction_of
from terminal_app.media.preflight import path_of

DATAGRAMS = 20
SPACING_S = 0.05
LATE_S_MAX = 0.6  # after the last one: a round trip by satellite
PERIOD_S = 60.0


class PathCheck:
    """One at a time; nothing waits for it."""

    def __init__(self, tell: Callable[[PathChecked], None]) -> None:
        self._tell = tell
        self._job: asyncio.Task[None] | None = None
        self._begun_at_s = -PERIOD_S
        self._found: PathChecked | None = None

    def begin(self, ice_servers: list[IceServer]) -> None:
        """A customer waits: what is known is told, or it is found out."""
        if time.monotonic() - self._begun_at_s < PERIOD_S:
            if self._found is not None:
                self._tell(self._found)
            return
        address = _datagram_server(ice_servers)
        if address is not None and (self._job is None or self._job.done()):
            self._begun_at_s, self._found = time.monotonic(), None
            self._job = asyncio.create_task(self._measure(*address))

    def end(self) -> None:
        """A call begins, or the customer has left."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    async def _measure(self, host: str, port: int) -> None:
        with contextlib.suppress(OSError):
            self._found = path_of(DATAGRAMS, await round_trips_s(host, port))
            self._tell(self._found)


async def round_trips_s(host: str, port: int) -> list[float]:
    """Of the datagrams that came back. Raises OSError."""
    sent_at_s: dict[bytes, float] = {}
    trips_s: list[float] = []
    all_back = asyncio.Event()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Echo(sent_at_s, trips_s, all_back), remote_addr=(host, port)
    )
    try:
        for _ in range(DATAGRAMS):
            transaction = secrets.token_bytes(12)
            sent_at_s[transaction] = time.monotonic()
            transport.sendto(binding_request(transaction))
            await asyncio.sleep(SPACING_S)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LATE_S_MAX):
                await all_back.wait()
    finally:
        transport.close()
    return trips_s


def _datagram_server(ice_servers: list[IceServer]) -> tuple[str, int] | None:
    """The first that is asked by UDP."""
    urls = (ice_url(url) for server in ice_servers for url in server.urls)
    return next(((url.host, url.port) for url in urls if url is not None and not url.stream), None)


class _Echo(asyncio.DatagramProtocol):
    def __init__(self, sent_at_s: dict[bytes, float], trips_s: list[float], all_back: asyncio.Event) -> None:
        self._sent_at_s, self._trips_s, self._all_back = sent_at_s, trips_s, all_back

    def datagram_received(self, data: bytes, addr: object) -> None:
        """One that comes twice, or is none of ours, counts nothing."""
        sent_at_s = self._sent_at_s.pop(transaction_of(data), None)
        if sent_at_s is not None:
            self._trips_s.append(time.monotonic() - sent_at_s)
            if len(self._trips_s) == DATAGRAMS:
                self._all_back.set()
