"""The few calls of PC/SC that a kiosk needs. Their results are codes; here each code becomes one `PcscError`.

Source: PC/SC Workgroup, part 5; values of pcsclite.h. pyscard's own monitor threads are not used: after a restart of
pcscd they may stop for good.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Any, Protocol

from smartcard import scard  # type: ignore[import-untyped]

CODE_MASK = 0xFFFFFFFF  # a code comes signed or unsigned, as the build of pyscard has it


class PcscCode(enum.IntEnum):
    """Codes that mean different things to a kiosk; any other is `OTHER`."""

    TIMEOUT = 0x8010000A
    SHARING_VIOLATION = 0x8010000B
    NO_CARD = 0x8010000C
    UNKNOWN_READER = 0x80100009
    READER_UNAVAILABLE = 0x80100017
    NO_SERVICE = 0x8010001D
    SERVICE_STOPPED = 0x8010001E
    NO_READER = 0x8010002E
    INVALID_HANDLE = 0x80100003
    INTERNAL_ERROR = 0x80100001
    COMM_ERROR = 0x80100013
    UNRESPONSIVE = 0x80100066
    UNPOWERED = 0x80100067
    RESET = 0x80100068
    REMOVED = 0x80100069
    OTHER = 0

    @classmethod
    def of(cls, code: int) -> PcscCode:
        masked = code & CODE_MASK
        return cls(masked) if masked in cls._value2member_map_ else cls.OTHER


class PcscError(Exception):
    """A call of PC/SC failed; its text has the code and no byte of a card."""

    def __init__(self, code: int) -> None:
        self.code = PcscCode.of(code)
        super().__init__(f"{self.code.name.lower().replace('_', ' ')} ({code & CODE_MASK:08x})")


@dataclass(frozen=True, slots=True)
class Place:
    """What a reader says of its card. `changes` counts insertions and removals, so that none is missed."""

    present: bool
    mute: bool
    changes: int
    atr: bytes
    raw: int  # what is given back to be woken by the next change


class PcscPort(Protocol):
    """PC/SC, or what stands for it in a test. Blocking; every method but `close` raises `PcscError`."""

    def open(self) -> None: ...

    def readers(self) -> list[str]: ...

    def look(self, reader: str, known: Place | None, wait_s: float) -> Place:
        """The place as it is; with `known` waits up to `wait_s` for another state, and gives `known` if none came."""

    def transmit(self, reader: str, apdu: bytes) -> bytes:
        """One command to the card and its answer, two status bytes at the end."""

    def close(self) -> None: ...


class Pcsc:
    """The PC/SC of this machine."""

    def __init__(self) -> None:
        self._context: int | None = None

    def open(self) -> None:
        """A fresh context; there is none while pcscd does not run."""
        self.close()
        code, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_SYSTEM)
        _check(code)
        self._context = context

    def readers(self) -> list[str]:
        """Names of the readers that are there."""
        code, names = scard.SCardListReaders(self._context, [])
        _check(code)
        return list(names)

    def look(self, reader: str, known: Place | None, wait_s: float) -> Place:
        """The state of one reader."""
        state = scard.SCARD_STATE_UNAWARE if known is None else known.raw
        code, places = scard.SCardGetStatusChange(self._context, int(wait_s * 1000), [(reader, state)])
        if known is not None and code & CODE_MASK == PcscCode.TIMEOUT:
            return known
        _check(code)
        _, raw, atr = places[0]
        if raw & (scard.SCARD_STATE_UNKNOWN | scard.SCARD_STATE_UNAVAILABLE | scard.SCARD_STATE_IGNORE):
            raise PcscError(PcscCode.READER_UNAVAILABLE)
        return Place(
            present=bool(raw & scard.SCARD_STATE_PRESENT),
            mute=bool(raw & scard.SCARD_STATE_MUTE),
            changes=raw >> 16 & 0xFFFF,
            atr=bytes(atr),
            raw=raw & ~scard.SCARD_STATE_CHANGED,
        )

    def transmit(self, reader: str, apdu: bytes) -> bytes:
        """Connects for one command only, so that other programs find the card free."""
        protocols = scard.SCARD_PROTOCOL_T0 | scard.SCARD_PROTOCOL_T1
        code, card, protocol = scard.SCardConnect(self._context, reader, scard.SCARD_SHARE_SHARED, protocols)
        _check(code)
        try:
            code, answer = scard.SCardTransmit(card, _header(protocol), list(apdu))
            _check(code)
        finally:
            scard.SCardDisconnect(card, scard.SCARD_LEAVE_CARD)
        return bytes(answer)

    def close(self) -> None:
        """Gives the context back; a second call does nothing."""
        if self._context is not None:
            scard.SCardReleaseContext(self._context)
            self._context = None


def _header(protocol: int) -> Any:
    return scard.SCARD_PCI_T0 if protocol == scard.SCARD_PROTOCOL_T0 else scard.SCARD_PCI_T1


def _check(code: int) -> None:
    if code != scard.SCARD_S_SUCCESS:
        raise PcscError(code)
