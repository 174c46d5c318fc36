"""Справочник: answers to simple questions, the texts a customer agrees to, and the text of the standard."""

from __future__ import annotations

import enum
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.contract.cases import Segment
from signaling_server.contract.services import Id, Line, Word

QUERY_LENGTH_MAX = 100
FOUND_MAX = 10
FREQUENT_MAX = 30  # more than a terminal shows: it leaves out what is not of its list

Query = Annotated[str, Meta(max_length=QUERY_LENGTH_MAX)]


class BlockKind(enum.StrEnum):
    """The four kinds of block (clause 3, Справочник)."""

    TEXT = "text"
    PICTURE = "picture"
    FORMULA = "formula"
    TABLE = "table"


class Block(Struct, frozen=True):
    """One block. `say` is how it is read aloud where the words themselves would not do."""

    kind: BlockKind
    text: str = ""  # of a text: a paragraph; of a formula: one line; of a picture: what it shows, for who cannot see it
    heading: str = ""
    picture: str = ""  # its name; the bytes come by `PictureAsked`
    rows: list[list[str]] = []  # of a table; the first row is its head
    say: str = ""


class Article(Struct, frozen=True):
    """One answer, by approved script. Dates are YYYY-MM-DD."""

    article_id: Id
    title: Line
    group_title: Line
    topic_id: Id  # of the classifier: what a call or a case from here is about
    segments: list[Segment]
    version: int
    updated: Word
    blocks: list[Block]
    valid_from: Word = ""  # the first day of what it says
    valid_to: Word = ""  # the last one; empty: until it is changed
    source: Line = ""  # the act or the paper that it is taken from


class ArticleLine(Struct, frozen=True):
    """An article in a list; `sha256` tells whether a kept copy is still the same."""

    article_id: Id
    title: Line
    group_title: Line
    excerpt: str
    sha256: Word
    valid_from: Word = ""
    valid_to: Word = ""
    topic_id: Word = ""


class StandardChapter(Struct, frozen=True):
    """A chapter of the standard and the page that it begins on."""

    title: Line
    page: int


class Consent(Struct, frozen=True):
    """A text that a customer agrees to: shown in full, never ticked before (clause 6.3.6b)."""

    consent_id: Word
    title: Line
    version: Word  # what goes into `consent_version`
    text: str


# --- terminal -> server -----------------------------------------------------------------------------------------------


class KnowledgeAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """Every article for this kind of customer."""

    request_id: Id
    segment: Segment


class ArticleAsked(Struct, frozen=True, tag=True, tag_field="type"):
    request_id: Id
    article_id: Id


class PictureAsked(Struct, frozen=True, tag=True, tag_field="type"):
    request_id: Id
    picture: Id


class SearchAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """What the customer typed: words in any form, begun or misspelt by one letter."""

    request_id: Id
    query: Query
    segment: Segment


class StandardAsked(Struct, frozen=True, tag=True, tag_field="type"):
    """A page of the standard's text; 0 is the first."""

    request_id: Id
    page: Annotated[int, Meta(ge=0)]


class ConsentsAsked(Struct, frozen=True, tag=True, tag_field="type"):
    request_id: Id


# --- server -> terminal -----------------------------------------------------------------------------------------------


class KnowledgeTold(Struct, frozen=True, tag=True, tag_field="type"):
    request_id: Id
    version: Word  # of everything together: another one means that something changed
    articles: list[ArticleLine]
    frequent: Annotated[list[Id], Meta(max_length=FREQUENT_MAX)] = []  # what is really asked, most often first


class ArticleTold(Struct, frozen=True, tag=True, tag_field="type"):
    request_id: Id
    article: Article


class PictureTold(Struct, frozen=True, tag=True, tag_field="type"):
    """A PNG."""

    request_id: Id
    picture: Id
    content: bytes


class SearchTold(Struct, frozen=True, tag=True, tag_field="type"):
    """Best first, at most ten; none: the customer is offered a consultant."""

    request_id: Id
    found: list[ArticleLine]


class StandardTold(Struct, frozen=True, tag=True, tag_field="type"):
    """One page; `sha256` is of the whole text, the same on every page."""

    request_id: Id
    title: Line
    version: Word
    updated: Word
    sha256: Word
    page: int
    pages: int
    chapter: Line
    text: str
    chapters: list[StandardChapter] = []  # of the whole; on the first page only


class ConsentsTold(Struct, frozen=True, tag=True, tag_field="type"):
    request_id: Id
    consents: list[Consent]


KnowledgeRequest = KnowledgeAsked | ArticleAsked | PictureAsked | SearchAsked | StandardAsked | ConsentsAsked
KnowledgeAnswer = KnowledgeTold | ArticleTold | PictureTold | SearchTold | StandardTold | ConsentsTold
