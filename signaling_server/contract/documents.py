"""A document that the agent shows in a call: pages drawn by the office, fetched by the terminal (docs/adr/0041).

Whatever file the agent chose, only pictures of its pages travel: over HTTPS, by a link for this terminal and a few
minutes. The terminal tells all of it again after a lost link or a page loaded anew.
"""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.case_desk import Number
from signaling_server.contract.knowledge import ArticleLine

FILE_SIZE_MAX = 10_000_000  # bytes of what the agent chooses
PAGES_MAX = 20
PAGE_SIZE_MAX = 900_000  # bytes of one page's JPEG
TITLE_LENGTH_MAX = 80

DocumentId = Annotated[str, Meta(min_length=1, max_length=64)]
DocumentTitle = Annotated[str, Meta(min_length=1, max_length=TITLE_LENGTH_MAX)]


class DocumentState(enum.StrEnum):
    LOADING = "loading"
    SHOWN = "shown"
    CLOSED = "closed"  # by the customer, or taken back by the agent
    FAILED = "failed"  # its pages did not come


class SheetsState(enum.StrEnum):
    """The document on paper."""

    NONE = "none"
    BUSY = "busy"
    DONE = "done"
    FAILED = "failed"


class DocumentShown(Struct, frozen=True, tag=True, tag_field="type"):
    """To the terminal: `GET path/0` … `path/pages-1`, each once. A newer document replaces an older one."""

    call_id: DocumentId
    document_id: DocumentId
    title: DocumentTitle
    pages: Annotated[int, Meta(ge=1, le=PAGES_MAX)]
    path: Annotated[str, Meta(max_length=200)]


class WithdrawDocument(Struct, frozen=True, tag=True, tag_field="type"):
    """The agent takes it off the customer's screen."""

    call_id: DocumentId
    document_id: DocumentId


class DocumentTold(Struct, frozen=True, tag=True, tag_field="type"):
    """Of the terminal, to the agent. `printer`: empty where there is none for sheets; ready, or its fault."""

    call_id: DocumentId
    document_id: DocumentId
    state: DocumentState
    page: int = 0  # that stands before the customer
    sheets: SheetsState = SheetsState.NONE
    printer: Annotated[str, Meta(max_length=40)] = ""


class DocumentTaken(Struct, frozen=True):
    """Answer to the agent's upload."""

    document_id: str
    pages: int


class ArticlesFound(Struct, frozen=True):
    """Of the Справочник, for the agent's search."""

    articles: list[ArticleLine]


class ShowArticle(Struct, frozen=True):
    """Its pages onto the customer's screen."""

    article_id: DocumentId


class CallPaper(Struct, frozen=True):
    """A photo of one of the customer's open cases."""

    number: str
    attachment_id: str
    arrived_at_ms: int


class CallPapers(Struct, frozen=True):
    papers: list[CallPaper]


class ShowPaper(Struct, frozen=True):
    """One of them onto the customer's screen."""

    number: Number
    attachment_id: DocumentId
