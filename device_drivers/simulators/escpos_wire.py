"""The simulated printer's own reading of ESC/POS bytes, cut anywhere. No I/O, no clock.

More than our driver says is understood, since other hosts print here too. A raster picture comes out line by line, as
a real head burns it: no picture has to fit the buffer.
"""

from __future__ import annotations

from dataclasses import dataclass

DLE, ESC, FS, GS, LF = 0x10, 0x1B, 0x1C, 0x1D, 0x0A
BARCODE_SIZE_MAX = 255

# Commands by how many parameter bytes follow: what they are here.
_ESC_ONE = {ord("t"): "code_page", ord("a"): "align", ord("E"): "bold", ord("G"): "bold", ord("d"): "feed"}
_ESC_ONE |= {ord("!"): "mode"} | dict.fromkeys(b"3-{MJRSVr ", "other")
_ESC_TWO = frozenset(b"$\\")
_GS_ONE = {ord("!"): "size", ord("r"): "marker", ord("I"): "identify", ord("h"): "bar_height", ord("w"): "bar_width"}
_GS_ONE |= {ord("a"): "status_back"} | dict.fromkeys(b"BbHf", "other")
_GS_TWO = frozenset(b"LWP")
_COLUMN_DOTS = {0: 8, 1: 8, 32: 24, 33: 24}


@dataclass(frozen=True, slots=True)
class Token:
    """One command, or a run of letters."""

    name: str
    parameter: int = 0
    data: bytes = b""
    size: int = 1  # bytes it takes on the wire
    lines: int = 0  # how many lines of dots follow

    @property
    def buffer_size(self) -> int:
        """Bytes it takes in the buffer; a stored picture lies in a memory of its own."""
        return 0 if self.name == "picture_store" else self.size


class EscposStream:
    """Cuts a byte stream into commands."""

    def __init__(self) -> None:
        self._bytes = b""
        self._line_size, self._lines_left = 0, 0  # of the raster picture that is coming

    def split(self, chunk: bytes) -> list[Token]:
        """Commands that are whole now."""
        self._bytes += chunk
        tokens = []
        while self._bytes and (token := self._take()) is not None:
            self._bytes = self._bytes[token.size :]
            tokens.append(token)
        return tokens

    def _take(self) -> Token | None:
        if self._lines_left:
            return self._take_line()
        head = self._bytes[0]
        if head == LF:
            return Token("row_end")
        if head == DLE:
            return self._take_real_time()
        if head == ESC:
            return self._take_esc()
        if head == FS:
            return Token("other", size=2) if len(self._bytes) >= 2 else None
        if head == GS:
            return self._take_gs()
        if head < 0x20:
            return Token("other")
        end = next((at for at, byte in enumerate(self._bytes) if byte < 0x20), len(self._bytes))
        return Token("text", data=self._bytes[:end], size=end)

    def _take_real_time(self) -> Token | None:
        if len(self._bytes) < 3:
            return None
        if self._bytes[1] == 0x04 and 1 <= self._bytes[2] <= 4:
            return Token("status", self._bytes[2], size=3)
        if self._bytes[1:3] == b"\x04\x14":
            return Token("full_status", size=3)
        return Token("other", size=1)

    def _take_esc(self) -> Token | None:
        if len(self._bytes) < 2:
            return None
        if self._bytes[1] == ord("@"):
            return Token("reset", size=2)
        if self._bytes[1] == ord("*"):
            return self._take_columns()
        if self._bytes[1] in _ESC_ONE:
            return self._with_one(_ESC_ONE[self._bytes[1]])
        return self._whole("other", 4 if self._bytes[1] in _ESC_TWO else 2)

    def _take_gs(self) -> Token | None:
        if len(self._bytes) < 2:
            return None
        if self._bytes[1] == ord("V"):
            return self._take_cut()
        if self._bytes[1] == ord("("):
            return self._take_block()
        if self._bytes[1] == ord("v"):
            return self._take_raster()
        if self._bytes[1] == ord("k"):
            return self._take_barcode()
        if self._bytes[1] == ord("e"):
            return self._take_presenter()
        if self._bytes[1] in _GS_ONE:
            return self._with_one(_GS_ONE[self._bytes[1]])
        return self._whole("other", 4 if self._bytes[1] in _GS_TWO else 2)

    def _take_cut(self) -> Token | None:
        if len(self._bytes) < 3:
            return None
        return self._whole("cut", 4 if self._bytes[2] in (0x41, 0x42) else 3)

    def _take_block(self) -> Token | None:
        """GS ( k pL pH cn fn data, GS ( L pL pH m fn data."""
        if len(self._bytes) < 5:
            return None
        size = 5 + int.from_bytes(self._bytes[3:5], "little")
        if len(self._bytes) < size:
            return None
        kind, body = self._bytes[2], self._bytes[5:size]
        if kind == ord("k") and len(body) >= 2 and body[0] == 0x31:
            return Token("qr", body[1], body[2:], size)
        if kind == ord("L") and body[1:2] == b"\x70" and len(body) >= 10:
            return Token("picture_store", int.from_bytes(body[6:8], "little"), body[10:], size)
        if kind == ord("L") and body[1:2] in (b"\x02", b"\x32"):
            return Token("picture_print", size=size)
        return Token("other", size=size)

    def _take_presenter(self) -> Token | None:
        """GS e 3 n presents, GS e 2 draws back, GS e 5 ejects; others have no parameter."""
        if len(self._bytes) < 3:
            return None
        names = {2: "retract", 3: "present", 5: "eject"}
        return self._whole(names.get(self._bytes[2], "other"), 4 if self._bytes[2] == 3 else 3)

    def _take_raster(self) -> Token | None:
        """GS v 0 m xL xH yL yH, and then the lines of dots."""
        if len(self._bytes) < 8:
            return None
        self._line_size = int.from_bytes(self._bytes[4:6], "little")
        lines = int.from_bytes(self._bytes[6:8], "little")
        self._lines_left = lines if self._line_size else 0
        return Token("raster", self._bytes[3], size=8, lines=self._lines_left)

    def _take_line(self) -> Token | None:
        if (token := self._whole("raster_line", self._line_size)) is not None:
            self._lines_left -= 1
        return token

    def _take_columns(self) -> Token | None:
        """ESC * m nL nH, and then n columns of 8 or 24 dots."""
        if len(self._bytes) < 5:
            return None
        columns = int.from_bytes(self._bytes[3:5], "little")
        size = 5 + columns * _COLUMN_DOTS.get(self._bytes[2], 8) // 8
        if len(self._bytes) < size:
            return None
        return Token("columns", self._bytes[2], self._bytes[5:size], size)

    def _take_barcode(self) -> Token | None:
        """GS k m data 00 for m 0..6, GS k m n data for m 65 and above."""
        if len(self._bytes) < 4:
            return None
        if self._bytes[2] >= 65:
            size = 4 + self._bytes[3]
            return Token("barcode", self._bytes[2] - 65, self._bytes[4:size], size) if self._has(size) else None
        end = self._bytes.find(0, 3, 4 + BARCODE_SIZE_MAX)
        if end >= 0:
            return Token("barcode", self._bytes[2], self._bytes[3:end], end + 1)
        return Token("other", size=3) if self._has(4 + BARCODE_SIZE_MAX) else None

    def _with_one(self, name: str) -> Token | None:
        return Token(name, self._bytes[2], size=3) if self._has(3) else None

    def _whole(self, name: str, size: int) -> Token | None:
        return Token(name, data=self._bytes[:size], size=size) if self._has(size) else None

    def _has(self, size: int) -> bool:
        return len(self._bytes) >= size
