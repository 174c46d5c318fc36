"""A simulated scanner, on a serial port or typing like a keyboard, with its own key table. Pure."""

from __future__ import annotations

import struct

from device_drivers.simulators.core import Answer, Request, SimulatorError
from device_drivers.simulators.faults import FaultPlan
from device_drivers.simulators.outbox import Outbox

FAULTS = frozenset({"no_suffix", "pause", "dropped_keys", "half"})
PAUSE_S = 0.2
KEY_S = 0.004
HEARD_SIZE_MAX = 1000  # it hears nothing; what was said to it all the same is for tests
_LETTERS = {
    letter: code
    for code, letter in zip(
        (*range(2, 14), *range(16, 28), *range(30, 42), *range(43, 54)),
        "1234567890-=qwertyuiop[]asdfghjkl;'`\\zxcvbnm,./",
        strict=True,
    )
}
_UPPER = dict(zip('!@#$%^&*()_+{}:"~|<>?', "1234567890-=[];'`\\,./", strict=True))
_PAD = (82, 79, 80, 81, 75, 76, 77, 71, 72, 73)


class ScannerSimulator:
    """Implements `DeviceSimulator`: what it is shown, it sends."""

    def __init__(self, *, keyboard: bool = False, suffix: bytes = b"\r\n", prefix: bytes = b"") -> None:
        self._keyboard = keyboard
        self._suffix, self._prefix = suffix, prefix
        self._faults = FaultPlan(FAULTS)
        self._outbox = Outbox(self._faults)
        self.heard = b""

    def feed(self, chunk: bytes, now_s: float) -> bytes:
        """A scanner does not listen; what leaves by now."""
        self.heard = (self.heard + chunk)[-HEARD_SIZE_MAX:]
        return self._outbox.take_due(now_s)

    def wakes_at_s(self) -> float:
        """The next bytes to leave."""
        return self._outbox.wakes_at_s()

    def control(self, request: Request, now_s: float) -> Answer:
        """scan (`hex`: the bytes of a code), fault, state."""
        verb = request.get("do")
        if verb == "scan":
            try:
                payload = bytes.fromhex(str(request.get("hex", "")))
            except ValueError:
                raise SimulatorError("hex is the bytes of a code in hex") from None
            self._scan(payload, now_s)
        elif verb == "fault":
            self._faults.add(request)
        elif verb != "state":
            raise SimulatorError(f"a scanner cannot {verb!r}")
        return {"ok": True, "faults": self._faults.describe()}

    def _scan(self, payload: bytes, now_s: float) -> None:
        said = self._prefix + payload + (b"" if self._faults.take("no_suffix") else self._suffix)
        if self._faults.take("half"):
            said = said[: len(said) // 2]
        parts = [typed(byte) if self._keyboard else bytes((byte,)) for byte in said]
        if self._keyboard and self._faults.take("dropped_keys"):
            parts[len(parts) // 2] = _record(0, 3, 0)
        at_s = now_s
        pause_at = len(parts) // 2 if self._faults.take("pause") else -1
        for at, part in enumerate(parts):
            at_s += KEY_S if self._keyboard else 0.001
            self._outbox.put(part, at_s + (PAUSE_S if 0 <= pause_at <= at else 0.0))

    def memory(self) -> None:
        """Nothing worth keeping."""


def typed(byte: int) -> bytes:
    """The records of one byte: a key, a key with Shift or Ctrl, or Alt and its number on the keypad."""
    letter = chr(byte)
    if byte == 0x0D:
        return _key(28)
    if letter == " ":
        return _key(57)
    if letter in _LETTERS:
        return _key(_LETTERS[letter])
    if letter in _UPPER or (letter.isascii() and letter.isupper()):
        return _held(42, _key(_LETTERS[_UPPER.get(letter, letter.lower())]))
    if byte < 0x20 and byte + 0x60 in map(ord, _LETTERS):
        return _held(29, _key(_LETTERS[chr(byte + 0x60)]))
    return _held(56, b"".join(_key(_PAD[int(digit)]) for digit in str(byte)))


def _key(code: int) -> bytes:
    return _record(4, 4, 0x70000 + code) + _record(1, code, 1) + _SYN + _record(1, code, 0) + _SYN


def _held(modifier: int, inside: bytes) -> bytes:
    return _record(1, modifier, 1) + _SYN + inside + _record(1, modifier, 0) + _SYN


def _record(kind: int, code: int, value: int) -> bytes:
    return struct.pack("@llHHi", 1_764_000_000, 5, kind, code, value)


_SYN = _record(0, 0, 0)
