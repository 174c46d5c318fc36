"""A content package that cannot be used: operations hear of it from the real core, and the terminal serves on."""

from __future__ import annotations

from terminal_app.core.task_side import BAD_CONTENT
from tests.integration import office_bench
from tests.integration.core_bench import core_bench


async def test_operations_hear_of_a_package_that_is_no_good_and_the_terminal_serves_on(tmp_path):
    office_data = tmp_path / "office"
    await office_bench.add_agent(office_data, "orlova", roles=("operations",))
    async with (
        core_bench(tmp_path) as bench,
        office_bench.running_office(office_data) as office,
        office_bench.Crowd() as crowd,
    ):
        await office_bench.enrol_terminal(office_data, office.terminal_url, "Терминал 1")
        linked = f'[office]\nurl = "{office.terminal_url}"\nidentity_dir = "identity-Терминал 1"\n'
        bench.settings = f'{linked}[content]\npackage = "nowhere.zip"\n'
        await bench.start()
        orlova = await crowd.signed_in(office.desk_url, "orlova")
        kinds: list[str] = []

        async def told() -> bool:
            async with orlova.get(f"{office.desk_url}/api/fleet/terminals") as answer:
                kinds[:] = [alarm["kind"] for alarm in (await answer.json())["terminals"][0]["alarms"]]
            return bool(kinds)

        await office_bench.until(told)
        assert kinds == [BAD_CONTENT]
        await bench.comes_to_amount()
