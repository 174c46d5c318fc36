"""Cards of a call with the real office and the real core process: round trips, paper, a lost line, what is kept."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import sqlite3
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from device_drivers.simulators.ccnet import CcnetSimulator
from device_drivers.simulators.escpos import EscposSimulator, PrintedSlip
from device_drivers.simulators.escpos_rows import TextRow
from signaling_server.contract.messages import CallStarted, WayToTalk
from signaling_server.contract.notes import CallNote, Card, CardAnswer, CardKind, NoteAuthor
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.call_messages import AnswerCard, PrintCard, Printing
from terminal_app.ipc.messages import Screen, TerminalState
from tests.integration import office_bench
from tests.integration.core_bench import ROOT, WAIT_S, CoreBench, core_bench
from tests.integration.office_bench import Crowd, Peer, take_call
from tests.integration.test_written_whole import Line

ROUND_TRIP_S_MAX = 1.0
ROUND_TRIPS = 20
LOWER_ROW = 2  # times as high as the usual one


class Talk:
    """An agent's socket and a terminal in one call."""

    def __init__(
        self,
        bench: CoreBench,
        page: Peer,
        call_id: str,
        printer: EscposSimulator,
        desk_url: str,
        http: aiohttp.ClientSession,
    ) -> None:
        self.bench = bench
        self.page = page
        self.call_id = call_id
        self.printer = printer
        self.desk_url = desk_url
        self.http = http
        self._numbers = itertools.count(1)

    async def sends(self, kind: CardKind, text: str, note_id: str = "", **card: object) -> str:
        note_id = note_id or f"k{next(self._numbers)}"
        await self.page.send(CallNote(self.call_id, note_id, NoteAuthor.AGENT, text, card=Card(kind, **card)))
        return note_id

    async def stands(self, note_id: str) -> TerminalState:
        return await self.bench.sees(
            lambda state: state.screen is Screen.CALL_CARD and state.call is not None and state.call.card_id == note_id,
            note_id,
        )

    async def answer_to(self, note_id: str) -> CallNote:
        while True:
            note = await self.page.expect(CallNote)
            if note.answer_to == note_id:
                return note


@contextlib.asynccontextmanager
async def running_media(folder: Path) -> AsyncIterator[None]:
    """The real media process beside the bench's core."""
    words = ["-m", "terminal_app", "media", "--config", str(folder / "terminal.toml"), "--run-dir", str(folder)]
    media = await asyncio.create_subprocess_exec(sys.executable, *words, cwd=ROOT)
    try:
        yield
    finally:
        media.terminate()
        await asyncio.wait_for(media.wait(), WAIT_S)


@contextlib.asynccontextmanager
async def talking(
    folder: Path, before: ipc.UiToCore | None = None, *, cash: bool = False, camera: str = "", sheets: str = ""
) -> AsyncIterator[tuple[Talk, Line, Path]]:
    """`before`: where the customer has gone before he calls; `cash`: notes are taken here; `camera`: media runs too;
    `sheets`: a printer of A4."""
    office_data = folder / "office"
    async with contextlib.AsyncExitStack() as stack:
        await office_bench.add_agent(office_data, "anna")
        office = await stack.enter_async_context(office_bench.running_office(office_data))
        line = await stack.enter_async_context(Line(int(office.terminal_url.rpartition(":")[2])))
        crowd = await stack.enter_async_context(Crowd())
        bench = await stack.enter_async_context(core_bench(folder))
        await office_bench.enrol_terminal(office_data, office.terminal_url, "Терминал 1")
        url = f"{office.terminal_url.rpartition(':')[0]}:{line.port}"
        bench.settings = f'[office]\nurl = "{url}"\nidentity_dir = "identity-Терминал 1"\n'
        printer = EscposSimulator(rows_per_s=100_000)
        await bench.device("receipt_printer", "escpos", printer)
        if cash:
            await bench.device("bill_validator", "ccnet", CcnetSimulator(initialize_s=0.1))
        bench.setting("camera", camera)
        bench.setting("document_printer", sheets)
        await bench.start()
        if camera:
            await stack.enter_async_context(running_media(folder))
        http = await crowd.signed_in(office.desk_url)
        page = await crowd.page(office.desk_url, http)
        await bench.sees(
            lambda state: state.availability.agents_on_duty > 0 and state.availability.printer, "duty and paper"
        )
        if before is not None:
            bench.press(before)
        bench.press(ipc.StartCall())
        await bench.sees_screen(Screen.CALL_WAY)
        bench.press(ipc.ChooseWay(WayToTalk.TYPE))
        call_id = await take_call(page)
        await page.expect(CallStarted)
        await bench.sees_screen(Screen.CALL_LIVE)
        yield Talk(bench, page, call_id, printer, office.desk_url, http), line, office_data


