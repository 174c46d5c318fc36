"""What the office and a terminal say before the terminal has a certificate, and the store the office needs.

HTTP JSON on the terminals' TLS port. The one-time code never travels: the terminal proves that it knows it by
HMAC-SHA-256(code, SHA-256(CSR) || server nonce). The terminal trusts only the authority whose public key's SHA-256 came
with the code.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Protocol

from msgspec import Struct

ATTEMPTS_MAX = 5
CODE_LENGTH = 12  # Crockford base32 characters, typed by the technician
CERTIFICATE_DAYS = 90


class OrderState(enum.StrEnum):
    CODE_ISSUED = "code_issued"
    CERTIFIED = "certified"
    SPENT = "spent"  # too many wrong attempts
    ACCEPTED = "accepted"


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


class EnrolAnswer(Struct, frozen=True):
    terminal_id: str
    certificate_pem: str
    authority_pem: str
    terminal_title: str
    site: str


class EnrolRefusal(Struct, frozen=True):
    error: str  # unknown_order | wrong_proof | code_spent | bad_csr | stale_nonce
    message: str
    attempts_left: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """Permission to install one terminal at one site."""

    order_id: str
    title: str
    site: str
    code_hash: str
    state: OrderState
    attempts_left: int
    terminal_id: str  # given at enrolment; empty before
    created_by: str
    created_at_ms: int


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
