"""Which STUN and TURN servers answer now.

A server that keeps silent would hold an offer for the five seconds of aioice, so only those that have just answered are
told to aiortc, which uses the first of each kind and no other.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import ssl
import struct
import time
from dataclasses import dataclass

from signaling_server.contract.messages import IceServer
from terminal_app.media.aiortc_tuning import IceUrl, ice_url

PROBE_S_MAX = 0.5  # a round trip by satellite
KEPT_S = 60.0  # so long an answer is believed
SILENT_KEPT_S = 10.0
_COOKIE = 0x2112A442
_BINDING_REQUEST = 0x0001
_HEADER = struct.Struct("!HHI12s")  # RFC 8489, 5


@dataclass(frozen=True, slots=True)
class _Answer:
    came: bool
    at_s: float


class IceProbe:
    """Asks servers and remembers for a while what they did."""

    def __init__(self) -> None:
        self._answers: dict[str, _Answer] = {}

    def forget(self) -> None:
        """The network is another one."""
        self._answers.clear()

    async def answering(self, servers: list[IceServer]) -> list[IceServer]:
        """Of each kind the first that answers, with its one address; within `PROBE_S_MAX`."""
        by_url = {url: server for server in servers for url in server.urls}
        answers = await asyncio.gather(*(self._answers_now(url) for url in by_url))
        chosen: dict[bool, IceServer] = {}
        for (url, server), came in zip(by_url.items(), answers, strict=True):
            parsed = ice_url(url)
            if parsed is not None and came:
                chosen.setdefault(parsed.relay, IceServer([url], server.username, server.credential))
        return list(chosen.values())

    async def _answers_now(self, url: str) -> bool:
        known, now_s = self._answers.get(url), time.monotonic()
        if known is not None and now_s - known.at_s < (KEPT_S if known.came else SILENT_KEPT_S):
            return known.came
        parsed, came = ice_url(url), False
        if parsed is not None:
            with contextlib.suppress(OSError, TimeoutError):
                async with asyncio.timeout(PROBE_S_MAX):
                    await (_connect(parsed) if parsed.stream else _bind(parsed))
                    came = True
        self._answers[url] = _Answer(came, time.monotonic())
        return came


async def _connect(url: IceUrl) -> None:
    """Raises OSError."""
    context = ssl.create_default_context() if url.tls else None
    _, writer = await asyncio.open_connection(url.host, url.port, ssl=context)
    writer.close()


async def _bind(url: IceUrl) -> None:
    """Asks by STUN until something of this transaction comes back; a TURN server answers as well."""
    transaction = secrets.token_bytes(12)
    answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _Binding(transaction, answered), remote_addr=(url.host, url.port)
    )
    try:
        while not answered.done():
            transport.sendto(binding_request(transaction))
            await asyncio.wait([answered], timeout=PROBE_S_MAX / 3)  # one datagram may be lost
    finally:
        transport.close()


def binding_request(transaction: bytes) -> bytes:
    """`transaction`: 12 bytes, never used before."""
    return _HEADER.pack(_BINDING_REQUEST, 0, _COOKIE, transaction)


def transaction_of(datagram: bytes) -> bytes:
    """Whose answer it is; empty: no STUN."""
    if len(datagram) < _HEADER.size:
        return b""
    _, _, cookie, transaction = _HEADER.unpack_from(datagram)
    return bytes(transaction) if cookie == _COOKIE else b""


class _Binding(asyncio.DatagramProtocol):
    def __init__(self, transaction: bytes, answered: asyncio.Future[None]) -> None:
        self._transaction, self._answered = transaction, answered

    def datagram_received(self, data: bytes, addr: object) -> None:
        if transaction_of(data) == self._transaction and not self._answered.done():
            self._answered.set_result(None)
