"""Buttons and sensors that Linux shows as an input device (gpio-keys, or a USB board). Pure, told the time.

Source: Linux, input-event-codes.h. The line begins with the contacts as they are, see `transport/input_line.py`.
"""

from __future__ import annotations

import re

from device_drivers.contract.auxiliaries import AuxiliariesEvent
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.status import DeviceState, Fault, StatusChanged
from device_drivers.input_records import EV_KEY, EV_SW, RECORD
from device_drivers.switches.judge import ROLES, SwitchJudge

KINDS = {"key": EV_KEY, "sw": EV_SW}
IDLE_S = 1.0

Contact = tuple[int, int, bool]  # type, code, and whether its level is turned over


class SwitchSession:
    """Implements `Session`."""

    def __init__(self, contacts: dict[str, Contact]) -> None:
        self._contacts = contacts
        self._judge = SwitchJudge(frozenset(contacts))
        self._buffer = b""
        self._events: list[AuxiliariesEvent] = []
        self._online = False
        self._now_s = 0.0

    def bytes_to_send(self, now_s: float) -> bytes:
        """Nothing, ever; being asked means that the port is open."""
        self._now_s = now_s
        if not self._online:
            self._online = True
            self._events.append(StatusChanged(DeviceState.ONLINE))
            for role, (kind, _, inverted) in self._contacts.items():
                if kind == KINDS["key"]:
                    self._judge.set_level(role, inverted, now_s)  # the line begins with the keys that are held only
        return b""

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Records came, or time passed."""
        self._now_s = now_s
        self._events += self._judge.take_events(now_s)
        self._buffer += chunk
        whole = len(self._buffer) - len(self._buffer) % RECORD.size
        records, self._buffer = self._buffer[:whole], self._buffer[whole:]
        for _, _, kind, code, value in RECORD.iter_unpack(records):
            for role, (kind_wanted, code_wanted, inverted) in self._contacts.items():
                if (kind, code) == (kind_wanted, code_wanted):
                    self._judge.set_level(role, (value != 0) is not inverted, now_s)

    def take_events(self) -> list[AuxiliariesEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When a level will have lasted long enough."""
        return min(self._now_s + IDLE_S, self._judge.wakes_at_s())

    def line_lost(self, now_s: float) -> None:
        """The board is gone."""
        self._buffer = b""
        self._judge.forget()
        if self._online:
            self._online = False
            self._events.append(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST))


def switches_of(options: dict[str, str]) -> SwitchSession:
    """`door=sw0&sos=key148&presence=!key149` of a device URL: codes of Linux; `!` turns a contact over.

    Raises:
        DeviceUrlError: an option that does not exist, or a value it cannot have.
    """
    if unknown := set(options) - set(ROLES):
        raise DeviceUrlError(f"a board of switches has no option {sorted(unknown)[0]}; it has {', '.join(ROLES)}")
    if not options:
        raise DeviceUrlError(f"a board of switches needs at least one of {', '.join(ROLES)}, as sos=key148")
    return SwitchSession({role: _contact(role, text) for role, text in options.items()})


def _contact(role: str, text: str) -> Contact:
    found = re.fullmatch(r"(!?)(key|sw)([0-9]{1,3})", text)
    if found is None:
        raise DeviceUrlError(f"{role} is a contact as key148, sw0 or !sw0, not {text}")
    return KINDS[found[2]], int(found[3]), bool(found[1])
