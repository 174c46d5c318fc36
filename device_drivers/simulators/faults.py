"""Which of the next answers go wrong, and how. Pure."""

from __future__ import annotations

from device_drivers.simulators.core import Request, SimulatorError, number

COUNT_MAX = 100_000


class FaultPlan:
    """A count for each named fault, each for any answer or for the answers to one command (`to`)."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._left: dict[tuple[str, str], int] = {}

    def add(self, request: Request) -> None:
        """`{"name": "bad_crc", "count": 3, "to": "stack"}`; a count of 0 takes the fault away.

        Raises:
            SimulatorError: no such fault, or no sensible count.
        """
        name = request.get("name")
        if name not in self._names:
            raise SimulatorError(f"a fault is one of {', '.join(sorted(self._names))}, not {name!r}")
        key, count = (str(name), str(request.get("to", ""))), int(number(request, "count", 1, 0, COUNT_MAX))
        self._left.pop(key, None)
        if count:
            self._left[key] = count

    def take(self, name: str, to: str = "") -> bool:
        """True when this answer goes wrong this way; counts it."""
        if not self._left:  # nearly always
            return False
        for key in ((name, ""), (name, to)):
            if key in self._left:
                self._left[key] -= 1
                if not self._left[key]:
                    del self._left[key]
                return True
        return False

    def describe(self) -> dict[str, int]:
        """What is still to come."""
        return {f"{name} {to}".strip(): left for (name, to), left in self._left.items()}
