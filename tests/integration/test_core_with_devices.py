"""Devices of a kiosk at the real core, simulated on real ports: power, door, SOS, scanner, lights, watchdog, coins."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any

import pytest

from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.cctalk_coins import CctalkCoinSimulator
from device_drivers.simulators.nut import UpsdSimulator
from device_drivers.simulators.osmp_watchdog import OsmpWatchdogSimulator
from device_drivers.simulators.ports import TcpPort
from device_drivers.simulators.scanner import ScannerSimulator
from device_drivers.simulators.switches import SwitchBoardSimulator
from payment.journal.journal import read_journal
from payment.sandbox.bill import make_bill
from payment.sandbox.seed import DEMO_ACCOUNT, PAYEE
from terminal_app.core.process import TICK_S
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import CashStop, Screen
from tests.integration import office_bench
from tests.integration.core_bench import WAIT_S, CoreBench, core_bench

SWITCHES = "?sos=key148&door=sw0&presence=key149"
LOOK_S = 0.05
OURS = f'[payee]\ninns = ["{PAYEE.inn}"]\npersonal_accounts = ["{PAYEE.personal_account}"]\n'


@pytest.fixture
async def bench(tmp_path) -> AsyncIterator[CoreBench]:
    async with core_bench(tmp_path) as bench:
        yield bench


async def validator(bench: CoreBench) -> None:
    await bench.device("bill_validator", "ccnet", CcnetSimulator(initialize_s=0.1))


async def until(holds: Callable[[], Awaitable[bool]], what: str) -> None:
    for _ in range(int(WAIT_S / LOOK_S)):
        if await holds():
            return
        await asyncio.sleep(LOOK_S)
    raise AssertionError(f"not within {WAIT_S} s: {what}")


# --- power -----------------------------------------------------------------------------------------------------------


async def test_a_power_cut_lets_the_customer_finish_and_an_empty_battery_switches_the_computer_off(bench):
    """The journal is closed by then: who opens it to write finds it free."""
    closed = bench.folder / "closed"
    opens = (
        "import pathlib\nfrom payment.journal.journal import Journal\n"
        f"Journal.open(pathlib.Path({str(bench.folder / 'data' / 'journal.sqlite')!r}), post=lambda call: call(), "
        f"on_failed=lambda error: None).close()\npathlib.Path({str(closed)!r}).touch()\n"
    )
    bench.settings = f"[power]\nshutdown_command = {json.dumps([sys.executable, '-c', opens])}\n"
    await validator(bench)
    await bench.device("ups", "nut", UpsdSimulator(), port=TcpPort("127.0.0.1", 0), options="?ups=kiosk")
    await bench.start()
    await bench.sees(lambda state: state.availability.cash, "cash is taken")
    await bench.comes_to_amount()
    bench.press(ipc.ChooseAmount(500_00))
    await bench.inserts(100_00)
    await bench.hand("ups", do="set", name="ups.status", value="OB DISCHRG")
    stopped = await bench.sees(lambda state: state.availability.cash_stop is CashStop.POWER, "no new payment begins")
    assert stopped.screen is Screen.CASH_IN
    await bench.inserts(500_00)  # who pays already goes on
    await bench.hand("ups", do="set", name="ups.status", value="OB LB")
    await until(lambda: asyncio.to_thread(closed.exists), "the command was run")
    assert bench.core is not None
    assert bench.core.returncode is None  # it waits for the end that the command brings
    assert await bench.stop() == 0
    assert "it ended with" not in bench.log()
    assert bench.sandbox is not None
    intents = [(intent["account"], intent["amount_minor"]) for intent in journal(bench, "pay_intent")]
    assert intents == [(DEMO_ACCOUNT, 600_00)]


def journal(bench: CoreBench, kind: str) -> list[dict[str, Any]]:
    """The data of its records of a kind."""
    records = read_journal(bench.folder / "data" / "journal.sqlite")
    return [dict(record.data) for record in records if record.kind == kind]


# --- watchdog --------------------------------------------------------------------------------------------------------


async def test_the_watchdog_is_fed_while_core_lives_not_while_it_hangs_and_let_go_at_a_planned_end(bench):
    dog = bench.folder / "watchdog"
    dog.write_bytes(b"")
    bench.setting("watchdog", f"linux-watchdog://{dog}")
    await bench.start()

    async def fed_more_than(size: int) -> None:
        async def grew() -> bool:
            return dog.stat().st_size > size

        await until(grew, "the watchdog is fed")

    await fed_more_than(3)
    assert bench.core is not None
    bench.core.send_signal(signal.SIGSTOP)
    before = dog.stat().st_size
    await asyncio.sleep(4 * TICK_S)
    assert dog.stat().st_size <= before + 1  # one was on its way when it was stopped
    bench.core.send_signal(signal.SIGCONT)
    await fed_more_than(before + 3)
    assert await bench.stop() == 0
    assert dog.read_bytes().strip(b"\x00") == b"V"


# --- what stands around the visit ------------------------------------------------------------------------------------


def leds(bench: CoreBench, *names: str) -> None:
    folder = bench.folder / "leds"
    for name in names:
        (folder / name).mkdir(parents=True)
        for file in ("trigger", "brightness", "delay_on", "delay_off"):
            (folder / name / file).touch()
        (folder / name / "max_brightness").write_text("1")
    bench.setting("lights", f"leds://{folder}?barcode_reader=scan&bill_validator=cash")


async def test_a_bill_held_to_the_scanner_goes_the_cameras_way_and_the_light_leads_to_the_note_slot(bench):
    bench.settings = OURS
    await validator(bench)
    await bench.device("barcode_reader", "scanner", ScannerSimulator())
    await bench.device("watchdog", "osmp-watchdog", OsmpWatchdogSimulator())
    leds(bench, "scan", "cash")
    await bench.start()
    await bench.sees(lambda state: state.availability.scanner and state.availability.billing, "the scanner is there")
    await bench.hand("barcode_reader", do="scan", hex=b"https://example.org".hex())
    notice = await bench.sees_screen(Screen.NOTICE)
    assert notice.notice is ipc.Notice.QR_NOT_A_BILL
    bench.press(ipc.StartBillScan())  # without a camera: there is the scanner
    await bench.sees_screen(Screen.BILL_SCAN)

    async def flashes(name: str) -> bool:
        return (bench.folder / "leds" / name / "trigger").read_text() == "timer"

    await until(lambda: flashes("scan"), "the scanner's light")
    _, payload = make_bill(DEMO_ACCOUNT, 500_00, date(2026, 11, 26))
    await bench.hand("barcode_reader", do="scan", hex=payload.hex())
    found = await bench.sees_screen(Screen.ACCOUNT_CONFIRM)
    assert found.account is not None
    assert found.account.account == DEMO_ACCOUNT
    bench.press(ipc.ConfirmAccount())
    await bench.sees_screen(Screen.BALANCE)  # the bill in the hand is both attributes
    bench.press(ipc.ChooseAmount(0))
    await bench.sees_screen(Screen.AMOUNT)
    bench.press(ipc.ChooseAmount(500_00))
    await until(lambda: flashes("cash"), "the light of the note slot")
    assert not await flashes("scan")

    async def board_runs() -> bool:
        return bool((await bench.hand("watchdog", do="state"))["running"])

    await until(board_runs, "the timer of the watchdog board runs")
    assert await bench.stop() == 0
    assert not await board_runs()
    assert not await flashes("cash")


@pytest.mark.clause("9.7.3", owner="device_drivers")
async def test_door_and_sos_reach_the_office_at_once_and_an_open_door_takes_no_note(bench, tmp_path):
    office_data = tmp_path / "office"
    await office_bench.add_agent(office_data, "orlova", roles=("operations",))
    await validator(bench)
    await bench.device("auxiliaries", "switches", SwitchBoardSimulator(), options=SWITCHES)
    async with office_bench.running_office(office_data) as office, office_bench.Crowd() as crowd:
        await office_bench.enrol_terminal(office_data, office.terminal_url, "Терминал 1")
        bench.settings = f'[office]\nurl = "{office.terminal_url}"\nidentity_dir = "identity-Терминал 1"\n'
        await bench.start()
        orlova = await crowd.signed_in(office.desk_url, "orlova")

        async def row() -> dict:
            async with orlova.get(f"{office.desk_url}/api/fleet/terminals") as answer:
                return (await answer.json())["terminals"][0]

        async def told(kind: str) -> bool:
            return kind in [alarm["kind"] for alarm in (await row())["alarms"]]

        await bench.comes_to_amount()
        bench.press(ipc.ChooseAmount(500_00))
        await bench.inserts(100_00)
        await bench.hand("auxiliaries", do="door", open=True)
        await bench.sees(lambda state: state.availability.cash_stop is CashStop.DOOR, "the door stops cash")
        await until(lambda: told("door_open"), "the office knows of the door")
        assert (await row())["cash_stopped"] == "door"
        state = await bench.hand("bill_validator", do="state")
        assert not state.get("enabled", False)
        await bench.hand("auxiliaries", do="sos", pressed=True)
        await until(lambda: told("sos"), "the office knows of SOS")
        await bench.hand("auxiliaries", do="sos", pressed=False)
        await bench.hand("auxiliaries", do="door", open=False)
        await bench.sees(lambda state: state.availability.cash, "cash is taken again")
        await bench.inserts(100_00)
        devices = {device["device_class"]: device for device in (await row())["devices"]}
        assert devices["auxiliaries"]["state"] == "online"
        assert not devices["camera"]["fitted"]

        async def counted() -> bool:
            storage = next(each for each in (await row())["devices"] if each["device_class"] == "bill_validator")[
                "storage"
            ]
            return [(unit["unit_id"], unit["count"]) for unit in storage] == [("cassette", 2)]

        await until(counted, "the cassette's count in a heartbeat")


# --- coins -----------------------------------------------------------------------------------------------------------


async def test_coins_are_counted_once_over_a_kill_and_a_rejected_one_is_no_loss(bench):
    await validator(bench)
    coins = CctalkCoinSimulator()
    await bench.device("coin_acceptor", "cctalk", coins)
    await bench.start()
    await bench.comes_to_amount()
    bench.press(ipc.ChooseAmount(500_00))
    await bench.sees(lambda state: state.cash is not None and state.cash.acceptor_ready, "cash is taken")
    await drop(bench, 10_00)
    await bench.sees(lambda state: state.cash is not None and state.cash.inserted_minor == 10_00, "the first coin")
    await bench.hand("coin_acceptor", do="insert", value_minor=0)  # a token

    async def rejected() -> bool:
        return bool(journal(bench, "coin_rejected"))

    await until(rejected, "the rejected coin is written down")
    await bench.stop(signal.SIGKILL)
    bench.states.clear()
    await bench.start()
    told = await bench.sees_screen(Screen.NOTICE)  # whose money it is stands here still
    assert told.notice is ipc.Notice.PAYMENT_RECOVERED
    assert told.cash is not None
    assert told.cash.recovered_minor == 10_00
    bench.press(ipc.Dismiss())
    await bench.sees_screen(Screen.ATTRACT)

    async def closed() -> bool:
        return bool(journal(bench, "session_closed"))

    await until(closed, "the visit is brought to its end")
    assert bench.sandbox is not None
    assert [credit["amount_minor"] for credit in bench.sandbox.credits()] == [10_00]
    (coin,) = journal(bench, "coin_in")
    assert coin["device"] == "513"
    assert not journal(bench, "coins_lost") + journal(bench, "coin_counter_reset")


async def drop(bench: CoreBench, value_minor: int) -> None:
    """Until the slot is open the coin falls into the tray."""
    before = (await bench.hand("coin_acceptor", do="state"))["box"]
    while (await bench.hand("coin_acceptor", do="state"))["box"] == before:
        await bench.hand("coin_acceptor", do="insert", value_minor=value_minor)
        await asyncio.sleep(0.5)
