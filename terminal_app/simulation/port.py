"""A device at the far end of a wire, and the wire: bytes both ways in the stage's time, under the knife.

The device lives on when the core falls; of a power cut it keeps what its simulator says that it remembers. A wire on
which the same exchange goes to and fro is let sleep: the next exchange comes late, up to `NAP_S`, or `SLEEP_S` when
nobody has touched the device for a while; a verb, an event or a hand wakes it at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from device_drivers.contract.errors import LineLostError
from device_drivers.session import Session
from device_drivers.simulators.core import Answer, DeviceSimulator, Request
from payment.simulation.crash import PowerCutError
from payment.simulation.stage import Stage
from terminal_app.simulation.fibres import pause
from terminal_app.simulation.wire_knife import CORE_STROKES, Stroke, WireKnife

TICK_S = 0.001  # nothing happens faster
NAP_S = 0.8  # a ccTalk device that is not asked for a second takes no money
SLEEP_S = 600.0
AWAKE_S = 20.0  # after the last touch
LONG_S = 2.0  # between two questions of a driver that only wants to know whether the device is there
PERIODS = (1, 2, 3, 4)  # exchanges after which a dialogue repeats itself
HISTORY_MAX = 2 * max(PERIODS)
OFF_S = (0.5, 8.0)  # of a device that lost its power alone
UNPLUGGED_S = (0.2, 12.0)

Memory = dict[str, Any] | None
MakeSimulator = Callable[[Memory, float], DeviceSimulator]


class DevicePort:
    """One device, whoever is at the other end."""

    def __init__(self, name: str, stage: Stage, knife: WireKnife, make: MakeSimulator) -> None:
        self.name = name
        self.stage = stage
        self.knife = knife
        self.follow: Callable[[], None] = lambda: None  # called when the device may have moved
        self.busy: Callable[[], bool] = lambda: False  # True: something is under way, and it may not sleep
        self.wake: Callable[[], None] = lambda: None  # the fibre that reads this wire
        self._make = make
        self.simulator = make(None, stage.now_s)
        self._memory: Memory = None  # while the power is off
        self._arrived = b""  # at the core's end, not yet read
        self._history: list[tuple[bytes, bytes]] = []
        self._said, self._answer = b"", b""
        self._period = 0
        self._touched_s = 0.0
        self._unplugged_until_s = 0.0

    # --- the device's side ------------------------------------------------------------------------------------------

    def hand(self, **request: object) -> Answer:
        """A person's act at the device, now.

        Raises:
            SimulatorError: what cannot be done, and why.
        """
        dark = self._memory is not None
        simulator = self._make(self._memory, self.stage.now_s) if dark else self.simulator
        answer = simulator.control(Request(request), self.stage.now_s)
        if dark:  # cassette and paper are moved without power too
            self._memory = simulator.memory()
        self.touch()
        self.follow()
        return answer

    def memory(self) -> dict[str, Any]:
        """Where everything lies, with power or without."""
        return (self.simulator.memory() if self._memory is None else self._memory) or {}

    def switch_off(self) -> None:
        """The mains failed."""
        self._memory = self.simulator.memory()
        self._clear()

    def switch_on(self) -> None:
        """The mains are back: the device starts with what it remembers."""
        if self._memory is not None:
            self.simulator = self._make(self._memory, self.stage.now_s)
            self._memory = None
            self.follow()

    def goes_off(self) -> None:
        """This device alone is without power for a while."""
        self.simulator.control({"do": "power_cut", "off_s": self.stage.chance.between_s(*OFF_S)}, self.stage.now_s)
        self._clear()
        self.follow()

    def touch(self) -> None:
        """Something is new: the wire does not sleep now."""
        self._history.clear()
        self._period = 0
        self._touched_s = self.stage.now_s
        self.wake()

    def quiet(self) -> bool:
        """The same exchange goes to and fro."""
        return self._period > 0

    # --- the core's side --------------------------------------------------------------------------------------------

    def open(self) -> None:
        """Raises: LineLostError."""
        if self.stage.now_s < self._unplugged_until_s:
            raise LineLostError("there is no such port", device=self.name)
        self._clear()

    def unplug(self) -> None:
        """The port is gone for a while."""
        self._unplugged_until_s = self.stage.now_s + self.stage.chance.between_s(*UNPLUGGED_S)
        self._clear()

    def hear(self, data: bytes) -> None:
        """Bytes from the core."""
        self._arrived += self.simulator.feed(data, self.stage.now_s)
        self.follow()

    def take(self, size_max: int) -> bytes:
        """Bytes that are there for the core by now."""
        self.hear(b"")
        chunk, self._arrived = self._arrived[:size_max], self._arrived[size_max:]
        return chunk

    def wakes_in_s(self, until_s: float) -> float:
        """Until the device does something, or the core wants to go on at `until_s`; late when the wire sleeps."""
        now_s = self.stage.now_s
        if now_s > self._touched_s + AWAKE_S and not self.busy():
            if self._period:
                return SLEEP_S
            if until_s > now_s + LONG_S:
                return until_s - now_s
        if self._period:
            until_s = max(until_s, now_s + NAP_S)
        return max(TICK_S, min(until_s, self.simulator.wakes_at_s()) - now_s)

    def is_said_again(self, data: bytes) -> bool:
        """The core says something; True when it only says again what it said before."""
        if self._said or self._answer:
            self._history.append((self._said, self._answer))
            del self._history[:-HISTORY_MAX]
        self._said, self._answer = data, b""
        self._period = self._repeats_after()
        return bool(self._period) and data == self._history[-self._period][0]

    def is_answered_again(self, chunk: bytes) -> bool:
        """The device answers; True when it only says again what it said before."""
        at = len(self._answer)
        self._answer += chunk
        if not self._period:
            return False
        said, answer = self._history[-self._period]
        if said == self._said and answer[at : at + len(chunk)] == chunk:
            return True
        self._period = 0
        return False

    def _repeats_after(self) -> int:
        history = self._history
        for period in PERIODS:
            if len(history) >= 2 * period and history[-period:] == history[-2 * period : -period]:
                return period
        return 0

    def _clear(self) -> None:
        self._arrived = self._said = self._answer = b""
        self._history.clear()
        self._period = 0
        self._touched_s = self.stage.now_s


class PortLine:
    """An open port, as a keeper gets it. Implements `Line`."""

    def __init__(self, port: DevicePort, session: Session[Any]) -> None:
        """Raises: LineLostError."""
        port.open()
        self._port = port
        self._session = session
        self._cut: Stroke | None = None  # falls at the core's next move

    async def write(self, data: bytes) -> None:
        """The device has the bytes at once, up to where the knife falls."""
        self._falls()
        port = self._port
        fall = None if port.is_said_again(data) else port.knife.falls_within(len(data), f"to the {port.name}")
        if fall is None:
            port.hear(data)
            return
        passed, self._cut = _cut_down(data, *fall)
        port.hear(passed)
        if fall[1] is Stroke.DEVICE_OFF:
            port.goes_off()
        self._falls()

    async def read(self, size_max: int, *, timeout_s: float) -> bytes:
        """As `Line`; where nothing repeats and nobody verbs, the session's own next wish is waited for."""
        self._falls()
        port = self._port
        stage = port.stage
        until_s = max(stage.now_s + timeout_s, self._session.wakes_at_s())
        if chunk := port.take(size_max):
            return self._read(chunk)
        while True:
            began_s, due_s = stage.now_s, port.wakes_in_s(until_s)
            await pause(due_s)
            if chunk := port.take(size_max):
                return self._read(chunk)
            if stage.now_s >= until_s or stage.now_s < began_s + due_s:
                return b""

    def close(self) -> None:
        """Nothing is held."""

    def _read(self, chunk: bytes) -> bytes:
        port = self._port
        fall = None if port.is_answered_again(chunk) else port.knife.falls_within(len(chunk), f"from the {port.name}")
        if fall is None:
            return chunk
        passed, self._cut = _cut_down(chunk, *fall)
        if fall[1] is Stroke.DEVICE_OFF:
            port.goes_off()
        if not passed:
            self._falls()
        return passed

    def _falls(self) -> None:
        if self._cut is None:
            return
        stroke, self._cut = self._cut, None
        if stroke is Stroke.LINE_LOST:
            self._port.unplug()
            raise LineLostError("the port is gone", device=self._port.name)
        raise PowerCutError(stroke.value)


def _cut_down(data: bytes, at: int, stroke: Stroke) -> tuple[bytes, Stroke | None]:
    """What passes of the data, and what falls at the core then."""
    if stroke is Stroke.BYTE_LOST:
        return data[:at] + data[at + 1 :], None
    if stroke is Stroke.BYTE_GARBLED:
        return data[:at] + bytes((data[at] ^ 0x55,)) + data[at + 1 :], None
    if stroke is Stroke.DEVICE_OFF:
        return data[:at], None
    assert stroke is Stroke.LINE_LOST or stroke in CORE_STROKES
    return data[:at], stroke
