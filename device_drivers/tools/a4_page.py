"""The A4 sheet of a document printer's test: a frame 10 mm from the edges and two diagonals. Source: PDF 1.4."""

from __future__ import annotations

# Points, 72 an inch: the whole sheet is 595 x 842.
_DRAWING = b"3 w 28 28 539 786 re S 1 w 28 28 m 567 814 l S 567 28 m 28 814 l S"
_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
    b"<</Length %d>>stream\n%s\nendstream" % (len(_DRAWING), _DRAWING),
)


def a4_page() -> bytes:
    """One page of PDF, whole with its table of places."""
    pdf, places = b"%PDF-1.4\n", []
    for number, body in enumerate(_OBJECTS, start=1):
        places.append(len(pdf))
        pdf += b"%d 0 obj%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (len(_OBJECTS) + 1, len(pdf))
    return pdf + b"xref\n0 %d\n0000000000 65535 f \n" % (len(_OBJECTS) + 1) + table + end
