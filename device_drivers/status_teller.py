"""The state of a device, told on the edge only. Pure."""

from __future__ import annotations

from device_drivers.contract.status import StatusChanged


class StatusTeller:
    """Remembers what was told last."""

    def __init__(self) -> None:
        self._told: StatusChanged | None = None

    def tell(self, status: StatusChanged) -> list[StatusChanged]:
        """The status if it is news, else nothing."""
        if status == self._told:
            return []
        self._told = status
        return [status]
