"""Turns a technician's code into this terminal's identity. A second run continues or does nothing, never doubles.

The key is made here, in a file of its owner only, and does not leave. The office is believed only after its authority's
key has matched the hash that came with the order.
"""

from __future__ import annotations

import contextlib
import hmac
import json
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import aiohttp
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from msgspec import Struct

from provisioning.contract import (
    AuthorityAnswer,
    EnrolAnswer,
    EnrolRefusal,
    EnrolRequest,
    NonceAnswer,
    NonceRequest,
    plain_code,
    proof_hex,
    proof_key,
)
from provisioning.terminal.identity import (
    AUTHORITY_FILE,
    CERTIFICATE_FILE,
    IDENTITY_FILE,
    KEY_FILE,
    Identity,
    IdentityError,
    key_fingerprint,
    load_identity,
)

ANSWER_S_MAX = 15.0
ANSWER_SIZE_MAX = 65_536
_CSR_FILE = "request.pem"
Answer = TypeVar("Answer", bound=Struct)


class EnrolError(Exception):
    """The terminal could not get its identity; the text is for the technician."""


@dataclass(frozen=True, slots=True)
class OrderSlip:
    """What the technician was given."""

    server_url: str
    order_id: str
    code: str
    authority_sha256: str


async def enroll(slip: OrderSlip, folder: Path) -> Identity:
    """The terminal's identity in this directory, made if it is not there yet. Raises EnrolError, CodeError."""
    with contextlib.suppress(IdentityError):
        return load_identity(folder)
    _check_slip(slip)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = _own_key(folder)
    csr_pem, csr_der = _own_csr(folder, key)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_S_MAX)) as http:
        with _plain_errors(slip.server_url):
            authority_pem = await _pinned_authority(http, slip)
            trusted = _trusting(authority_pem)
            nonce = await _post(http, slip, trusted, "nonce", NonceRequest(slip.order_id), NonceAnswer)
            proof = proof_hex(proof_key(slip.code, slip.order_id), csr_der, nonce.nonce_hex)
            request = EnrolRequest(slip.order_id, nonce.nonce_hex, csr_pem, proof)
            answer = await _post(http, slip, trusted, "certificate", request, EnrolAnswer)
    return _keep(folder, slip, answer, authority_pem, key)


def _check_slip(slip: OrderSlip) -> None:
    plain_code(slip.code)
    address = urlsplit(slip.server_url)
    if address.scheme != "https" or not address.hostname:
        raise EnrolError("Адрес сервера должен начинаться с https://")
    if len(slip.authority_sha256) != 64:
        raise EnrolError("Отпечаток удостоверяющего центра — 64 шестнадцатеричных знака, проверьте его")


async def _pinned_authority(http: aiohttp.ClientSession, slip: OrderSlip) -> str:
    """Nobody vouches for this first connection, and nothing secret goes over it: the pinned hash decides."""
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    async with http.get(f"{slip.server_url.rstrip('/')}/enrolment/authority", ssl=blind) as response:
        answer = await _decoded(response, AuthorityAnswer)
    try:
        found = key_fingerprint(x509.load_pem_x509_certificate(answer.authority_pem.encode()))
    except ValueError:
        found = ""
    if not hmac.compare_digest(found, slip.authority_sha256.lower()):
        raise EnrolError("Этот сервер не тот, что указан в заявке: отпечаток удостоверяющего центра другой")
    return answer.authority_pem


def _trusting(authority_pem: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.load_verify_locations(cadata=authority_pem)
    return context


async def _post(
    http: aiohttp.ClientSession, slip: OrderSlip, trusted: ssl.SSLContext, what: str, body: Struct, kind: type[Answer]
) -> Answer:
    url = f"{slip.server_url.rstrip('/')}/enrolment/{what}"
    async with http.post(url, data=msgspec.json.encode(body), ssl=trusted) as response:
        return await _decoded(response, kind)


async def _decoded(response: aiohttp.ClientResponse, kind: type[Answer]) -> Answer:
    raw = b""
    async for chunk in response.content.iter_chunked(ANSWER_SIZE_MAX):
        raw += chunk
        if len(raw) > ANSWER_SIZE_MAX:
            break  # of no use, and of no limit
    try:
        if response.status == 200:
            return msgspec.json.decode(raw, type=kind)
        refusal = msgspec.json.decode(raw, type=EnrolRefusal)
    except ValueError:
        raise EnrolError("Сервер ответил непонятно: похоже, по этому адресу не офис терминалов") from None
    tries = f". Осталось попыток: {refusal.attempts_left}" if refusal.error == "wrong_proof" else ""
    raise EnrolError(refusal.message + tries)


@contextmanager
def _plain_errors(server_url: str) -> Iterator[None]:
    try:
        yield
    except aiohttp.ClientConnectorCertificateError as error:
        raise EnrolError(f"Сертификат сервера не принят, проверьте адрес и часы терминала: {error}") from error
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise EnrolError(f"Сервер {server_url} недоступен") from error


def _own_key(folder: Path) -> ec.EllipticCurvePrivateKey:
    """The key of an unfinished run, or a new one: an order stays bound to its key when an answer was lost."""
    with contextlib.suppress(OSError, ValueError):
        kept = serialization.load_pem_private_key((folder / KEY_FILE).read_bytes(), None)
        if isinstance(kept, ec.EllipticCurvePrivateKey):
            return kept
    key = ec.generate_private_key(ec.SECP256R1())
    plain = serialization.NoEncryption()
    content = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    _write(folder / KEY_FILE, content)
    return key


def _own_csr(folder: Path, key: ec.EllipticCurvePrivateKey) -> tuple[str, bytes]:
    """ECDSA signs the same request differently each time, so the first one is kept for repeats."""
    csr = None
    with contextlib.suppress(OSError, ValueError):
        csr = x509.load_pem_x509_csr((folder / _CSR_FILE).read_bytes())
    if csr is None or csr.public_key() != key.public_key():
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Terminal")])
        csr = x509.CertificateSigningRequestBuilder().subject_name(name).sign(key, hashes.SHA256())
        _write(folder / _CSR_FILE, csr.public_bytes(serialization.Encoding.PEM))
    return csr.public_bytes(serialization.Encoding.PEM).decode(), csr.public_bytes(serialization.Encoding.DER)


def _keep(
    folder: Path, slip: OrderSlip, answer: EnrolAnswer, authority_pem: str, key: ec.EllipticCurvePrivateKey
) -> Identity:
    try:
        certificate = x509.load_pem_x509_certificate(answer.certificate_pem.encode())
    except ValueError:
        raise EnrolError("Сервер прислал негодный сертификат") from None
    if certificate.public_key() != key.public_key():
        raise EnrolError("Сервер прислал сертификат не от ключа этого терминала")
    fields = {
        "terminal_id": answer.terminal_id,
        "title": answer.terminal_title,
        "site": answer.site,
        "server_url": slip.server_url,
    }
    _write(folder / AUTHORITY_FILE, authority_pem.encode())
    _write(folder / CERTIFICATE_FILE, answer.certificate_pem.encode())
    _write(folder / IDENTITY_FILE, json.dumps(fields, ensure_ascii=False, indent=1).encode())
    (folder / _CSR_FILE).unlink(missing_ok=True)
    try:
        return load_identity(folder)
    except IdentityError as error:
        (folder / IDENTITY_FILE).unlink()
        raise EnrolError(str(error)) from error


def _write(path: Path, content: bytes) -> None:
    """The whole file, on the disk, for its owner only, or no change."""
    staged = path.with_name(f".{path.name}.new")
    staged.unlink(missing_ok=True)
    with os.fdopen(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
