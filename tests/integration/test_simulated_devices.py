"""Simulators as real programs on real pseudo-terminals, driven by real sessions over real serial lines."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys

import pytest

from device_drivers.catalog import make_bill_validator, make_receipt_printer, split_device_url
from device_drivers.contract.bill_validator import NoteEscrowed, NoteStacked, PoweredUp, PowerUpNote
from device_drivers.contract.cash import CashItem
from device_drivers.contract.errors import LineBusyError, LineLostError
from device_drivers.contract.receipt_printer import PairLine, Slip, SlipPrinted, TextLine
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.pump import pump
from device_drivers.simulators.control import command, command_now
from device_drivers.transport.open import open_line

LIMIT_S = 20.0
ONLINE = StatusChanged(DeviceState.ONLINE)
FIVE_HUNDRED = CashItem(50000)


class Program:
    """`python -m device_drivers simulate ...`, started, killed and started again."""

    def __init__(self, folder, protocol, *arguments):
        self.control = folder / f"{protocol}.sock"
        self.link = folder / f"tty-{protocol}"
        self.command = [sys.executable, "-m", "device_drivers", "simulate", protocol]
        self.command += ["--link", str(self.link), "--control", str(self.control), *arguments]

    async def start(self):
        self.process = await asyncio.create_subprocess_exec(*self.command, stdout=asyncio.subprocess.PIPE)
        async with asyncio.timeout(LIMIT_S):
            assert json.loads(await self.process.stdout.readline())["ready"] is True

    async def stop(self, number=signal.SIGTERM):
        if self.process.returncode is None:
            self.process.send_signal(number)
        return await self.process.wait()

    async def hand(self, **request):
        return await command(self.control, request)

    async def until_state(self, name):
        async with asyncio.timeout(LIMIT_S):
            while (await self.hand(do="state"))["state"] != name:  # noqa: ASYNC110 - its state is another program's
                await asyncio.sleep(0.01)


class Driver:
    """What a device manager does: a session, its line, and the line opened again when it is lost."""

    def __init__(self, session, url):
        self.session = session
        self.events = []
        self.changed = asyncio.Event()
        self.task = asyncio.ensure_future(self._keep(url))

    def _emit(self, event):
        self.events.append(event)
        if isinstance(event, NoteEscrowed):
            self.session.stack()
        self.changed.set()

    async def _keep(self, url):
        while True:
            line = None
            try:
                line = await open_line(url)
                await pump(self.session, line, self._emit)
            except (LineLostError, LineBusyError):
                await asyncio.sleep(0.1)
            finally:
                if line is not None:
                    line.close()

    async def until(self, reached):
        async with asyncio.timeout(LIMIT_S):
            while not reached():
                self.changed.clear()
                changed = asyncio.ensure_future(self.changed.wait())
                await asyncio.wait({changed, self.task}, return_when=asyncio.FIRST_COMPLETED)
                if self.task.done():
                    self.task.result()

    async def until_last_status(self, state, fault=Fault.NONE):
        def reached():
            told = [event for event in self.events if isinstance(event, StatusChanged)]
            return bool(told) and (told[-1].state, told[-1].fault) == (state, fault)

        await self.until(reached)

    def count(self, kind):
        return len([event for event in self.events if isinstance(event, kind)])


@contextlib.asynccontextmanager
async def driven(program, device_url, make):
    await program.start()
    protocol, line_url = split_device_url(device_url)
    driver = Driver(make(protocol), line_url)
    try:
        yield driver
    finally:
        driver.task.cancel()
        await asyncio.gather(driver.task, return_exceptions=True)
        await program.stop()


@pytest.fixture
async def validator(tmp_path):
    program = Program(tmp_path, "ccnet", "--memory", str(tmp_path / "memory.json"), "--initialize-s", "0.3")
    async with driven(program, f"ccnet+serial://{program.link}", make_bill_validator) as driver:
        driver.session.enable(frozenset({FIVE_HUNDRED, CashItem(20000)}))
        await until_idling(program)
        yield program, driver


@pytest.fixture
async def printer(tmp_path):
    program = Program(tmp_path, "escpos", "--paper", str(tmp_path / "paper"), "--rows-per-s", "200")
    async with driven(program, f"escpos+serial://{program.link}", make_receipt_printer) as driver:
        await driver.until_last_status(DeviceState.ONLINE)
        yield program, driver


async def until_idling(program):
    await program.until_state("idling")


async def test_a_note_put_in_by_the_control_socket_reaches_the_cassette_and_is_told_once(validator):
    program, driver = validator
    assert (await program.hand(do="insert", value_minor=50000))["ok"]
    await driver.until(lambda: driver.count(NoteStacked) == 1)
    await until_idling(program)
    state = await program.hand(do="state")
    assert state["cassette"]["notes"] == [{"value_minor": 50000, "count": 1}]
    assert driver.count(NoteEscrowed) == driver.count(NoteStacked) == 1


async def test_a_pulled_and_plugged_port_heals_by_itself(validator):
    program, driver = validator
    await program.hand(do="pull")
    await driver.until_last_status(DeviceState.OFFLINE, Fault.LINE_LOST)
    assert not program.link.exists()
    assert (await program.hand(do="pull"))["error"] == "the port is already pulled"
    await program.hand(do="plug")
    await driver.until_last_status(DeviceState.ONLINE)
    await until_idling(program)
    await program.hand(do="insert", value_minor=20000)
    await driver.until(lambda: driver.count(NoteStacked) == 1)


async def test_a_validator_killed_with_a_note_on_its_way_remembers_where_it_lay(validator):
    program, driver = validator
    await program.hand(do="insert", value_minor=50000)
    await driver.until(lambda: driver.count(NoteEscrowed) == 1)
    await program.until_state("stacking")
    await program.stop(signal.SIGKILL)
    program.link.unlink()  # a killed one cannot, and its number may become another program's port
    await driver.until_last_status(DeviceState.OFFLINE, Fault.LINE_LOST)
    await program.start()
    await driver.until(lambda: PoweredUp(PowerUpNote.IN_STACKER) in driver.events)
    await until_idling(program)
    assert (await program.hand(do="state"))["cassette"]["total_minor"] == 50000
    assert driver.count(NoteStacked) == 0


async def test_the_port_can_be_closed_and_opened_again_by_the_host(validator):
    program, driver = validator
    driver.task.cancel()
    await asyncio.gather(driver.task, return_exceptions=True)
    _, line_url = split_device_url(f"ccnet+serial://{program.link}")
    again = Driver(driver.session, line_url)
    await program.hand(do="insert", value_minor=20000)
    await again.until(lambda: again.count(NoteStacked) == 1)
    again.task.cancel()
    await asyncio.gather(again.task, return_exceptions=True)


async def test_a_slip_falls_out_as_picture_and_text(printer, tmp_path):
    program, driver = printer
    driver.session.print_slip("receipt 1", Slip((TextLine("Проверка связи"), PairLine("Сумма", "500,00 ₽"))))
    await driver.until(lambda: SlipPrinted("receipt 1") in driver.events)
    state = await program.hand(do="state")
    assert state["slips"] == ["slip-0001.png"]
    assert (tmp_path / "paper" / "slip-0001.png").stat().st_size > 1000
    text = (tmp_path / "paper" / "slip-0001.txt").read_text(encoding="utf-8")
    assert text.splitlines()[:2] == ["Проверка связи", "Сумма " + "." * 30 + " 500,00 руб."]


async def test_the_paper_taken_away_and_put_back_is_told(printer):
    program, driver = printer
    await program.hand(do="paper", state="out")
    await driver.until_last_status(DeviceState.USER_ERROR, Fault.PAPER_OUT)
    await program.hand(do="paper", state="ok")
    await driver.until_last_status(DeviceState.ONLINE)


async def test_what_the_hand_cannot_do_is_answered_in_a_sentence(validator):
    program, _ = validator
    for request, words in (
        ({"do": "insert", "value_minor": 12300}, "there is no note of 123 rubles"),
        ({"do": "insert", "value_minor": "much"}, "value_minor is a number"),
        ({"do": "dance"}, "cannot 'dance'"),
        ({"do": "fault", "name": "nonsense"}, "a fault is one of"),
        ({"do": "cassette"}, "present is true or false"),
        ({"do": "clear"}, "nothing to clear"),
    ):
        answer = await command(program.control, request)
        assert answer["ok"] is False
        assert words in answer["error"]
    reader, writer = await asyncio.open_unix_connection(str(program.control))
    writer.write(b"not json\n[1]\n")
    for _ in range(2):
        assert json.loads(await reader.readline()) == {"ok": False, "error": "a request is one JSON object a line"}
    writer.close()
    answer = await asyncio.to_thread(command_now, program.control, {"do": "state"})
    assert answer["ok"] is True


async def test_a_stopped_simulator_leaves_nothing_behind(tmp_path):
    program = Program(tmp_path, "escpos", "--paper", str(tmp_path / "paper"))
    await program.start()
    assert await program.stop() == 0
    assert not os.path.lexists(program.link)
    assert not program.control.exists()
    with pytest.raises(OSError, match="No such file"):
        await program.hand(do="state")


async def test_a_second_simulator_on_the_same_socket_is_refused_in_a_sentence(tmp_path):
    program = Program(tmp_path, "escpos", "--paper", str(tmp_path / "paper"))
    await program.start()
    elsewhere = [f"{program.link}-2" if word == str(program.link) else word for word in program.command]
    second = await asyncio.create_subprocess_exec(*elsewhere, stderr=asyncio.subprocess.PIPE)
    _, errors = await second.communicate()
    assert second.returncode == 2
    assert b"another simulator answers" in errors
    assert b"Traceback" not in errors
    assert (await program.hand(do="state"))["ok"]
    await program.stop()
