"""Which of a register's own tax groups holds which VAT code of tag 1199: the register's programming decides. Pure.

A register has fewer groups than the format has codes, and they are programmed on site: a code without a group is
refused before anything is opened. A URL names all groups anew, for the usual ones may mean other rates there.
"""

from __future__ import annotations

from collections.abc import Mapping

from device_drivers.contract.errors import DeviceUrlError

VAT_CODES = range(1, 13)


def taxes_of(options: Mapping[str, str], usual: Mapping[int, int], number_max: int) -> Mapping[int, int]:
    """`taxes=11:1,12:16` of a device URL: VAT code to the register's number; without it the usual ones.

    Raises:
        DeviceUrlError: it is not written so, or a code twice, or a code or number that does not exist.
    """
    text = options.get("taxes")
    if text is None:
        return usual
    taxes: dict[int, int] = {}
    for pair in text.split(","):
        code, _, number = pair.partition(":")
        if not (pair.isascii() and code.isdecimal() and number.isdecimal()):
            raise DeviceUrlError(f"taxes are written 11:1,12:16, not {text}")
        if int(code) not in VAT_CODES or int(code) in taxes or not 1 <= int(number) <= number_max:
            raise DeviceUrlError(f"taxes name a VAT code 1..12 once and a number 1..{number_max}, not {pair}")
        taxes[int(code)] = int(number)
    return taxes


def no_group(vat: int) -> str:
    """Why an item is refused."""
    return f"the register has no tax group for VAT code {vat}: taxes= of its URL names the groups"
