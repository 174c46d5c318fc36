"""Two-dimensional codes in a picture, their bytes untouched (a bill may be cp1251, UTF-8 or KOI8-R)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import zxingcpp

from device_drivers.contract.camera import CodeFound

# What bills and documents carry (GOST R 56042 allows Data Matrix and Aztec beside QR). Linear codes of goods are not
# looked for: each kind costs time and false finds.
_ALL = zxingcpp.BarcodeFormats(
    (
        zxingcpp.BarcodeFormat.QRCode,
        zxingcpp.BarcodeFormat.DataMatrix,
        zxingcpp.BarcodeFormat.Aztec,
        zxingcpp.BarcodeFormat.PDF417,
    )
)
_USUAL = zxingcpp.BarcodeFormats((zxingcpp.BarcodeFormat.QRCode,))
THOROUGH_EVERY = 8  # once a second at the rate of the media process; all kinds cost ten times as much as a dark QR


class CodeSearch:
    """Looks at one picture after another: for a dark QR code each time, for any code now and then."""

    def __init__(self) -> None:
        self._looks = 0

    def look(self, pixels: npt.NDArray[np.uint8]) -> list[CodeFound]:
        """The whole codes of a BGR or grey picture."""
        self._looks += 1
        if self._looks % THOROUGH_EVERY == 0:
            return find_codes(pixels)
        return _found(zxingcpp.read_barcodes(np.ascontiguousarray(pixels), formats=_USUAL, try_invert=False))


def find_codes(pixels: npt.NDArray[np.uint8]) -> list[CodeFound]:
    """Every whole code in a BGR or grey picture, light ones on dark too."""
    return _found(zxingcpp.read_barcodes(np.ascontiguousarray(pixels), formats=_ALL))


def _found(codes: list[zxingcpp.Barcode]) -> list[CodeFound]:
    return [CodeFound(payload=bytes(code.bytes), format=str(code.format)) for code in codes]
