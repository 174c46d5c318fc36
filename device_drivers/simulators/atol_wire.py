"""The simulators' own ATOL codec: nothing here knows the driver's one. No I/O, no clock."""

from __future__ import annotations


def atol_crc(data: bytes) -> int:
    """CRC-8 by bits, polynomial 31h, from FFh."""
    rest = 0xFF
    for byte in data:
        for bit in range(7, -1, -1):
            top = (rest >> 7) ^ (byte >> bit & 1)
            rest = (rest << 1 & 0xFF) ^ (0x31 if top else 0)
    return rest


def atol_frame(number: int, data: bytes) -> bytes:
    """What the register says."""
    numbered = bytes((number,)) + data
    body = bytes((len(data) % 128, len(data) // 128)) + numbered + bytes((atol_crc(numbered),))
    return b"\xfe" + body.replace(b"\xfd", b"\xfd\xed").replace(b"\xfe", b"\xfd\xee")


class AtolHostStream:
    """Cuts what the host says into numbered data; damaged frames are dropped."""

    def __init__(self) -> None:
        self._bytes = b""

    def split(self, chunk: bytes) -> list[tuple[int, bytes]]:
        """Packets that are whole now."""
        self._bytes += chunk
        found = []
        while b"\xfe" in self._bytes:
            self._bytes = self._bytes[self._bytes.index(b"\xfe") :]
            end = self._bytes.find(b"\xfe", 1)
            raw = self._bytes[1:] if end < 0 else self._bytes[1:end]
            body = raw.replace(b"\xfd\xee", b"\xfe").replace(b"\xfd\xed", b"\xfd")
            size = body[0] + body[1] * 128 + 4 if len(body) >= 2 else 5
            if len(body) >= size and atol_crc(body[2 : size - 1]) == body[size - 1]:
                found.append((body[2], body[3 : size - 1]))
                self._bytes = self._bytes[end:] if end > 0 else b""
            elif end > 0:
                self._bytes = self._bytes[end:]
            else:
                break
        return found


def bcd(value: int, size: int) -> bytes:
    """Two digits a byte, high byte first."""
    return bytes.fromhex(str(value).zfill(2 * size))


def number(raw: bytes) -> int:
    """What `bcd` made."""
    return int(raw.hex())
