"""A document of the consultant: its pages, larger or smaller, on paper where there is a printer of sheets.

A page too small to be read is shown in strips of its whole width, from the top, so that no line is cut in two places.
"""

from __future__ import annotations

from dataclasses import dataclass

from signaling_server.contract.documents import SheetsState
from terminal_app.ipc.call_messages import DocumentView, PrintDocument, TurnDocument
from terminal_app.ipc.messages import TerminalState, UiToCore
from terminal_app.ui import theme
from terminal_app.ui.locale import t, unbroken
from terminal_app.ui.presenters.page_words import ChoiceView
from terminal_app.ui.presenters.presenter import Presenter

STRIPS_MAX = 4
OVERLAP = 0.06  # of a page: a line that ends one strip begins the next one
NEXT, BACK, LARGER, PRINT = "document_next", "document_back", "document_larger", "document_print"


@dataclass(frozen=True, slots=True)
class CallDocumentView:
    title: str
    place: str
    told: str
    picture: bytes
    part: tuple[float, float]  # of the page's height: where the strip begins, counted from the top, and how high it is
    main: ChoiceView
    others: tuple[ChoiceView, ...]


class CallDocumentPresenter(Presenter[CallDocumentView]):
    def __init__(self, state: TerminalState) -> None:
        self._strips = 3 if theme.beside() else 2
        self._strip = 0
        self._shown: tuple[str, int] = ("", 0)

    def view(self, state: TerminalState) -> CallDocumentView:
        document = _of(state)
        self._follow(document)
        printing = [ChoiceView(PRINT, t("document.print"), "", "", True)] if document.may_print else []
        larger = self._strips < STRIPS_MAX
        zoom = ChoiceView(LARGER, t("document.larger" if larger else "document.whole"), "", "", True)
        back = ChoiceView(BACK, t("document.back"), "", "", self._strip > 0 or document.page > 0)
        return CallDocumentView(
            title=unbroken(document.title),
            place=t("document.place", page=document.page + 1, pages=document.pages),
            told=_told(document),
            picture=document.picture,
            part=self._part(),
            main=ChoiceView(NEXT, t("document.next"), "", "", self._goes_on(document)),
            others=(back, zoom, *printing),
        )

    def press(self, key: str, state: TerminalState) -> UiToCore | None:
        document = _of(state)
        match key:
            case "document_next" if self._strip + 1 < self._strips:
                self._strip += 1
            case "document_next" if self._goes_on(document):
                return TurnDocument(document.page + 1)
            case "document_back" if self._strip > 0:
                self._strip -= 1
            case "document_back" if document.page > 0:
                return TurnDocument(document.page - 1)
            case "document_larger":
                self._strips, self._strip = self._strips % STRIPS_MAX + 1, 0
            case "document_print" if document.may_print:
                return PrintDocument()
        return None

    def _follow(self, document: DocumentView) -> None:
        """A page turned back to is read from its end."""
        shown = (document.document_id, document.page)
        if shown != self._shown:
            back = shown[0] == self._shown[0] and shown[1] < self._shown[1]
            self._strip, self._shown = self._strips - 1 if back else 0, shown

    def _goes_on(self, document: DocumentView) -> bool:
        return self._strip + 1 < self._strips or document.page + 1 < document.fetched

    def _part(self) -> tuple[float, float]:
        height = min(1.0, 1 / self._strips + (OVERLAP if self._strips > 1 else 0.0))
        return (1 - height) * self._strip / max(1, self._strips - 1), height


def _told(document: DocumentView) -> str:
    """How it is with what comes and with the paper."""
    if not document.picture:
        return t("document.loading")
    if document.sheets is not SheetsState.NONE:
        return t(f"document.sheets.{document.sheets}")
    return t("document.no_sheets") if document.printer and not document.may_print else ""


def _of(state: TerminalState) -> DocumentView:
    assert state.call is not None
    assert state.call.document is not None
    return state.call.document
