"""Shtrih-M host session of a fiscal register: pure, single-threaded, told the time. Driven by `pump`.

Source: Shtrih-M protocol description. Commands: `exchange.py`, `register.py`; documents: `documents.py`; states:
`watch.py`; what is common to all registers: `device_drivers/fiscal_session.py`, `device_drivers/fiscal_dialogues.py`.
"""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.fiscal_dialogues import RegisterDialogues
from device_drivers.fiscal_drive import DriveReader
from device_drivers.fiscal_session import FiscalSession
from device_drivers.fiscal_taxes import taxes_of
from device_drivers.shtrih_m.documents import TAX_GROUPS, ShtrihMRegister
from device_drivers.shtrih_m.exchange import ShtrihMExchange
from device_drivers.shtrih_m.register import Commands
from device_drivers.shtrih_m.watch import RegisterWatch

ADMINISTRATOR = 30


class ShtrihMSession(FiscalSession):
    """The host's side of one register."""

    def __init__(self, *, password: int = ADMINISTRATOR, tax_groups: Mapping[int, int] = TAX_GROUPS) -> None:
        super().__init__(ShtrihMExchange())
        commands = Commands(password)
        drive = DriveReader(commands)
        register = ShtrihMRegister(commands, drive, tax_groups)
        self._join(RegisterDialogues(register, self.tell), RegisterWatch(commands, drive, self.tell))


def register_of(options: dict[str, str]) -> ShtrihMSession:
    """A session from `password=30&taxes=11:1,12:16` of a device URL.

    Raises:
        DeviceUrlError: an option that does not exist, or a value it cannot have.
    """
    if unknown := set(options) - {"password", "taxes"}:
        raise DeviceUrlError(f"a Shtrih-M register has no option {sorted(unknown)[0]}")
    password = options.get("password", str(ADMINISTRATOR))
    if not (password.isascii() and password.isdecimal() and int(password) <= 0xFFFF_FFFF):
        raise DeviceUrlError(f"password is a number, not {password}")
    return ShtrihMSession(password=int(password), tax_groups=taxes_of(options, TAX_GROUPS, 0xFF))
