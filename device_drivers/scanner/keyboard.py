"""What a scanner types, as bytes: records of /dev/input become the characters of a US keyboard. No I/O, no clock.

Source: Linux, input-event-codes.h. Bytes a keyboard lacks come as Alt and their number on the keypad (ALT mode of
scanners): up to 255 the byte itself, above it a Unicode character, given in UTF-8. Control characters come with Ctrl.
"""

from __future__ import annotations

from device_drivers.input_records import EV_KEY, EV_SYN, RECORD

SYN_DROPPED = 3
PRESSED = 1  # 0 is released, 2 repeated by holding
SHIFTS, CONTROLS, ALTS = frozenset({42, 54}), frozenset({29, 97}), frozenset({56, 100})
KEYPAD = {82: 0, 79: 1, 80: 2, 81: 3, 75: 4, 76: 5, 77: 6, 71: 7, 72: 8, 73: 9}
ALT_DIGITS_MAX = 6
UNICODE_MAX = 0x10FFFF

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
)
_PLAIN = {first + at: ord(letter) for first, plain, _ in _ROWS for at, letter in enumerate(plain)}
_SHIFTED = {first + at: ord(letter) for first, _, shifted in _ROWS for at, letter in enumerate(shifted)}
_SAME = {28: 0x0D, 96: 0x0D, 15: 0x09, 57: 0x20, 98: 0x2F, 55: 0x2A, 74: 0x2D, 78: 0x2B, 83: 0x2E}


class KeyDecoder:
    """Rebuilds what was typed from a stream of records cut anywhere."""

    def __init__(self) -> None:
        self._buffer = b""
        self._held: set[int] = set()
        self._alt_digits = ""
        self._lost = False

    def feed(self, chunk: bytes) -> bytes:
        """The bytes typed with these records."""
        self._buffer += chunk
        whole = len(self._buffer) - len(self._buffer) % RECORD.size
        records, self._buffer = self._buffer[:whole], self._buffer[whole:]
        return b"".join(self._hear(*record[2:]) for record in RECORD.iter_unpack(records))

    def take_lost(self) -> bool:
        """True once when the kernel dropped records: what was typed has a hole."""
        lost, self._lost = self._lost, False
        return lost

    def _hear(self, kind: int, code: int, value: int) -> bytes:
        if kind == EV_SYN and code == SYN_DROPPED:
            self._lost = True
            self._held.clear()
            self._alt_digits = ""
        if kind != EV_KEY:
            return b""
        if code in SHIFTS | CONTROLS | ALTS:
            return self._modify(code, held=value != 0)
        return self._press(code) if value == PRESSED else b""

    def _modify(self, code: int, *, held: bool) -> bytes:
        if held:
            self._held.add(code)
            return b""
        self._held.discard(code)
        if code not in ALTS or self._held & ALTS:
            return b""
        digits, self._alt_digits = self._alt_digits, ""
        return _numbered(int(digits)) if digits else b""

    def _press(self, code: int) -> bytes:
        if code in KEYPAD:
            if self._held & ALTS:
                self._alt_digits = (self._alt_digits + str(KEYPAD[code]))[:ALT_DIGITS_MAX]
                return b""
            return str(KEYPAD[code]).encode()
        table = _SHIFTED if self._held & SHIFTS else _PLAIN
        byte = _SAME.get(code, table.get(code))
        if byte is None or self._held & ALTS:
            return b""
        if self._held & CONTROLS:
            return bytes((byte & 0x1F,)) if byte >= 0x40 else b""
        return bytes((byte,))


class PlainDecoder:
    """A serial scanner sends the bytes themselves."""

    def feed(self, chunk: bytes) -> bytes:
        return chunk

    def take_lost(self) -> bool:
        return False


def _numbered(number: int) -> bytes:
    if number <= 0xFF:
        return bytes((number,))
    return chr(number).encode("utf-8", errors="replace") if number <= UNICODE_MAX else b"?"
