"""Written обращения with the real core process and the real office: nothing open on disk, filed exactly once."""

from __future__ import annotations

import asyncio
import contextlib
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from payment.billing.outbox import OutboxFile
from signaling_server.config import Settings
from signaling_server.contract.messages import WayToTalk
from signaling_server.messaging.far_end import FarEnd
from signaling_server.office import open_office_database
from signaling_server.storage.tables import CASES
from terminal_app.core.case_outbox import FILE
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Screen
from terminal_app.ipc.pages import Choose, Enter, OpenService
from tests.integration import office_bench
from tests.integration.core_bench import WAIT_S, CoreBench, core_bench
from tests.integration.office_bench import until

PHONE, NAME = "+79211234567", "Воробьянинова Клавдия"
TEXT = "Соседский счётчик гудит третий день, проверьте его."


class Line:
    """The wire between terminal and office: whole, deaf towards the terminal, or cut."""

    def __init__(self, target_port: int) -> None:
        self._target_port = target_port
        self._writers: list[asyncio.StreamWriter] = []
        self.whole = True
        self.hears = asyncio.Event()
        self.hears.set()

    async def __aenter__(self) -> Line:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._server.close()

    def cut(self) -> None:
        self.whole = False
        for writer in self._writers:
            writer.close()
        self._writers.clear()

    def mend(self) -> None:
        self.whole = True
        self.hears.set()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self.whole:
            writer.close()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        self._writers += [writer, far_writer]
        with contextlib.suppress(OSError):
            await asyncio.gather(self._copy(reader, far_writer, None), self._copy(far_reader, writer, self.hears))

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, gate: asyncio.Event | None
    ) -> None:
        while content := await reader.read(65_536):
            if gate is not None:
                await gate.wait()
            writer.write(content)
            await writer.drain()
        writer.close()


class Stand:
    """An office, a line, a terminal at it."""

    def __init__(self, office_data: Path, bench: CoreBench, line: Line, far_end: FarEnd) -> None:
        self.office_data = office_data
        self.bench = bench
        self.line = line
        self.far_end = far_end

    async def cases(self) -> list[tuple[str, str]]:
        """Number and text of everything that the office has filed."""
        database = await open_office_database(self.office_data, Settings())
        async with database.begin() as tx:
            rows = (await tx.execute(select(CASES.c.number, CASES.c.summary))).all()
        await database.dispose()
        return [(row.number, row.summary) for row in rows]

    async def goes(self, *steps: tuple[str, str]) -> None:
        """Each step: the page, and what is touched or typed on it."""
        for page, act in steps:
            state = await self.bench.sees_page(page)
            assert state.page is not None
            self.bench.press(Enter(page, act) if state.page.entry and act != "skip" else Choose(page, act))

    async def writes(self, kind: str = "request") -> None:
        """As far as «Проверьте обращение»."""
        await self.bench.sees_screen(Screen.ATTRACT)
        self.bench.press(OpenService("written"))
        await self.goes(
            ("written", kind),
            ("written.group", "topic_1"),
            ("written.topic", "topic_0"),
            ("written.text", TEXT),
            ("written.way", "sms"),
            ("written.phone", PHONE),
            ("written.name", NAME),
            ("written.account", "skip"),
            ("written.consent", "agree"),
        )
        await self.bench.sees_page("written.check")

    def waiting(self) -> list[str]:
        """Refusals, or "" for each parcel that waits; core must not hold the file."""
        box = OutboxFile(self.bench.folder / "data" / FILE)
        try:
            return [parcel.refused for parcel in box.labels()]
        finally:
            box.close()

    async def until_nothing_waits(self) -> None:
        async def nothing_waits() -> bool:
            await asyncio.sleep(0.5)
            await self.bench.stop()
            if self.waiting():
                await self.bench.start()
                return False
            return True

        await until(nothing_waits, WAIT_S)

    def nothing_is_open(self) -> None:
        """No file of the terminal has what the customer typed."""
        files = [path for path in self.bench.folder.rglob("*") if path.is_file()]
        assert any(path.name == FILE for path in files)
        for path in files:
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # core has just put it in the place of another
            for typed in (TEXT, NAME, PHONE, PHONE[2:]):
                for encoding in ("utf-8", "utf-16-le", "cp1251"):
                    assert typed.encode(encoding) not in content, path.name


@pytest.fixture
async def stand(tmp_path) -> AsyncIterator[Stand]:
    office_data, folder = tmp_path / "office", tmp_path / "terminal"
    office_data.mkdir()
    folder.mkdir()
    far_end = FarEnd()
    await far_end.start()
    settings = f'[messaging]\nsms_url = "http://127.0.0.1:{far_end.http_port}/sms"\n'
    (office_data / "office.toml").write_text(settings, "utf-8")
    process, said = await office_bench.serve_process(office_data)
    try:
        await office_bench.enrol_terminal(office_data, said["terminal_url"], "t1")
        port = int(said["terminal_url"].rpartition(":")[2])
        async with Line(port) as line, core_bench(folder) as bench:
            url = said["terminal_url"].replace(str(port), str(line.port))
            bench.settings = f'[office]\nurl = "{url}"\nidentity_dir = "{tmp_path / "identity-t1"}"\n'
            stand = Stand(office_data, bench, line, far_end)
            await bench.start()
            await stand.bench.knows_the_office()
            yield stand
    finally:
        process.kill()
        await process.wait()
        await far_end.stop()


