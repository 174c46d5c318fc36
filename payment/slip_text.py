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
            return [part.center(width).rstrip() for part in _wrapped(text, width)]
        case Pair(name=name, value=value):
            return _pair_texts(name, value, width)
        case _:
            return _wrapped(line.text, width)


def _pair_texts(name: str, value: str, width: int) -> list[str]:
    """The value beside the last row of its name; where it does not fit there, under it, each row at the right edge."""
    names, values = _wrapped(name, width) or [""], _wrapped(value, width)
    if len(values) == 1 and len(names[-1]) + 1 + len(values[0]) <= width:
        return [*names[:-1], names[-1] + values[0].rjust(width - len(names[-1]))]
    return names + [row.rjust(width) for row in values]


def _wrapped(text: str, width: int) -> list[str]:
    """Between words; a longer word is cut at the edge, not at a hyphen: «А-17-2» is one number."""
    return textwrap.wrap(text, width, break_on_hyphens=False)
