"""Open connections of terminals or of pages, by whose they are. The newest replaces an older one."""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

CLOSE_REPLACED = 4001  # the same terminal, or a newer tab of the same agent, has connected
CLOSE_SILENT = 4002
CLOSE_SIGNED_OUT = 4003
CLOSE_SLOW = 4008  # does not read what it is sent


class Outlet(Protocol):
    """The sending half of a connection; never waits."""

    def send(self, message: Struct) -> None: ...
    def close(self, code: int, reason: str) -> None: ...


class Links:
    def __init__(self) -> None:
        self._outlets: dict[str, Outlet] = {}

    def __contains__(self, owner_id: str) -> bool:
        return owner_id in self._outlets

    def attach(self, owner_id: str, outlet: Outlet) -> None:
        """From now on this is the owner's connection; the older one is told and closed."""
        older = self._outlets.get(owner_id)
        self._outlets[owner_id] = outlet
        if older is not None and older is not outlet:
            older.close(CLOSE_REPLACED, "replaced by a newer connection")

    def detach(self, owner_id: str, outlet: Outlet) -> bool:
        """False when a newer connection has taken its place already."""
        if self._outlets.get(owner_id) is not outlet:
            return False
        del self._outlets[owner_id]
        return True

    def send(self, owner_id: str, message: Struct) -> None:
        """To nobody when the owner is not connected: a reconnecting one is told the whole state."""
        if (outlet := self._outlets.get(owner_id)) is not None:
            outlet.send(message)

    def send_all(self, message: Struct) -> None:
        for outlet in list(self._outlets.values()):
            outlet.send(message)

    def close(self, owner_id: str, code: int, reason: str) -> None:
        if (outlet := self._outlets.get(owner_id)) is not None:
            outlet.close(code, reason)
