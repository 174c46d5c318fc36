"""Where media leaves recordings and core finds them: a folder each, a head, chunks by number."""

from __future__ import annotations

FOLDER = "recordings"  # in the terminal's data directory
HEAD = "head.json"


def chunk_name(number: int) -> str:
    return f"{number:06d}"


def chunk_number(name: str) -> int | None:
    """None: no chunk, or one that is not whole yet."""
    return int(name) if name.isascii() and name.isdigit() else None
