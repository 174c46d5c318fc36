"""Who this terminal is: its key, its certificate and the only authority it trusts, in one directory.

`identity.json` is written last: where it is, the rest is whole.
"""

from __future__ import annotations

import hashlib
import json
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

KEY_FILE, CERTIFICATE_FILE, AUTHORITY_FILE, IDENTITY_FILE = "key.pem", "cert.pem", "authority.pem", "identity.json"


class IdentityError(Exception):
    """This terminal has no usable identity; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Identity:
    """An accepted name in the fleet, and the means to prove it."""

    folder: Path
    terminal_id: str
    title: str
    site: str
    server_url: str
    valid_until: datetime

    def ssl_context(self) -> ssl.SSLContext:
        """For connections to the office: our certificate, and no authority but the office's own."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_verify_locations(self.folder / AUTHORITY_FILE)
        context.load_cert_chain(self.folder / CERTIFICATE_FILE, self.folder / KEY_FILE)
        return context


def load_identity(folder: Path) -> Identity:
    """The identity in this directory. Raises IdentityError."""
    if not (folder / IDENTITY_FILE).is_file():
        raise IdentityError(f"в {folder} нет удостоверения терминала: выполните python -m provisioning setup")
    try:
        fields = json.loads((folder / IDENTITY_FILE).read_text("utf-8"))
        words = {name: str(fields[name]) for name in ("terminal_id", "title", "site", "server_url")}
        certificate = x509.load_pem_x509_certificate((folder / CERTIFICATE_FILE).read_bytes())
        key = serialization.load_pem_private_key((folder / KEY_FILE).read_bytes(), None)
        authority = x509.load_pem_x509_certificate((folder / AUTHORITY_FILE).read_bytes())
        certificate.verify_directly_issued_by(authority)
    except Exception as error:
        raise IdentityError(f"удостоверение терминала в {folder} повреждено ({type(error).__name__})") from error
    if _public(key.public_key()) != _public(certificate.public_key()):
        raise IdentityError(f"удостоверение терминала в {folder} повреждено: ключ не от этого сертификата")
    if certificate.not_valid_after_utc <= datetime.now(UTC):
        raise IdentityError(f"сертификат терминала в {folder} просрочен: нужна новая заявка на установку")
    return Identity(folder=folder, valid_until=certificate.not_valid_after_utc, **words)


def key_fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of SubjectPublicKeyInfo as DER, in hex."""
    return hashlib.sha256(_public(certificate.public_key())).hexdigest()


def _public(key: object) -> bytes:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    public: bytes = key.public_bytes(serialization.Encoding.DER, form)  # type: ignore[attr-defined]
    return public
