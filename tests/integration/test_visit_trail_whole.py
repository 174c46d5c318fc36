"""A visit at a real core leaves its trail at a real office, once, and no word of whose visit it was."""

from __future__ import annotations

import sqlite3

from payment.sandbox.seed import DEMO_ACCOUNT
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Screen
from tests.integration import office_bench
from tests.integration.core_bench import WAIT_S, core_bench


async def test_the_office_learns_which_screens_a_visit_took_and_not_whose_it_was(tmp_path):
    office_data = tmp_path / "office"
    async with office_bench.running_office(office_data) as office, core_bench(tmp_path) as bench:
        await office_bench.enrol_terminal(office_data, office.terminal_url, "Терминал 1")
        bench.settings = f'[office]\nurl = "{office.terminal_url}"\nidentity_dir = "identity-Терминал 1"\n'
        await bench.start()
        await bench.sees(lambda state: state.availability.server, "the line")
        await bench.comes_to_amount()
        bench.press(ipc.GoHome())
        await bench.sees_screen(Screen.ATTRACT)
        rows: list[tuple] = []

        async def stored() -> bool:
            with sqlite3.connect(office_data / "office.db") as database:
                rows[:] = database.execute("SELECT * FROM visit_events ORDER BY sequence").fetchall()
                screens = [name for (name,) in database.execute("SELECT screen FROM visit_events ORDER BY sequence")]
            return screens == ["account_entry", "account_confirm", "second_attribute", "balance", "amount"]

        await office_bench.until(stored, WAIT_S)
    assert not any(DEMO_ACCOUNT in str(value) for row in rows for value in row)
