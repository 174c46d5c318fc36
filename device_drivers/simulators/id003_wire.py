"""The simulated ID-003 acceptor's own codec: nothing here knows the driver's one. No I/O, no clock."""

from __future__ import annotations

START = 0xFC


def id003_crc(body: bytes) -> bytes:
    """CRC-16 with 0x8408 bit by bit, low byte first."""
    rest = 0
    for byte in body:
        rest ^= byte
        for _ in range(8):
            carry = rest & 1
            rest >>= 1
            if carry:
                rest ^= 0x8408
    return bytes((rest & 0xFF, rest >> 8))


def id003_frame(data: bytes) -> bytes:
    """A frame around a status or an echoed command."""
    body = bytes((START, len(data) + 4)) + data
    return body + id003_crc(body)


def id003_quadruple(code: int, country: int, rubles: int) -> bytes:
    """One denomination: leading digits and zeros; 0 rubles is an unused code."""
    if rubles == 0:
        return bytes((code, country, 0, 0))
    digits = str(rubles).rstrip("0")
    return bytes((code, country, int(digits), len(str(rubles)) - len(digits)))


class Id003HostStream:
    """Cuts what the host says into frames; a damaged one comes out as None."""

    def __init__(self) -> None:
        self._bytes = b""

    def split(self, chunk: bytes) -> list[bytes | None]:
        """Data of the frames that are whole now."""
        self._bytes += chunk
        found: list[bytes | None] = []
        while True:
            start = self._bytes.find(bytes((START,)))
            self._bytes = self._bytes[start:] if start >= 0 else b""
            if len(self._bytes) < 2:
                return found
            size = self._bytes[1]
            if size < 5:
                self._bytes = self._bytes[1:]
                continue
            if len(self._bytes) < size:
                return found
            frame, self._bytes = self._bytes[:size], self._bytes[size:]
            good = id003_crc(frame[:-2]) == frame[-2:]
            found.append(frame[2:-2] if good else None)
