"""The media server of this office: one that stands already, or Janus as our child. Used when a third party comes."""

from __future__ import annotations

import asyncio
from typing import Annotated

from msgspec import Meta, Struct

from signaling_server.media_server.janus import Janus
from signaling_server.media_server.janus_child import JanusChild, JanusPlace


class MediaServerSettings(Struct, frozen=True, forbid_unknown_fields=True):
    """An empty `url`: the office starts Debian's Janus by itself, where it is installed."""

    url: str = ""  # ws://127.0.0.1:8188 of a Janus that stands
    secret: str = ""  # its api_secret, and the admin_key of its VideoRoom
    rtp_ports: Annotated[str, Meta(pattern=r"^\d{4,5}-\d{4,5}$")] = "20000-29999"  # of our child
    public_address: str = ""  # of our child, behind a NAT

    def __post_init__(self) -> None:
        if self.url and not self.url.startswith(("ws://", "wss://")):
            raise ValueError(f"media_server.url: {self.url} is no ws:// or wss:// address")


class MediaServer:
    """Gives the session; connects and starts when it is asked for, and anew after a loss."""

    def __init__(self, settings: MediaServerSettings) -> None:
        self.child = JanusChild(JanusPlace(settings.rtp_ports, settings.public_address))
        self._settings = settings
        self._session: Janus | None = None
        self._opening = asyncio.Lock()

    async def session(self) -> Janus:
        """Raises MediaServerError."""
        async with self._opening:
            if self._session is not None and self._session.lost.is_set():
                await self._session.close()
                self._session = None
            if self._session is None:
                url, secret = self._settings.url, self._settings.secret
                self._session = await (Janus.connect(url, secret) if url else self.child.start())
            return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
        await self.child.stop()
