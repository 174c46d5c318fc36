"""The simulators' own VTK codec: nothing here knows the driver's one. No I/O, no clock."""

from __future__ import annotations

HOST, TERMINAL = b"\x96\xfb", b"\x97\xfb"


def vtk_crc(data: bytes) -> bytes:
    """CRC-16 with 0x1021 from FFFF, by nibbles of the top byte; high byte first."""
    rest = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            top = (rest >> 15) ^ (byte >> bit & 1)
            rest = (rest << 1 & 0xFFFF) ^ (0x1021 if top else 0)
    return bytes((rest >> 8, rest & 0xFF))


def vtk_frame(tlv: bytes, *, serial: bool) -> bytes:
    """What the terminal says."""
    body = len(TERMINAL + tlv).to_bytes(2, "big") + TERMINAL + tlv
    return b"\x1f" + body + vtk_crc(b"\x1f" + body) if serial else body


def vtk_tlv(values: dict[int, bytes]) -> bytes:
    """Tags of one byte."""
    out = b""
    for tag, value in values.items():
        size = bytes((len(value),)) if len(value) < 128 else b"\x82" + len(value).to_bytes(2, "big")
        out += bytes((tag,)) + size + value
    return out


def vtk_values(tlv: bytes) -> dict[int, bytes]:
    """The tags of a host's message; what cannot be read gives nothing."""
    values: dict[int, bytes] = {}
    while len(tlv) >= 2:
        tag, size, rest = tlv[0], tlv[1], tlv[2:]
        if size in (0x81, 0x82):
            count = size & 0x7F
            size, rest = int.from_bytes(rest[:count], "big"), rest[count:]
        if size > len(rest):
            return {}
        values[tag], tlv = rest[:size], rest[size:]
    return values


class VtkHostStream:
    """Cuts what the host says into TLV blocks; damaged frames are dropped."""

    def __init__(self, *, serial: bool) -> None:
        self._serial = serial
        self._bytes = b""

    def split(self, chunk: bytes) -> list[bytes]:
        """TLV of the frames that are whole now."""
        self._bytes += chunk
        found: list[bytes] = []
        start, tail = (1, 2) if self._serial else (0, 0)
        while True:
            if self._serial:
                at = self._bytes.find(b"\x1f")
                self._bytes = b"" if at < 0 else self._bytes[at:]
            if len(self._bytes) < start + 4:
                return found
            size = int.from_bytes(self._bytes[start : start + 2], "big")
            if self._bytes[start + 2 : start + 4] != HOST or size > 4096:
                self._bytes = self._bytes[1:]
                continue
            end = start + 2 + size + tail
            if len(self._bytes) < end:
                return found
            frame, self._bytes = self._bytes[:end], self._bytes[end:]
            if not self._serial or vtk_crc(frame[:-2]) == frame[-2:]:
                found.append(frame[start + 4 : end - tail])
