"""What an agent may show: PDF, JPEG, PNG by content, drawn into bare pictures; everything else ends in a sentence."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from signaling_server.contract.documents import PAGE_SIZE_MAX, PAGES_MAX
from signaling_server.documents.drawing import UNREADABLE, drawn
from signaling_server.documents.pages import DocumentError, pages_of
from signaling_server.refusal import ServiceRefusedError

pdfmetrics.registerFont(TTFont("dejavu", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))


def pdf(pages: int = 1, *, password: str = "") -> bytes:
    stored = io.BytesIO()
    canvas = Canvas(stored, pagesize=A4, encrypt=password or None)
    canvas.setAuthor("secret author")
    for number in range(pages):
        canvas.setFont("dejavu", 12)
        canvas.drawString(72, 720, f"Договор энергоснабжения, страница {number + 1}")
        canvas.showPage()
    canvas.save()
    return stored.getvalue()


def test_a_pdf_becomes_pictures_of_its_pages_at_150_dots_an_inch():
    pages = pages_of(pdf(2))
    assert len(pages) == 2
    with Image.open(io.BytesIO(pages[0])) as picture:
        assert (picture.format, picture.size) == ("JPEG", (1241, 1754))
        seen = np.asarray(picture.convert("L"))
    assert seen[180:270, 140:700].min() < 60  # words
    assert seen[900:].min() > 230  # and nothing else
    assert b"secret" not in pages[0]


def test_a_photo_is_made_small_enough_and_bare():
    stored = io.BytesIO()
    noise = np.random.default_rng(4).integers(0, 255, (3000, 2400, 3), dtype=np.uint8)
    Image.fromarray(noise).save(stored, "JPEG", comment=b"secret", quality=95)
    (page,) = pages_of(stored.getvalue())
    assert len(page) <= PAGE_SIZE_MAX
    assert b"secret" not in page


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90 a program called contract.pdf",
        b"%PDF-1.7 and no more",
        pdf(password="1234"),
        pdf(PAGES_MAX + 1),
        b"<html>",
        b"",
    ],
    ids=["program", "broken", "password", "long", "html", "empty"],
)
def test_what_cannot_be_shown_is_refused_with_a_sentence(content):
    with pytest.raises(DocumentError, match=r"[А-я]"):
        pages_of(content)


async def test_drawing_is_a_process_of_its_own_whose_end_is_a_refusal():
    assert len(await drawn(pdf(3))) == 3
    with pytest.raises(ServiceRefusedError, match="PDF повреждён") as refused:
        await drawn(b"%PDF-1.7 and no more")
    assert refused.value.reason == "not_shown"
    with pytest.raises(ServiceRefusedError) as refused:
        await drawn(b"GIF89a")
    assert refused.value.sentence != UNREADABLE
