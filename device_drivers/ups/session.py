"""The client's side of upsd for one UPS: pure, single-threaded, told the time. Driven by `pump` over a tcp line.

Source: UPS paper, "Kiosk policy". It only asks for values, so that a probe can do no harm.
"""

from __future__ import annotations

import re
from collections import deque

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.contract.status import DeviceState, Fault, Identified, StatusChanged
from device_drivers.contract.ups import BatteryMeasured, Supply, SupplyChanged, UpsEvent
from device_drivers.status_teller import StatusTeller
from device_drivers.tries import Tries
from device_drivers.ups import messages
from device_drivers.ups.frames import LineReader
from device_drivers.ups.messages import CHARGE, LIST_UPS, MODEL, RUNTIME, SERIAL, STATUS, Listed, Refused, Value

POLL_S = 1.0
BATTERY_POLLS = 10  # every so many polls of the status the battery, and who it is, are asked too
ANSWER_S = 3.0
TRIES_MAX = 2
ON_BATTERY_S = 3.0  # the mains must be away this long, by two sights of it at least
NO_VALUE = "VAR-NOT-SUPPORTED"

_STATES = {
    "DATA-STALE": (DeviceState.OFFLINE, Fault.NO_ANSWER),  # the UPS does not answer its driver
    "DRIVER-NOT-CONNECTED": (DeviceState.OFFLINE, Fault.NO_ANSWER),
    "UNKNOWN-UPS": (DeviceState.NO_DEVICE, Fault.NO_ANSWER),
}


