"""When a visit is over nothing of it is left in core: in no live object, in no file."""

from __future__ import annotations

import json
import signal

import pytest

from payment.sandbox.seed import DEMO_ACCOUNT
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import OpenService
from tests.integration.core_bench import ATTRIBUTE, WAIT_S, CoreBench, core_bench
from tests.integration.office_bench import until


async def held(bench: CoreBench, needles: list[str]) -> dict[str, list[str]]:
    """What of these lies in a live object of core."""
    out = bench.folder / "probe.json"
    out.unlink(missing_ok=True)
    (bench.folder / "needles.json").write_text(json.dumps(needles), "utf-8")
    assert bench.core is not None
    bench.core.send_signal(signal.SIGUSR1)

    async def told() -> bool:
        return out.exists()

    await until(told, WAIT_S)
    return json.loads(out.read_text("utf-8"))["found"]


@pytest.mark.clause("5.1.12", owner="terminal_app")
async def test_nothing_of_a_visit_outlives_it_in_memory_or_on_disk(tmp_path):
    async with core_bench(tmp_path) as bench:
        probe = ("-m", "tests.integration.memory_probe", str(tmp_path / "probe.json"), str(tmp_path / "needles.json"))
        bench.program = (*probe, "terminal_app")
        await bench.start()
        program = await held(bench, [DEMO_ACCOUNT, ATTRIBUTE])  # the standard library names the same number in a text
        state = await bench.comes_to_amount()
        assert state.account is not None
        needles = [DEMO_ACCOUNT, state.account.name_masked, state.account.address_masked, ATTRIBUTE]
        assert set(await held(bench, needles)) >= set(needles[:3]), "the probe sees what is there"
        bench.press(ipc.GoBack())
        await bench.sees_screen(Screen.BALANCE)
        bench.press(OpenService("history"))
        await bench.sees(lambda now: now.page is not None and not now.busy, "the history")
        bench.press(ipc.GoHome())
        await bench.sees_screen(Screen.ATTRACT)

        async def wiped() -> bool:
            return await held(bench, needles) == program

        await until(wiped, WAIT_S)
        await bench.stop()
        kept = {path.name: path.read_bytes() for path in (tmp_path / "data").rglob("*") if path.is_file()}
    for needle in needles:
        assert [name for name, content in kept.items() if needle.encode() in content] == []
