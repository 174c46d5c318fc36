"""What the knowledge is made of, read from files and checked before the office opens.

The office's own folder `knowledge` in its data directory is read instead of the one that is shipped: same layout.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

from signaling_server.contract.knowledge import Article, Block, BlockKind, Consent
from signaling_server.contract.messages import MESSAGE_SIZE_MAX

SHIPPED = Path(__file__).with_name("content")
PAGE_LENGTH_MAX = 4_000  # characters of a page of the standard
FRAME_SPARE = 2_000  # bytes that a message has around an article or a picture
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
File = TypeVar("File", bound=Struct)


class ContentError(ValueError):
    """The content is not fit to open the office with; the text names the file."""


@dataclass(frozen=True, slots=True)
class StandardPage:
    chapter: str
    text: str


@dataclass(frozen=True, slots=True)
class Standard:
    """The text of the standard in pages; `sha256` is of the text of all chapters."""

    title: str
    version: str
    updated: str
    sha256: str
    pages: tuple[StandardPage, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """All of it; `search_words` are what people call the thing of an article, by its id."""

    articles: tuple[Article, ...]
    search_words: dict[str, str]
    pictures: dict[str, bytes]
    consents: tuple[Consent, ...]
    consent_versions: frozenset[str]
    standard: Standard


class _ArticleFile(Article, frozen=True, kw_only=True, forbid_unknown_fields=True):
    search_words: str = ""


class _ConsentEntry(Consent, frozen=True, kw_only=True, forbid_unknown_fields=True):
    former: list[str]


class _ConsentFile(Struct, frozen=True, forbid_unknown_fields=True):
    consent: list[_ConsentEntry]


class _StandardFile(Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    version: str
    updated: str


def load_content(folder: Path, *, company: str, topic_ids: frozenset[str]) -> Content:
    """Raises ContentError."""
    files = {path: _read(path, _ArticleFile) for path in sorted((folder / "articles").glob("*.toml"))}
    pictures = {path.stem: path.read_bytes() for path in sorted((folder / "pictures").glob("*.png"))}
    for name, content in pictures.items():
        if not content.startswith(PNG_HEAD) or len(content) * 4 > (MESSAGE_SIZE_MAX - FRAME_SPARE) * 3:
            raise ContentError(f"{name}.png: не PNG или больше одного сообщения")
    for path, one in files.items():
        _check_article(path, one, topic_ids, pictures)
    if not files:
        raise ContentError(f"{folder}: нет ни одной статьи")
    entries = _read(folder / "consents.toml", _ConsentFile).consent
    return Content(
        articles=tuple(msgspec.convert(one, Article, from_attributes=True) for one in files.values()),
        search_words={one.article_id: one.search_words for one in files.values()},
        pictures=pictures,
        consents=tuple(
            Consent(one.consent_id, one.title, one.version, one.text.replace("{company}", company).strip())
            for one in entries
        ),
        consent_versions=frozenset(version for one in entries for version in (one.version, *one.former)),
        standard=_standard(folder / "standard"),
    )


def _check_article(path: Path, article: Article, topic_ids: frozenset[str], pictures: dict[str, bytes]) -> None:
    if article.article_id != path.stem or not article.segments or not article.blocks or article.version < 1:
        raise ContentError(f"{path.name}: имя файла — код статьи; нужны версия, сегмент и хотя бы один блок")
    if article.topic_id not in topic_ids:
        raise ContentError(f"{path.name}: темы {article.topic_id} нет в классификаторе")
    if not (article.valid_from and article.source):
        raise ContentError(f"{path.name}: нужны «действует с» (valid_from) и источник (source)")
    if problem := _dates_problem(article):
        raise ContentError(f"{path.name}: {problem}")
    for block in article.blocks:
        if problem := _block_problem(block, pictures):
            raise ContentError(f"{path.name}: {problem}")
    if len(msgspec.json.encode(article)) > MESSAGE_SIZE_MAX - FRAME_SPARE:
        raise ContentError(f"{path.name}: статья длиннее одного сообщения")


def _dates_problem(article: Article) -> str:
    try:
        first, last = (date.fromisoformat(day) for day in (article.valid_from, article.valid_to or article.valid_from))
        date.fromisoformat(article.updated)
    except ValueError:
        return "дата пишется как ГГГГ-ММ-ДД"
    return "" if first <= last else "перестаёт действовать раньше, чем начинает"


def _block_problem(block: Block, pictures: dict[str, bytes]) -> str:
    if block.kind is BlockKind.TABLE:
        columns = {len(row) for row in block.rows}
        return "" if len(block.rows) > 1 and len(columns) == 1 else "в таблице нужны заголовок и строки одной длины"
    if not block.text:
        return "у блока нет текста"
    if block.kind is BlockKind.PICTURE and block.picture not in pictures:
        return f"картинки {block.picture} нет"
    if block.kind is BlockKind.FORMULA and not block.say:
        return "у формулы нет слов для чтения вслух"
    return ""


def _standard(folder: Path) -> Standard:
    head = _read(folder / "standard.toml", _StandardFile)
    chapters = [path.read_text("utf-8").strip() for path in sorted(folder.glob("*.txt"))]
    if not chapters:
        raise ContentError(f"{folder}: нет текста стандарта")
    sha256 = hashlib.sha256("\n".join(chapters).encode()).hexdigest()
    pages = tuple(page for chapter in chapters for page in _pages(chapter))
    return Standard(head.title, head.version, head.updated, sha256, pages)


def _pages(chapter: str) -> list[StandardPage]:
    """Cuts between paragraphs only."""
    title, _, body = chapter.partition("\n")
    pages, kept = [], ""
    for paragraph in body.split("\n"):
        if kept and len(kept) + len(paragraph) > PAGE_LENGTH_MAX:
            pages.append(StandardPage(title, kept))
            kept = ""
        kept += f"{paragraph}\n"
    return [*pages, StandardPage(title, kept)]


def _read(path: Path, kind: type[File]) -> File:
    try:
        return msgspec.convert(tomllib.loads(path.read_text("utf-8")), kind)
    except (OSError, ValueError) as error:
        raise ContentError(f"{path.name}: {error}") from error
