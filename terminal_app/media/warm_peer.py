"""A connection that is gathered before the call that needs it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine
from typing import Any

from signaling_server.contract.messages import IceServer
from terminal_app.media.peer import Peer


class WarmPeer:
    """A connection that gathers, or has gathered, before it is needed."""

    def __init__(self, gather: Coroutine[Any, Any, Peer], ice_servers: list[IceServer]) -> None:
        self.ice_servers = ice_servers
        self.since_s = time.monotonic()
        self.gathering = asyncio.ensure_future(gather)

    def serves(self, ice_servers: list[IceServer]) -> bool:
        """The same servers, and the relay, if there is one, let us through: its credentials are another call's."""
        if [server.urls for server in self.ice_servers] != [server.urls for server in ice_servers]:
            return False
        if not self.gathering.done():
            return True
        if self.gathering.cancelled() or self.gathering.exception() is not None:
            return False
        relayed = any(url.startswith("turn") for server in ice_servers for url in server.urls)
        return not relayed or self.gathering.result().has_relay

    async def close(self) -> None:
        self.gathering.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await (await self.gathering).close()
