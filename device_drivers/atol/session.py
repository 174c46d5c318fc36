"""ATOL host session of a fiscal register over transport v3: pure, single-threaded, told the time. Driven by `pump`.

Source: ATOL protocol. Tasks: `exchange.py`; documents, drive and states: `register.py`; what is common to all
registers: `device_drivers/fiscal_session.py`, `device_drivers/fiscal_dialogues.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.atol.exchange import AtolExchange
from device_drivers.atol.register import TAXES, AtolRegister
from device_drivers.contract.errors import DeviceUrlError
from device_drivers.fiscal_dialogues import RegisterDialogues
from device_drivers.fiscal_session import FiscalSession
from device_drivers.fiscal_taxes import taxes_of

PASSWORD_MAX = 9999
TAX_NUMBER_MAX = 10


class AtolSession(FiscalSession):
    """The host's side of one register."""

    def __init__(self, *, password: int = 0, taxes: Mapping[int, int] = TAXES) -> None:
        super().__init__(AtolExchange())
        register = AtolRegister(password, taxes, self.tell)
        self._join(RegisterDialogues(register, self.tell), register)


def register_of(options: dict[str, str]) -> AtolSession:
    """A session from `password=0&taxes=11:3,12:6` of a device URL.

    Raises:
        DeviceUrlError: an option that does not exist, or a value it cannot have.
    """
    if unknown := set(options) - {"password", "taxes"}:
        raise DeviceUrlError(f"an ATOL register has no option {sorted(unknown)[0]}")
    password = options.get("password", "0")
    if not (password.isascii() and password.isdecimal() and int(password) <= PASSWORD_MAX):
        raise DeviceUrlError(f"password is a number up to {PASSWORD_MAX}, not {password}")
    return AtolSession(password=int(password), taxes=taxes_of(options, TAXES, TAX_NUMBER_MAX))
