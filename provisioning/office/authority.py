"""The office's own certificate authority: its key never leaves the data directory.

It signs two kinds: the server certificate of the terminals' port and the client certificates of terminals.
"""

from __future__ import annotations

import contextlib
import hashlib
import ipaddress
import os
import ssl
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from provisioning.contract import CERTIFICATE_DAYS, NOT_BEFORE_SLACK_DAYS, TERMINAL_URI_PREFIX

ROOT_DAYS = 3_650
RENEW_SERVER_DAYS = 30  # a server certificate with less life than this is made anew at start
_KEY_FILE, _CERTIFICATE_FILE = "root_key.pem", "root_certificate.pem"
_SERVER_KEY_FILE, _SERVER_CERTIFICATE_FILE = "server_key.pem", "server_certificate.pem"


class AuthorityError(Exception):
    """The authority's files are missing in part, damaged or foreign."""


class Authority:
    """Signs certificates. Make one with `open_authority`."""

    def __init__(self, folder: Path, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self._folder = folder
        self._key = key
        self._certificate = certificate

    @property
    def certificate_pem(self) -> str:
        return self._certificate.public_bytes(serialization.Encoding.PEM).decode()

    @property
    def public_key_sha256(self) -> str:
        """What a terminal is told to trust, as hex."""
        return public_key_sha256(self._certificate)

    def issue_terminal(self, terminal_id: str, key: ec.EllipticCurvePublicKey) -> x509.Certificate:
        """A client certificate for this key; all names in it are ours."""
        builder = self._builder(f"Terminal {terminal_id}", key, CERTIFICATE_DAYS)
        names = x509.SubjectAlternativeName([x509.UniformResourceIdentifier(TERMINAL_URI_PREFIX + terminal_id)])
        builder = builder.add_extension(names, critical=False)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        return builder.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())

    def server_context(self, hosts: Sequence[str]) -> ssl.SSLContext:
        """TLS for the terminals' port: asks for a client certificate of this authority, does not insist on one."""
        names = sorted({"localhost", "127.0.0.1", "::1", *hosts})
        if not self._server_certificate_serves(names):
            self._make_server_certificate(names)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.load_cert_chain(self._folder / _SERVER_CERTIFICATE_FILE, self._folder / _SERVER_KEY_FILE)
        context.load_verify_locations(cadata=self.certificate_pem)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    def _server_certificate_serves(self, names: list[str]) -> bool:
        try:
            stored = x509.load_pem_x509_certificate((self._folder / _SERVER_CERTIFICATE_FILE).read_bytes())
            stored.verify_directly_issued_by(self._certificate)
            known = stored.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
        except Exception:  # whatever is wrong with it, a new one is made
            return False
        lasts = datetime.now(UTC) + timedelta(days=RENEW_SERVER_DAYS) < stored.not_valid_after_utc
        return lasts and sorted(str(name.value) for name in known) == names

    def _make_server_certificate(self, names: list[str]) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        builder = self._builder("Office", key.public_key(), CERTIFICATE_DAYS)
        builder = builder.add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        certificate = builder.add_extension(usage, critical=True).sign(self._key, hashes.SHA256())
        write_private(self._folder / _SERVER_KEY_FILE, key_pem(key))
        write_private(self._folder / _SERVER_CERTIFICATE_FILE, certificate.public_bytes(serialization.Encoding.PEM))

    def _builder(self, name: str, key: ec.EllipticCurvePublicKey, days: int) -> x509.CertificateBuilder:
        now = datetime.now(UTC)
        return (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._certificate.subject)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=NOT_BEFORE_SLACK_DAYS))
            .not_valid_after(now + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        )


def open_authority(folder: Path) -> Authority:
    """The authority of this folder; a new one in an empty folder. Raises AuthorityError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (folder / _CERTIFICATE_FILE).exists():
        _make_root(folder)
    try:
        key = serialization.load_pem_private_key((folder / _KEY_FILE).read_bytes(), None)
        certificate = x509.load_pem_x509_certificate((folder / _CERTIFICATE_FILE).read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise AuthorityError(f"Удостоверяющий центр в {folder} повреждён: {error}") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise AuthorityError(f"Удостоверяющий центр в {folder} повреждён: ключ не от этого сертификата")
    return Authority(folder, key, certificate)


def public_key_sha256(certificate: x509.Certificate) -> str:
    """SHA-256 of SubjectPublicKeyInfo as DER, in hex."""
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return hashlib.sha256(certificate.public_key().public_bytes(serialization.Encoding.DER, form)).hexdigest()


def key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def write_private(path: Path, content: bytes) -> None:
    """A whole file for its owner's eyes only, or no file."""
    staged = path.with_name(f".{path.name}.{os.getpid()}")
    with contextlib.suppress(FileNotFoundError):
        staged.unlink()
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    staged.replace(path)


def _make_root(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Terminals' authority")])
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=NOT_BEFORE_SLACK_DAYS))
        .not_valid_after(now + timedelta(days=ROOT_DAYS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage, critical=True)
        .sign(key, hashes.SHA256())
    )
    write_private(folder / _KEY_FILE, key_pem(key))
    write_private(folder / _CERTIFICATE_FILE, certificate.public_bytes(serialization.Encoding.PEM))


def _name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)
