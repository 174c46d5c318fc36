"""The "BNV code" that many ccTalk bill validators speak: bytes from the third on, under six digits. No I/O, no clock.

Source: ccTalk paper, "Encrypted variant". It hides little; it is here because devices ask for it.
"""

from __future__ import annotations

from dataclasses import dataclass

KEY_DIGITS = 6
ROUNDS = 12
TAPS = (7, 4, 5, 3, 1, 2, 3, 2, 6, 1)  # bit that feeds back, by (k1 + place) mod 10; never bit 0
FEED_MASK = 99

_REVERSED = tuple(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class KeyTextError(ValueError):
    """Not six hexadecimal digits."""


@dataclass(frozen=True, slots=True)
class Key:
    """k0..k5, each 0..15, normally a decimal digit."""

    digits: tuple[int, ...]

    def __repr__(self) -> str:
        return "Key(...)"  # a key is not for logs


def key_of(text: str) -> Key:
    """From `123456`.

    Raises:
        KeyTextError: anything else.
    """
    try:
        digits = tuple(int(digit, 16) for digit in text)
    except ValueError:
        digits = ()
    if len(digits) != KEY_DIGITS:
        raise KeyTextError("a key is six digits")
    return Key(digits)


def encipher(plain: bytes, key: Key) -> bytes:
    """The bytes behind DEST and LEN as they go on the wire."""
    k0, _, k2, _, k4, _ = key.digits
    message = bytearray(byte ^ (~(k0 << 4 | k4) & 0xFF) for byte in plain)
    _reverse_bits(message, key)
    for turn in range(ROUNDS):
        _shift_right(message, key, turn)
    return bytes(byte ^ (k2 << 4 | k2) for byte in message)


def decipher(wire: bytes, key: Key) -> bytes:
    """The bytes behind DEST and LEN as they were meant."""
    k0, _, k2, _, k4, _ = key.digits
    message = bytearray(byte ^ (k2 << 4 | k2) for byte in wire)
    for turn in reversed(range(ROUNDS)):
        _shift_left(message, key, turn)
    _reverse_bits(message, key)
    return bytes(byte ^ (~(k0 << 4 | k4) & 0xFF) for byte in message)


def _reverse_bits(message: bytearray, key: Key) -> None:
    for place, byte in enumerate(message):
        if key.digits[3] >> place % 4 & 1:
            message[place] = _REVERSED[byte]


def _feedback(message: bytearray, key: Key) -> int:
    feedback = 0
    for place, byte in enumerate(message):
        feedback ^= byte >> TAPS[(key.digits[1] + place) % len(TAPS)]
    return feedback & 1


def _inverted(key: Key, turn: int, place: int) -> int:
    return (key.digits[5] ^ FEED_MASK) >> (turn + place) % 8 & 1


def _shift_right(message: bytearray, key: Key, turn: int) -> None:
    carry = _feedback(message, key) ^ message[-1] & 1
    for place, byte in enumerate(message):
        message[place] = carry << 7 | byte >> 1
        carry = byte & 1 ^ _inverted(key, turn, place)


def _shift_left(message: bytearray, key: Key, turn: int) -> None:
    fed_back = message[0] >> 7
    last = len(message) - 1
    for place, byte in enumerate(message):
        low = 0 if place == last else message[place + 1] >> 7 ^ _inverted(key, turn, place)
        message[place] = byte << 1 & 0xFF | low
    message[last] |= fed_back ^ _feedback(message, key)  # no tap is bit 0, so the bit that is missing does not count