def kept(office_data: Path) -> list[tuple[str, str, str, str, bool]]:
    with sqlite3.connect(office_data / "office.db") as database:
        rows = database.execute(
            "SELECT note_id, text, answer_to, answer, shown_at_ms > 0 FROM call_cards ORDER BY sent_at_ms, rowid"
        )
        return [(note_id, text, to, answer, bool(shown)) for note_id, text, to, answer, shown in rows]


@pytest.mark.clause("9.3.5a", owner="terminal_app")
@pytest.mark.clause("9.6.10d", owner="terminal_app")
async def test_a_question_and_its_answer_go_there_and_back_within_a_second_and_are_kept(tmp_path):
    async with talking(tmp_path) as (talk, _, office_data):
        confirm = await talk.sends(CardKind.CONFIRM, "Показания до 25 числа")
        await talk.stands(confirm)
        talk.bench.press(AnswerCard(confirm, CardAnswer.UNDERSTOOD))
        assert (await talk.answer_to(confirm)).answer is CardAnswer.UNDERSTOOD
        took_s = []
        for number in range(ROUND_TRIPS):
            began_s = time.monotonic()
            asked = await talk.sends(CardKind.QUESTION, f"Вопрос {number}?", options=["Дома", "В подъезде"])
            await talk.stands(asked)
            talk.bench.press(AnswerCard(asked, CardAnswer.OPTION, "В подъезде"))
            assert (await talk.answer_to(asked)).text == "В подъезде"
            took_s.append(time.monotonic() - began_s)
        assert max(took_s) < ROUND_TRIP_S_MAX, took_s
        rows = kept(office_data)
        assert len(rows) == 2 * (1 + ROUND_TRIPS)
        assert rows[0] == (confirm, "Показания до 25 числа", "", "", True)
        assert rows[1][2:] == (confirm, "understood", True)
        talk.bench.press(ipc.HangUp())
        state = await talk.bench.sees_screen(Screen.CALL_RESULT)
        assert state.call is not None
        assert (state.call.notes, state.call.card_id) == ([], "")


@pytest.mark.clause("9.3.5c", owner="terminal_app")
@pytest.mark.parametrize("kind", [CardKind.WRITTEN, CardKind.SUMMARY])
async def test_what_is_given_in_writing_comes_out_of_the_printer_in_large_letters(tmp_path, kind):
    rows = ["1. Паспорт", "2. Выписка из ЕГРН", "8 800 100-20-30", "до 25.12.2026"]
    async with talking(tmp_path) as (talk, _, office_data):
        card = await talk.sends(kind, "\n".join(rows), title="Документы")
        await talk.stands(card)
        talk.bench.press(PrintCard(card))
        assert (await talk.answer_to(card)).answer is CardAnswer.PRINTED
        state = await talk.bench.sees(lambda state: state.call is not None and state.call.printing is Printing.DONE)
        assert state.screen is Screen.CALL_CARD
        (slip,) = talk.printer.take_slips()
        large = [row.text.strip() for row in slip.rows if isinstance(row, TextRow) and row.height == LOWER_ROW]
        assert large == rows
        assert text_of(slip)[0] == "Документы"
        assert (card, "printed") in [(to, answer) for _, _, to, answer, _ in kept(office_data)]


def text_of(slip: PrintedSlip) -> list[str]:
    return [row.text.strip() for row in slip.rows if isinstance(row, TextRow)]


async def test_a_card_lost_with_the_line_is_not_told_to_be_shown_and_comes_once_when_sent_again(tmp_path):
    async with talking(tmp_path) as (talk, line, office_data):
        talk.page.heard.clear()
        line.cut()
        await talk.bench.sees(lambda state: not state.availability.server, "the line is cut")
        lost = await talk.sends(CardKind.RESTATE, "Счётчик в подъезде")

        async def stored() -> bool:
            return kept(office_data) == [(lost, "Счётчик в подъезде", "", "", False)]

        await office_bench.until(stored, WAIT_S)
        assert talk.bench.states[-1].screen is Screen.CALL_LIVE
        assert not [heard for heard in talk.page.heard if isinstance(heard, CallNote)]
        line.mend()
        await talk.bench.sees(lambda state: state.availability.server, "the line is back")
        before = len(talk.bench.states)
        for _ in range(2):  # an agent who sends it twice, or a page that does after a reload
            await talk.sends(CardKind.RESTATE, "Счётчик в подъезде", lost)
        await talk.stands(lost)
        talk.bench.press(AnswerCard(lost, CardAnswer.YES))
        assert (await talk.answer_to(lost)).answer is CardAnswer.YES
        await talk.sends(CardKind.RESTATE, "Счётчик в подъезде", lost)
        told = await talk.page.expect(CallNote)
        assert (told.note_id, talk.bench.states[-1].screen) == (lost, Screen.CALL_LIVE)
        screens = [state.screen for state in talk.bench.states[before - 1 :] if state.call is not None]
        turns = [screen for screen, _ in itertools.groupby(screens)]
        assert turns == [Screen.CALL_LIVE, Screen.CALL_CARD, Screen.CALL_LIVE]
        assert [row[0] for row in kept(office_data)].count(lost) == 1
