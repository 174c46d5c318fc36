"""A slip as plain text: for a screen, a log of a technician, a letter. Paper is the printer driver's business."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from payment.receipt import Heading, Pair, ReceiptLine, Rule

WIDTH = 48  # characters, as on an 80 mm roll


def slip_text(lines: Iterable[ReceiptLine], width: int = WIDTH) -> str:
    """Every line of a slip, none wider than `width` where its words allow."""
    return "\n".join(text for line in lines for text in _texts(line, width)) + "\n"


def _texts(line: ReceiptLine, width: int) -> list[str]:
    match line:
        case Rule():
            return ["-" * width]
        case Heading(text=text):
            return [part.center(width).rstrip() for part in textwrap.wrap(text, width)]
        case Pair(name=name, value=value):
            if len(name) + 1 + len(value) <= width:
                return [name + value.rjust(width - len(name))]
            return [name, value.rjust(width)]
        case _:
            return textwrap.wrap(line.text, width)
