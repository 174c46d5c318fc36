"""The sandbox's tariffs and meters: invented, but of real shape. Prices include VAT; consumption is whole kWh.

Everything of a past month follows from a meter's use in the last billed month and the table of seasons, so that
charges, history and readings of any day agree with each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

ZONE_TITLES = {
    ("T1",): ("",),
    ("T1", "T2"): ("день", "ночь"),
    ("T1", "T2", "T3"): ("пик", "ночь", "полупик"),
}
# Percent of the use of an average month, January first.
SEASONS = (118, 112, 106, 98, 90, 82, 80, 84, 94, 102, 110, 122)
VAT_20, VAT_22 = 1, 11  # tag 1199: the rate is that of the month of supply
VAT_22_FROM = date(2026, 1, 1)
ALLOWED_KW = 15


@dataclass(frozen=True, slots=True)
class TariffYear:
    """Prices of a kWh in kopecks: one rate (up to the range's end and above it), two zones, three zones."""

    valid_from: date
    valid_until: date | None
    one_rate: tuple[int, int]
    two_zones: tuple[int, int]
    three_zones: tuple[int, int, int]

    def prices(self, zones: tuple[str, ...]) -> tuple[int, ...]:
        return {1: self.one_rate[:1], 2: self.two_zones, 3: self.three_zones}[len(zones)]


RANGE_KWH = 3_900
TARIFFS = (
    TariffYear(date(2024, 7, 1), date(2025, 6, 30), (489, 684), (568, 320), (611, 320, 489)),
    TariffYear(date(2025, 7, 1), date(2026, 6, 30), (548, 767), (637, 359), (685, 359, 548)),
    TariffYear(date(2026, 7, 1), None, (614, 860), (714, 402), (768, 402, 614)),
)


@dataclass(frozen=True, slots=True)
class SeedMeter:
    """One meter. `used_kwh` is what was billed in the last month, `counters` what it shows since then; both by zone.

    A new meter (`is_new`) has no billed reading yet: what was used is its forerunner's, its count begins at `counters`.
    """

    meter_id: str
    title: str
    zones: tuple[str, ...]
    digits: int
    counters: tuple[int, ...]
    used_kwh: tuple[int, ...]
    verification_until: date
    is_new: bool = False

    def used_in(self, month: date, last_billed: date) -> tuple[int, ...]:
        """kWh by zone in a month, as the seasons have it."""
        base, share = SEASONS[last_billed.month - 1], SEASONS[month.month - 1]
        return tuple(kwh * share // base for kwh in self.used_kwh)

    @property
    def average_kwh_month(self) -> int:
        """Over a year, all zones together."""
        return sum(self.used_kwh)


def _meter(
    number: str, counters: tuple[int, ...], used: tuple[int, ...], until: date, digits: int = 6, *, is_new: bool = False
) -> SeedMeter:
    zones = ("T1", "T2", "T3")[: len(used)]
    title = {1: "Меркурий 201.8", 2: "Меркурий 206 RN", 3: "СЕ208 многотарифный"}[len(used)]
    return SeedMeter(number, title, zones, digits, counters, used, until, is_new)


METERS: dict[str, tuple[SeedMeter, ...]] = {
    "100000017": (_meter("37204816", (12_480, 5_912), (162, 71), date(2034, 5, 14)),),
    "100000025": (_meter("37204922", (8_017, 3_345), (98, 40), date(2032, 3, 1)),),
    "100000033": (_meter("21880473", (21_456,), (187,), date(2031, 9, 30)),),
    "100000041": (_meter("21880511", (40_211,), (0,), date(2028, 1, 31)),),
    "100000058": (_meter("37205030", (30_902, 14_771), (243, 96), date(2033, 11, 2)),),
    "100000066": (_meter("09915527", (99_870,), (64,), date(2030, 6, 15), 5),),  # soon past its last digit
    "100000074": (_meter("37205117", (17_333, 7_048), (205, 83), date(2035, 2, 20)),),
    "100000082": (_meter("37205208", (9_640, 4_121), (134, 58), date(2031, 7, 7)),),
    "100000090": (
        _meter("55120034", (4_310, 3_118, 6_905), (96, 67, 148), date(2036, 10, 10)),
        _meter("21880677", (2_064,), (0,), date(2029, 4, 4)),
    ),
    "100000108": (_meter("21880702", (6_518,), (52,), date(2025, 12, 31)),),  # its verification is over
    "100000116": (_meter("37205355", (5_207, 2_480), (77, 35), date(2032, 8, 19)),),
    "100000124": (_meter("60034129", (3,), (176,), date(2042, 10, 1), is_new=True),),
}


def tariff_on(day: date) -> TariffYear | None:
    return next((year for year in TARIFFS if year.valid_from <= day <= (year.valid_until or day)), None)


def vat_code(month: date) -> int:
    return VAT_22 if month >= VAT_22_FROM else VAT_20
