"""Content and brand packages: name, logo, colours and slides of the first screen, as data that is checked whole.

A package is a folder, or the same in a zip, with `brand.json` and its pictures. Nothing of it is shown before all of it
is good; then the neutral one that ships stands in.
"""

from __future__ import annotations

import logging
import re
import shutil
import string
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import msgspec
from msgspec import Struct
from PIL import Image

MANIFEST = "brand.json"
BRAND_DIR = Path(__file__).parent / "ui" / "assets" / "brand"  # the neutral package
ICONS_DIR = Path(__file__).parent / "ui" / "assets" / "icons"
LANGUAGES = ("ru", "en")
FIRST_LANGUAGE = "ru"  # stands in for a language that a slide does not speak
PICTURE_FORMATS = ("PNG", "JPEG")
PICTURE_SIDE_MAX = 4_096
PACKAGE_BYTES_MAX = 32 * 1024 * 1024
FILES_MAX = 200
SLIDES_MAX = 12
COMPANY_MAX = 30  # two lines beside the logo
TITLE_MAX, TEXT_MAX = 40, 90  # so much fits beside the picture
SLIDE_S = 12.0  # what changes faster than it is read disturbs
CONTRAST_MIN = 7.0
_COLOUR = re.compile(r"#[0-9A-Fa-f]{6}")
_COLOURS = ("primary", "primary_pressed", "primary_tint", "dark")
# Words and what they stand on: a name of the manifest, or a colour of the screens that no package changes.
_PAIRS = (
    ("#FFFFFF", "primary"), ("#FFFFFF", "primary_pressed"), ("#FFFFFF", "dark"), ("#C8D6E8", "dark"),
    ("primary", "#FFFFFF"), ("dark", "#FFFFFF"), ("#1A1A1A", "primary_tint"), ("primary", "#F2F5F9"),
)  # fmt: skip


_log = logging.getLogger(__name__)


class BrandError(ValueError):
    """The package cannot be used; each line of the text is one reason."""


class OtherWay(Struct, frozen=True, forbid_unknown_fields=True):
    """One line of «Другие способы обратиться»; `{phone}` and `{hours}` are filled in."""

    icon: str
    title: str
    text: str


class Slide(Struct, frozen=True, forbid_unknown_fields=True):
    """Words by language, of which Russian is there. Shown from its first to its last day, both included."""

    title: dict[str, str]
    text: dict[str, str] = {}
    picture: str = ""
    first_day: date | None = None
    last_day: date | None = None


class Brand(Struct, frozen=True, forbid_unknown_fields=True):
    """What makes the terminal this company's. Colours are `#RRGGBB`."""

    name: str  # of the package, for the office and its people
    version: str
    company: str
    tagline: str
    logo: str
    hero: str
    primary: str
    primary_pressed: str
    primary_tint: str
    dark: str
    other_ways: list[OtherWay]
    slides: list[Slide] = []


class Package(Struct, frozen=True):
    """A package that was checked, and where its pictures lie."""

    brand: Brand
    folder: Path

    def path(self, name: str) -> str:
        return str(self.folder / name)


