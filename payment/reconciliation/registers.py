"""Registers of payments as files: one description of a layout drives both its reader and its writer.

A register is a text file of lines, one payment each, often closed by a trailer with count and sums. It is believed only
as a whole: a line, a count or a sum that does not fit refuses the file. A missing file is not an empty one.
Source: registers of the day of payment systems and banks (payments notes, section 4); the descriptions themselves stand
in payment/reconciliation/register_layouts.py.
"""

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

BLOCK_LENGTH = 1 << 18  # characters read at once; a longer line is no register


class RegisterError(ValueError):
    """A register that cannot be believed, or rows that no register can be made of; the text names the line."""


class RegisterMissingError(RegisterError):
    """There is no file. Not the same as a day without payments."""


class Kind(enum.Enum):
    """What a column holds, and as what it is read."""

    TEXT = "text"
    DIGITS = "digits"  # ASCII digits, kept as text: leading zeros matter
    AMOUNT = "amount"  # rubles with two decimals in the file, whole kopecks in the program
    DATE = "date"  # written by `Layout.date_form`, read as YYYYMMDD
    MOMENT = "moment"  # 14 digits, YYYYMMDDHHMMSS
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `may_be_empty` is written as nothing and read as "". An amount always stands there."""

    name: str
    kind: Kind = Kind.TEXT
    may_be_empty: bool = False


@dataclass(frozen=True, slots=True)
class Trailer:
    """The last line: `mark`, then its columns: `count` of the lines, sums of the columns named in `sums`, others."""

    mark: str
    columns: tuple[Column, ...]
    sums: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Layout:
    """Everything one must know to read or write a register."""

    name: str
    columns: tuple[Column, ...]
    encoding: str = "utf-8"
    separator: str = ";"
    decimal_mark: str = "."
    newline: str = "\n"
    date_form: str = "YYYYMMDD"  # any order of YYYY, MM, DD with fixed signs between
    header: bool = False  # the first line repeats the names of the columns
    trailer: Trailer | None = None
    file_name: str = "{day}.csv"

    def index(self, name: str) -> int:
        """Where a column stands. Raises RegisterError."""
        for index, column in enumerate(self.columns):
            if column.name == name:
                return index
        raise RegisterError(f"layout {self.name} has no column {name}")


Row = Mapping[str, str | int]
Values = tuple[Any, ...]  # of the wanted columns, str or int by their kind


# --- a column as a pattern ------------------------------------------------------------------------------------------

_YEAR, _MONTH, _DAY = "[0-9]{4}", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_MOMENT = f"{_YEAR}{_MONTH}{_DAY}(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"


def _pattern(layout: Layout, columns: Sequence[Column], captured: Sequence[str]) -> re.Pattern[str]:
    """A whole line of these columns; the captured ones are groups of their names."""
    parts = []
    for column in columns:
        part = _of_kind(column.kind, layout)
        part = f"(?:{part})?" if column.may_be_empty else part
        parts.append(f"(?P<{column.name}>{part})" if column.name in captured else part)
    line = re.escape(layout.separator).join(parts)
    last = "" if layout.trailer is None else f"(?!{re.escape(layout.trailer.mark)})"
    return re.compile(rf"^{last}{line}\r?$", re.MULTILINE)


def _of_kind(kind: Kind, layout: Layout) -> str:
    match kind:
        case Kind.TEXT:
            return rf"[^{re.escape(layout.separator)}\r\n]+"
        case Kind.DIGITS:
            return "[0-9]+"
        case Kind.AMOUNT:
            return rf"[0-9]{{1,13}}{re.escape(layout.decimal_mark)}[0-9]{{2}}"
        case Kind.DATE:
            return form_of_day(_YEAR, _MONTH, _DAY, re.escape(layout.date_form))
        case Kind.MOMENT:
            return _MOMENT
        case Kind.COUNT:
            return "[0-9]{1,12}"


def form_of_day(year: str, month: str, day: str, form: str) -> str:
    """`form_of_day("2026", "11", "23", "DD.MM.YYYY")` -> "23.11.2026"."""
    return form.replace("YYYY", year).replace("MM", month).replace("DD", day)


def _faulty_column(layout: Layout, columns: Sequence[Column], parts: Sequence[str]) -> str:
    """Which column does not fit, for a person."""
    if len(parts) != len(columns):
        return f"{len(parts)} columns instead of {len(columns)}"
    for column, part in zip(columns, parts, strict=True):
        if not _pattern(layout, [column], ()).fullmatch(part):
            return f"{column.name} is {part[:40]!r}, not {_meant(column.kind, layout)}"
    return "not a line of this layout"


def _meant(kind: Kind, layout: Layout) -> str:
    match kind:
        case Kind.AMOUNT:
            return f"rubles and kopecks with {layout.decimal_mark!r} between"
        case Kind.DATE:
            return f"a date as {layout.date_form}"
        case _:
            return {Kind.TEXT: "a text", Kind.DIGITS: "digits", Kind.COUNT: "a count"}.get(
                kind, "14 digits of a moment"
            )


# --- reading --------------------------------------------------------------------------------------------------------


def read_register(path: Path, layout: Layout, names: Sequence[str]) -> Iterator[Values]:
    """The wanted columns of each line, in their order; every other column is checked all the same.

    The trailer is checked last, so nothing read may be used before the iterator has ended by itself.

    Raises:
        RegisterMissingError: there is no such file.
        RegisterError: a line, the count or a sum is not what the layout says.
    """
    sums = layout.trailer.sums if layout.trailer is not None else ()
    reading = _Reading(layout, path.name, names, dict.fromkeys(sums, 0))
    try:
        with path.open(encoding=layout.encoding, newline="") as file:
            yield from reading.rows(file)
    except FileNotFoundError:
        raise RegisterMissingError(f"there is no register {path}") from None
    except OSError as error:
        raise RegisterError(f"{path.name}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise RegisterError(f"{path.name}: after line {reading.number} it is not {layout.encoding}") from None


def register_sha256(path: Path) -> str:
    """What a register is known by: the same file is not loaded twice. Raises RegisterMissingError."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        raise RegisterMissingError(f"there is no register {path}") from None


