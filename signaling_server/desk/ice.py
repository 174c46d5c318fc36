"""Which STUN and TURN servers a call may use, and its own credentials for the relay. Pure.

Credentials are those of coturn's `use-auth-secret` (draft-uberti-behave-turn-rest-00): the name says until when they
hold and for which call, the password is the name under the secret that office and relay share. So the relay needs no
list of users, and who reads one call's credentials can use nothing of another after their time.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from signaling_server.contract.messages import IceServer

LIFETIME_S = 12 * 3600  # longer than any wait and call together


@dataclass(frozen=True, slots=True)
class IceServers:
    """`fixed` are told as they are; `relay_urls` with credentials made under `relay_secret`."""

    fixed: tuple[IceServer, ...] = ()
    relay_urls: tuple[str, ...] = ()
    relay_secret: bytes = b""

    def told(self, name: str, from_ms: int) -> list[IceServer]:
        """For the call or terminal of this name, from `from_ms` on."""
        if not self.relay_urls:
            return list(self.fixed)
        return [*self.fixed, relay_server(self.relay_urls, self.relay_secret, name, from_ms // 1_000 + LIFETIME_S)]


NO_SERVERS = IceServers()


def relay_server(urls: Sequence[str], secret: bytes, name: str, until_s: int) -> IceServer:
    username = f"{until_s}:{name}"
    credential = base64.b64encode(hmac.new(secret, username.encode(), hashlib.sha1).digest()).decode()
    return IceServer(list(urls), username, credential)
