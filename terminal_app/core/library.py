"""Public texts of the office, kept whole for the time without a line: Справочник, the standard, consents, places.

Read through the one link, a question at a time. What was fetched replaces what was kept only when all of it is here; a
piece that has not changed is not fetched again. A picture changes with the article that it stands in.
"""

from __future__ import annotations

import asyncio
import logging
import time
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from signaling_server.contract import knowledge, visits
from signaling_server.contract.cases import Segment
from signaling_server.contract.self_service import ServiceAnswer, ServiceRequest
from terminal_app.core.office_requests import Ask, answer_to
from terminal_app.core.papers import is_picture
from terminal_app.core.tasks.validity import is_over
from terminal_app.core.whole_file import write_whole

FILE = "library.json"
REFRESH_S, RETRY_S = 3_600.0, 120.0
ARTICLES_MAX, PICTURES_MAX, PAGES_MAX = 1_000, 300, 500
SIZE_MAX = 32 * 1024 * 1024  # bytes; a larger file is not ours
SUBJECTS = ("visit", "call")  # what a survey may be about at a terminal

Answer = TypeVar("Answer")

_log = logging.getLogger(__name__)


class Shelf(Struct, frozen=True):
    """One whole state of it. Lists and places are by kind of customer."""

    kept_ms: int = 0
    lists: dict[Segment, knowledge.KnowledgeTold] = {}
    articles: dict[str, knowledge.Article] = {}
    pictures: dict[str, bytes] = {}
    standard: list[knowledge.StandardTold] = []
    consents: knowledge.ConsentsTold | None = None
    places: dict[Segment, visits.PlacesTold] = {}
    surveys: dict[str, visits.SurveyTold] = {}

    def find(self, request: ServiceRequest) -> ServiceAnswer | None:
        """The answer as it was; None: not kept, or no public text."""
        match request:
            case knowledge.KnowledgeAsked(segment=segment):
                return self.lists.get(segment)
            case knowledge.ArticleAsked(article_id=article_id):
                article = self.articles.get(article_id)
                return knowledge.ArticleTold("-", article) if article is not None else None
            case knowledge.PictureAsked(picture=picture):
                content = self.pictures.get(picture)
                return knowledge.PictureTold("-", picture, content) if content is not None else None
            case knowledge.StandardAsked(page=page):
                return self.standard[page] if page < len(self.standard) else None
            case knowledge.ConsentsAsked():
                return self.consents
            case visits.PlacesAsked(segment=segment):
                return self.places.get(segment)
            case visits.SurveyAsked(subject=subject):
                return self.surveys.get(subject)
            case _:
                return None

    def articles_over(self, today: date) -> list[str]:
        """Articles that the office still has and that are true no more."""
        lines = {line.article_id: line for told in self.lists.values() for line in told.articles}
        return sorted(name for name, line in lines.items() if is_over(line, today))

    def surveyed_subjects(self) -> frozenset[str]:
        """What customers are asked about now."""
        return frozenset(subject for subject, told in self.surveys.items() if told.questions)


class _UnansweredError(Exception):
    """A question was not answered as it should be: what is kept stays as it is."""


