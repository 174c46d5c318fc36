"""Справочник as terminals ask for it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from signaling_server.contract.cases import Segment
from signaling_server.contract.knowledge import (
    FOUND_MAX,
    Article,
    ArticleAsked,
    ArticleLine,
    ArticleTold,
    BlockKind,
    ConsentsAsked,
    ConsentsTold,
    KnowledgeAnswer,
    KnowledgeAsked,
    KnowledgeRequest,
    KnowledgeTold,
    PictureAsked,
    PictureTold,
    SearchAsked,
    SearchTold,
    StandardAsked,
    StandardChapter,
    StandardTold,
)
from signaling_server.knowledge.content import Content
from signaling_server.knowledge.search import SearchIndex, SearchText
from signaling_server.refusal import ServiceRefusedError

TITLE_WORTH, SEARCH_WORDS_WORTH, HEADING_WORTH, TEXT_WORTH = 5.0, 4.0, 2.0, 1.0
EXCERPT_LENGTH_MAX = 160


class Knowledge:
    """One version of the content, for as long as the office runs."""

    def __init__(self, content: Content) -> None:
        self.consent_versions = content.consent_versions
        self._content = content
        self._articles = {article.article_id: article for article in content.articles}
        self._lines = {article.article_id: _line(article) for article in content.articles}
        self._version = hashlib.sha256("".join(line.sha256 for line in self._lines.values()).encode()).hexdigest()[:16]
        self._index = {
            segment: SearchIndex({a.article_id: self._texts(a) for a in content.articles if segment in a.segments})
            for segment in Segment
        }

    def answer(self, request: KnowledgeRequest) -> KnowledgeAnswer:
        """Raises ServiceRefusedError: unknown_article, unknown_picture, unknown_page."""
        match request:
            case KnowledgeAsked(request_id=request_id, segment=segment):
                lines = [self._lines[a.article_id] for a in self._content.articles if segment in a.segments]
                return KnowledgeTold(request_id, self._version, lines)
            case ArticleAsked(request_id=request_id, article_id=article_id):
                return ArticleTold(request_id, self.article(article_id))
            case PictureAsked(request_id=request_id, picture=picture):
                if picture not in self._content.pictures:
                    raise ServiceRefusedError("unknown_picture", "Эта картинка не загрузилась")
                return PictureTold(request_id, picture, self._content.pictures[picture])
            case SearchAsked(request_id=request_id, query=query, segment=segment):
                found = self._index[segment].find(query)[:FOUND_MAX]
                return SearchTold(request_id, [self._lines[article_id] for article_id in found])
            case StandardAsked():
                return self._standard(request)
            case ConsentsAsked(request_id=request_id):
                return ConsentsTold(request_id, list(self._content.consents))

    @property
    def pictures(self) -> Mapping[str, bytes]:
        """PNG by name."""
        return self._content.pictures

    def article(self, article_id: str) -> Article:
        """Raises ServiceRefusedError: unknown_article."""
        if article_id not in self._articles:
            raise ServiceRefusedError("unknown_article", "Такого ответа больше нет. Вернитесь к списку")
        return self._articles[article_id]

    def found(self, query: str, segment: Segment, today: str) -> list[ArticleLine]:
        """What holds today, best first; without words all of it in its own order."""
        all_of_it = [each.article_id for each in self._content.articles if segment in each.segments]
        wanted = self._index[segment].find(query)[:FOUND_MAX] if query.strip() else all_of_it
        lines = [self._lines[article_id] for article_id in wanted]
        return [each for each in lines if each.valid_from <= today <= (each.valid_to or today)]

    def _standard(self, asked: StandardAsked) -> StandardTold:
        standard = self._content.standard
        if asked.page >= len(standard.pages):
            raise ServiceRefusedError("unknown_page", "Дальше страниц нет")
        page = standard.pages[asked.page]
        return StandardTold(
            asked.request_id,
            title=standard.title,
            version=standard.version,
            updated=standard.updated,
            sha256=standard.sha256,
            page=asked.page,
            pages=len(standard.pages),
            chapter=page.chapter,
            text=page.text,
            chapters=self._chapters() if asked.page == 0 else [],
        )

    def _chapters(self) -> list[StandardChapter]:
        begun: dict[str, int] = {}
        for number, page in enumerate(self._content.standard.pages):
            begun.setdefault(page.chapter, number)
        return [StandardChapter(title, number) for title, number in begun.items()]

    def _texts(self, article: Article) -> list[SearchText]:
        blocks = article.blocks
        return [
            SearchText(article.title, TITLE_WORTH),
            SearchText(self._content.search_words[article.article_id], SEARCH_WORDS_WORTH),
            *(SearchText(block.heading, HEADING_WORTH) for block in blocks),
            *(SearchText(block.text, TEXT_WORTH) for block in blocks),
            *(SearchText(cell, TEXT_WORTH) for block in blocks for row in block.rows for cell in row),
        ]


def _line(article: Article) -> ArticleLine:
    first = next((block.text for block in article.blocks if block.kind is BlockKind.TEXT), "")
    excerpt = first if len(first) <= EXCERPT_LENGTH_MAX else first[:EXCERPT_LENGTH_MAX].rpartition(" ")[0] + "…"
    sha256 = hashlib.sha256(msgspec.json.encode(article)).hexdigest()
    dates = (article.valid_from, article.valid_to)
    about = (article.article_id, article.title, article.group_title)
    return ArticleLine(*about, excerpt, sha256, *dates, topic_id=article.topic_id)
