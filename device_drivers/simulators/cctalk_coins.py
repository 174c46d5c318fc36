"""A simulated ccTalk coin acceptor: coins fall, are counted in a ring of five events, and lie in a box. Pure.

What lies in the box is the oracle of tests. Coins in flight when the power goes fall into the box unseen: the box then
holds more than any event said.
"""

from __future__ import annotations

from typing import Any

from device_drivers.simulators.cctalk_device import ACK, NAK, UNPOLLED_S, CctalkPort, EventRing, Reply
from device_drivers.simulators.cctalk_wire import CctalkForm
from device_drivers.simulators.core import Answer, Request, SimulatorError, flag, number

ADDRESS = 2
VALIDATE_S = 0.15  # from the slot to the credit sensor
TYPES = range(1, 17)
MINOR_OF_TYPE = {1: 100, 2: 200, 5: 500, 6: 1000}
TYPE_OF_MINOR = {minor: kind for kind, minor in MINOR_OF_TYPE.items()}
_VALUES = {100: "100", 200: "200", 500: "500", 1000: "1K0"}
_IDS = {
    246: b"SIM",
    244: b"COIN-RU",
    241: b"2.01",
    245: b"Coin Acceptor",
    192: b"00",
    4: b"\x01\x04\x06",
}
ERROR_REJECTED, ERROR_INHIBITED, ERROR_BLOCKED, ERROR_STRING = 1, 2, 14, 20
SELF_CHECK_BLOCKED = 3


