"""What carries the descriptions of a call's media: straight to the other side, or to a room of the media server.

A call has one engine at a time. Its terminal and its pages say the same three messages to either.
"""

from __future__ import annotations

from typing import Protocol

from signaling_server.contract.messages import IceCandidate, SdpAnswer, SdpOffer
from signaling_server.desk.call import Call
from signaling_server.desk.links import Links

Description = SdpOffer | SdpAnswer | IceCandidate


class CallEngine(Protocol):
    """Told only what is of the call's present media epoch."""

    def has(self, sender_id: str) -> bool:
        """Whether this terminal or agent takes part in the media."""

    def take(self, sender_id: str, message: Description) -> None:
        """Goes where it belongs; never waits."""

    def renew(self, media_epoch: int) -> None:
        """The terminal has begun a new epoch by itself."""


class DirectCall:
    """Terminal and agent, unread between them."""

    def __init__(self, call: Call, terminals: Links, pages: Links) -> None:
        self._call = call
        self._terminals = terminals
        self._pages = pages

    def has(self, sender_id: str) -> bool:
        return sender_id in (self._call.terminal_id, self._call.agent_id)

    def take(self, sender_id: str, message: Description) -> None:
        if sender_id == self._call.terminal_id:
            self._pages.send(self._call.agent_id, message)
        elif not isinstance(message, SdpOffer):  # the terminal alone offers
            self._terminals.send(self._call.terminal_id, message)

    def renew(self, media_epoch: int) -> None:
        """Its offer says the epoch to the page."""
