"""Sealing to the office: who has the public key can write, only the office can read (HPKE, RFC 9180, base mode).

A terminal keeps what a customer wrote only sealed, on line and off line alike. The context names what is sealed: one
thing cannot be handed in as another. Suite: X25519, HKDF-SHA256, ChaCha20-Poly1305.
"""

from __future__ import annotations

import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

KEY_SIZE = 32
OVERHEAD = 48  # bytes that a seal adds: an encapsulated key and a tag
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class SealError(ValueError):
    """Sealed to another key, in another context, or damaged."""


class OfficeSeal:
    """The office's half: opens what was sealed to its public key."""

    def __init__(self, secret: bytes) -> None:
        self._key = X25519PrivateKey.from_private_bytes(secret)
        self.public_key = self._key.public_key().public_bytes_raw()
        self.key_id = key_id_of(self.public_key)

    def open(self, sealed: bytes, context: str) -> bytes:
        """Raises SealError."""
        try:
            return _SUITE.decrypt(sealed, self._key, context.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError("it cannot be opened with this key") from error


def seal(plain: bytes, public_key: bytes, context: str) -> bytes:
    """Seals to the office's public key, 32 bytes."""
    return _SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public_key), context.encode())


def key_id_of(public_key: bytes) -> str:
    """The short name of a public key."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def form_context(submission_id: str) -> str:
    return f"case-form {submission_id}"


def attachment_context(submission_id: str, attachment_id: str) -> str:
    return f"case-attachment {submission_id} {attachment_id}"
