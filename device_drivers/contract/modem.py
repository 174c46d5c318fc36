"""A bank terminal that uses this machine as its modem: it asks for connections, we make the allowed ones.

One connection at a time. What passes is the bank's own ciphered talk; it is neither read nor stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ModemOpenAsked:
    """The terminal wants a TCP connection; answered by `modem_opened`."""

    host: str
    port: int


@dataclass(frozen=True, slots=True)
class ModemDataSent:
    """The terminal's bytes for the other side of the connection."""

    data: bytes


@dataclass(frozen=True, slots=True)
class ModemCloseAsked:
    """The terminal wants the connection ended; answered by `modem_closed`."""


ModemEvent = ModemOpenAsked | ModemDataSent | ModemCloseAsked


class ModemUser(Protocol):
    """What the owner of the connection tells a session."""

    def modem_opened(self, done: bool) -> None:
        """The connection stands, or cannot or may not be made."""

    def modem_received(self, data: bytes) -> None:
        """Bytes came from the other side."""

    def modem_closed(self) -> None:
        """The connection is at its end."""