class CctalkCoinSimulator:
    """Implements `DeviceSimulator`."""

    def __init__(
        self,
        memory: dict[str, Any] | None = None,
        *,
        now_s: float = 0.0,
        form: CctalkForm | None = None,
        echo: bool = False,
        serial: int = 513,
    ) -> None:
        self._serial = serial
        self._port = CctalkPort(form or CctalkForm(), ADDRESS, echo=echo)
        self._box: dict[int, int] = {}
        self._rejected = 0
        self._falling: list[tuple[float, int]] = []  # when at the sensor, and the value
        self._off_until_s: float | None = None
        self._jammed = False
        if memory is not None:
            self._recall(memory)
        self._switched_on()

    def _switched_on(self) -> None:
        self._ring = EventRing()
        self._mask = 0
        self._accepting = False

    # --- the wire ----------------------------------------------------------------------------------------------------

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """Bytes came from the host; what leaves by now."""
        self._advance(now_s)
        requests = self._port.hear(chunk, now_s)
        if self._off_until_s is not None:
            self._port.power_off()
            return b""
        for request in requests:
            if request is not None:
                header, data = request
                reply = self._port.fault_reply(header) or self._obey(header, data)
                self._port.say(reply, now_s, header)
        return self._port.outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next answer to leave, the next coin at the sensor, the power."""
        falling_s = min((due_s for due_s, _ in self._falling), default=float("inf"))
        off_s = float("inf") if self._off_until_s is None else self._off_until_s
        return min(self._port.outbox.wakes_at_s(), falling_s, off_s)

    def memory(self) -> dict[str, Any]:
        """What outlives the power: the box."""
        return {"box": {str(value): count for value, count in sorted(self._box.items())}, "rejected": self._rejected}

    def control(self, request: Request, now_s: float) -> Answer:
        """insert, jam, clear, cheat, empty, power_cut, fault, state."""
        self._advance(now_s)
        verb = request.get("do")
        if verb == "insert":
            self._insert(int(number(request, "value_minor", 0, 0, 10_000)), now_s)
        elif verb == "jam":
            self._jammed = True
            self._ring.add(0, ERROR_BLOCKED)
        elif verb == "clear":
            self._jammed = False
        elif verb == "cheat":
            self._ring.add(0, ERROR_STRING)
        elif verb == "box":
            self._box = {} if flag(request, "emptied") else self._box
        elif verb == "power_cut":
            self._cut_power(number(request, "off_s", 0.5, 0, 3600), now_s)
        elif verb == "fault":
            self._port.faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a coin acceptor cannot {verb!r}")
        return {"ok": True, **self._describe(now_s), "faults": self._port.faults.describe()}

    # --- the inside --------------------------------------------------------------------------------------------------

    def _advance(self, now_s: float) -> None:
        if self._off_until_s is not None and now_s >= self._off_until_s:
            self._off_until_s = None
        while self._falling and self._falling[0][0] <= now_s:
            _, value = self._falling.pop(0)
            self._box[value] = self._box.get(value, 0) + 1
            self._ring.add(TYPE_OF_MINOR[value], 1)

    def _insert(self, value: int, now_s: float) -> None:
        if value and value not in TYPE_OF_MINOR:
            raise SimulatorError(f"there is no coin of {value} kopecks")
        if self._off_until_s is not None or self._jammed:
            raise SimulatorError("the coin acceptor takes nothing: it is switched off or jammed")
        kind = TYPE_OF_MINOR.get(value)
        if kind is None or not self._accepts(kind, now_s):
            self._rejected += 1
            self._ring.add(0, ERROR_REJECTED if kind is None else ERROR_INHIBITED)
        else:
            self._falling.append((now_s + VALIDATE_S, value))

    def _accepts(self, kind: int, now_s: float) -> bool:
        polled = now_s < self._port.understood_s + UNPOLLED_S
        return polled and self._accepting and bool(self._mask >> (kind - 1) & 1)

    def _cut_power(self, off_s: float, now_s: float) -> None:
        for _, value in self._falling:
            self._box[value] = self._box.get(value, 0) + 1
        self._falling.clear()
        self._port.power_off()
        self._switched_on()
        self._off_until_s = now_s + off_s

    def _obey(self, header: int, data: bytes) -> Reply:
        if header == 254:
            return ACK
        if header == 242:
            return 0, self._serial.to_bytes(3, "little")
        if header in _IDS:
            return 0, _IDS[header]
        if header == 229:
            return 0, self._ring.answer()
        if header == 184 and len(data) == 1 and data[0] in TYPES:
            minor = MINOR_OF_TYPE.get(data[0])
            return 0, b"......" if minor is None else f"RU{_VALUES[minor]}A".encode()
        if header == 232:
            return 0, bytes((SELF_CHECK_BLOCKED if self._jammed else 0,))
        if header == 231 and len(data) == 2:
            self._mask = int.from_bytes(data, "little")
            return ACK
        if header == 228 and len(data) == 1:
            self._accepting = data == b"\x01"
            return ACK
        if header == 1:
            self._switched_on()
            return ACK
        getters = {227: bytes((self._accepting,)), 230: self._mask.to_bytes(2, "little")}
        return (0, getters[header]) if header in getters else NAK

    # --- what is known -----------------------------------------------------------------------------------------------

    def _describe(self, now_s: float) -> dict[str, Any]:
        accepted = [value for value, kind in TYPE_OF_MINOR.items() if self._accepts(kind, now_s)]
        powered = self._off_until_s is None
        return {
            "powered": powered,
            "state": "switched off"
            if not powered
            else "jammed"
            if self._jammed
            else "idling"
            if accepted
            else "disabled",
            "enabled_minor": accepted,
            "counter": self._ring.counter,
            "falling": len(self._falling),
            "box": {
                "coins": [{"value_minor": value, "count": count} for value, count in sorted(self._box.items())],
                "count": sum(self._box.values()),
                "total_minor": sum(value * count for value, count in self._box.items()),
            },
            "rejected": self._rejected,
        }

    def _recall(self, memory: dict[str, Any]) -> None:
        try:
            self._box = {int(value): int(count) for value, count in memory["box"].items()}
            self._rejected = int(memory["rejected"])
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise SimulatorError(f"the memory of the coin acceptor cannot be read: {error!r}") from error
