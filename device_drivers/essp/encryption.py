"""The "e" of eSSP: a key agreed by two primes, packets under AES-128. No I/O, no clock, randomness is given.

Source: SSP paper, "Encryption". ECB and a 64-bit exchange are the protocol's own; it keeps a wire honest, no secret.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from device_drivers.essp.frames import crc16

STEX = 0x7E  # first data byte of an encrypted packet
BLOCK = 16
LENGTH_SIZE, COUNT_SIZE, CRC_SIZE = 1, 4, 2
OVERHEAD = LENGTH_SIZE + COUNT_SIZE + CRC_SIZE
FIXED_KEY_DEFAULT = 0x0123456701234567
PRIME_BITS = 48  # below 64, so that every intermediate fits into eight bytes
_WITNESSES = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37)  # enough for any number of 64 bits

RandomBytes = Callable[[int], bytes]


class CipherError(ValueError):
    """An encrypted packet that nobody with this key made; the text says why."""


@dataclass(frozen=True, slots=True)
class Key:
    """Sixteen bytes of AES."""

    raw: bytes

    def __repr__(self) -> str:
        return "Key(...)"  # a key is not for logs


@dataclass(frozen=True, slots=True)
class Exchange:
    """The host's half of a key exchange: both primes and the secret exponent."""

    generator: int
    modulus: int
    secret: int

    @property
    def intermediate(self) -> int:
        """What the host tells of its secret."""
        return pow(self.generator, self.secret, self.modulus)

    def key(self, slave_intermediate: int, fixed_key: int = FIXED_KEY_DEFAULT) -> Key:
        """The key that both sides now have; `slave_intermediate` is unsigned."""
        shared = pow(slave_intermediate, self.secret, self.modulus)
        return Key(fixed_key.to_bytes(8, "little") + shared.to_bytes(8, "little"))

    def __repr__(self) -> str:
        return "Exchange(...)"


def new_exchange(random_bytes: RandomBytes) -> Exchange:
    """Fresh primes and a fresh secret. The generator is the larger prime, as in the hosts of the field."""
    first, second = _prime(random_bytes), _prime(random_bytes)
    while first == second:
        second = _prime(random_bytes)
    return Exchange(max(first, second), min(first, second), int.from_bytes(random_bytes(4), "little") | 1 << 31)


def encrypt(data: bytes, count: int, key: Key, random_bytes: RandomBytes) -> bytes:
    """The data of a packet that carries `data` under `count`."""
    padding = random_bytes(-(len(data) + OVERHEAD) % BLOCK)
    plain = bytes((len(data),)) + count.to_bytes(COUNT_SIZE, "little") + data + padding
    return bytes((STEX,)) + _aes(key).encryptor().update(plain + crc16(plain))


def decrypt(packet: bytes, key: Key) -> tuple[int, bytes]:
    """Count and data of an encrypted packet's data.

    Raises:
        CipherError: it is not encrypted, not of whole blocks, or its inner length or CRC is wrong.
    """
    if packet[:1] != bytes((STEX,)) or len(packet) == 1 or len(packet) % BLOCK != 1:
        raise CipherError("no encrypted data of whole blocks")
    plain = _aes(key).decryptor().update(packet[1:])
    if crc16(plain[:-CRC_SIZE]) != plain[-CRC_SIZE:]:
        raise CipherError("the inner CRC is wrong")
    if plain[0] + OVERHEAD > len(plain):
        raise CipherError("the inner length is wrong")
    count = int.from_bytes(plain[LENGTH_SIZE : LENGTH_SIZE + COUNT_SIZE], "little")
    return count, plain[LENGTH_SIZE + COUNT_SIZE :][: plain[0]]


def _aes(key: Key) -> Cipher[modes.ECB]:
    return Cipher(algorithms.AES(key.raw), modes.ECB())  # noqa: S305 - the protocol has no other mode


def _prime(random_bytes: RandomBytes) -> int:
    candidate = int.from_bytes(random_bytes(PRIME_BITS // 8), "little") | 1 << (PRIME_BITS - 1) | 1
    while not is_prime(candidate):
        candidate += 2
    return candidate


def is_prime(number: int) -> bool:
    """Miller-Rabin, sure for numbers of up to 64 bits."""
    if number < 2 or number % 2 == 0:
        return number == 2
    odd, twos = number - 1, 0
    while odd % 2 == 0:
        odd, twos = odd // 2, twos + 1
    return all(
        (number % witness == 0 and number == witness) or _passes(number, witness, odd, twos) for witness in _WITNESSES
    )


def _passes(number: int, witness: int, odd: int, twos: int) -> bool:
    power = pow(witness, odd, number)
    if power in (1, number - 1):
        return True
    for _ in range(twos - 1):
        power = power * power % number
        if power == number - 1:
            return True
    return False
