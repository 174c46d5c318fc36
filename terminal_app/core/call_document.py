"""A document that the agent shows: its pages fetched one by one, turned by the customer, printed at his touch. Pure.

Pages lie here and nowhere else, and are gone with the talk (docs/adr/0041).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from signaling_server.contract.documents import (
    DocumentShown,
    DocumentState,
    DocumentTold,
    SheetsState,
    WithdrawDocument,
)
from terminal_app.ipc.call_messages import DocumentView, PrintDocument, StopHelp, TurnDocument

READY = "ready"  # how the printer of sheets does; else its fault, or nothing where there is none


@dataclass(frozen=True, slots=True)
class Document:
    """`got`: JPEG of the pages fetched so far, the first one first."""

    document_id: str = ""
    title: str = ""
    path: str = ""
    pages: int = 0
    got: tuple[bytes, ...] = ()
    at: int = 0
    sheets: SheetsState = SheetsState.NONE
    printer: str = ""
    ended: DocumentTold | None = None  # the last one that is no more

    @property
    def stands(self) -> bool:
        return bool(self.document_id)


NO_DOCUMENT = Document()


@dataclass(frozen=True, slots=True)
class FetchPage:
    """Of the office; answered by `PageFetched`."""

    document_id: str
    path: str
    number: int


@dataclass(frozen=True, slots=True)
class PageFetched:
    """`content` empty: it did not come."""

    document_id: str
    number: int
    content: bytes


@dataclass(frozen=True, slots=True)
class PrintSheets:
    """Answered by `SheetsPrinted`."""

    document_id: str
    pages: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class SheetsPrinted:
    document_id: str
    done: bool


Press = TurnDocument | PrintDocument | StopHelp
Event = DocumentShown | WithdrawDocument | PageFetched | SheetsPrinted | Press
Wanted = FetchPage | PrintSheets | None
Step = tuple[Document, Wanted]


def stepped(document: Document, event: Event, call_id: str) -> Step:
    """One event. What belongs to another document changes nothing."""
    match event:
        case DocumentShown(document_id=document_id, path=path):
            fresh = Document(document_id, event.title, path, event.pages, printer=document.printer)
            return fresh, FetchPage(document_id, path, 0)
        case WithdrawDocument(document_id=document_id) if document_id == document.document_id:
            return over(document, call_id, DocumentState.CLOSED), None
        case PageFetched(document_id=document_id) if document_id == document.document_id:
            return _fetched(document, event, call_id)
        case SheetsPrinted(document_id=document_id, done=done) if document_id == document.document_id:
            return replace(document, sheets=SheetsState.DONE if done else SheetsState.FAILED), None
        case TurnDocument(page=page) if 0 <= page < len(document.got):
            return replace(document, at=page), None
        case PrintDocument() if _may_print(document):
            return replace(document, sheets=SheetsState.BUSY), PrintSheets(document.document_id, document.got)
        case StopHelp():
            return over(document, call_id, DocumentState.CLOSED), None
        case _:
            return document, None


def over(document: Document, call_id: str, state: DocumentState) -> Document:
    ended = DocumentTold(call_id, document.document_id, state, sheets=document.sheets, printer=document.printer)
    return Document(printer=document.printer, ended=ended)


def told(call_id: str, document: Document) -> list[DocumentTold]:
    """How it stands, for the agent."""
    if not document.stands:
        return [document.ended] if document.ended is not None else []
    state = DocumentState.SHOWN if document.got else DocumentState.LOADING
    return [DocumentTold(call_id, document.document_id, state, document.at, document.sheets, document.printer)]


def view(document: Document) -> DocumentView | None:
    if not document.stands:
        return None
    return DocumentView(
        document_id=document.document_id,
        title=document.title,
        page=document.at,
        pages=document.pages,
        fetched=len(document.got),
        picture=document.got[document.at] if document.got else b"",
        sheets=document.sheets,
        printer=document.printer,
        may_print=_may_print(document),
    )


def _fetched(document: Document, event: PageFetched, call_id: str) -> Step:
    if event.number != len(document.got):
        return document, None
    if not event.content:
        return over(document, call_id, DocumentState.FAILED), None
    after = replace(document, got=(*document.got, event.content))
    missing = len(after.got) < after.pages
    return after, FetchPage(after.document_id, after.path, len(after.got)) if missing else None


def _may_print(document: Document) -> bool:
    """All of it, on a printer that works, once at a time."""
    whole = 0 < document.pages == len(document.got)
    return whole and document.printer == READY and document.sheets is not SheetsState.BUSY
