"""The simulators' own Shtrih-M codec: nothing here knows the driver's one. No I/O, no clock."""

from __future__ import annotations

STX, ENQ, ACK, NAK = b"\x02", b"\x05", b"\x06", b"\x15"


def shtrih_message(data: bytes) -> bytes:
    """STX, length, data, xor of the last two."""
    check = len(data)
    for byte in data:
        check ^= byte
    return STX + bytes([len(data)]) + data + bytes([check])


class ShtrihHostStream:
    """Cuts what the host says into control bytes and commands; a damaged command comes out as None."""

    def __init__(self) -> None:
        self._bytes = b""

    def split(self, chunk: bytes) -> list[bytes | str | None]:
        """Control bytes as one letter E, A or N; commands as bytes."""
        self._bytes += chunk
        found: list[bytes | str | None] = []
        while self._bytes:
            head = self._bytes[:1]
            if head == STX:
                if len(self._bytes) < 2 or len(self._bytes) < self._bytes[1] + 3:
                    break
                size = self._bytes[1] + 3
                message, self._bytes = self._bytes[:size], self._bytes[size:]
                good = shtrih_message(message[2:-1]) == message
                found.append(message[2:-1] if good and size > 3 else None)
                continue
            self._bytes = self._bytes[1:]
            letter = {ENQ: "E", ACK: "A", NAK: "N"}.get(head)
            if letter is not None:
                found.append(letter)
        return found
