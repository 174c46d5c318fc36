"""The commands that begin a link with an SSP validator, in their order. Pure.

Source: SSP paper, "Packet", "Escrow", "Encryption". The first poll would accept a note that waits in escrow and that
nobody decided about: so REJECT comes before any poll, and a REJECT that was refused is checked by HOLD.
"""

from __future__ import annotations

import enum

from device_drivers.contract.cash import CashItem
from device_drivers.contract.status import Identified
from device_drivers.essp import encryption, messages
from device_drivers.essp.encryption import Exchange, Key, RandomBytes
from device_drivers.essp.messages import PROTOCOL_VERSIONS, Command, MessageError, Reply, Setup

CURRENCY_OF_CODE = {"RUR": "RUB"}  # others are ISO 4217 already


class _Step(enum.IntEnum):
    FIRST_SYNC = 0
    SECOND_SYNC = 1
    REJECT = 2
    CHECK_REJECT = 3
    DISABLE = 4
    VERSION = 5
    GENERATOR = 6
    MODULUS = 7
    KEY_EXCHANGE = 8
    SETUP = 9
    SERIAL = 10
    DONE = 11


_COMMANDS = {
    _Step.FIRST_SYNC: Command.SYNC,
    _Step.SECOND_SYNC: Command.SYNC,
    _Step.REJECT: Command.REJECT,
    _Step.CHECK_REJECT: Command.HOLD,
    _Step.DISABLE: Command.DISABLE,
    _Step.SETUP: Command.SETUP_REQUEST,
    _Step.SERIAL: Command.GET_SERIAL_NUMBER,
}


class Start:
    """Walks through the steps; a refused one is repeated, unless it may be refused."""

    def __init__(self, fixed_key: int | None, random_bytes: RandomBytes) -> None:
        self._fixed_key = fixed_key  # None: plain
        self._exchange: Exchange | None = None if fixed_key is None else encryption.new_exchange(random_bytes)
        self._step = _Step.FIRST_SYNC
        self._version_at = 0
        self._setup: Setup | None = None
        self._serial = 0
        self.key: Key | None = None  # agreed; to be used from the next command on

    @property
    def done(self) -> bool:
        """All is known; polls may begin."""
        return self._step is _Step.DONE

    def next_command(self) -> bytes:
        """The next command; not when `done`."""
        if self._step in _COMMANDS:
            return bytes((_COMMANDS[self._step],))
        if self._step is _Step.VERSION:
            return bytes((Command.HOST_PROTOCOL_VERSION, PROTOCOL_VERSIONS[self._version_at]))
        assert self._exchange is not None
        command, number = {
            _Step.GENERATOR: (Command.SET_GENERATOR, self._exchange.generator),
            _Step.MODULUS: (Command.SET_MODULUS, self._exchange.modulus),
            _Step.KEY_EXCHANGE: (Command.KEY_EXCHANGE, self._exchange.intermediate),
        }[self._step]
        return bytes((command,)) + number.to_bytes(8, "little")

    def answered(self, reply: Reply, data: bytes) -> None:
        """Takes the answer to `next_command` in."""
        ok = reply is Reply.OK
        if self._step is _Step.REJECT:
            self._step = _Step.DISABLE if ok else _Step.CHECK_REJECT
        elif self._step is _Step.CHECK_REJECT:
            self._step = _Step.REJECT if ok else _Step.DISABLE  # held: it is still there
        elif self._step is _Step.VERSION:
            self._version_answered(ok)
        elif ok:
            self._take(data)

    def table(self) -> dict[int, CashItem]:
        """What each channel is worth."""
        channels = enumerate(self._setup.channels if self._setup is not None else (), start=1)
        return {
            channel: CashItem(value, CURRENCY_OF_CODE.get(currency, currency))
            for channel, (currency, value) in channels
            if value > 0
        }

    def identity(self) -> Identified:
        """Who the slave says it is."""
        firmware = self._setup.firmware if self._setup is not None else ""
        return Identified(f"SSP {firmware}", str(self._serial))

    def _version_answered(self, ok: bool) -> None:
        if not ok and self._version_at + 1 < len(PROTOCOL_VERSIONS):
            self._version_at += 1
        else:  # one that knows none of them has the lengths of the oldest
            self._step = _Step.SETUP if self._exchange is None else _Step.GENERATOR

    def _take(self, data: bytes) -> None:
        try:
            if self._step is _Step.KEY_EXCHANGE:
                assert self._exchange is not None
                assert self._fixed_key is not None
                self.key = self._exchange.key(int.from_bytes(data[:8], "little"), self._fixed_key)
            elif self._step is _Step.SETUP:
                self._setup = messages.decode_setup(data)
            elif self._step is _Step.SERIAL:
                self._serial = messages.decode_serial(data)
        except MessageError:
            return  # asked again
        self._step = _Step(self._step + 1)
