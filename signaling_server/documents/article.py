"""An article of the Справочник as a PDF of A4 pages, in letters that can be read on a panel and on paper alike."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Image, KeepTogether, Paragraph, SimpleDocTemplate, Table

from payment.reports.pdf import BOLD, PLAIN, ReportError, register_fonts
from signaling_server.contract.knowledge import Article, Block, BlockKind
from signaling_server.refusal import ServiceRefusedError

MARGIN = 18 * mm
PADDING = 6  # points, of the frame inside the margins
WIDTH = A4[0] - 2 * MARGIN - 2 * PADDING
PICTURE_HEIGHT_MAX = 110 * mm
INK, SOFT, LINE, GROUND = (colors.HexColor(each) for each in ("#1A1A1A", "#43546b", "#8A8A8A", "#eef3f9"))


def article_pdf(article: Article, pictures: Mapping[str, bytes]) -> bytes:
    """Raises ServiceRefusedError: not_shown, where the office has no letters to write with."""
    try:
        register_fonts()
    except ReportError as error:
        raise ServiceRefusedError("not_shown", "В офисе нет шрифта для страниц: fonts-dejavu-core") from error
    stored = io.BytesIO()
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN)
    template = SimpleDocTemplate(stored, pagesize=A4, title=article.title, invariant=1, **margins)
    story: list[Flowable] = [
        Paragraph(_words(article.title), _style(22, bold=True, spaceAfter=2 * mm)),
        Paragraph(_words(_source(article)), _style(10, colour=SOFT, spaceAfter=3 * mm)),
    ]
    for block in article.blocks:
        story += _block(block, pictures)
    template.build(story)
    return stored.getvalue()


def _block(block: Block, pictures: Mapping[str, bytes]) -> list[Flowable]:
    heading = (
        [Paragraph(_words(block.heading), _style(16, bold=True, spaceBefore=5 * mm, keepWithNext=1))]
        if block.heading
        else []
    )
    match block.kind:
        case BlockKind.TABLE:
            return [*heading, _table(block.rows)]
        case BlockKind.PICTURE:
            caption = Paragraph(_words(block.text), _style(12, colour=SOFT))
            return [KeepTogether([*heading, _picture(pictures[block.picture]), caption])]
        case BlockKind.FORMULA:
            return [KeepTogether([*heading, Paragraph(_words(block.text), _style(15, bold=True))])]
        case BlockKind.TEXT:
            return [*heading, Paragraph(_words(block.text), _style(14))]


def _table(rows: list[list[str]]) -> Table:
    head, *others = rows
    cells = [[Paragraph(_words(cell), _style(12, bold=True)) for cell in head]]
    cells += [[Paragraph(_words(cell), _style(12)) for cell in row] for row in others]
    style = [
        ("BACKGROUND", (0, 0), (-1, 0), GROUND),
        ("GRID", (0, 0), (-1, -1), 1, LINE),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
    ]
    return Table(cells, colWidths=[WIDTH / len(head)] * len(head), style=style, repeatRows=1)


def _picture(png: bytes) -> Image:
    """As large as the page's width allows, in its own proportions."""
    return Image(io.BytesIO(png), width=WIDTH, height=PICTURE_HEIGHT_MAX, kind="proportional")


def _source(article: Article) -> str:
    return f"{article.source}. Редакция от {'.'.join(reversed(article.updated.split('-')))}"


def _words(text: str) -> str:
    return escape(text).replace("\n", "<br/>")


def _style(size: int, *, bold: bool = False, colour: Any = INK, **more: float) -> ParagraphStyle:
    font = BOLD if bold else PLAIN
    return ParagraphStyle(f"{font}-{size}", fontName=font, fontSize=size, leading=size * 1.35, textColor=colour, **more)
