"""When a contact that bounces is a press, a door or a person. Pure, told the time."""

from __future__ import annotations

from device_drivers.contract.auxiliaries import AuxiliariesEvent
from device_drivers.contract.door import DoorChanged
from device_drivers.contract.presence import PresenceChanged
from device_drivers.contract.sos import SosPressed
from device_drivers.contract.status import DeviceState, Fault, StatusChanged

DOOR, PRESENCE, SOS = "door", "presence", "sos"
ROLES = (DOOR, PRESENCE, SOS)
# How long a level must last to be believed: (when it becomes true, when it becomes false), in seconds.
# The SOS button is held for 1.5 s: a bag that brushes it calls nobody.
SETTLE_S = {DOOR: (0.1, 0.5), PRESENCE: (0.3, 5.0), SOS: (1.5, 0.1)}
STUCK_S = 60.0  # nobody holds a button that long


class SwitchJudge:
    """Levels of the three contacts in, events out."""

    def __init__(self, roles: frozenset[str]) -> None:
        self._raw: dict[str, tuple[bool, float]] = {}  # level, and since when
        self._told: dict[str, bool] = {}
        self._roles = roles
        self._pressed_at_s = 0.0
        self._held_since_s = 0.0
        self._let_go_at_s = float("-inf")
        self._stuck = False

    def set_level(self, role: str, level: bool, now_s: float) -> None:
        """The contact is closed (door: open) or not."""
        if role not in self._roles:
            return
        before = self._raw.get(role)
        if before is None or before[0] is not level:
            self._raw[role] = (level, self._since_s(role, level, now_s))

    def _since_s(self, role: str, level: bool, now_s: float) -> float:
        """A worn contact that lets go for a moment while the button is held has not let go."""
        if role != SOS:
            return now_s
        if not level:
            self._let_go_at_s = now_s
        elif now_s >= self._let_go_at_s + SETTLE_S[SOS][1]:
            self._held_since_s = now_s
        return self._held_since_s if level else now_s

    def take_events(self, now_s: float) -> list[AuxiliariesEvent]:
        """What has lasted long enough by now."""
        events: list[AuxiliariesEvent] = []
        for role, (level, since_s) in self._raw.items():
            if self._told.get(role) is not level and now_s >= since_s + SETTLE_S[role][0 if level else 1]:
                first = role not in self._told
                self._told[role] = level
                events += self._event(role, level, now_s, first=first)
        if self._told.get(SOS) and not self._stuck and now_s >= self._pressed_at_s + STUCK_S:
            self._stuck = True
            events.append(StatusChanged(DeviceState.HARDWARE_ERROR, Fault.JAMMED, "the SOS button stays pressed"))
        return events

    def wakes_at_s(self) -> float:
        """When a level will have lasted long enough."""
        waits = [
            since_s + SETTLE_S[role][0 if level else 1]
            for role, (level, since_s) in self._raw.items()
            if self._told.get(role) is not level
        ]
        if self._told.get(SOS) and not self._stuck:
            waits.append(self._pressed_at_s + STUCK_S)
        return min(waits, default=float("inf"))

    def forget(self) -> None:
        """The board is gone: levels are not known; a press that was told is not told again when it is back."""
        self._raw.clear()

    def _event(self, role: str, level: bool, now_s: float, *, first: bool) -> list[AuxiliariesEvent]:
        if role == DOOR:
            return [DoorChanged(level)]
        if role == PRESENCE:
            return [PresenceChanged(level)]
        if level:
            self._pressed_at_s = now_s
            return [] if first else [SosPressed()]  # held since before the start: stuck, or not for us
        healed, self._stuck = self._stuck, False
        return [StatusChanged(DeviceState.ONLINE)] if healed else []
