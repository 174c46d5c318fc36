"""A simulated board of contacts: SOS button, door, presence sensor, as an input device tells them. Own codec. Pure."""

from __future__ import annotations

import struct

from device_drivers.simulators.core import Answer, Request, SimulatorError, flag
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.outbox import Outbox

# type and code of each contact: SW_LID, KEY_PROG1, KEY_PROG2
CONTACTS = {"door": (5, 0), "sos": (1, 148), "presence": (1, 149)}
_VERBS = {"door": "open", "sos": "pressed", "presence": "there"}
BOUNCES, BOUNCE_S = 3, 0.004
FAULTS = frozenset({"bounce", "lost"})


class SwitchBoardSimulator:
    """Implements `DeviceSimulator`. What is closed when a host comes is told first, as the kernel's state is."""

    def __init__(self) -> None:
        self._levels = dict.fromkeys(CONTACTS, False)
        self._faults = FaultPlan(FAULTS)
        self._outbox = Outbox(self._faults)
        self._begun = False

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """A board does not listen; the records that leave by now."""
        if not self._begun:
            self._begun = True
            self._outbox.clear()
            for name in CONTACTS:
                self._outbox.put(_record(name, self._levels[name]), now_s)
        return self._outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next record to leave."""
        return self._outbox.wakes_at_s()

    def control(self, request: Request, now_s: float) -> Answer:
        """sos (`pressed`), door (`open`), presence (`there`), fault, state."""
        verb = str(request.get("do"))
        if verb in _VERBS:
            self._turn(verb, flag(request, _VERBS[verb]), now_s)
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a board of contacts cannot {verb!r}")
        return {"ok": True, **self._levels, "faults": self._faults.describe()}

    def memory(self) -> None:
        """Nothing worth keeping."""

    def _turn(self, name: str, level: bool, now_s: float) -> None:
        changed, self._levels[name] = self._levels[name] is not level, level
        if not changed or self._faults.take("lost"):
            return
        for _ in range(BOUNCES if self._faults.take("bounce") else 0):
            self._outbox.put(_record(name, level), now_s)
            self._outbox.put(_record(name, not level), now_s + BOUNCE_S)
            now_s += 2 * BOUNCE_S
        self._outbox.put(_record(name, level), now_s)


def _record(name: str, level: bool) -> bytes:
    """The change and the kernel's end of a report."""
    kind, code = CONTACTS[name]
    return struct.pack("@llHHi", 0, 0, kind, code, int(level)) + struct.pack("@llHHi", 0, 0, 0, 0, 0)
