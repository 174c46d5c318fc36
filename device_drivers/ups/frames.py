"""Lines of upsd and their words. No I/O, no clock.

Source: NUT, RFC 9271: lines end in LF; a word with blanks stands in quotes, in which a backslash keeps what follows.
"""

from __future__ import annotations

LINE_SIZE_MAX = 1024


class LineError(ValueError):
    """A line whose quotes do not close."""


class LineReader:
    """Cuts a byte stream into lines. One that is too long is dropped whole and counted."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._too_long = False
        self.lines_dropped = 0

    def feed(self, chunk: bytes) -> list[str]:
        """Lines that became whole with these bytes, without their ends."""
        *whole, rest = (bytes(self._buffer) + chunk).split(b"\n")
        lines = []
        for line in whole:
            if self._too_long or len(line) > LINE_SIZE_MAX:
                self._too_long = False
                self.lines_dropped += 1
            else:
                lines.append(line.decode("utf-8", errors="replace").rstrip("\r"))
        self._too_long = self._too_long or len(rest) > LINE_SIZE_MAX
        self._buffer = bytearray() if self._too_long else bytearray(rest)
        return lines


def words_of(line: str) -> list[str]:
    """The words of a line.

    Raises:
        LineError: a quote or a backslash without its end.
    """
    words: list[str] = []
    word, in_word, quoted, kept = "", False, False, False
    for character in line:
        if kept:
            word, kept = word + character, False
        elif character == "\\":
            kept = in_word = True
        elif character == '"':
            quoted, in_word = not quoted, True
        elif character.isspace() and not quoted:
            words, word, in_word = ([*words, word], "", False) if in_word else (words, word, False)
        else:
            word, in_word = word + character, True
    if quoted or kept:
        raise LineError("a quote does not close")
    return [*words, word] if in_word else words
