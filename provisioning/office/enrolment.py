"""Orders, one-time codes and the exchange of a code for a certificate, on the office's side."""

from __future__ import annotations

import asyncio
import hmac
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from provisioning.contract import (
    ATTEMPTS_MAX,
    CODE_ALPHABET,
    CODE_LENGTH,
    NONCE_LIFE_S,
    ORDER_LIFE_DAYS,
    EnrolAnswer,
    EnrolRequest,
    NonceAnswer,
    OfficeStore,
    Order,
    OrderState,
    proof_hex,
    proof_key,
)
from provisioning.office.authority import Authority

NONCES_MAX = 1_000  # outstanding at once; the oldest is dropped
KEY_BITS = 256  # P-256
ORDER_ID_LENGTH = 8  # typed by the technician, no secret
_MESSAGES = {
    "bad_request": "Запрос не по правилам обмена",
    "unknown_order": "Такой заявки на установку нет",
    "wrong_proof": "Код не подходит к этой заявке",
    "code_spent": "Код больше не действует, попросите новую заявку",
    "bad_csr": "Запрос сертификата не читается или подписан не тем ключом",
    "stale_nonce": "Обмен занял слишком много времени, повторите",
}


class EnrolmentError(Exception):
    """The terminal is refused; `error` is a word of `EnrolRefusal`."""

    def __init__(self, error: str, attempts_left: int = 0) -> None:
        super().__init__(_MESSAGES[error])
        self.error = error
        self.attempts_left = attempts_left


@dataclass(frozen=True, slots=True)
class IssuedOrder:
    """Shown to a person once; the code is kept nowhere."""

    order_id: str
    code: str
    authority_sha256: str


class Enrolment:
    """Takes orders and exchanges their codes for certificates; one exchange at a time."""

    def __init__(self, store: OfficeStore, authority: Authority, now_s: Callable[[], float]) -> None:
        self._store = store
        self._authority = authority
        self._now_s = now_s
        self._nonces: dict[str, tuple[str, float]] = {}  # nonce -> order and the moment it goes stale
        self._lock = asyncio.Lock()

    @property
    def authority_pem(self) -> str:
        return self._authority.certificate_pem

    async def place_order(self, *, title: str, site: str, created_by: str) -> IssuedOrder:
        """Permission for one terminal at one site."""
        order_id, code = _letters(ORDER_ID_LENGTH), _letters(CODE_LENGTH)
        order = Order(
            order_id=order_id,
            title=title,
            site=site,
            proof_key_hex=(await asyncio.to_thread(proof_key, code, order_id)).hex(),
            state=OrderState.CODE_ISSUED,
            attempts_left=ATTEMPTS_MAX,
            terminal_id="",
            created_by=created_by,
            created_at_ms=round(self._now_s() * 1_000),
        )
        await self._store.add_order(order)
        return IssuedOrder(order_id, "-".join(code[at : at + 4] for at in (0, 4, 8)), self._authority.public_key_sha256)

    async def nonce(self, order_id: str) -> NonceAnswer:
        """The first half of the exchange. Raises EnrolmentError."""
        now_s = self._now_s()
        self._live(await self._order(order_id), now_s)
        while len(self._nonces) >= NONCES_MAX:
            del self._nonces[next(iter(self._nonces))]
        nonce_hex = secrets.token_hex(32)
        self._nonces[nonce_hex] = order_id, now_s + NONCE_LIFE_S
        return NonceAnswer(nonce_hex, round(now_s * 1_000))

    async def certificate(self, request: EnrolRequest) -> EnrolAnswer:
        """The second half: proof and CSR against a certificate. Raises EnrolmentError."""
        async with self._lock:
            now_s = self._now_s()
            order = self._live(await self._order(request.order_id), now_s)
            self._take_nonce(request, now_s)
            csr_der, key = _checked_csr(request.csr_pem)
            await self._check_proof(order, request, csr_der)
            digest = sha256(csr_der).hexdigest()
            if order.state == OrderState.CODE_ISSUED:
                order = await self._certify(order, key, digest)
            elif order.csr_sha256_hex != digest:
                raise EnrolmentError("code_spent")
            await self._register(order, now_s)
            return EnrolAnswer(order.terminal_id, order.certificate_pem, self.authority_pem, order.title, order.site)

    async def _order(self, order_id: str) -> Order:
        order = await self._store.order(order_id)
        if order is None:
            raise EnrolmentError("unknown_order")
        return order

    def _live(self, order: Order, now_s: float) -> Order:
        too_old = now_s > order.created_at_ms / 1_000 + ORDER_LIFE_DAYS * 86_400
        if too_old or order.state not in (OrderState.CODE_ISSUED, OrderState.CERTIFIED):
            raise EnrolmentError("code_spent")
        return order

    def _take_nonce(self, request: EnrolRequest, now_s: float) -> None:
        """A nonce serves one attempt of one order."""
        order_id, stale_at_s = self._nonces.pop(request.nonce_hex, ("", 0.0))
        if order_id != request.order_id or stale_at_s < now_s:
            raise EnrolmentError("stale_nonce")

    async def _check_proof(self, order: Order, request: EnrolRequest, csr_der: bytes) -> None:
        expected = proof_hex(bytes.fromhex(order.proof_key_hex), csr_der, request.nonce_hex)
        if hmac.compare_digest(expected.encode(), request.proof_hex.encode()):
            return
        if order.state == OrderState.CERTIFIED:  # a terminal works already: guesses cannot hurt it
            raise EnrolmentError("code_spent")
        left = order.attempts_left - 1
        state = OrderState.CODE_ISSUED if left else OrderState.SPENT
        key_hex = order.proof_key_hex if left else ""
        await self._store.set_order(replace(order, attempts_left=left, state=state, proof_key_hex=key_hex))
        raise EnrolmentError("wrong_proof" if left else "code_spent", left)

    async def _certify(self, order: Order, key: ec.EllipticCurvePublicKey, digest: str) -> Order:
        terminal_id = str(uuid.uuid4())
        certificate = self._authority.issue_terminal(terminal_id, key)
        certified = replace(
            order,
            state=OrderState.CERTIFIED,
            terminal_id=terminal_id,
            csr_sha256_hex=digest,
            certificate_pem=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        )
        await self._store.set_order(certified)
        return certified

    async def _register(self, order: Order, now_s: float) -> None:
        certificate = x509.load_pem_x509_certificate(order.certificate_pem.encode())
        await self._store.terminal_certified(
            terminal_id=order.terminal_id,
            title=order.title,
            site=order.site,
            fingerprint_hex=certificate.fingerprint(hashes.SHA256()).hex(),
            at_ms=round(now_s * 1_000),
        )


def _checked_csr(csr_pem: str) -> tuple[bytes, ec.EllipticCurvePublicKey]:
    """The CSR as DER, and its key, which the sender has shown to hold."""
    try:
        csr = x509.load_pem_x509_csr(csr_pem.encode())
        key, csr_der = csr.public_key(), csr.public_bytes(serialization.Encoding.DER)
        signed = csr.is_signature_valid
    except Exception as error:  # a hostile CSR may break the parser in many ways, all of them mean "no"
        raise EnrolmentError("bad_csr") from error
    if not signed or not isinstance(key, ec.EllipticCurvePublicKey) or key.key_size != KEY_BITS:
        raise EnrolmentError("bad_csr")
    return csr_der, key


def _letters(count: int) -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(count))
