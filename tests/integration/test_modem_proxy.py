"""A bank terminal's connections through this machine: to the places of the list and to no other."""

from __future__ import annotations

import asyncio

import pytest

from device_drivers.contract.modem import ModemCloseAsked, ModemDataSent, ModemOpenAsked
from device_drivers.inpas.session import InpasSession
from device_drivers.modem_proxy import WAITING_BYTES_MAX, ModemProxy, places_of
from device_drivers.simulators.inpas import InpasSimulator
from device_drivers.simulators.virtual_time import VirtualWire

WAIT_S = 5.0


class FakeUser:
    """Writes down what it is told and wakes the test."""

    def __init__(self):
        self.told = []
        self.changed = asyncio.Event()

    def modem_opened(self, done):
        self._add(("opened", done))

    def modem_received(self, data):
        self._add(("received", data))

    def modem_closed(self):
        self._add(("closed",))

    def _add(self, word):
        self.told.append(word)
        self.changed.set()

    async def hears(self, word):
        async with asyncio.timeout(WAIT_S):
            while word not in self.told:
                self.changed.clear()
                await self.changed.wait()


@pytest.fixture
async def bank():
    """A bank that answers each line in capitals; `("127.0.0.1", port)`."""

    async def serve(reader, writer):
        while data := await reader.read(1000):
            if data == b"bye":
                break
            writer.write(data.upper())
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[:2]
    server.close()
    await server.wait_closed()


async def test_bytes_pass_both_ways_to_an_allowed_place(bank):
    user = FakeUser()
    proxy = ModemProxy(user, frozenset({bank}))
    proxy.on_event(ModemOpenAsked(*bank))
    await user.hears(("opened", True))
    proxy.on_event(ModemDataSent(b"hello"))
    await user.hears(("received", b"HELLO"))
    proxy.on_event(ModemCloseAsked())
    await user.hears(("closed",))
    proxy.close()


async def test_a_place_that_is_not_on_the_list_is_never_connected_to(bank):
    user = FakeUser()
    proxy = ModemProxy(user, frozenset({("127.0.0.1", bank[1] - 1)}))
    proxy.on_event(ModemOpenAsked(*bank))
    await user.hears(("opened", False))
    proxy.on_event(ModemDataSent(b"hello"))
    await asyncio.sleep(0)
    assert user.told == [("opened", False)]


async def test_nobody_at_the_other_side_is_told(bank):
    dead = await asyncio.start_server(lambda reader, writer: None, "127.0.0.1", 0)
    place = dead.sockets[0].getsockname()[:2]
    dead.close()
    await dead.wait_closed()
    user = FakeUser()
    ModemProxy(user, frozenset({place})).on_event(ModemOpenAsked(*place))
    await user.hears(("opened", False))


async def test_the_other_side_hangs_up(bank):
    user = FakeUser()
    proxy = ModemProxy(user, frozenset({bank}))
    proxy.on_event(ModemOpenAsked(*bank))
    await user.hears(("opened", True))
    proxy.on_event(ModemDataSent(b"bye"))
    await user.hears(("closed",))


async def test_a_side_that_takes_nothing_does_not_fill_the_memory():
    server = await asyncio.start_server(lambda reader, writer: asyncio.sleep(WAIT_S), "127.0.0.1", 0, limit=1024)
    place = server.sockets[0].getsockname()[:2]
    user = FakeUser()
    proxy = ModemProxy(user, frozenset({place}))
    proxy.on_event(ModemOpenAsked(*place))
    await user.hears(("opened", True))
    for _ in range(200):
        proxy.on_event(ModemDataSent(bytes(WAITING_BYTES_MAX)))
        if ("closed",) in user.told:
            break
        await asyncio.sleep(0)
    assert ("closed",) in user.told
    proxy.close()
    server.close()


async def test_a_terminal_reaches_its_bank_through_session_and_proxy(bank):
    terminal, session = InpasSimulator(), InpasSession()
    wire = VirtualWire(session, terminal)
    proxy = ModemProxy(session, frozenset({bank}))
    wire.react = lambda event: (
        proxy.on_event(event) if isinstance(event, ModemOpenAsked | ModemDataSent | ModemCloseAsked) else None
    )
    wire.run(4.0)
    wire.hand(do="connect", port=bank[1])
    for step in ({}, {"do": "send", "hex": b"pay".hex()}, {"do": "fetch"}, {"do": "hang_up"}):
        if step:
            wire.hand(**step)
        for _ in range(200):
            heard = len(terminal.modem_heard)
            wire.run(0.1)
            await asyncio.sleep(0.002)
            if len(terminal.modem_heard) > heard:
                break
    assert [values.get(0x43) for values in terminal.modem_heard] == [b"0"] * 4
    assert terminal.modem_heard[2][0x46] == b"PAY"
    proxy.close()


def test_places_are_a_list_of_host_and_port():
    assert places_of("194.54.14.24:668, 91.107.65.66:1979") == {("194.54.14.24", 668), ("91.107.65.66", 1979)}
    assert places_of("") == frozenset()
    for bad in ("bank", "bank:", ":1", "bank:x", "bank:70000"):
        with pytest.raises(ValueError, match="host:port"):
            places_of(bad)