class Library:
    """Keeps the shelf on disk. A file that cannot be read is as none: the office tells it anew."""

    def __init__(self, folder: Path, ask: Ask) -> None:
        self._path = folder / FILE
        self._ask = ask
        self._job: asyncio.Task[None] | None = None
        self.shelf = Shelf()
        try:
            if self._path.stat().st_size <= SIZE_MAX:
                self.shelf = msgspec.json.decode(self._path.read_bytes(), type=Shelf)
        except FileNotFoundError:
            pass
        except (OSError, msgspec.DecodeError) as error:
            _log.warning("the kept texts of the office are not read: %s", error)

    def link_changed(self, *, linked: bool) -> None:
        """With a link the texts are looked over at once, and then every hour."""
        if self._job is not None:
            self._job.cancel()
        self._job = asyncio.create_task(self._keep_fresh()) if linked else None

    async def close(self) -> None:
        if self._job is not None:
            self._job.cancel()
            await asyncio.gather(self._job, return_exceptions=True)

    async def _keep_fresh(self) -> None:
        while True:
            pause_s = REFRESH_S
            try:
                self._keep(await self._fetch())
            except _UnansweredError as error:
                _log.warning("the texts of the office stay as they were kept: %s", error)
                pause_s = RETRY_S
            await asyncio.sleep(min(pause_s, self._change_in_s()))

    def _change_in_s(self) -> float:
        """Until the consultants begin or stop to serve: what follows that is to be asked anew, a moment later."""
        now_ms = time.time_ns() // 1_000_000
        ahead = [told.video_changes_at_ms - now_ms for told in self.shelf.places.values()]
        return min((left_ms / 1_000 + 1.0 for left_ms in ahead if left_ms > 0), default=REFRESH_S)

    def _keep(self, shelf: Shelf) -> None:
        """Whole or not at all."""
        self.shelf = shelf
        content = msgspec.json.encode(shelf)
        if len(content) > SIZE_MAX:
            _log.error("the texts of the office are too large to be kept: %d bytes", len(content))
            return
        try:
            write_whole(self._path, content)
        except OSError as error:
            _log.error("the texts of the office are not kept: %s", error.strerror)

    # --- fetching ---------------------------------------------------------------------------------------------------

    async def _fetch(self) -> Shelf:
        """Raises _UnansweredError."""
        lists = {s: await self._told(knowledge.KnowledgeAsked("-", s), knowledge.KnowledgeTold) for s in Segment}
        articles = await self._articles(lists)
        return Shelf(
            kept_ms=time.time_ns() // 1_000_000,
            lists=lists,
            articles=articles,
            pictures=await self._pictures(articles),
            standard=await self._standard(),
            consents=await self._told(knowledge.ConsentsAsked("-"), knowledge.ConsentsTold),
            places={s: await self._told(visits.PlacesAsked("-", s), visits.PlacesTold) for s in Segment},
            surveys={s: await self._told(visits.SurveyAsked("-", s), visits.SurveyTold) for s in SUBJECTS},
        )

    async def _articles(self, lists: dict[Segment, knowledge.KnowledgeTold]) -> dict[str, knowledge.Article]:
        wanted = {line.article_id: line.sha256 for told in lists.values() for line in told.articles}
        kept = {line.article_id: line.sha256 for told in self.shelf.lists.values() for line in told.articles}
        articles = {}
        for article_id, sha256 in list(wanted.items())[:ARTICLES_MAX]:
            article = self.shelf.articles.get(article_id) if kept.get(article_id) == sha256 else None
            if article is None:
                asked = knowledge.ArticleAsked("-", article_id)
                article = (await self._told(asked, knowledge.ArticleTold)).article
            articles[article_id] = article
        return articles

    async def _pictures(self, articles: dict[str, knowledge.Article]) -> dict[str, bytes]:
        """Those of the articles; of an unchanged article they are at hand."""
        pictures: dict[str, bytes] = {}
        for article in articles.values():
            same = self.shelf.articles.get(article.article_id) == article
            for name in [block.picture for block in article.blocks if block.picture]:
                if name in pictures or len(pictures) >= PICTURES_MAX:
                    continue
                content = self.shelf.pictures.get(name) if same else None
                if content is None:
                    content = (await self._told(knowledge.PictureAsked("-", name), knowledge.PictureTold)).content
                if not is_picture(content):
                    raise _UnansweredError(f"the picture {name} is none")
                pictures[name] = content
        return pictures

    async def _standard(self) -> list[knowledge.StandardTold]:
        first = await self._told(knowledge.StandardAsked("-", 0), knowledge.StandardTold)
        kept = self.shelf.standard
        if kept and (kept[0].sha256, kept[0].version, len(kept)) == (first.sha256, first.version, first.pages):
            return kept
        pages = [first]
        for page in range(1, min(first.pages, PAGES_MAX)):
            told = await self._told(knowledge.StandardAsked("-", page), knowledge.StandardTold)
            if told.sha256 != first.sha256:
                raise _UnansweredError("the standard changed while it was read")
            pages.append(told)
        return pages

    async def _told(self, request: ServiceRequest, kind: type[Answer]) -> Answer:
        told = await answer_to(self._ask, request)
        if not isinstance(told, kind):
            raise _UnansweredError(f"{type(request).__name__}: {type(told).__name__}")
        return told
