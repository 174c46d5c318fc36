"""A terminal without the office: all that needs no person goes on, and the button of the consultant says why not."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

from device_drivers.simulators.scanner import ScannerSimulator
from payment.sandbox.bill import make_bill
from payment.sandbox.seed import DEMO_ACCOUNT, PAYEE
from terminal_app.core.library import Library
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Notice, Screen
from terminal_app.ipc.pages import Choose, Enter, OpenService
from terminal_app.ui import theme
from terminal_app.ui.presenters.chrome import ChromePresenter
from tests.integration.core_bench import WAIT_S, core_bench
from tests.integration.office_bench import until
from tests.unit.terminal_app.test_library import Office, fetched

OURS = f'[payee]\ninns = ["{PAYEE.inn}"]\npersonal_accounts = ["{PAYEE.personal_account}"]\n'


@pytest.mark.clause("3-Терминал", owner="terminal_app")
async def test_balance_readings_and_help_need_no_office_and_the_video_says_why_it_is_away(tmp_path):
    (tmp_path / "data").mkdir()
    assert isinstance(await fetched(tmp_path / "data", Office()), Library)  # as it was told when there was a line
    async with core_bench(tmp_path) as bench:
        bench.settings = OURS
        await bench.device("barcode_reader", "scanner", ScannerSimulator())
        await bench.start()
        first = await bench.sees(lambda state: state.availability.scanner and state.availability.billing, "ready")
        assert not first.availability.server

        _, payload = make_bill(DEMO_ACCOUNT, 500_00, date(2026, 11, 26))
        await bench.hand("barcode_reader", do="scan", hex=payload.hex())
        await bench.sees_screen(Screen.ACCOUNT_CONFIRM)
        bench.press(ipc.ConfirmAccount())
        known = await bench.sees_screen(Screen.BALANCE)
        assert known.balance is not None

        bench.press(OpenService("readings"))
        for page, typed in (("readings.0.T1", "12520"), ("readings.0.T2", "5932")):
            await bench.sees_page(page)
            bench.press(Enter(page, typed))
        await bench.sees_page("readings.check")
        bench.press(Choose("readings.check", "give"))
        await bench.sees_page("readings.given")
        assert bench.sandbox is not None
        arrived = bench.sandbox.readings

        async def has_them() -> bool:
            return bool(await asyncio.to_thread(arrived))

        await until(has_them, WAIT_S)

        bench.press(OpenService("knowledge"))
        groups = await bench.sees_page("knowledge")
        assert groups.page is not None
        assert (groups.page.sentence.key, groups.page.choices[1].key) == ("page.kept", "group_0")
        bench.press(Choose("knowledge", "group_0"))
        await bench.sees_page("knowledge.group")

        view = ChromePresenter(theme.brand).view(groups)
        assert (view.consultant, view.consultant_able) == (True, False)
        assert view.consultant_hint == "Сейчас нет связи. Есть телефон"
        bench.press(ipc.StartCall())
        told = await bench.sees_screen(Screen.NOTICE)
        assert told.notice is Notice.SERVER_UNREACHABLE
