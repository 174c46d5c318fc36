"""Lines that really carry bytes: pseudo-terminals, sockets, memory; and what they say when they break."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pty
import tty

import pytest

from device_drivers.ccnet.session import CcnetSession
from device_drivers.contract.errors import LineBusyError, LineLostError
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.pump import pump
from device_drivers.transport.null_modem import null_modem
from device_drivers.transport.open import open_line


@pytest.fixture
def port():
    master, slave = pty.openpty()
    tty.setraw(slave)
    yield master, slave, f"serial://{os.ttyname(slave)}?baud=9600"
    for end in (master, slave):
        with contextlib.suppress(OSError):
            os.close(end)


async def test_a_serial_line_carries_bytes_both_ways_and_waits_no_longer_than_told(port):
    master, _, url = port
    line = await open_line(url)
    assert await line.read(10, timeout_s=0.01) == b""
    await line.write(b"\x02\x03\x11\x13\x00\xff")  # also what a terminal would swallow
    assert os.read(master, 100) == b"\x02\x03\x11\x13\x00\xff"
    asyncio.get_running_loop().call_later(0.02, os.write, master, b"\x11\x13\x03\x1a")
    assert await line.read(10, timeout_s=5.0) == b"\x11\x13\x03\x1a"
    line.close()
    line.close()


async def test_a_port_has_one_opener(port):
    _, _, url = port
    line = await open_line(url)
    with pytest.raises(LineBusyError, match="another program"):
        await open_line(url)
    line.close()
    (await open_line(url)).close()


async def test_a_pulled_port_is_a_lost_line_at_the_next_read_and_write(port):
    master, slave, url = port
    line = await open_line(url)
    reading = asyncio.ensure_future(line.read(10, timeout_s=5.0))
    await asyncio.sleep(0)
    os.close(slave)
    os.close(master)
    with pytest.raises(LineLostError):
        await reading
    with pytest.raises(LineLostError):
        await line.write(b"x")
    line.close()
    with pytest.raises(LineLostError, match="closed"):
        await line.read(10, timeout_s=0.0)


async def test_a_tcp_line_carries_bytes_and_tells_when_the_other_side_leaves():
    async def echo_once(reader, writer):
        writer.write(await reader.read(10))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo_once, "127.0.0.1", 0)
    number = server.sockets[0].getsockname()[1]
    line = await open_line(f"tcp://127.0.0.1:{number}")
    assert await line.read(10, timeout_s=0.01) == b""
    await line.write(b"hello")
    assert await line.read(10, timeout_s=5.0) == b"hello"
    with pytest.raises(LineLostError, match="closed the connection"):
        await line.read(10, timeout_s=5.0)
    server.close()
    await server.wait_closed()
    with pytest.raises(LineLostError, match="no connection"):
        await open_line(f"tcp://127.0.0.1:{number}")


async def test_a_null_modem_joins_two_openers_of_one_name():
    first, second = await open_line("loop://a"), await open_line("loop://a")
    await first.write(b"one")
    assert await second.read(2, timeout_s=1.0) == b"on"
    assert await second.read(9, timeout_s=1.0) == b"e"
    assert await second.read(9, timeout_s=0.01) == b""
    first.close()
    with pytest.raises(LineLostError):
        await second.read(9, timeout_s=1.0)


async def test_the_pump_tells_the_session_that_its_line_is_lost():
    line, far = null_modem()
    events = []
    running = asyncio.ensure_future(pump(CcnetSession(), line, events.append))
    assert await far.read(100, timeout_s=1.0) == bytes.fromhex("02030633da81")
    far.close()
    with pytest.raises(LineLostError):
        await running
    assert events == [StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST)]
