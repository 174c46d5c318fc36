"""The terminal's line measured against the real office, through a line of known rate; who may ask, and how much."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from signaling_server.web.link_site import REQUESTS_MAX, SIZE_MAX
from terminal_app.core.call_check import LinkMeasured
from terminal_app.core.link_check import DIRECTION_S_MAX, LinkCheck, measured
from tests.integration.office_bench import enrol_terminal, running_office, until

THIN_BPS = 400_000
CHUNK_BYTES = 1_024
CATCH_UP_S = 0.05  # of sleeps that came late on a busy machine


class ThinLine:
    """A TCP relay of a known rate in both directions, as a line with a short queue; counts what it carries."""

    def __init__(self, port_to: int) -> None:
        self._port_to = port_to
        self.carried = {"up": 0, "down": 0}

    async def __aenter__(self) -> ThinLine:
        # A small window: else the kernel takes a whole step at once and the line's end is not felt.
        self._server = await asyncio.start_server(self._relay, "127.0.0.1", 0, limit=2 * CHUNK_BYTES)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port_to, limit=2 * CHUNK_BYTES)
        try:
            await asyncio.gather(self._carry(reader, far_writer, "up"), self._carry(far_reader, writer, "down"))
        finally:
            for end in (writer, far_writer):
                end.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: str) -> None:
        free_at_s = time.monotonic()
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(CHUNK_BYTES):
                free_at_s = max(free_at_s, time.monotonic() - CATCH_UP_S) + len(data) * 8 / THIN_BPS
                await asyncio.sleep(max(0.0, free_at_s - time.monotonic()))
                self.carried[way] += len(data)
                writer.write(data)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.write_eof()


@contextlib.asynccontextmanager
async def as_terminal(identity, url: str) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(ssl=identity.ssl_context())
    async with aiohttp.ClientSession(url, connector=connector) as session:
        yield session


@pytest.fixture
async def office(tmp_path: Path):
    async with running_office(tmp_path / "office") as office:
        yield office, await enrol_terminal(tmp_path / "office", office.terminal_url, "t1")


async def test_a_thin_line_is_measured_in_about_a_second_each_way_and_not_filled(office):
    site, identity = office
    async with ThinLine(int(site.terminal_url.rpartition(":")[2])) as line:
        async with as_terminal(identity, f"https://127.0.0.1:{line.port}") as session:
            begun_at_s = time.monotonic()
            found = await measured(session)
            took_s = time.monotonic() - begun_at_s
    for measured_bps in (found.up_bps, found.down_bps):  # a busy machine makes a line slower, never faster
        assert 0.5 * THIN_BPS < measured_bps < 1.2 * THIN_BPS
    assert took_s < 2 * DIRECTION_S_MAX + 1.0, "with the connection"
    for way, carried in line.carried.items():
        assert carried < THIN_BPS / 8 * (DIRECTION_S_MAX + 0.5), way


async def test_a_broad_line_is_known_to_be_broad(office):
    site, identity = office
    async with as_terminal(identity, site.terminal_url) as session:
        found = await measured(session)
    assert min(found.up_bps, found.down_bps) > 2_500_000, "the best step of the picture's bitrate"


async def test_only_terminals_may_ask_for_a_little_and_not_for_ever(office):
    site, identity = office
    async with aiohttp.ClientSession(site.terminal_url) as stranger:
        assert (await stranger.get("/link/100", ssl=False)).status == 403
        assert (await stranger.put("/link", data=b"x", ssl=False)).status == 403
    async with as_terminal(identity, site.terminal_url) as session:
        async with session.get(f"/link/{SIZE_MAX}") as answer:
            assert (answer.status, len(await answer.read())) == (200, SIZE_MAX)
        async with session.get(f"/link/{SIZE_MAX + 1}") as answer:
            assert answer.status == 413
        async with session.put("/link", data=bytes(SIZE_MAX + 1)) as answer:
            assert answer.status == 413
        statuses = [(await session.get("/link/0")).status for _ in range(REQUESTS_MAX)]
    assert statuses == [200] * (REQUESTS_MAX - 3) + [429] * 3


async def test_it_is_measured_once_a_minute_and_given_up_when_the_wait_ends(office):
    site, identity = office
    told: list[LinkMeasured] = []
    opened = 0

    def open_session(total_s_max: float) -> aiohttp.ClientSession:
        nonlocal opened
        opened += 1
        connector = aiohttp.TCPConnector(ssl=identity.ssl_context())
        return aiohttp.ClientSession(site.terminal_url, connector=connector)

    check = LinkCheck(open_session)
    check.follow(True, told.append)
    await asyncio.sleep(0)
    assert opened == 1
    check.follow(False, told.append)  # an agent was there at once
    await asyncio.sleep(0.5)
    assert told == []

    check = LinkCheck(open_session)
    check.follow(True, told.append)
    await until(lambda: _is(told, 1))
    check.follow(True, told.append)
    check.follow(False, told.append)
    check.follow(True, told.append)
    await until(lambda: _is(told, 2))
    assert told[0] == told[1], "the next wait within a minute is told what is known"
    assert opened == 2


async def _is(told: list[LinkMeasured], count: int) -> bool:
    return len(told) == count
