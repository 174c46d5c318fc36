"""Where a ccTalk device sits and how it is spoken to, from the options of its URL. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from device_drivers.cctalk.cipher import KeyTextError, key_of
from device_drivers.cctalk.frames import Form, Variant
from device_drivers.contract.errors import DeviceUrlError

OPTIONS = frozenset({"variant", "key", "address"})
ADDRESSES = range(2, 256)  # 0 is everybody, 1 is the host


class FormError(ValueError):
    """No such form of messages; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """One device on one bus."""

    form: Form
    address: int


def cctalk_place(options: Mapping[str, str], address_default: int) -> Place:
    """`variant=checksum8|crc16`, `key=` six digits (which means crc16), `address=` 2..255.

    Raises:
        DeviceUrlError: no such option, or a value it cannot have.
    """
    if unknown := set(options) - OPTIONS:
        raise DeviceUrlError(f"cctalk has no option {sorted(unknown)[0]}; it has {', '.join(sorted(OPTIONS))}")
    try:
        form = form_of(options.get("variant", ""), options.get("key", ""))
    except FormError as error:
        raise DeviceUrlError(f"cctalk: {error}") from error
    address = options.get("address", str(address_default))
    if not address.isdecimal() or int(address) not in ADDRESSES:
        raise DeviceUrlError(f"the address of a ccTalk device is 2..255, not {address}")
    return Place(form, int(address))


def form_of(variant: str, key: str) -> Form:
    """The form of messages that a variant's name and a key mean; neither is the simple checksum.

    Raises:
        FormError: no such variant, a key that is not six digits, or one for a checksum that knows none.
    """
    names = [known.value for known in Variant]
    if variant and variant not in names:
        raise FormError(f"variant is one of {', '.join(names)}, not {variant}")
    if not key:
        return Form(Variant(variant or Variant.CHECKSUM8.value))
    if variant == Variant.CHECKSUM8.value:
        raise FormError("only the CRC variant is enciphered")
    try:
        return Form(Variant.CRC16, key_of(key))
    except KeyTextError as error:
        raise FormError(str(error)) from error
