"""What the office and a terminal say before the terminal has a certificate, and the store the office needs.

HTTP JSON on the terminals' TLS port: GET /enrolment/authority, POST /enrolment/nonce, POST /enrolment/certificate.

The one-time code never travels. Both sides stretch it with scrypt, salted by the order's id, to a proof key; the office
keeps this key and not the code. The terminal proves that it knows the code by
HMAC-SHA-256(proof key, SHA-256(CSR as DER) || server nonce). It trusts only the authority whose public key's SHA-256
(of SubjectPublicKeyInfo as DER) came with the code.
"""

from __future__ import annotations

import enum
import hashlib
import hmac
from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct

ATTEMPTS_MAX = 5
CODE_LENGTH = 12  # Crockford base32 characters, typed by the technician
CODE_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CERTIFICATE_DAYS = 90
NOT_BEFORE_SLACK_DAYS = 1  # a new PC may have a wrong date
NONCE_LIFE_S = 120
ORDER_LIFE_DAYS = 14
BODY_SIZE_MAX = 16_384  # a CSR is about half a kilobyte
TERMINAL_URI_PREFIX = "urn:terminal:"  # subject alternative name of a terminal's certificate


class OrderState(enum.StrEnum):
    CODE_ISSUED = "code_issued"
    CERTIFIED = "certified"
    SPENT = "spent"  # too many wrong attempts
    ACCEPTED = "accepted"


class CodeError(ValueError):
    """Not a one-time code; the text is for the technician and does not repeat what he typed."""


def plain_code(typed: str) -> str:
    """The code as printed: without gaps, in capitals, with O for zero and I, L for one forgiven. Raises CodeError."""
    code = typed.upper().replace("-", "").replace(" ", "").translate(str.maketrans("OIL", "011"))
    if len(code) != CODE_LENGTH or any(letter not in CODE_ALPHABET for letter in code):
        raise CodeError(f"Код состоит из {CODE_LENGTH} латинских букв и цифр, проверьте его")
    return code


def proof_key(code: str, order_id: str) -> bytes:
    """What both sides make of the code."""
    return hashlib.scrypt(plain_code(code).encode(), salt=order_id.encode(), n=2**14, r=8, p=1, dklen=32)


def proof_hex(key: bytes, csr_der: bytes, nonce_hex: str) -> str:
    """That the sender of this CSR knows the code. Raises ValueError when the nonce is no hex."""
    message = hashlib.sha256(csr_der).digest() + bytes.fromhex(nonce_hex)
    return hmac.new(key, message, hashlib.sha256).hexdigest()


class NonceRequest(Struct, frozen=True):
    order_id: str


class NonceAnswer(Struct, frozen=True):
    nonce_hex: str
    server_time_ms: int


class EnrolRequest(Struct, frozen=True):
    order_id: str
    nonce_hex: str
    csr_pem: str
    proof_hex: str


class AuthorityAnswer(Struct, frozen=True):
    """Read over a connection nobody has vouched for yet: good only if its key's hash is the one of the order."""

    authority_pem: str


class EnrolAnswer(Struct, frozen=True):
    terminal_id: str
    certificate_pem: str
    authority_pem: str
    terminal_title: str
    site: str


class EnrolRefusal(Struct, frozen=True):
    error: str  # unknown_order | wrong_proof | code_spent | bad_csr | stale_nonce | bad_request | too_many
    message: str
    attempts_left: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """Permission to install one terminal at one site."""

    order_id: str
    title: str
    site: str
    proof_key_hex: str  # made of the code, which is not kept; wiped when the code is spent
    state: OrderState
    attempts_left: int
    terminal_id: str  # given at enrolment; empty before
    created_by: str
    created_at_ms: int
    csr_sha256_hex: str = ""  # a lost answer may be asked again for the same CSR only
    certificate_pem: str = ""


class OfficeStore(Protocol):
    """What the office of provisioning needs kept; the server implements it."""

    async def add_order(self, order: Order) -> None: ...
    async def order(self, order_id: str) -> Order | None: ...
    async def set_order(self, order: Order) -> None:
        """Replaces the row of the same order_id."""

    async def terminal_certified(
        self, *, terminal_id: str, title: str, site: str, fingerprint_hex: str, at_ms: int
    ) -> None:
        """A certificate with this SHA-256 fingerprint belongs to this terminal from now on."""
