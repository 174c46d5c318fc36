"""The simulated ccTalk devices' own codec: nothing here knows the driver's one. No I/O, no clock."""

from __future__ import annotations

from dataclasses import dataclass

HOST = 1
_FEEDBACK_BITS = "7453123261"


def cctalk_sum(body: bytes) -> int:
    """What makes the sum of all bytes a multiple of 256."""
    return (256 - sum(body) % 256) % 256


def cctalk_crc(body: bytes) -> int:
    """CRC with 0x1021 bit by bit."""
    rest = 0
    for byte in body:
        for bit in range(7, -1, -1):
            top = rest >> 15 ^ byte >> bit & 1
            rest = rest << 1 & 0xFFFF
            if top:
                rest ^= 0x1021
    return rest


@dataclass(frozen=True, slots=True)
class CctalkForm:
    """`checksum8` or `crc16`, the latter perhaps under six digits."""

    variant: str = "checksum8"
    digits: str = ""

    def message(self, source: int, header: int, data: bytes) -> bytes:
        """What a device at `source` says to the host."""
        head, tail = bytes((HOST, len(data))), bytes((header,)) + data
        if self.variant == "checksum8":
            body = head + bytes((source,)) + tail
            return body + bytes((cctalk_sum(body),))
        crc = cctalk_crc(head + tail)
        rest = bytes((crc % 256,)) + tail + bytes((crc // 256,))
        return head + (bnv_hide(rest, self.digits) if self.digits else rest)

    def understood(self, raw: bytes) -> tuple[int, bytes] | None:
        """Header and data of a whole message; None: its checksum is wrong."""
        if self.variant == "checksum8":
            return (raw[3], raw[4:-1]) if sum(raw) % 256 == 0 else None
        rest = bnv_show(raw[2:], self.digits) if self.digits else raw[2:]
        good = cctalk_crc(raw[:2] + rest[1:-1]) == rest[0] + 256 * rest[-1]
        return (rest[1], rest[2:-1]) if good else None


class CctalkHostStream:
    """Cuts what the host says to one address into messages; a damaged one comes out as None."""

    def __init__(self, form: CctalkForm, address: int) -> None:
        self._form = form
        self._address = address
        self._bytes = b""

    def split(self, chunk: bytes) -> list[tuple[int, bytes] | None]:
        """Header and data of the messages that are whole now."""
        self._bytes += chunk
        found: list[tuple[int, bytes] | None] = []
        while len(self._bytes) >= 2:
            size = self._bytes[1] + 5
            if self._bytes[0] != self._address or size > 257:
                self._bytes = self._bytes[1:]
                continue
            if len(self._bytes) < size:
                break
            raw, self._bytes = self._bytes[:size], self._bytes[size:]
            found.append(self._form.understood(raw))
        return found

    def forget(self) -> None:
        """The line was silent inside a message."""
        self._bytes = b""


def bnv_hide(plain: bytes, digits: str) -> bytes:
    """The enciphered form, worked out on a row of bits, first byte and highest bit first."""
    k = [int(digit, 16) for digit in digits]
    row = [bit for place, byte in enumerate(plain) for bit in _bits(byte ^ 255 ^ (k[0] * 16 + k[4]), _turned(k, place))]
    for turn in range(12):
        fed = row[-1] ^ _fed_back(row, k)
        row = [fed, *row[:-1]]
        for place in range(1, len(plain)):
            row[8 * place] ^= _flips(k, turn, place - 1)
    return bytes(_byte(row[at : at + 8]) ^ k[2] * 17 for at in range(0, len(row), 8))


def bnv_show(wire: bytes, digits: str) -> bytes:
    """The plain form of what `bnv_hide` made."""
    k = [int(digit, 16) for digit in digits]
    row = [bit for byte in wire for bit in _bits(byte ^ k[2] * 17, False)]
    for turn in range(11, -1, -1):
        for place in range(1, len(wire)):
            row[8 * place] ^= _flips(k, turn, place - 1)
        fed, row = row[0], [*row[1:], 0]
        row[-1] = fed ^ _fed_back(row, k)
    plain = [_byte(row[at : at + 8]) for at in range(0, len(row), 8)]
    turned = [_byte(_bits(byte, _turned(k, place))) for place, byte in enumerate(plain)]
    return bytes(byte ^ 255 ^ (k[0] * 16 + k[4]) for byte in turned)


def _bits(byte: int, turned: bool) -> list[int]:
    row = [byte >> bit & 1 for bit in range(7, -1, -1)]
    return row[::-1] if turned else row


def _byte(row: list[int]) -> int:
    return int("".join(map(str, row)), 2)


def _turned(k: list[int], place: int) -> bool:
    return bool(k[3] >> place % 4 & 1)


def _fed_back(row: list[int], k: list[int]) -> int:
    """Bit T of each byte, summed; T is never 0, so the last bit of the row does not count."""
    return sum(row[8 * place + 7 - int(_FEEDBACK_BITS[(k[1] + place) % 10])] for place in range(len(row) // 8)) % 2


def _flips(k: list[int], turn: int, place: int) -> int:
    return (k[5] ^ 99) >> (turn + place) % 8 & 1