@dataclass(slots=True)
class _Reading:
    """One pass over one file."""

    layout: Layout
    file_name: str
    names: Sequence[str]  # at least two, each once
    sums: dict[str, int]
    number: int = 0  # of the line read last
    count: int = 0
    closed: bool = False
    told: dict[str, int] = field(default_factory=dict)  # by the last line

    def rows(self, file: TextIO) -> Iterator[Values]:
        captured = [column for column in self.layout.columns if column.name in {*self.names, *self.sums}]
        names = [column.name for column in captured]
        wanted = [names.index(name) for name in self.names]
        summed = [(names.index(name), name) for name in self.sums]
        readers = [_reader(column, self.layout) for column in captured]
        pattern = _pattern(self.layout, self.layout.columns, names)
        for block in self._blocks(file):
            found = self._matched(pattern, block)
            if not found:
                continue
            columns = [read(texts) for read, texts in zip(readers, zip(*found, strict=True), strict=True)]
            for index, name in summed:
                self.sums[name] += sum(columns[index])
            self.count += len(found)
            yield from zip(*(columns[index] for index in wanted), strict=True)
        self._check_totals()

    def _blocks(self, file: TextIO) -> Iterator[str]:
        """Whole lines, many at once; the first line apart."""
        if self.layout.header:
            self.number = 1
            if file.readline(BLOCK_LENGTH).removeprefix("\ufeff").rstrip("\r\n") != _header(self.layout):
                raise self._error("the first line is not the names of the columns")
        rest = ""
        while block := file.read(BLOCK_LENGTH):
            whole, end, rest = (rest + block).rpartition("\n")
            if whole:
                yield whole + end
            if len(rest) > BLOCK_LENGTH:
                self.number += 1
                raise self._error("the line has no end")
        if rest:
            yield rest

    def _matched(self, pattern: re.Pattern[str], block: str) -> list[Values]:
        """The captured texts of each line: of all at once where all fit, else one by one to the one that does not."""
        found: list[Values] = pattern.findall(block)
        lines = block.count("\n")
        if len(found) == lines and block.endswith("\n") and not self.closed:  # a match lies within one line
            self.number += lines
            return found
        lines_one_by_one = block.removesuffix("\n").split("\n")
        return [values for line in lines_one_by_one if (values := self._line(pattern, line.rstrip("\r")))]

    def _line(self, pattern: re.Pattern[str], line: str) -> Values:
        """The captured texts; none of an empty line and of the last one."""
        self.number += 1
        trailer = self.layout.trailer
        if not line:
            return ()
        if self.closed:
            raise self._error("a line follows the last one")
        if trailer is not None and line.startswith(trailer.mark):
            self._close(trailer, line.removeprefix(trailer.mark))
            return ()
        if (found := pattern.fullmatch(line)) is None:
            parts = line.split(self.layout.separator)
            raise self._error(_faulty_column(self.layout, self.layout.columns, parts))
        return found.groups()

    def _close(self, trailer: Trailer, line: str) -> None:
        names = [column.name for column in trailer.columns]
        found = _pattern(self.layout, trailer.columns, names).fullmatch(line)
        if found is None:
            raise self._error(_faulty_column(self.layout, trailer.columns, line.split(self.layout.separator)))
        self.closed = True
        counted = [column for column in trailer.columns if column.name == "count" or column.name in self.sums]
        self.told = {column.name: _reader(column, self.layout)([found[column.name]])[0] for column in counted}

    def _check_totals(self) -> None:
        if self.layout.trailer is not None and not self.closed:
            raise self._error("the register is cut: its last line is missing")
        for name, told in self.told.items():
            added = self.count if name == "count" else self.sums[name]
            if told != added:
                raise self._error(f"the last line says {name} {told}, the lines give {added}")

    def _error(self, what: str) -> RegisterError:
        return RegisterError(f"{self.file_name}: line {self.number}: {what}")


