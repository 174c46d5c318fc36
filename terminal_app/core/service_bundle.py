"""A file for who looks into a terminal's trouble from afar: states, the journal's skeleton, the last warnings.

No name, account, card, sum, key or address gets in: of records only their kind and time, of device addresses only the
protocol, and of log lines no run of digits that could be somebody's number.
"""

from __future__ import annotations

import collections
import logging
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import msgspec

from payment.contract import JournalRecord

FOLDER = "service"
KEPT = 5
LINES_MAX = 500
LINE_LENGTH_MAX = 300
RECORDS_MAX = 2_000
_NUMBER = re.compile(r"\d[\d\s-]{4,}\d")
_ADDRESS = re.compile(r"\S+@\S+|\w+://\S+|\b\d{1,3}(?:\.\d{1,3}){3}\b")


class RecentLog(logging.Handler):
    """The last warnings of this process, without tracebacks."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: collections.deque[str] = collections.deque(maxlen=LINES_MAX)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.created:.0f} {record.levelname} {record.name} {cleaned(record.getMessage())}")


def cleaned(text: str) -> str:
    """Nothing in it names a person or a place."""
    return _NUMBER.sub("#", _ADDRESS.sub("<…>", text))[:LINE_LENGTH_MAX].replace("\n", " ")


def write_bundle(
    data: Path, stamp: str, state: Mapping[str, object], records: Sequence[JournalRecord], lines: Iterable[str]
) -> Path:
    """`stamp`: YYYYMMDDhhmmss. The name is short enough to be read off the glass. Raises OSError."""
    folder = data / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{stamp[2:8]}-{stamp[8:]}.zip"
    skeleton = [f"{record.sequence} {record.wall_ms} {record.kind}" for record in records[-RECORDS_MAX:]]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr("state.json", msgspec.json.format(msgspec.json.encode(state)))
        bundle.writestr("journal.txt", "\n".join(skeleton))
        bundle.writestr("log.txt", "\n".join(lines))
    path.chmod(0o600)
    for old in sorted(folder.glob("*.zip"))[:-KEPT]:
        old.unlink()
    return path
