"""The simulators' own INPAS codec: nothing here knows the driver's one. No I/O, no clock."""

from __future__ import annotations

ACK, NAK, EOT = b"\x06", b"\x15", b"\x04"


def inpas_crc(data: bytes) -> bytes:
    """CRC-16 with 8005h by bits, from 0, high byte first."""
    rest = 0
    for byte in data:
        for bit in range(7, -1, -1):
            top = (rest >> 15) ^ (byte >> bit & 1)
            rest = (rest << 1 & 0xFFFF) ^ (0x8005 if top else 0)
    return bytes((rest >> 8, rest & 0xFF))


def inpas_frame(data: bytes) -> bytes:
    """A message on its own."""
    raw = b"\x02" + bytes((len(data) % 256, len(data) // 256)) + data
    return raw + inpas_crc(raw)


def inpas_parts(data: bytes, size: int) -> list[bytes]:
    """The same in parts, the last one numbered 0."""
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    out = []
    for number, piece in enumerate(pieces, 1):
        digits = str(0 if number == len(pieces) else number).encode()
        header = b"\x01\x01\x00" + b"1" + b"\x02" + bytes((len(digits), 0)) + digits
        body = bytes((len(header), 0)) + header + piece
        raw = b"\x01" + bytes((len(body) % 256, len(body) // 256)) + body
        out.append(raw + inpas_crc(raw))
    return out


def inpas_tlv(values: dict[int, bytes]) -> bytes:
    """Tag, two bytes of length, value."""
    return b"".join(bytes((tag, len(value) % 256, len(value) // 256)) + value for tag, value in values.items())


def inpas_values(data: bytes) -> dict[int, bytes]:
    """What `inpas_tlv` made."""
    values = {}
    while len(data) >= 3:
        size = data[1] + 256 * data[2]
        values[data[0]], data = data[3 : 3 + size], data[3 + size :]
    return values


class InpasHostStream:
    """Cuts what the host says into control bytes and data; a damaged frame comes out as None."""

    def __init__(self) -> None:
        self._bytes = b""
        self._parts = b""

    def split(self, chunk: bytes) -> list[bytes | str | None]:
        """Control bytes as a letter A, N or E; messages as bytes."""
        self._bytes += chunk
        found: list[bytes | str | None] = []
        while self._bytes:
            head = self._bytes[:1]
            if head not in (b"\x01", b"\x02"):
                self._bytes = self._bytes[1:]
                letter = {ACK: "A", NAK: "N", EOT: "E"}.get(head)
                if letter is not None:
                    found.append(letter)
                continue
            size = 3 + self._bytes[1] + 256 * self._bytes[2] + 2 if len(self._bytes) >= 3 else 6
            if len(self._bytes) < size:
                break
            raw, self._bytes = self._bytes[:size], self._bytes[size:]
            if inpas_crc(raw[:-2]) != raw[-2:]:
                found.append(None)
                continue
            found.append(self._message(raw))
        return found

    def _message(self, raw: bytes) -> bytes:
        if raw[:1] == b"\x02":
            return raw[3:-2]
        size = raw[3] + 256 * raw[4]
        last = inpas_values(raw[5 : 5 + size])[2] == b"0"
        self._parts += raw[5 + size : -2]
        whole, self._parts = (self._parts, b"") if last else (b"", self._parts)
        return whole
