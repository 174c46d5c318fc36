"""Who a terminal is: the certificate that TLS has checked against our authority."""

from __future__ import annotations

import hashlib

from aiohttp import web

from signaling_server.web.middleware import ApiError


def fingerprint_of(request: web.Request) -> str:
    """SHA-256 of the client certificate. Raises ApiError."""
    tls = request.transport.get_extra_info("ssl_object") if request.transport else None
    certificate = tls.getpeercert(binary_form=True) if tls else None
    if not certificate:
        raise ApiError(403, "no_certificate", "Нужен сертификат терминала")
    return hashlib.sha256(certificate).hexdigest()
