"""A report on paper: PDF by reportlab with DejaVu, which holds the Cyrillic letters and the rouble."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus import Table as Grid

from payment.reports.values import Report, Table

FONT_FOLDERS = (Path("/usr/share/fonts/truetype/dejavu"), Path("/usr/share/fonts/dejavu"))
PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
MARGIN = 16 * mm
WIDTH = A4[0] - 2 * MARGIN
INK, SOFT, LINE = colors.HexColor("#10243e"), colors.HexColor("#43546b"), colors.HexColor("#c3cfdd")
GROUND, GOOD, BAD = colors.HexColor("#eef3f9"), colors.HexColor("#0a6b2d"), colors.HexColor("#b00020")


class ReportError(Exception):
    """The paper cannot be made; the text says what is missing."""


def write_pdf(path: Path, report: Report) -> None:
    """Writes the report as A4 pages, whole or not at all.

    Raises:
        ReportError: the font is not installed, or the file cannot be written.
    """
    register_fonts()
    part = path.with_name(path.name + ".part")
    template = SimpleDocTemplate(
        str(part),
        pagesize=A4,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 6 * mm,
        title=report.title,
        author=dict(report.facts).get("Организация", ""),
        invariant=1,  # the same report is the same file
    )
    footer = _footer(report)
    try:
        template.build(_story(report), onFirstPage=footer, onLaterPages=footer)
        part.replace(path)
    except OSError as error:
        raise ReportError(f"{path.name} cannot be written: {error.strerror}") from error


@cache
def register_fonts() -> None:
    """Raises ReportError: they are not installed."""
    for folder in FONT_FOLDERS:
        try:
            for name in (PLAIN, BOLD):
                pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
        except TTFError:
            continue
        return
    raise ReportError("the font DejaVu is not installed: apt install fonts-dejavu-core")


def _footer(report: Report) -> Any:
    def draw(canvas: Any, template: Any) -> None:
        canvas.saveState()
        canvas.setFont(PLAIN, 8)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN, MARGIN, report.title)
        canvas.drawRightString(A4[0] - MARGIN, MARGIN, f"Страница {template.page}")
        canvas.restoreState()

    return draw


def _style(name: str, size: int, *, bold: bool = False, colour: Any = INK, **more: Any) -> ParagraphStyle:
    font = BOLD if bold else PLAIN
    return ParagraphStyle(name, fontName=font, fontSize=size, leading=size * 13 // 10, textColor=colour, **more)


TITLE = _style("title", 17, bold=True, spaceAfter=4 * mm)
HEADING = _style("heading", 12, bold=True, spaceBefore=6 * mm, spaceAfter=2 * mm)
TEXT = _style("text", 9)
NOTE = _style("note", 8, colour=SOFT, spaceBefore=2 * mm)
CELL, CELL_RIGHT = _style("cell", 8), _style("cell_right", 8, alignment=TA_RIGHT)
SUM, SUM_RIGHT = _style("sum", 8, bold=True), _style("sum_right", 8, bold=True, alignment=TA_RIGHT)
HEAD, HEAD_RIGHT = (
    _style("head", 8, bold=True, colour=SOFT),
    _style("head_right", 8, bold=True, colour=SOFT, alignment=TA_RIGHT),
)


def _story(report: Report) -> list[Flowable]:
    colour = GOOD if report.agrees else BAD
    story: list[Flowable] = [
        Paragraph(escape(report.title), TITLE),
        _facts(report),
        Spacer(0, 4 * mm),
        Paragraph(escape(report.verdict), _style("verdict", 12, bold=True, colour=colour)),
    ]
    for table in report.tables:
        story += [Paragraph(escape(table.title), HEADING), _grid(table)]
        if table.note:
            story.append(Paragraph(escape(table.note), NOTE))
    for name in report.signatures:
        story += [Spacer(0, 9 * mm), _signature(name)]
    return story


def _signature(name: str) -> Grid:
    """Who signs, and two lines: for the hand, and for the name in letters."""
    under = _style("under", 7, colour=SOFT)
    rows = [
        [Paragraph(escape(name), TEXT), "", "", ""],
        ["", Paragraph("подпись", under), "", Paragraph("фамилия, инициалы", under)],
    ]
    style = [
        ("LINEBELOW", (1, 0), (1, 0), 1, INK),
        ("LINEBELOW", (3, 0), (3, 0), 1, INK),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
    return Grid(rows, colWidths=[48 * mm, 50 * mm, 6 * mm, WIDTH - 104 * mm], style=style)


def _facts(report: Report) -> Grid:
    label = _style("label", 9, colour=SOFT)
    rows = [[Paragraph(escape(name), label), Paragraph(escape(value), TEXT)] for name, value in report.facts]
    return Grid(rows, colWidths=[48 * mm, WIDTH - 48 * mm], style=[("TOPPADDING", (0, 0), (-1, -1), 2)])


def _grid(table: Table) -> Grid:
    whole = sum(table.widths)
    rows = [_cells(table.header, table.right, HEAD, HEAD_RIGHT)]
    for number, row in enumerate(table.rows, start=1):
        is_total = table.total and number == len(table.rows)
        rows.append(_cells(row, table.right, SUM if is_total else CELL, SUM_RIGHT if is_total else CELL_RIGHT))
    style: list[tuple[Any, ...]] = [
        ("BACKGROUND", (0, 0), (-1, 0), GROUND),
        ("LINEBELOW", (0, 0), (-1, -1), 1, LINE),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
    if table.total:
        style.append(("LINEABOVE", (0, -1), (-1, -1), 1, INK))
    widths = [WIDTH * share // whole for share in table.widths]
    return Grid(rows, colWidths=widths, style=style, repeatRows=1)


def _cells(texts: tuple[str, ...], right: frozenset[int], left: Any, to_right: Any) -> list[Paragraph]:
    return [Paragraph(escape(text), to_right if index in right else left) for index, text in enumerate(texts)]
