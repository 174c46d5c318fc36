"""A session and a simulator joined in virtual time: hours pass in seconds, the same way each time. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic

from device_drivers.session import Event, Session
from device_drivers.simulators.core import Answer, DeviceSimulator, Request
from device_drivers.simulators.script import ScriptStep

TICK_S = 0.001  # nothing happens faster
WAKE_S_MAX = 0.05  # as the pump: a verb queued meanwhile leaves soon; nobody can queue one while nothing happens


class VirtualWire(Generic[Event]):
    """Moves bytes between both ends and the one clock both are told."""

    def __init__(self, session: Session[Event], simulator: DeviceSimulator, *, chunk_size: int = 512) -> None:
        self.now_s = 1000.0
        self.events: list[Event] = []
        self.wire_log: list[tuple[float, str, bytes]] = []  # when, "host" or "device", what
        self.joined = True
        self.steps = 0  # how often both ends were asked
        self.react: Callable[[Event], None] = lambda event: None  # what the owner of the session does
        self.session = session
        self.simulator = simulator
        self._chunk_size = chunk_size

    def run(self, for_s: float) -> list[Event]:
        """Lets this much time pass; the events of it."""
        return self.run_until(lambda: False, for_s)

    def run_until(self, reached: Callable[[], bool], limit_s: float) -> list[Event]:
        """Lets time pass until the condition holds, at most `limit_s`; the events of it."""
        seen = len(self.events)
        end_s = self.now_s + limit_s
        told = -1  # whoever calls may have queued verbs
        while self.now_s < end_s and not reached():
            self._step()
            wakes_s = min(self._wakes_at_s(), end_s)
            if told != len(self.events):
                told, wakes_s = len(self.events), min(wakes_s, self.now_s + WAKE_S_MAX)
            self.now_s = max(self.now_s + TICK_S, wakes_s)
            self.steps += 1
        return self.events[seen:]

    def hand(self, **request: object) -> Answer:
        """A person's act at the device, now."""
        return self.simulator.control(Request(request), self.now_s)

    def play(self, script: Sequence[ScriptStep]) -> list[Event]:
        """Does each step at its time, from now on; the events until the last one.

        Raises:
            SimulatorError: a step cannot be done.
        """
        seen, began_s = len(self.events), self.now_s
        for step in script:
            self.run(began_s + step.at_s - self.now_s)
            verb = step.request["do"]
            if verb == "pull":
                self.cut()
            elif verb == "plug":
                self.mend()
            else:
                self.hand(**step.request)
        return self.events[seen:]

    def cut(self) -> None:
        """The port is pulled."""
        self.joined = False
        self.session.line_lost(self.now_s)
        self._take_events()

    def mend(self) -> None:
        """The port is there again."""
        self.joined = True

    def _wakes_at_s(self) -> float:
        device_s = self.simulator.wakes_at_s()
        return min(device_s, self.session.wakes_at_s()) if self.joined else device_s

    def _step(self) -> None:
        said = b""
        if self.joined:
            said = self.session.bytes_to_send(self.now_s)
            self._take_events()
        if said:
            self.wire_log.append((self.now_s, "host", said))
        answer = self.simulator.feed(said, self.now_s)
        if answer:
            self.wire_log.append((self.now_s, "device", answer))
        if not self.joined:
            return
        for at in range(0, len(answer), self._chunk_size):
            self.session.receive(answer[at : at + self._chunk_size], self.now_s)
        if not answer:
            self.session.receive(b"", self.now_s)
        self._take_events()

    def _take_events(self) -> None:
        for event in self.session.take_events():
            self.events.append(event)
            self.react(event)
