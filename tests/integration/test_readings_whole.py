"""«Передать показания» with the real core process and the real billing sandbox, killed and cut where it hurts most."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator

import pytest

from payment.billing.outbox import OutboxFile
from payment.sandbox.seed import DEMO_ACCOUNT
from terminal_app.core.post import OUTBOX_FILE
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Screen, TerminalState
from terminal_app.ipc.pages import Choose, Enter, OpenService
from tests.integration.core_bench import WAIT_S, CoreBench, core_bench
from tests.integration.office_bench import until

DAY, NIGHT = "12520", "5932"  # 60 kWh since the sandbox's last bill: never unusual
ARRIVED = [{"zone": "T1", "value": 12_520}, {"zone": "T2", "value": 5_932}]


@pytest.fixture
async def bench(tmp_path) -> AsyncIterator[CoreBench]:
    async with core_bench(tmp_path) as bench:
        await bench.start()
        yield bench


async def comes_to_readings(bench: CoreBench) -> None:
    """From the first screen to the page of the first zone; nothing but the number of the account is asked for."""
    await bench.sees(lambda state: state.availability.billing and state.screen is Screen.ATTRACT, "the first screen")
    bench.press(OpenService("readings"))
    await bench.sees_screen(Screen.ACCOUNT_ENTRY)
    bench.press(ipc.SubmitAccount(DEMO_ACCOUNT))
    await bench.sees_screen(Screen.ACCOUNT_CONFIRM)
    bench.press(ipc.ConfirmAccount())


async def types_both(bench: CoreBench) -> TerminalState:
    await bench.sees_page("readings.0.T1")
    bench.press(Enter("readings.0.T1", DAY))
    await bench.sees_page("readings.0.T2")
    bench.press(Enter("readings.0.T2", NIGHT))
    return await bench.sees_page("readings.check")


async def gives(bench: CoreBench) -> TerminalState:
    bench.press(Choose("readings.check", "give"))
    return await bench.sees_page("readings.given")


async def until_arrived(bench: CoreBench) -> list[dict[str, object]]:
    async def arrived() -> bool:
        return bool(bench.sandbox.readings())

    await until(arrived, WAIT_S)
    return bench.sandbox.readings()


def waiting(bench: CoreBench) -> int:
    """Parcels on disk; core must not hold the file."""
    box = OutboxFile(bench.folder / "data" / OUTBOX_FILE)
    try:
        return len(box.labels())
    finally:
        box.close()


async def until_nothing_waits(bench: CoreBench) -> None:
    """Stops core once it has heard billing's answer, which may be a moment after billing has the readings."""

    async def nothing_waits() -> bool:
        await bench.stop()
        if waiting(bench):
            await bench.start()
            return False
        return True

    await until(nothing_waits, WAIT_S)


@pytest.mark.parametrize("fault", ["down", "commit_then_drop"])
async def test_readings_confirmed_before_a_kill_reach_billing_exactly_once(bench, fault):
    await comes_to_readings(bench)
    await types_both(bench)
    bench.sandbox.fault(fault, api="readings", count=1_000)
    await gives(bench)
    assert await bench.stop(signal.SIGKILL) == -signal.SIGKILL
    assert waiting(bench) == 1
    bench.sandbox.fault("none")
    await bench.start()
    (sent,) = await until_arrived(bench)
    assert (sent["account"], sent["values"], sent["accepted"]) == (DEMO_ACCOUNT, ARRIVED, True)
    await until_nothing_waits(bench)
    assert len(bench.sandbox.readings()) == 1


async def test_the_same_readings_again_in_one_visit_are_sent_once(bench):
    await comes_to_readings(bench)
    await types_both(bench)
    await gives(bench)
    await until_arrived(bench)
    bench.sandbox.fault("down", count=1_000)
    bench.press(Choose("readings.given", "menu"))
    await bench.sees_page("menu")
    bench.press(Choose("menu", "readings"))  # billing is gone: the meter was told a moment ago
    await types_both(bench)
    await gives(bench)
    await until_nothing_waits(bench)
    assert len(bench.sandbox.readings()) == 1


async def test_a_billing_that_is_gone_is_said_and_found_again(bench):
    await bench.sees(lambda state: state.availability.billing and state.screen is Screen.ATTRACT, "the first screen")
    bench.press(OpenService("readings"))
    await bench.sees_screen(Screen.ACCOUNT_ENTRY)
    bench.press(ipc.SubmitAccount(DEMO_ACCOUNT))
    await bench.sees_screen(Screen.ACCOUNT_CONFIRM)
    bench.sandbox.fault("down", count=1_000)
    bench.press(ipc.ConfirmAccount())
    await bench.sees_page("readings.unheard")
    bench.sandbox.fault("none")
    bench.press(Choose("readings.unheard", "again"))
    await bench.sees_page("readings.0.T1")
