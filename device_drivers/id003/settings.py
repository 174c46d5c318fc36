"""What an ID-003 device is set to, each setting sent until it comes back as it was sent. Pure.

Source: ID-003 paper, "Set", "Exchange rules". Masks name what is DISABLED.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from device_drivers.contract.cash import CashItem
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.id003 import messages
from device_drivers.id003.messages import Command, Denomination, Status

REPEAT_S = 1.0  # a setting that had no effect is sent again
REFUSED_REPEAT_S = 30.0  # one that the device does not know
ACCEPT, INHIBIT = b"\x00", b"\x01"
OPTIONS = frozenset({"currency", "country"})

# Sent at a start only. Polling, plain security, all four directions, no optional functions.
_FIXED = {
    Command.SET_SECURITY: bytes(2),
    Command.SET_COMMUNICATION_MODE: bytes(1),
    Command.SET_DIRECTION: bytes(1),
    Command.SET_OPTIONS: bytes(2),
}
_REST = (Status.INITIALIZE, Status.DISABLE, Status.IDLING)
_INHIBIT_STATUSES = (*_REST, Status.ACCEPTING, Status.ESCROW, Status.HOLDING, Status.STACKING, Status.PAUSE)


@dataclass(frozen=True, slots=True)
class Money:
    """Whose notes count. The paper has no table of country bytes, so the terminal's configuration says.

    `country` None: the device's data must be of one country, whose notes are of `currency`.
    """

    currency: str = "RUB"
    country: int | None = None


def money_of(options: Mapping[str, str]) -> Money:
    """From the options of a device URL.

    Raises:
        DeviceUrlError: no such option, or a value it cannot have.
    """
    if unknown := set(options) - OPTIONS:
        raise DeviceUrlError(f"id003 has no option {sorted(unknown)[0]}; it has {', '.join(sorted(OPTIONS))}")
    currency, country = options.get("currency", "RUB"), options.get("country")
    if len(currency) != 3 or not currency.isascii() or not currency.isupper():
        raise DeviceUrlError(f"currency is three letters like RUB, not {currency}")
    try:
        number = None if country is None else int(country, 0)
    except ValueError:
        number = -1
    if number is not None and not 0 <= number <= 0xFF:
        raise DeviceUrlError(f"country is the device's country byte, 0..255, not {country}")
    return Money(currency, number)


def cash_items(denominations: Mapping[int, Denomination], money: Money) -> dict[int, CashItem]:
    """What each escrow code is worth; codes of another country have no item. Several and none named: none has."""
    countries = {denomination.country for denomination in denominations.values()}
    country = money.country if money.country is not None or len(countries) != 1 else next(iter(countries))
    return {
        code: CashItem(denomination.value_minor, money.currency)
        for code, denomination in denominations.items()
        if denomination.country == country and code < messages.DENOMINATION_FIRST + messages.DENOMINATIONS
    }


class Settings:
    """Compares what the device confirmed with what is wanted."""

    def __init__(self) -> None:
        self._confirmed: dict[int, bytes] = {}
        self._not_before_s: dict[int, float] = {}

    @property
    def inhibited(self) -> bool:
        """The device confirmed that it accepts nothing."""
        return self._confirmed.get(Command.SET_INHIBIT) == INHIBIT

    def next_command(self, status: Status, enabled: frozenset[int] | None, now_s: float) -> bytes | None:
        """The next setting to send in this status; `enabled` None: the table is not known, so accept nothing."""
        inhibit = INHIBIT if not enabled else ACCEPT
        wanted = {Command.SET_INHIBIT: INHIBIT} if inhibit == INHIBIT and status in _INHIBIT_STATUSES else {}
        if status in _REST:  # a device may stay in INITIALIZE until all is set, even without a table
            mask = messages.disabled_mask(enabled or frozenset())
            wanted |= _FIXED | {Command.SET_ENABLE: mask, Command.SET_INHIBIT: inhibit}
        for command, data in wanted.items():
            if self._confirmed.get(command) != data and now_s >= self._not_before_s.get(command, 0.0):
                return bytes((command,)) + data
        return None

    def sent(self, request: bytes, now_s: float) -> None:
        """A setting has left; it is not sent again at once."""
        self._not_before_s[request[0]] = now_s + REPEAT_S

    def observed(self, status: Status, accepting: bool, now_s: float) -> None:
        """The device's status overrules what it once confirmed."""
        forgot = (status is Status.DISABLE and accepting) or (status is Status.IDLING and not accepting)
        if forgot and now_s >= self._not_before_s.get(Command.SET_INHIBIT, 0.0):
            self._confirmed.pop(Command.SET_INHIBIT, None)
            self._confirmed.pop(Command.SET_ENABLE, None)

    def accepted(self, request: bytes) -> None:
        """It came back as it was sent."""
        self._confirmed[request[0]] = request[1:]

    def refused(self, request: bytes, now_s: float) -> None:
        """The device does not know it, or not now."""
        vital = request[0] in (Command.SET_INHIBIT, Command.SET_ENABLE)
        self._not_before_s[request[0]] = now_s + (REPEAT_S if vital else REFUSED_REPEAT_S)