def _header(layout: Layout) -> str:
    return layout.separator.join(column.name for column in layout.columns)


def _reader(column: Column, layout: Layout) -> Callable[[Sequence[str]], Sequence[Any]]:
    """From the matched texts of a column to its values, many at once."""
    match column.kind:
        case Kind.AMOUNT:
            mark = layout.decimal_mark
            return lambda texts: [int(text) for text in ";".join(texts).replace(mark, "").split(";")]
        case Kind.COUNT:
            return lambda texts: [int(text) for text in texts]
        case Kind.DATE:
            return _date_reader(layout.date_form)
        case _:
            return lambda texts: texts


def _date_reader(form: str) -> Callable[[Sequence[str]], Sequence[str]]:
    year, month, day = form.index("YYYY"), form.index("MM"), form.index("DD")

    def read(texts: Sequence[str]) -> Sequence[str]:
        days = {text: text[year : year + 4] + text[month : month + 2] + text[day : day + 2] for text in set(texts)}
        return [days[text] for text in texts]

    return read


# --- writing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Totals:
    """What a register holds: its lines, and the sums its trailer carries, in kopecks."""

    count: int
    sums_minor: Mapping[str, int]


def write_register(path: Path, layout: Layout, rows: Iterable[Row], closing: Row | None = None) -> Totals:
    """Writes a register whole or not at all: a reader never sees half a file.

    `closing` gives the columns of the trailer that are neither count nor sum.

    Raises:
        RegisterError: a value does not fit its column, or the file cannot be written.
    """
    part = path.with_name(path.name + ".part")
    try:
        with part.open("w", encoding=layout.encoding, newline="") as file:
            totals = _write(file, layout, rows, closing or {})
        part.replace(path)
    except UnicodeEncodeError as error:
        part.unlink(missing_ok=True)
        raise RegisterError(
            f"{path.name}: {error.object[error.start]!r} cannot be written in {layout.encoding}"
        ) from None
    except OSError as error:
        raise RegisterError(f"{path.name}: cannot be written: {error.strerror}") from error
    except RegisterError:
        part.unlink(missing_ok=True)
        raise
    return totals


def _write(file: TextIO, layout: Layout, rows: Iterable[Row], closing: Row) -> Totals:
    trailer = layout.trailer
    if layout.header:
        file.write(_header(layout) + layout.newline)
    sums = dict.fromkeys(trailer.sums if trailer is not None else (), 0)
    fits = _pattern(layout, layout.columns, ()).fullmatch
    count = 0
    for row in rows:
        count += 1
        line = _line(layout, layout.columns, row)
        if not fits(line):
            raise RegisterError(f"row {count}: {_faulty_row(layout, layout.columns, row)}")
        if trailer is not None and line.startswith(trailer.mark):
            raise RegisterError(f"row {count} would be taken for the last line")
        file.write(line + layout.newline)
        for name in sums:
            sums[name] += int(row[name])
    if trailer is not None:
        last: Row = {**closing, **sums, "count": count}
        line = _line(layout, trailer.columns, last)
        if not _pattern(layout, trailer.columns, ()).fullmatch(line):
            raise RegisterError(f"the last line: {_faulty_row(layout, trailer.columns, last)}")
        file.write(trailer.mark + line + layout.newline)
    return Totals(count, sums)


def _line(layout: Layout, columns: Sequence[Column], row: Row) -> str:
    return layout.separator.join([_text_of(column.kind, row.get(column.name, ""), layout) for column in columns])


def _faulty_row(layout: Layout, columns: Sequence[Column], row: Row) -> str:
    return _faulty_column(layout, columns, [_text_of(each.kind, row.get(each.name, ""), layout) for each in columns])


def _text_of(kind: Kind, value: str | int, layout: Layout) -> str:
    """The written value; one of a wrong kind comes out as what the pattern refuses."""
    if value == "":
        return ""
    if kind is Kind.AMOUNT and isinstance(value, int):
        return f"{value // 100}{layout.decimal_mark}{value % 100:02d}"
    if kind is Kind.DATE and isinstance(value, str):
        return form_of_day(value[:4], value[4:6], value[6:], layout.date_form)
    return str(value)
