"""The simulated printer's own reading of ESC/POS bytes, cut anywhere. No I/O, no clock."""

from __future__ import annotations

from dataclasses import dataclass

DLE, ESC, GS, LF = 0x10, 0x1B, 0x1D, 0x0A

# Commands with one parameter byte: what they are here.
_ESC_ONE = {ord("t"): "code_page", ord("a"): "align", ord("E"): "bold", ord("d"): "feed", ord("3"): "other"}
_GS_ONE = {ord("!"): "size", ord("r"): "marker", ord("a"): "other", ord("I"): "identify"}


@dataclass(frozen=True, slots=True)
class Token:
    """One command, or a run of letters."""

    name: str
    parameter: int = 0
    data: bytes = b""
    size: int = 1  # bytes it takes in the buffer


class EscposStream:
    """Cuts a byte stream into commands."""

    def __init__(self) -> None:
        self._bytes = b""

    def split(self, chunk: bytes) -> list[Token]:
        """Commands that are whole now."""
        self._bytes += chunk
        tokens = []
        while self._bytes:
            token = self._take()
            if token is None:
                break
            self._bytes = self._bytes[token.size :]
            tokens.append(token)
        return tokens

    def _take(self) -> Token | None:
        head = self._bytes[0]
        if head == LF:
            return Token("row_end")
        if head == DLE:
            return self._take_real_time()
        if head == ESC:
            return self._take_esc()
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
        return Token("other", size=1)

    def _take_esc(self) -> Token | None:
        if len(self._bytes) < 2:
            return None
        if self._bytes[1] == ord("@"):
            return Token("reset", size=2)
        if self._bytes[1] in _ESC_ONE:
            return self._with_one(_ESC_ONE[self._bytes[1]])
        return Token("other", size=2)

    def _take_gs(self) -> Token | None:
        if len(self._bytes) < 2:
            return None
        if self._bytes[1] == ord("V"):
            return self._take_cut()
        if self._bytes[1] == ord("("):
            return self._take_block()
        if self._bytes[1] in _GS_ONE:
            return self._with_one(_GS_ONE[self._bytes[1]])
        return Token("other", size=2)

    def _take_cut(self) -> Token | None:
        if len(self._bytes) < 3:
            return None
        size = 4 if self._bytes[2] in (0x41, 0x42) else 3
        return Token("cut", size=size) if len(self._bytes) >= size else None

    def _take_block(self) -> Token | None:
        """GS ( k pL pH cn fn data."""
        if len(self._bytes) < 5:
            return None
        size = 5 + int.from_bytes(self._bytes[3:5], "little")
        if len(self._bytes) < size:
            return None
        if self._bytes[2] == ord("k") and size >= 7 and self._bytes[5] == 0x31:
            return Token("qr", self._bytes[6], self._bytes[7:size], size)
        return Token("other", size=size)

    def _with_one(self, name: str) -> Token | None:
        return Token(name, self._bytes[2], size=3) if len(self._bytes) >= 3 else None
