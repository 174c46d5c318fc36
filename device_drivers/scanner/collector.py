"""Where one code ends and the next begins in what a scanner sends. Pure, told the time.

A code may have line ends inside, so that an end of line ends it only when silence follows. Nothing of it is altered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from device_drivers.contract.barcode_reader import CodeDamaged, CodeRead
from device_drivers.contract.errors import DeviceUrlError

SETTLE_S = 0.08  # silence after the end mark: at 9600 baud a byte takes 1 ms, a typed key up to 20 ms
UNENDED_S = 0.5  # silence without the end mark
CODE_SIZE_MAX = 4096  # a QR code holds 2953 bytes
SUFFIXES = {"cr": b"\r", "lf": b"\n", "crlf": b"\r\n", "none": b""}
_AIM = re.compile(rb"\][A-Za-z][0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class Framing:
    """What the scanner is set to put around a code."""

    suffix: bytes = b"\r"
    prefix: bytes = b""
    aim: bool = False  # an AIM identifier (]Q1) before the code


def framing_of(options: dict[str, str], suffix_default: str = "crlf") -> Framing:
    """`suffix=crlf&prefix=02&aim=1` of a device URL.

    Raises:
        DeviceUrlError: an option that does not exist, or a value it cannot have.
    """
    if unknown := set(options) - {"suffix", "prefix", "aim"}:
        raise DeviceUrlError(f"a scanner has no option {sorted(unknown)[0]}")
    suffix, prefix, aim = options.get("suffix", suffix_default), options.get("prefix", ""), options.get("aim", "0")
    if suffix not in SUFFIXES:
        raise DeviceUrlError(f"suffix is one of {', '.join(SUFFIXES)}, not {suffix}")
    if aim not in ("0", "1"):
        raise DeviceUrlError(f"aim is 0 or 1, not {aim}")
    if not re.fullmatch(r"([0-9a-fA-F]{2}){0,16}", prefix):
        raise DeviceUrlError(f"prefix is hex of at most 16 bytes, not {prefix}")
    return Framing(SUFFIXES[suffix], bytes.fromhex(prefix), aim == "1")


class CodeCollector:
    """Collects the bytes of one code until it has ended."""

    def __init__(self, framing: Framing) -> None:
        self._framing = framing
        self._bytes = bytearray()
        self._too_long = False
        self._last_s = 0.0

    def feed(self, chunk: bytes, now_s: float) -> list[CodeRead | CodeDamaged]:
        """Bytes came (b"": time passed); the code that ended before them, if one did."""
        ended = self._take_ended(now_s)
        if chunk:
            self._last_s = now_s
            self._too_long = self._too_long or len(self._bytes) + len(chunk) > CODE_SIZE_MAX
            self._bytes = self._bytes[:1] if self._too_long else self._bytes + chunk
        return ended

    def ends_at_s(self) -> float:
        """When silence ends the code begun."""
        if not self._bytes:
            return float("inf")
        ended = self._too_long or self._bytes.endswith(self._framing.suffix)
        return self._last_s + (SETTLE_S if ended else UNENDED_S)

    def drop(self) -> bool:
        """Forgets the code begun; True when there was one."""
        begun = bool(self._bytes)
        self._bytes, self._too_long = bytearray(), False
        return begun

    def _take_ended(self, now_s: float) -> list[CodeRead | CodeDamaged]:
        if now_s < self.ends_at_s():
            return []
        raw, too_long = bytes(self._bytes), self._too_long
        self.drop()
        if too_long:
            return [CodeDamaged(f"longer than {CODE_SIZE_MAX} bytes")]
        if not raw.endswith(self._framing.suffix):
            return [CodeDamaged(f"{len(raw)} bytes without the end mark")]
        return self._unwrap(raw[: len(raw) - len(self._framing.suffix)])

    def _unwrap(self, raw: bytes) -> list[CodeRead | CodeDamaged]:
        if not raw:
            return []  # an end mark alone: the scanner was woken
        if not raw.startswith(self._framing.prefix):
            return [CodeDamaged("the prefix is missing")]
        raw = raw[len(self._framing.prefix) :]
        symbology = ""
        if self._framing.aim:
            if not _AIM.match(raw):
                return [CodeDamaged("the AIM identifier is missing")]
            symbology, raw = raw[1:3].decode("ascii"), raw[3:]
        return [CodeRead(raw, symbology)]