def load_brand(folder: Path = BRAND_DIR) -> Package:
    """A folder's package, if all of it is good. Raises: BrandError."""
    path = folder / MANIFEST
    try:
        brand = msgspec.json.decode(path.read_bytes(), type=Brand)
    except OSError as error:
        raise BrandError(f"cannot read {path}: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise BrandError(f"{path}: {error}") from error
    if wrong := list(_faults(brand, folder)):
        raise BrandError("\n".join(f"{path}: {fault}" for fault in wrong))
    return Package(brand, folder)


def open_package(place: Path, scratch: Path) -> Package:
    """A folder as it is; a zip is unpacked into `scratch`, which is made anew. Raises: BrandError."""
    if not zipfile.is_zipfile(place):
        return load_brand(place)
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        with zipfile.ZipFile(place) as packed:
            members = packed.infolist()
            if len(members) > FILES_MAX or sum(member.file_size for member in members) > PACKAGE_BYTES_MAX:
                raise BrandError(f"{place}: more than {FILES_MAX} files or {PACKAGE_BYTES_MAX >> 20} MB")
            for member in members:
                if not _is_inside(member.filename, scratch):
                    raise BrandError(f"{place}: {member.filename!r} would leave the package's folder")
            scratch.mkdir(parents=True)
            packed.extractall(scratch)
    except (OSError, zipfile.BadZipFile, RuntimeError) as error:
        raise BrandError(f"{place} cannot be unpacked: {error}") from error
    return load_brand(scratch)


def usable_package(place: str, scratch: Path) -> Package:
    """What was chosen if it is good; else the neutral package, and why stands in the log. Never nothing."""
    if place:
        try:
            return open_package(Path(place), scratch)
        except BrandError as error:
            _log.error("the neutral package stands in: %s", error)
    return load_brand()


def is_usable(place: str) -> bool:
    """For who shows nothing and only tells that the neutral package stands in."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            open_package(Path(place), Path(scratch) / "package")
        except BrandError:
            return False
    return True


def shown_on(slides: Sequence[Slide], day: date) -> tuple[Slide, ...]:
    return tuple(slide for slide in slides if (slide.first_day or date.min) <= day <= (slide.last_day or date.max))


def turn_of(count: int, now_s: float) -> int:
    """Which of so many slides stands there at a moment of the monotonic clock."""
    return int(now_s / SLIDE_S) % count if count else 0


def spoken(words: dict[str, str], language: str) -> str:
    return words.get(language, "") or words.get(FIRST_LANGUAGE, "")


def contrast(first: str, second: str) -> float:
    """Of two `#RRGGBB`, as WCAG 2 counts it."""
    low, high = sorted((_light(first), _light(second)))
    return (high + 0.05) / (low + 0.05)


# --- the check ------------------------------------------------------------------------------------------------------


def _faults(brand: Brand, folder: Path) -> Iterator[str]:
    for name in ("name", "version", "company"):
        if not getattr(brand, name).strip():
            yield f"{name} is empty"
    if len(brand.company) > COMPANY_MAX:
        yield f"company has {len(brand.company)} characters, {COMPANY_MAX} at most"
    yield from _colour_faults(brand)
    for name in ("logo", "hero"):
        yield from _picture_faults(f"{name}", getattr(brand, name), folder)
    for way in brand.other_ways:
        yield from _way_faults(way)
    if len(brand.slides) > SLIDES_MAX:
        yield f"{len(brand.slides)} slides: {SLIDES_MAX} at most"
    for number, slide in enumerate(brand.slides, 1):
        yield from (f"slide {number}: {fault}" for fault in _slide_faults(slide, folder))


def _colour_faults(brand: Brand) -> Iterator[str]:
    bad = [name for name in _COLOURS if not _COLOUR.fullmatch(getattr(brand, name))]
    yield from (f"{name} is written #RRGGBB, not {getattr(brand, name)!r}" for name in bad)
    for words, ground in () if bad else _PAIRS:
        found = contrast(getattr(brand, words, words), getattr(brand, ground, ground))
        if found < CONTRAST_MIN:
            yield f"{words} on {ground} has a contrast of {found:.1f}, at least {CONTRAST_MIN:.0f} is read by all"


def _picture_faults(what: str, name: str, folder: Path) -> Iterator[str]:
    path = folder / name
    if not name or not _is_inside(name, folder) or not path.is_file():
        yield f"{what}: no picture {name!r} in the package"
        return
    try:
        with Image.open(path) as picture:
            kind, size = picture.format, picture.size
            if max(size) <= PICTURE_SIDE_MAX:
                picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        yield f"{what}: {name!r} is no picture that can be read"
        return
    if kind not in PICTURE_FORMATS:
        yield f"{what}: {name!r} is {kind}, not {' or '.join(PICTURE_FORMATS)}"
    if max(size) > PICTURE_SIDE_MAX:
        yield f"{what}: {name!r} is {size[0]}x{size[1]}, a side has {PICTURE_SIDE_MAX} pixels at most"


def _way_faults(way: OtherWay) -> Iterator[str]:
    if not re.fullmatch(r"[a-z_]+", way.icon) or not (ICONS_DIR / f"{way.icon}.png").is_file():
        yield f"other way «{way.title}»: no icon {way.icon!r}"
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(way.text) if name is not None}
    except ValueError:
        names = {"{"}
    if not names <= {"phone", "hours"}:
        yield f"other way «{way.title}»: only {{phone}} and {{hours}} are filled in"


def _slide_faults(slide: Slide, folder: Path) -> Iterator[str]:
    for name, words, longest in (("title", slide.title, TITLE_MAX), ("text", slide.text, TEXT_MAX)):
        for language, text in words.items():
            if language not in LANGUAGES:
                yield f"{name} in {language!r}: languages are {', '.join(LANGUAGES)}"
            elif len(text) > longest:
                yield f"{name} in {language} has {len(text)} characters, {longest} at most"
    if not slide.title.get(FIRST_LANGUAGE, "").strip():
        yield f"no title in {FIRST_LANGUAGE}"
    if slide.text and not slide.text.get(FIRST_LANGUAGE, "").strip():
        yield f"no text in {FIRST_LANGUAGE}"
    if slide.first_day is not None and slide.last_day is not None and slide.first_day > slide.last_day:
        yield f"its last day {slide.last_day} is before its first {slide.first_day}"
    if slide.picture:
        yield from _picture_faults("picture", slide.picture, folder)


def _is_inside(name: str, folder: Path) -> bool:
    place = folder.resolve()
    return (place / name).resolve().is_relative_to(place)


def _light(text: str) -> float:
    parts = [int(text[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
