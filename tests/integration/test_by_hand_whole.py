"""What a finger writes, with the real core process and the real office: a paper of a case, a note of a call."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from PIL import Image

from signaling_server.contract.case_desk import CaseCard, CaseList
from signaling_server.contract.decoding import decode_body
from signaling_server.contract.messages import WayToTalk
from signaling_server.contract.notes import CallNote, Drawing, NoteAuthor
from terminal_app.core.drawn import WIDTH_PX
from terminal_app.core.tasks.written_draft import BY_HAND
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import CallPane, OpenPane, WriteNote
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose, Draw, OpenService
from tests.integration import office_bench
from tests.integration.core_bench import WAIT_S, CoreBench, core_bench
from tests.integration.office_bench import Crowd, take_call, until

DRAWING = Drawing(400, [[100, 100, 300, 300, 700, 120], [900, 350]])


class Desk:
    """An office with one agent, and a terminal at it."""

    def __init__(self, bench: CoreBench, url: str) -> None:
        self.bench = bench
        self.url = url

    async def goes(self, *steps: tuple[str, str]) -> None:
        for page, key in steps:
            await self.bench.sees_page(page)
            self.bench.press(Choose(page, key))


@pytest.fixture
async def desk(tmp_path) -> AsyncIterator[Desk]:
    office_data, folder = tmp_path / "office", tmp_path / "terminal"
    office_data.mkdir()
    folder.mkdir()
    await office_bench.add_agent(office_data, "anna")
    process, said = await office_bench.serve_process(office_data)
    try:
        await office_bench.enrol_terminal(office_data, said["terminal_url"], "t1")
        async with core_bench(folder) as bench:
            bench.settings = f'[office]\nurl = "{said["terminal_url"]}"\nidentity_dir = "{tmp_path / "identity-t1"}"\n'
            await bench.start()
            await bench.knows_the_office()
            yield Desk(bench, said["desk_url"])
    finally:
        process.kill()
        await process.wait()


@pytest.mark.clause("9.6.10b", owner="terminal_app")
async def test_thanks_written_by_finger_are_a_picture_in_the_register_and_open_nowhere_on_the_terminal(desk, tmp_path):
    await desk.bench.sees_screen(Screen.ATTRACT)
    desk.bench.press(OpenService("written"))
    await desk.goes(
        ("written", "gratitude"), ("written.group", "topic_0"), ("written.topic", "topic_0"), ("written.text", "hand")
    )
    await desk.bench.sees_page("written.sheet")
    desk.bench.press(Draw("written.sheet", DRAWING))
    await desk.goes(("written.looked", "keep"), ("written.way", "none"), ("written.check", "send"))
    await desk.bench.sees_page("written.filed")
    async with Crowd() as crowd:
        http = await crowd.signed_in(desk.url)

        async def paper() -> bytes | None:
            async with http.get(f"{desk.url}/api/cases") as answer:
                (row,) = decode_body(await answer.read(), CaseList).cases
            async with http.get(f"{desk.url}/api/cases/{row.number}") as answer:
                card = decode_body(await answer.read(), CaseCard)
            assert card.text == BY_HAND
            if not card.papers:
                return None
            (one,) = card.papers
            async with http.get(f"{desk.url}/api/cases/{row.number}/papers/{one.attachment_id}") as answer:
                return await answer.read() if answer.status == 200 else None

        async def is_there() -> bool:
            return await paper() is not None

        await until(is_there, WAIT_S)
        content = await paper()
    assert content is not None
    picture = Image.open(io.BytesIO(content)).convert("L")
    assert picture.width == WIDTH_PX
    assert picture.getpixel((round(0.1 * WIDTH_PX), round(0.1 * WIDTH_PX))) < 60, "ink where the finger began"
    await desk.bench.stop()
    files = [path for path in (tmp_path / "terminal").rglob("*") if path.is_file()]
    assert not any(b"\x89PNG" in path.read_bytes() for path in files)


@pytest.mark.clause("9.6.10a", owner="terminal_app")
@pytest.mark.clause("9.6.10a", owner="signaling_server/desk")
async def test_in_a_call_the_customer_draws_the_agent_writes_and_the_end_forgets_it(desk):
    async with Crowd() as crowd:
        page = await crowd.page(desk.url, await crowd.signed_in(desk.url))
        await desk.bench.sees(lambda now: now.availability.agents_on_duty > 0, "an agent on duty")
        desk.bench.press(ipc.StartCall())
        await desk.bench.sees_screen(Screen.CALL_WAY)
        desk.bench.press(ipc.ChooseWay(WayToTalk.WRITE))
        call_id = await take_call(page)
        await desk.bench.sees_screen(Screen.CALL_LIVE)
        desk.bench.press(OpenPane(CallPane.PAD))
        await desk.bench.sees_screen(Screen.CALL_PAD)
        desk.bench.press(WriteNote(drawing=DRAWING))
        drawn = await page.expect(CallNote)
        assert (drawn.call_id, drawn.author, drawn.drawing) == (call_id, NoteAuthor.CUSTOMER, DRAWING)
        answer = CallNote(call_id, "answer-1", NoteAuthor.AGENT, "Показания примем до 25 ноября")
        await page.send(answer)
        seen = await desk.bench.sees(lambda now: now.call is not None and len(now.call.notes) == 2, "both notes")
        assert seen.screen is Screen.CALL_LIVE
        assert seen.call.notes == [drawn, answer]
        assert await page.expect(CallNote) == answer, "told back: it stands before the customer"
        desk.bench.press(ipc.HangUp())
        over = await desk.bench.sees_screen(Screen.CALL_RESULT)
        assert over.call.notes == []