async def test_a_request_gets_its_number_and_is_found_again_by_phone_and_code(stand):
    await stand.writes()
    stand.bench.press(Choose("written.check", "send"))
    filed = await stand.bench.sees_page("written.filed")
    ((number, text),) = await stand.cases()
    assert (filed.page.number, text) == (number, TEXT)
    stand.bench.press(ipc.GoHome())
    await stand.bench.sees_screen(Screen.ATTRACT)
    stand.nothing_is_open()
    stand.bench.press(OpenService("case_status"))
    await stand.goes(("case_status", number.replace("-", "")), ("case_status.phone", PHONE))
    await stand.bench.sees_page("phone_code")
    codes = []

    async def code_came() -> bool:
        codes[:] = [match[0] for letter in stand.far_end.arrived if (match := re.match(r"\d{6}", letter.body))]
        return bool(codes)

    await until(code_came)
    stand.bench.press(Enter("phone_code", codes[0]))
    told = await stand.bench.sees_page("case_status.told")
    shown = [part.text.text or part.text.key for part in told.page.parts]
    assert shown[:2] == [number, "case_status.is_registered"]


async def test_stored_without_a_line_and_killed_it_is_filed_once_when_the_line_is_back(stand):
    stand.line.cut()
    await stand.bench.sees(lambda state: not state.availability.server, "no line")
    await stand.writes()
    stand.bench.press(Choose("written.check", "send"))
    kept = await stand.bench.sees_page("written.kept")
    assert kept.page.number == ""
    assert await stand.bench.stop(signal.SIGKILL) == -signal.SIGKILL
    assert stand.waiting() == [""]
    stand.nothing_is_open()
    assert await stand.cases() == []
    stand.line.mend()
    await stand.bench.start()

    async def filed() -> bool:
        return bool(await stand.cases())

    await until(filed, WAIT_S)
    await stand.until_nothing_waits()
    assert [text for _, text in await stand.cases()] == [TEXT]
    stand.nothing_is_open()


async def test_filed_but_unheard_and_killed_it_is_not_filed_again(stand):
    await stand.writes()
    stand.line.hears.clear()
    stand.bench.press(Choose("written.check", "send"))

    async def filed() -> bool:
        return bool(await stand.cases())

    await until(filed, WAIT_S)
    assert await stand.bench.stop(signal.SIGKILL) == -signal.SIGKILL
    assert stand.waiting() == [""]
    first = await stand.cases()
    stand.line.mend()
    await stand.bench.start()
    await stand.until_nothing_waits()
    assert await stand.cases() == first
    assert len(first) == 1


async def test_what_the_office_refuses_is_mended_while_he_is_there(stand):
    await stand.writes()
    stand.bench.press(Choose("written.check", "correct"))
    await stand.goes(("written.which", "way"), ("written.way", "sms"))
    await stand.goes(("written.phone", "+70000000000"))  # as the keypad would let him type it
    stand.bench.press(Choose((await stand.bench.sees_page("written.check")).page.name, "send"))
    refused = await stand.bench.sees_page("written.refused")
    assert "10 цифр" in refused.page.sentence.text
    await stand.goes(("written.refused", "mend"), ("written.phone", PHONE), ("written.check", "send"))
    await stand.bench.sees_page("written.filed")
    await stand.until_nothing_waits()
    assert len(await stand.cases()) == 1


async def test_where_no_consultant_is_on_duty_a_message_is_left_instead(stand):
    await stand.bench.sees(
        lambda state: state.availability.server and state.screen is Screen.ATTRACT, "the first screen, a line"
    )
    stand.bench.press(ipc.StartCall())
    both = (Screen.CALL_WAY, Screen.NOTICE)
    asked = await stand.bench.sees(lambda state: state.screen in both, "how to talk, or why not")
    if asked.screen is Screen.CALL_WAY:
        stand.bench.press(ipc.ChooseWay(WayToTalk.SPEAK))
        asked = await stand.bench.sees_screen(Screen.NOTICE)
        assert asked.notice is ipc.Notice.NO_AGENT_ON_DUTY
    else:
        assert asked.notice is ipc.Notice.DESK_CLOSED, "it is night at the office of this test"
    stand.bench.press(OpenService("message"))
    await stand.goes(
        ("written.group", "topic_0"),
        ("written.topic", "topic_0"),
        ("written.text", TEXT),
        ("written.phone", PHONE),
        ("written.name", "skip"),
        ("written.consent", "agree"),
        ("written.check", "send"),
    )
    await stand.bench.sees_page("written.filed")
    assert [text for _, text in await stand.cases()] == [TEXT]
