"""A document that the consultant shows, beside the talk: loading, read, on paper."""

from __future__ import annotations

import io
from collections.abc import Callable

from msgspec.structs import replace
from PIL import Image, ImageDraw

from signaling_server.contract.documents import SheetsState
from terminal_app.ipc.call_messages import DocumentView
from terminal_app.ipc.messages import CallView, Liveness, Screen, TerminalState

TITLE = "Договор энергоснабжения с гарантирующим поставщиком № 78-000417"


def _page() -> bytes:
    sheet = Image.new("RGB", (1240, 1754), "white")
    pen = ImageDraw.Draw(sheet)
    for row in range(44):
        pen.text(
            (120, 120 + 34 * row), f"{row + 1}. Dogovor energosnabzheniya, punkt {row + 1}", fill="black", font_size=26
        )
    stored = io.BytesIO()
    sheet.save(stored, "JPEG")
    return stored.getvalue()


READ = DocumentView("d1", TITLE, 1, 3, 3, _page(), printer="ready", may_print=True)


def document_states(at: Callable[..., TerminalState], call: CallView) -> dict[str, TerminalState]:
    talk = replace(call, liveness=Liveness.LIVE, agent_has_video=True)

    def state(**document: object) -> TerminalState:
        return at(Screen.CALL_DOCUMENT, call=replace(talk, document=replace(READ, **document)))

    return {
        "document_loading": state(page=0, fetched=0, picture=b"", may_print=False),
        "document_read": state(),
        "document_no_printer": state(printer="", may_print=False),
        "document_no_paper": state(printer="paper_out", may_print=False),
        "document_printing": state(sheets=SheetsState.BUSY, may_print=False),
        "document_not_printed": state(sheets=SheetsState.FAILED),
    }
