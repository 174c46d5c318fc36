"""The simulated SSP slave's own codec: nothing here knows the driver's one. No I/O, no clock."""

from __future__ import annotations

from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def ssp_crc(body: bytes) -> bytes:
    """CRC with 0x8005 from 0xFFFF, bit by bit, low byte first."""
    rest = 0xFFFF
    for byte in body:
        for bit in range(7, -1, -1):
            top = rest >> 15 ^ byte >> bit & 1
            rest = rest << 1 & 0xFFFF
            if top:
                rest ^= 0x8005
    return bytes((rest % 256, rest // 256))


def ssp_packet(head: int, data: bytes) -> bytes:
    """A packet whose first byte (sequence and address) is `head`, stuffed."""
    body = bytes((head, len(data))) + data
    body += ssp_crc(body)
    return b"\x7f" + b"".join(b"\x7f\x7f" if byte == 0x7F else bytes((byte,)) for byte in body)


@dataclass(frozen=True, slots=True)
class HostPacket:
    """What the host said; `good` is False when its CRC is wrong."""

    head: int
    data: bytes
    good: bool


class SspHostStream:
    """Cuts what the host says into packets."""

    def __init__(self) -> None:
        self._bytes = b""

    def split(self, chunk: bytes) -> list[HostPacket]:
        """Packets that are whole now."""
        self._bytes += chunk
        found = []
        while (packet := self._next()) is not None:
            found.append(packet)
        return found

    def _next(self) -> HostPacket | None:
        start = self._bytes.find(b"\x7f")
        while start >= 0:
            if self._bytes[start + 1 : start + 2] == b"\x7f":  # a doubled one outside a packet
                start = self._bytes.find(b"\x7f", start + 2)
                continue
            body, end = self._unstuffed(start + 1)
            if end is None:
                self._bytes = self._bytes[start:]
                return None
            if body is not None:
                self._bytes = self._bytes[end:]
                return HostPacket(body[0], body[2:-2], ssp_crc(body[:-2]) == body[-2:])
            start = end  # a single 7F inside: another packet begins there
        self._bytes = b""
        return None

    def _unstuffed(self, at: int) -> tuple[bytes | None, int | None]:
        """The body from `at` and where it ends; (None, place): a packet begins there; (None, None): not yet whole."""
        body = b""
        while at < len(self._bytes):
            byte = self._bytes[at]
            if byte == 0x7F:
                if at + 1 == len(self._bytes):
                    return None, None
                if self._bytes[at + 1] != 0x7F:
                    return None, at
                at += 1
            body += bytes((byte,))
            at += 1
            if len(body) >= 2 and len(body) == body[1] + 4:
                return body, at
        return None, None


def ssp_seal(data: bytes, count: int, key: bytes) -> bytes:
    """Data of an encrypted packet; the padding is zeros, since nobody looks at it."""
    inner = bytes((len(data),)) + count.to_bytes(4, "little") + data
    inner += bytes(-(len(inner) + 2) % 16)
    return b"\x7e" + _aes(key).encryptor().update(inner + ssp_crc(inner))


def ssp_unseal(data: bytes, key: bytes) -> tuple[int, bytes] | None:
    """Count and data of an encrypted packet; None: it was not made with this key."""
    if len(data) % 16 != 1 or len(data) == 1:
        return None
    inner = _aes(key).decryptor().update(data[1:])
    if ssp_crc(inner[:-2]) != inner[-2:] or inner[0] > len(inner) - 7:
        return None
    return int.from_bytes(inner[1:5], "little"), inner[5 : 5 + inner[0]]


def ssp_key(fixed: int, shared: int) -> bytes:
    """Both halves, low byte first."""
    return fixed.to_bytes(8, "little") + shared.to_bytes(8, "little")


def _aes(key: bytes) -> Cipher[modes.ECB]:
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - the protocol has no other mode
