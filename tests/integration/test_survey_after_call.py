"""A talk at a real core and a real office; when it is over the customer is asked how it was, and the office has it."""

from __future__ import annotations

import sqlite3

import pytest

from signaling_server.contract.messages import WayToTalk
from terminal_app.core.library import FILE
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose
from terminal_app.ui.presenters.call_result import CallResultPresenter
from tests.integration import office_bench
from tests.integration.core_bench import WAIT_S, core_bench


@pytest.mark.clause("6.3.8", "10.1.6", owner="terminal_app")
async def test_the_survey_comes_when_the_talk_is_over_and_its_answers_reach_the_office(tmp_path):
    office_data = tmp_path / "office"
    await office_bench.add_agent(office_data, "anna")
    async with (
        office_bench.running_office(office_data) as office,
        office_bench.Crowd() as crowd,
        core_bench(tmp_path) as bench,
    ):
        await office_bench.enrol_terminal(office_data, office.terminal_url, "Терминал 1")
        bench.settings = f'[office]\nurl = "{office.terminal_url}"\nidentity_dir = "identity-Терминал 1"\n'
        page = await crowd.page(office.desk_url, await crowd.signed_in(office.desk_url))
        await bench.start()
        await bench.sees(lambda state: state.availability.agents_on_duty > 0, "the agent")

        async def campaign_is_known() -> bool:
            return (bench.folder / "data" / FILE).exists()

        await office_bench.until(campaign_is_known, WAIT_S)
        bench.press(ipc.StartCall())
        await bench.sees_screen(Screen.CALL_WAY)
        bench.press(ipc.ChooseWay(WayToTalk.SPEAK))
        await office_bench.take_call(page)
        live = await bench.sees_screen(Screen.CALL_LIVE)
        assert live.page is None
        bench.press(ipc.HangUp())
        over = await bench.sees_screen(Screen.CALL_RESULT)
        bench.press(CallResultPresenter(over).press("done", over))

        async def answers(name: str) -> None:
            await bench.sees_page(name)
            bench.press(Choose(name, "score_5"))

        await answers("survey.score_0")
        await answers("survey.score_1")
        await bench.sees(lambda s: s.page is not None and s.page.name == "survey.thanks", "thanks")
        bench.press(Choose("survey.thanks", "go_on"))
        await bench.sees_screen(Screen.ATTRACT)

        async def stored() -> bool:
            with sqlite3.connect(office_data / "office.db") as database:
                rows = database.execute("SELECT subject, score FROM ratings").fetchall()
            return rows == [("call", 5)] * 2

        await office_bench.until(stored, WAIT_S)
