"""A file as pictures of its pages: PDF, JPEG or PNG by content; everything else is refused.

A program of its own (`python -m signaling_server.documents.pages`, the file on standard input), so that a file made to
break its reader breaks this process, with little memory and time, and not the office. What comes out are pixels.
"""

from __future__ import annotations

import io
import resource
import struct
import sys

import pypdfium2
from PIL import Image

from signaling_server.cases.attachments import AttachmentError, media_type_of
from signaling_server.contract.documents import FILE_SIZE_MAX, PAGE_SIZE_MAX, PAGES_MAX

PDF_START = b"%PDF-"
POINTS_AN_INCH, DPI, SIDE_PX_MAX = 72, 150, 1754  # A4 at 150 dots an inch is 1240 x 1754
QUALITIES = (85, 70, 50)
MEMORY_MAX, PROCESSOR_S_MAX = 1 << 30, 20
SIZE = struct.Struct(">I")


class DocumentError(ValueError):
    """The file is none that is shown; the text says why, for the agent."""


def pages_of(content: bytes) -> list[bytes]:
    """JPEG of each page. Raises DocumentError."""
    if content.startswith(PDF_START):
        return _pdf_pages(content)
    try:
        media_type_of(content)
    except AttachmentError as error:
        raise DocumentError("Показать можно PDF, JPEG или PNG") from error
    with Image.open(io.BytesIO(content)) as picture:
        bare = picture.convert("RGB")
    bare.thumbnail((SIDE_PX_MAX, SIDE_PX_MAX))
    return [_jpeg(bare)]


def _pdf_pages(content: bytes) -> list[bytes]:
    try:
        document = pypdfium2.PdfDocument(content)
        if not 1 <= len(document) <= PAGES_MAX:
            raise DocumentError(f"В документе должно быть от 1 до {PAGES_MAX} страниц")
        return [_jpeg(_drawn(page)) for page in document]
    except pypdfium2.PdfiumError as error:
        raise DocumentError("PDF повреждён или закрыт паролем") from error


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    scale = min(DPI / POINTS_AN_INCH, SIDE_PX_MAX / max(1.0, *page.get_size()))
    drawn: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    return drawn


def _jpeg(picture: Image.Image) -> bytes:
    bare = Image.new("RGB", picture.size)  # without what a file says beside its pixels
    bare.paste(picture)
    for quality in QUALITIES:
        stored = io.BytesIO()
        bare.save(stored, "JPEG", quality=quality)
        if stored.tell() <= PAGE_SIZE_MAX:
            break
    return stored.getvalue()


def main() -> int:
    """Pages to standard output, each after its size; or why not to standard error, and 1."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MAX, MEMORY_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_S_MAX, PROCESSOR_S_MAX))
    try:
        pages = pages_of(sys.stdin.buffer.read(FILE_SIZE_MAX + 1))
    except DocumentError as error:
        sys.stderr.buffer.write(str(error).encode())
        return 1
    for page in pages:
        sys.stdout.buffer.write(SIZE.pack(len(page)) + page)
    return 0


if __name__ == "__main__":
    sys.exit(main())
