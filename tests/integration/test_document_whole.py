"""A document shown in a call and printed at the terminal: real office and core, a print service over real HTTP."""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncIterator

import pypdfium2
import pytest
from aiohttp import web
from aiohttp.test_utils import unused_port

from device_drivers.simulators.ipp_printer import IppPrinterSimulator
from signaling_server.contract.documents import DocumentState, DocumentTold, SheetsState, WithdrawDocument
from signaling_server.contract.messages import AgentPing
from terminal_app.ipc.call_messages import PrintDocument, StopHelp, TurnDocument
from terminal_app.ipc.messages import Screen, TerminalState
from tests.integration.office_bench import Peer
from tests.integration.test_call_cards_whole import Talk, talking
from tests.unit.signaling_server.test_document_pages import pdf


@contextlib.asynccontextmanager
async def print_service(printer: IppPrinterSimulator) -> AsyncIterator[str]:
    """Its device URL."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=printer.answer(await request.read(), time.monotonic()))

    app = web.Application(client_max_size=1 << 25)
    app.router.add_post("/printers/a4", answer)
    runner, port = web.AppRunner(app, access_log=None), unused_port()
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield f"cups://127.0.0.1:{port}/a4"
    finally:
        await runner.cleanup()


async def shown(talk: Talk, content: bytes, title: str = "Договор") -> tuple[int, dict[str, object]]:
    url = f"{talk.desk_url}/api/calls/{talk.call_id}/documents?title={title}"
    async with talk.http.post(url, data=content) as answer:
        return answer.status, await answer.json()


async def told(agent: Peer, **wanted: object) -> DocumentTold:
    await agent.send(AgentPing(1))  # a page that is silent for 10 s has left the call
    while True:
        now = await agent.expect(DocumentTold)
        if all(getattr(now, name) == value for name, value in wanted.items()):
            return now


def reads(state: TerminalState) -> bool:
    document = state.call.document if state.call is not None else None
    return state.screen is Screen.CALL_DOCUMENT and document is not None and document.fetched == document.pages


@pytest.mark.clause("6.1.1", owner="terminal_app")
async def test_a_contract_is_shown_turned_printed_on_a4_and_closed(tmp_path):
    printer = IppPrinterSimulator()
    async with print_service(printer) as url, talking(tmp_path, sheets=url) as (talk, _, _office_data):
        bench, page = talk.bench, talk.page
        status, taken = await shown(talk, pdf(2))
        assert (status, taken["pages"]) == (200, 2)
        await told(page, state=DocumentState.SHOWN, printer="ready")
        state = await bench.sees(reads, "the whole document")
        assert state.call.document.title == "Договор"
        assert state.call.document.picture.startswith(b"\xff\xd8")
        bench.press(TurnDocument(1))
        await told(page, page=1)
        bench.press(PrintDocument())
        await told(page, sheets=SheetsState.BUSY)
        await told(page, sheets=SheetsState.DONE)
        sheets = pypdfium2.PdfDocument(printer.printed[0])
        assert [round(sheet.get_width() / 72 * 25.4) for sheet in sheets] == [210, 210]

        printer.control({"do": "reasons", "reasons": "media-empty-error"}, time.monotonic())
        await told(page, printer="paper_out")
        state = await bench.sees(lambda state: state.call is not None and not state.call.document.may_print, "no paper")
        bench.press(StopHelp())
        await told(page, state=DocumentState.CLOSED)
        await bench.sees_screen(Screen.CALL_LIVE)

        assert (await shown(talk, b"MZ a program"))[0] == 422
        assert (await shown(talk, b"\0" * 10_000_001))[0] == 413
        await shown(talk, pdf(1), "Справка")
        again = await told(page, state=DocumentState.SHOWN)
        await page.send(WithdrawDocument(talk.call_id, again.document_id))
        await told(page, state=DocumentState.CLOSED)
        await bench.sees_screen(Screen.CALL_LIVE)
