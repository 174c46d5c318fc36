"""An SSP session from the options of a device URL: `encrypted=1`, `key=0123456701234567`, `address=0`."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from device_drivers.contract.errors import DeviceUrlError
from device_drivers.essp.encryption import FIXED_KEY_DEFAULT
from device_drivers.essp.frames import ADDRESS_MAX
from device_drivers.essp.session import VALIDATOR, EsspSession

OPTIONS = frozenset({"encrypted", "key", "address"})
KEY_DIGITS = 16


def essp_of(options: Mapping[str, str]) -> EsspSession:
    """A fresh session.

    Raises:
        DeviceUrlError: no such option, or a value it cannot have.
    """
    if unknown := set(options) - OPTIONS:
        raise DeviceUrlError(f"essp has no option {sorted(unknown)[0]}; it has {', '.join(sorted(OPTIONS))}")
    encrypted, address = options.get("encrypted", "0"), options.get("address", str(VALIDATOR))
    if encrypted not in ("0", "1"):
        raise DeviceUrlError(f"encrypted is 0 or 1, not {encrypted}")
    if not address.isdecimal() or int(address) > ADDRESS_MAX:
        raise DeviceUrlError(f"the address of an SSP device is 0..{ADDRESS_MAX}, not {address}")
    key = _fixed_key(options.get("key", f"{FIXED_KEY_DEFAULT:016x}"))
    return EsspSession(secrets.token_bytes, fixed_key=key if encrypted == "1" else None, address=int(address))


def _fixed_key(text: str) -> int:
    try:
        key = int(text, 16)
    except ValueError:
        key = -1
    if key < 0 or len(text) != KEY_DIGITS:
        raise DeviceUrlError(f"the fixed key is {KEY_DIGITS} hexadecimal digits")
    return key
