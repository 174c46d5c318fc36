"""A document of the consultant: fetched page by page, turned, printed where there is a printer, wiped with the talk."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from payment.contract import CashInSnapshot, CashSettings
from signaling_server.contract.documents import (
    DocumentShown,
    DocumentState,
    DocumentTold,
    SheetsState,
    WithdrawDocument,
)
from signaling_server.contract.messages import CallEnded, CallEndReason
from signaling_server.contract.notes import CardKind
from signaling_server.contract.stills import StillAsked
from terminal_app.contacts import Contacts
from terminal_app.core.call import Call, CallTick, LinkChanged, Press, ToOffice
from terminal_app.core.call_document import NO_DOCUMENT, FetchPage, PageFetched, PrintSheets, SheetsPrinted
from terminal_app.core.paper_side import pdf_of
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.visit_values import Visit
from terminal_app.ipc.call_messages import PrintDocument, StopHelp, TurnDocument
from terminal_app.ipc.messages import Availability, Screen, TerminalState
from terminal_app.ui.presenters.call_document import CallDocumentPresenter

sys.path.append(str(Path(__file__).parent))
from test_call_cards import card
from test_terminal_call import TO_LIVE, tell

AROUND = Surroundings(Availability(server=True), Contacts(), "", CashSettings(terminal_id="t"))
CALL_ID = tell(*TO_LIVE)[0].call_id
SHOWN = DocumentShown(CALL_ID, "d1", "Договор", 2, "/documents/token")
FIRST, SECOND = PageFetched("d1", 0, b"one"), PageFetched("d1", 1, b"two")
READY = CallTick(printer="ready")


def state(call: Call) -> TerminalState:
    return terminal_state(Visit(), call, CashInSnapshot(), AROUND)


def told(effects: list[object]) -> list[DocumentTold]:
    said = [effect.message for effect in effects if isinstance(effect, ToOffice)]
    return [message for message in said if isinstance(message, DocumentTold)]


def reading(*more: object) -> Call:
    return tell(*TO_LIVE, SHOWN, FIRST, SECOND, *more)[0]


def test_pages_are_fetched_one_by_one_and_shown_beside_the_talk():
    call, effects = tell(SHOWN, call=tell(*TO_LIVE)[0])
    assert FetchPage("d1", "/documents/token", 0) in effects
    assert [each.state for each in told(effects)] == [DocumentState.LOADING]
    assert state(call).screen is Screen.CALL_DOCUMENT
    call, effects = tell(FIRST, call=call)
    assert FetchPage("d1", "/documents/token", 1) in effects
    assert [each.state for each in told(effects)] == [DocumentState.SHOWN]
    call, effects = tell(SECOND, call=call)
    assert not any(isinstance(effect, FetchPage) for effect in effects)
    assert state(call).call.document.picture == b"one"
    call, effects = tell(Press(TurnDocument(1)), call=call)
    assert told(effects)[0].page == 1
    assert state(call).call.document.picture == b"two"
    assert tell(Press(TurnDocument(2)), call=call)[0] == call


def test_a_page_that_does_not_come_ends_it_and_one_of_another_document_changes_nothing():
    begun = tell(*TO_LIVE, SHOWN)[0]
    assert tell(PageFetched("older", 0, b"x"), call=begun)[0] == begun
    call, effects = tell(PageFetched("d1", 0, b""), call=begun)
    assert [each.state for each in told(effects)] == [DocumentState.FAILED]
    assert state(call).screen is Screen.CALL_LIVE


def test_it_is_printed_only_whole_on_a_printer_that_works_and_once_at_a_time():
    for printer in ("", "paper_out"):
        call = reading(CallTick(printer=printer))
        assert not state(call).call.document.may_print
        assert tell(Press(PrintDocument()), call=call)[0] == call
    half = tell(*TO_LIVE, READY, SHOWN, FIRST)[0]
    assert not state(half).call.document.may_print
    call, effects = tell(Press(PrintDocument()), call=reading(READY))
    assert PrintSheets("d1", (b"one", b"two")) in effects
    assert told(effects)[0].sheets is SheetsState.BUSY
    assert tell(Press(PrintDocument()), call=call)[0] == call
    call, effects = tell(SheetsPrinted("d1", done=False), call=call)
    assert told(effects)[0].sheets is SheetsState.FAILED
    assert state(call).call.document.may_print  # he may try again


def test_the_agent_reads_what_ails_the_printer():
    call, effects = tell(READY, call=reading())
    assert told(effects)[0].printer == "ready"
    _, effects = tell(CallTick(printer="paper_out"), call=call)
    assert told(effects)[0].printer == "paper_out"


@pytest.mark.parametrize("end", [Press(StopHelp()), WithdrawDocument(CALL_ID, "d1")], ids=["customer", "agent"])
def test_either_side_closes_it(end):
    call, effects = tell(end, call=reading())
    assert [each.state for each in told(effects)] == [DocumentState.CLOSED]
    assert (state(call).screen, call.document.got) == (Screen.CALL_LIVE, ())


def test_a_card_and_a_paper_asked_for_stand_over_it_and_it_comes_back():
    call = reading(card(CardKind.CONFIRM))
    assert state(call).screen is Screen.CALL_CARD
    assert state(call).call.document is None  # its pages do not travel unseen
    asked = reading(StillAsked(CALL_ID, "s1", "/stills/x"))
    assert state(asked).page.name == "still_offer"


def test_nothing_is_left_after_the_talk_and_all_is_told_after_a_lost_link():
    _, effects = tell(LinkChanged(up=True), call=reading())
    assert [each.state for each in told(effects)] == [DocumentState.SHOWN]
    assert tell(CallEnded(CALL_ID, CallEndReason.AGENT_ENDED), call=reading())[0].document == NO_DOCUMENT


def test_strips_follow_each_other_down_the_page_and_on_to_the_next_one():
    call = reading()
    presenter = CallDocumentPresenter(state(call))
    tops = [presenter.view(state(call)).part[0]]
    assert presenter.press("document_next", state(call)) is None
    tops.append(presenter.view(state(call)).part[0])
    begins, height = tops[-1], presenter.view(state(call)).part[1]
    assert tops[0] == 0.0
    assert begins + height == pytest.approx(1.0)
    assert begins < height  # they overlap: no line is lost between them
    assert presenter.press("document_next", state(call)) == TurnDocument(1)
    after = tell(Press(TurnDocument(1)), call=call)[0]
    assert presenter.view(state(after)).part[0] == 0.0
    assert not presenter.view(state(after)).main.enabled or presenter.press("document_next", state(after)) is None
    back = [presenter.press("document_back", state(after)) for _ in range(2)]
    assert TurnDocument(0) in back
    assert presenter.view(state(call)).part[0] == pytest.approx(begins)  # read from its end


def test_sheets_of_a4_hold_the_pages_whole():
    pages = []
    for size in ((1240, 1754), (1600, 900)):
        stored = io.BytesIO()
        Image.new("RGB", size, "grey").save(stored, "JPEG")
        pages.append(stored.getvalue())
    pdf = pypdfium2.PdfDocument(pdf_of(tuple(pages)))
    sizes = [tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in pdf]
    assert sizes == [(210, 297), (297, 210)]
