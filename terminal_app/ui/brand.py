"""The brand package: name, logo, colours and other ways to turn to the company, as data."""

from __future__ import annotations

from pathlib import Path

import msgspec
from msgspec import Struct

BRAND_DIR = Path(__file__).parent / "assets" / "brand"


class BrandError(ValueError):
    """The brand package cannot be used; the text says why."""


class OtherWay(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of «Другие способы обратиться»; `{phone}` and `{hours}` are filled in."""

    icon: str
    title: str
    text: str


class Brand(Struct, frozen=True, forbid_unknown_fields=True):
    """What makes the terminal this company's. Colours are `#RRGGBB`."""

    company: str
    tagline: str
    logo: str
    hero: str
    primary: str
    primary_pressed: str
    primary_tint: str
    dark: str
    other_ways: list[OtherWay]

    def path(self, name: str) -> str:
        return str(BRAND_DIR / name)


def load_brand(folder: Path = BRAND_DIR) -> Brand:
    """Reads `brand.json` of a brand package.

    Raises:
        BrandError: missing file, unknown field, wrong type, or a picture that is not there.
    """
    path = folder / "brand.json"
    try:
        brand = msgspec.json.decode(path.read_bytes(), type=Brand)
    except OSError as error:
        raise BrandError(f"cannot read {path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise BrandError(f"{path}: {error}") from error
    for picture in (brand.logo, brand.hero):
        if not (folder / picture).is_file():
            raise BrandError(f"{path}: no picture {picture}")
    return brand
