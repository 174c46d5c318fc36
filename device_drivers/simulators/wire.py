"""The simulators' own codec: nothing here knows the drivers' one. No I/O, no clock."""

from __future__ import annotations

from functools import lru_cache

SYNC = 0x02
VALIDATOR = 0x03
HEAD = bytes((SYNC, VALIDATOR))


@lru_cache(maxsize=1024)  # a day of polls says the same few things
def ccnet_crc(body: bytes) -> bytes:
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


def ccnet_frame(data: bytes) -> bytes:
    """A frame of the bill validator around `data`."""
    body = bytes((SYNC, VALIDATOR, len(data) + 5)) + data
    return body + ccnet_crc(body)


def ccnet_bill_word(rubles: int) -> bytes:
    """A word of the bill table: leading digit, RUS, number of zeros; 0 rubles is an unused type."""
    if rubles == 0:
        return bytes(5)
    digits = str(rubles).rstrip("0")
    return bytes((int(digits),)) + b"RUS" + bytes((len(str(rubles)) - len(digits),))


class CcnetHostStream:
    """Cuts what the host says into frames; a damaged one comes out as None."""

    def __init__(self) -> None:
        self._bytes = b""

    def split(self, chunk: bytes) -> list[bytes | None]:
        """Data of the frames that are whole now."""
        found: list[bytes | None] = []
        if not chunk:
            return found
        self._bytes += chunk
        while True:
            start = self._bytes.find(HEAD)
            if start < 0:
                self._bytes = self._bytes[-1:] if self._bytes.endswith(HEAD[:1]) else b""
                return found
            if start:
                self._bytes = self._bytes[start:]
            if len(self._bytes) < 3:
                return found
            size = self._bytes[2]
            if not 6 <= size <= 250:
                self._bytes = self._bytes[1:]
                continue
            if len(self._bytes) < size:
                return found
            frame, self._bytes = self._bytes[:size], self._bytes[size:]
            good = ccnet_crc(frame[:-2]) == frame[-2:]
            found.append(frame[3:-2] if good else None)
