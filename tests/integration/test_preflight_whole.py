"""A terminal whose microphone is dead: the real core, media, office and an agent's socket; the customer types."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from signaling_server.contract.decoding import decode_body
from signaling_server.contract.messages import (
    AcceptCall,
    CallChecked,
    CallOffered,
    CallStarted,
    FleetAnswer,
    SdpOffer,
    WayToTalk,
)
from signaling_server.contract.notes import CallNote
from signaling_server.contract.preflight import PartFault, PartState, bad
from signaling_server.desk.limits import DeskLimits
from terminal_app.core.call_check import PAGE, TYPE
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import SoundTrouble, WriteNote
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose
from tests.integration import office_bench
from tests.integration.core_bench import ROOT, CoreBench, core_bench
from tests.integration.office_bench import Crowd, until

PATIENCE_S = 60.0  # a busy machine may take longer than the 12 s of a ring, and this page does not ping


@contextlib.asynccontextmanager
async def media_of(bench: CoreBench) -> AsyncIterator[None]:
    """The third process of the terminal, of the same settings."""
    words = ["-m", "terminal_app", "media", "--config", str(bench.folder / "terminal.toml")]
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, "--run-dir", str(bench.folder), cwd=ROOT, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        process.terminate()
        await process.wait()


@pytest.mark.clause("9.6.10a", owner="terminal_app")
async def test_a_dead_microphone_makes_it_a_talk_by_keyboard_before_an_agent_is_taken(tmp_path: Path):
    data, folder = tmp_path / "office", tmp_path / "terminal"
    folder.mkdir()
    async with contextlib.AsyncExitStack() as stack:
        await office_bench.add_agent(data, "anna")
        office = await stack.enter_async_context(
            office_bench.running_office(data, DeskLimits(ring_s=PATIENCE_S, page_silence_s=PATIENCE_S))
        )
        await office_bench.enrol_terminal(data, office.terminal_url, "t1")
        crowd = await stack.enter_async_context(Crowd())
        http = await crowd.signed_in(office.desk_url)
        page = await crowd.page(office.desk_url, http)
        bench = await stack.enter_async_context(core_bench(folder))
        bench.settings = f'[office]\nurl = "{office.terminal_url}"\nidentity_dir = "{tmp_path / "identity-t1"}"\n'
        bench.setting("sound", "sound://tone?hz=0")
        bench.setting("camera", "camera://pattern?width=640&height=360&fps=15")
        await bench.start()
        await stack.enter_async_context(media_of(bench))
        await bench.sees(lambda now: now.availability.agents_on_duty > 0 and now.availability.sound, "all is there")

        bench.press(ipc.StartCall())
        await bench.sees_screen(Screen.CALL_WAY)
        bench.press(ipc.ChooseWay(WayToTalk.SPEAK))
        offered = (await page.expect(CallOffered)).call
        assert offered.way is WayToTalk.SPEAK
        asked = await bench.sees_page(PAGE)
        assert asked.call.trouble is SoundTrouble.MICROPHONE
        assert asked.call.position == 1, "he has his place"
        bench.press(Choose(PAGE, TYPE))
        await bench.sees_screen(Screen.CALL_WAITING)
        checked = await page.expect(CallChecked)
        while checked.way is not WayToTalk.TYPE or not checked.preflight.path.up_kbps:
            checked = await page.expect(CallChecked)
        found = checked.preflight
        assert (found.microphone.state, found.microphone.fault) == (PartState.BAD, PartFault.SILENT)
        assert not bad(found.camera)
        assert not bad(found.loudspeaker)

        await page.send(AcceptCall("a", offered.call_id, offered.token))
        started = (await page.expect(CallStarted)).call
        found = [told.preflight for told in page.heard if isinstance(told, CallChecked)][-1]
        assert (started.way, started.context.preflight) == (WayToTalk.TYPE, found)
        await bench.sees_screen(Screen.CALL_TYPING)
        await page.expect(SdpOffer)
        bench.press(WriteNote("Меня не слышно, пишу"))
        assert (await page.expect(CallNote)).text == "Меня не слышно, пишу"

        async def operations_know() -> bool:
            async with http.get(f"{office.desk_url}/api/fleet/terminals") as answer:
                (row,) = decode_body(await answer.read(), FleetAnswer).terminals
            return row.preflight is not None and row.preflight.found == found

        await until(operations_know)