class NutSession:
    """Implements `Session`."""

    def __init__(self, ups: str = "") -> None:
        """`ups`: its name in upsd; empty: the first one upsd lists."""
        self._configured = ups
        self._events: list[UpsEvent] = []
        self._status = StatusTeller()
        self._told_supply: Supply | None = None
        self._told_battery: BatteryMeasured | None = None
        self._told_identity: Identified | None = None
        self._on_battery_since_s: float | None = None
        self._begin(0.0)

    def _begin(self, now_s: float) -> None:
        """A fresh connection."""
        self._ups = self._configured
        self._reader = LineReader()
        self._tries = Tries()
        self._asked = ""
        self._questions: deque[str] = deque()
        self._values: dict[str, str] = {}
        self._polls = 0
        self._next_poll_s = now_s

    # --- session -----------------------------------------------------------------------------------------------

    def bytes_to_send(self, now_s: float) -> bytes:
        """What goes on the wire now."""
        self._give_up(now_s)
        if self._tries.free and not self._questions and now_s >= self._next_poll_s:
            self._start_poll(now_s)
        if self._tries.free and self._questions:
            self._asked = self._questions.popleft()
            line = LIST_UPS if self._asked == LIST_UPS else messages.request(self._ups, self._asked)
            self._tries.start(line.encode() + b"\n", answer_s=ANSWER_S, tries_max=TRIES_MAX)
        return self._tries.bytes_to_send(now_s)

    def receive(self, chunk: bytes, now_s: float) -> None:
        """Bytes came, or time passed."""
        for line in self._reader.feed(chunk):
            self._hear(messages.answer_of(line), now_s)
        self._give_up(now_s)

    def take_events(self) -> list[UpsEvent]:
        """Events since the last call, oldest first."""
        events, self._events = self._events, []
        return events

    def wakes_at_s(self) -> float:
        """When to ask or to give up next."""
        if not self._tries.free or self._questions:
            return self._tries.wakes_at_s()
        return self._next_poll_s

    def line_lost(self, now_s: float) -> None:
        """upsd is gone; what the mains do is not known, and nothing is told of them."""
        self._begin(now_s)
        self._on_battery_since_s = None
        self._events += self._status.tell(StatusChanged(DeviceState.OFFLINE, Fault.LINE_LOST))

    # --- questions and answers ---------------------------------------------------------------------------------

    def _start_poll(self, now_s: float) -> None:
        self._next_poll_s = now_s + POLL_S
        if not self._ups:
            self._questions.append(LIST_UPS)
            return
        self._questions.append(STATUS)
        if self._polls % BATTERY_POLLS == 0:
            self._questions += (CHARGE, RUNTIME, MODEL, SERIAL)  # a driver that has just started knows its UPS late
        self._polls += 1

    def _hear(self, answer: messages.Answer | None, now_s: float) -> None:
        if not self._tries.waiting or answer is None:
            return
        match answer:
            case Listed(ups=ups) if self._asked == LIST_UPS:
                self._ups = self._ups or ups
                self._next_poll_s = now_s
            case messages.ListEnded() if self._asked == LIST_UPS:
                self._tries.finish(now_s)
                if not self._ups:
                    self._events += self._status.tell(
                        StatusChanged(DeviceState.NO_DEVICE, Fault.NO_ANSWER, "upsd knows no UPS")
                    )
            case Value(ups=self._ups, name=self._asked, value=value):
                self._tries.finish(now_s)
                self._understand(self._asked, value, now_s)
            case Refused(reason=reason):
                self._tries.finish(now_s)
                self._refused(reason, now_s)

    def _refused(self, reason: str, now_s: float) -> None:
        if reason == NO_VALUE and self._asked != STATUS:
            self._understand(self._asked, "", now_s)
            return
        self._questions.clear()
        self._polls = 0  # all is asked anew when it answers again
        self._on_battery_since_s = None
        state, fault = _STATES.get(reason, (DeviceState.OFFLINE, Fault.FAILED))
        self._events += self._status.tell(StatusChanged(state, fault, reason[:32]))

    def _understand(self, name: str, value: str, now_s: float) -> None:
        self._values[name] = value
        if name == STATUS:
            self._events += self._status.tell(StatusChanged(DeviceState.ONLINE))
            self._judge_supply(set(value.split()), now_s)
        elif name == SERIAL:
            identity = Identified(self._values.get(MODEL, ""), value)
            if identity != self._told_identity and identity != Identified("", ""):
                self._told_identity = identity
                self._events.append(identity)
        if name in (STATUS, RUNTIME):
            self._judge_battery(set(self._values.get(STATUS, "").split()))

    def _judge_supply(self, words: set[str], now_s: float) -> None:
        if "FSD" in words or {"OB", "LB"} <= words:
            self._on_battery_since_s = None
            self._tell_supply(Supply.SHUTDOWN_NOW)
        elif "OB" not in words:
            self._on_battery_since_s = None
            self._tell_supply(Supply.MAINS)
        elif self._on_battery_since_s is None:
            self._on_battery_since_s = now_s
        elif now_s >= self._on_battery_since_s + ON_BATTERY_S:
            self._tell_supply(Supply.BATTERY)

    def _judge_battery(self, words: set[str]) -> None:
        if RUNTIME not in self._values:
            return
        charge, runtime = (messages.whole_number(self._values.get(name, "")) for name in (CHARGE, RUNTIME))
        measured = BatteryMeasured(charge, runtime, "RB" in words, "OVER" in words)
        told = self._told_battery
        if told is None or (told.charge_percent, told.replace_battery, told.overloaded) != (
            measured.charge_percent,
            measured.replace_battery,
            measured.overloaded,
        ):
            self._told_battery = measured
            self._events.append(measured)

    def _tell_supply(self, supply: Supply) -> None:
        if supply is not self._told_supply:
            self._told_supply = supply
            self._events.append(SupplyChanged(supply, self._values.get(STATUS, "")))

    def _give_up(self, now_s: float) -> None:
        if self._tries.is_late(now_s) and not self._tries.again(now_s):
            self._questions.clear()
            self._on_battery_since_s = None
            self._polls = 0
            self._next_poll_s = now_s + POLL_S
            self._events += self._status.tell(StatusChanged(DeviceState.OFFLINE, Fault.NO_ANSWER))


def ups_of(options: dict[str, str]) -> NutSession:
    """`ups=kiosk` of a device URL: the name of the UPS in upsd.

    Raises:
        DeviceUrlError: an option that does not exist, or a value it cannot have.
    """
    if unknown := set(options) - {"ups"}:
        raise DeviceUrlError(f"a UPS has no option {sorted(unknown)[0]}")
    name = options.get("ups", "")
    if not re.fullmatch(r"[A-Za-z0-9_.-]{0,64}", name):
        raise DeviceUrlError(f"ups is a name of letters, digits, '.', '-' and '_', not {name!r}")
    return NutSession(name)
