"""Two-dimensional codes in a picture, their bytes untouched (a bill may be cp1251, UTF-8 or KOI8-R)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import zxingcpp

from device_drivers.contract.camera import CodeFound

# What bills and documents carry. Linear codes of goods are not looked for: each kind costs time and false finds.
_FORMATS = zxingcpp.BarcodeFormats(
    (
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.Aztec,
        zxingcpp.BarcodeFormat.PDF417,
    )
)


def find_codes(pixels: npt.NDArray[np.uint8]) -> list[CodeFound]:
    """Every whole code in a BGR or grey picture."""
    found = zxingcpp.read_barcodes(np.ascontiguousarray(pixels), formats=_FORMATS)
    return [CodeFound(payload=bytes(code.bytes), format=str(code.format)) for code in found]
