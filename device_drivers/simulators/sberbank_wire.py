"""The simulators' own Sberbank codec: nothing here knows the driver's one. No I/O, no clock."""

from __future__ import annotations

import base64

PIECE = 180


def sber_crc(data: bytes) -> bytes:
    """CRC-16 with 1021h by bits, from FFFF, low byte first."""
    rest = 0xFFFF
    for byte in data:
        for bit in range(7, -1, -1):
            top = (rest >> 15) ^ (byte >> bit & 1)
            rest = (rest << 1 & 0xFFFF) ^ (0x1021 if top else 0)
    return bytes((rest & 0xFF, rest >> 8))


def sber_frame(number: int, data: bytes, *, more: bool = False) -> bytes:
    """A frame without its envelope."""
    raw = bytes((number + (128 if more else 0), len(data))) + data
    return raw + sber_crc(raw)


def sber_wires(command: int, number: int, body: bytes) -> list[bytes]:
    """A message as envelopes, to be sent one after another."""
    data = bytes((command, len(body) % 256, len(body) // 256)) + number.to_bytes(4, "little") + body
    pieces = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
    last = len(pieces) - 1
    raws = [sber_frame(at, piece, more=at < last) for at, piece in enumerate(pieces)]
    return [b"\x02#" + base64.b64encode(raw) + b"\x03" for raw in raws]


class SberHostStream:
    """Cuts what the host says into control bytes and frames; a damaged one comes out as None."""

    def __init__(self) -> None:
        self._bytes = b""

    def split(self, chunk: bytes) -> list[tuple[int, bytes] | int | None]:
        """Control bytes as numbers; frames as their first byte and data."""
        self._bytes += chunk
        found: list[tuple[int, bytes] | int | None] = []
        while self._bytes:
            if self._bytes[:1] != b"\x02":
                if self._bytes[0] in (4, 6, 7, 21):
                    found.append(self._bytes[0])
                self._bytes = self._bytes[1:]
                continue
            end = self._bytes.find(b"\x03")
            if end < 0:
                break
            wire, self._bytes = self._bytes[: end + 1], self._bytes[end + 1 :]
            found.append(_opened(wire))
        return found


def _opened(wire: bytes) -> tuple[int, bytes] | None:
    try:
        raw = base64.b64decode(wire[2:-1])
    except ValueError:
        return None
    good = len(raw) >= 4 and raw[1] == len(raw) - 4 and sber_crc(raw[:-2]) == raw[-2:]
    return (raw[0], raw[2:-2]) if good else None
