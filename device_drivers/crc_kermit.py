"""CRC-16/KERMIT, as CCNET and ID-003 guard their frames. Pure."""

from __future__ import annotations

POLY_REFLECTED = 0x8408


def _table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte
        for _ in range(8):
            crc = (crc >> 1) ^ POLY_REFLECTED if crc & 1 else crc >> 1
        table.append(crc)
    return tuple(table)


_TABLE = _table()


def crc16(data: bytes) -> bytes:
    """The check sum of `data`, low byte first as on the wire."""
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ _TABLE[(crc ^ byte) & 0xFF]
    return crc.to_bytes(2, "little")
