"""The schedule at the real core: a closed place takes no payment, offers what works, and says so."""

from __future__ import annotations

from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose, OpenService
from terminal_app.schedule import WEEKDAYS
from tests.integration.core_bench import core_bench


async def test_a_closed_place_begins_no_payment_but_takes_readings(tmp_path):
    async with core_bench(tmp_path) as bench:
        shut = "".join(f"days.{day} = []\n" for day in WEEKDAYS)
        bench.settings = f'[schedule]\nleft_out = ["knowledge"]\n[schedule.place]\n{shut}'
        await bench.start()
        first = await bench.sees(lambda state: state.availability.billing, "the first screen")
        assert first.availability.offer.place_closed is not None
        for press in (ipc.StartPayment(), ipc.StartBillScan(), OpenService("commercial"), OpenService("menu")):
            bench.press(press)
        menu = await bench.sees(lambda state: state.page is not None, "the menu")
        assert menu.page is not None
        offered = {choice.key for choice in menu.page.choices}
        assert {"readings", "written", "standard", "office"} <= offered
        assert offered.isdisjoint({"pay", "knowledge", "informing", "commercial"})
        assert not {Screen.ACCOUNT_ENTRY, Screen.BILL_SCAN} & {state.screen for state in bench.states}
        bench.press(Choose("menu", "readings"))
        await bench.sees_screen(Screen.ACCOUNT_ENTRY)
