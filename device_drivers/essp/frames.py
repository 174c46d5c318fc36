"""SSP packets: STX(7F) SEQ|ID LEN DATA CRC-lo CRC-hi, every further 7F doubled. No I/O, no clock.

Source: SSP paper, "Packet". A single 7F that is followed by something else begins a new packet, whatever came before.
"""

from __future__ import annotations

from dataclasses import dataclass

STX = 0x7F
SEQUENCE_BIT = 0x80
ADDRESS_MAX = 0x7D
DATA_SIZE_MAX = 255
HEAD_SIZE = 2  # sequence and address, length
CRC_SIZE = 2
CRC_POLY = 0x8005
CRC_START = 0xFFFF


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole packet whose CRC is right; `sequence` is its bit, 0 or 1."""

    sequence: int
    address: int
    data: bytes


@dataclass(frozen=True, slots=True)
class DamagedFrame:
    """A packet's unstuffed bytes that failed its CRC."""

    body: bytes


class FrameError(ValueError):
    """Bytes that are not one whole SSP packet; the text says why."""


def _crc_table() -> tuple[int, ...]:
    table = []
    for byte in range(256):
        crc = byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ CRC_POLY if crc & 0x8000 else crc << 1) & 0xFFFF
        table.append(crc)
    return tuple(table)


_CRC_TABLE = _crc_table()


def crc16(data: bytes) -> bytes:
    """The CRC over `data`, low byte first as on the wire."""
    crc = CRC_START
    for byte in data:
        crc = (crc << 8 & 0xFFFF) ^ _CRC_TABLE[crc >> 8 ^ byte]
    return crc.to_bytes(CRC_SIZE, "little")


def encode(frame: Frame) -> bytes:
    """The bytes of a packet on the wire.

    Raises:
        FrameError: no data, more than a packet carries, or no such address.
    """
    if not 1 <= len(frame.data) <= DATA_SIZE_MAX:
        raise FrameError(f"a packet carries 1..{DATA_SIZE_MAX} data bytes, not {len(frame.data)}")
    if not 0 <= frame.address <= ADDRESS_MAX or frame.sequence not in (0, 1):
        raise FrameError(f"nothing has the address {frame.address:02x} and the sequence {frame.sequence}")
    body = bytes((frame.sequence << 7 | frame.address, len(frame.data))) + frame.data
    return bytes((STX,)) + (body + crc16(body)).replace(b"\x7f", b"\x7f\x7f")


def decode(raw: bytes) -> Frame:
    """One whole packet from exactly its bytes.

    Raises:
        FrameError: what is wrong with the bytes.
    """
    if raw[:1] != bytes((STX,)):
        raise FrameError("a packet begins with 7f")
    rest = raw[1:].replace(b"\x7f\x7f", b"\x00\x00")
    if b"\x7f" in rest:
        raise FrameError("a single 7f inside begins another packet")
    body = raw[1:].replace(b"\x7f\x7f", b"\x7f")
    if len(body) < HEAD_SIZE + 1 + CRC_SIZE or len(body) != HEAD_SIZE + body[1] + CRC_SIZE:
        raise FrameError(f"the packet does not have the length it says, here are {len(body)} bytes behind 7f")
    return _checked(body)


def _checked(body: bytes) -> Frame:
    found, right = body[-CRC_SIZE:], crc16(body[:-CRC_SIZE])
    if found != right:
        raise FrameError(f"the CRC is {found.hex()}, the bytes give {right.hex()}")
    if body[0] & ~SEQUENCE_BIT > ADDRESS_MAX:
        raise FrameError(f"nothing has the address {body[0] & ~SEQUENCE_BIT:02x}")
    return Frame(body[0] >> 7, body[0] & ~SEQUENCE_BIT, body[HEAD_SIZE:-CRC_SIZE])


class FrameReader:
    """Rebuilds packets from a byte stream cut anywhere. What is no packet is skipped and counted."""

    def __init__(self) -> None:
        self._body: bytearray | None = None  # unstuffed, behind STX; None: between packets
        self._half_stuffed = False  # the last byte was 7F, and only the next one tells what it meant
        self.noise_bytes = 0

    @property
    def waiting(self) -> bool:
        """True while a packet has begun and not ended."""
        return self._body is not None or self._half_stuffed

    def feed(self, chunk: bytes) -> list[Frame | DamagedFrame]:
        """Packets that became whole with these bytes, in order."""
        return [frame for byte in chunk if (frame := self._take(byte)) is not None]

    def give_up_waiting(self) -> None:
        """Time passed and the packet begun never ended."""
        self._drop()
        self._half_stuffed = False

    def _take(self, byte: int) -> Frame | DamagedFrame | None:
        if self._half_stuffed:
            self._half_stuffed = False
            if byte != STX:
                self._drop()
                self._body = bytearray()
            return self._append(byte)
        if byte == STX:
            self._half_stuffed = True
            return None
        return self._append(byte)

    def _append(self, byte: int) -> Frame | DamagedFrame | None:
        if self._body is None:
            self.noise_bytes += 1
            return None
        self._body.append(byte)
        if len(self._body) < HEAD_SIZE or len(self._body) < HEAD_SIZE + self._body[1] + CRC_SIZE:
            return None
        body, self._body = bytes(self._body), None
        try:
            return _checked(body)
        except FrameError:
            self.noise_bytes += len(body) + 1
            return DamagedFrame(body)

    def _drop(self) -> None:
        if self._body is not None:
            self.noise_bytes += len(self._body) + 1
            self._body = None
