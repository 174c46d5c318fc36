"""Judges a workplace by what its page measured (clause 5.3.1). Pure.

The background is compared at the sides of the picture, where the agent is not, and by its pattern, so that evening or a
moved lamp do not matter. Without a background set there is nothing to compare with, and that is said, not failed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from signaling_server.contract.workplace import (
    GRID_HEIGHT,
    GRID_WIDTH,
    CheckFault,
    CheckName,
    DeviceFound,
    WorkplaceCheck,
    WorkplaceSeen,
)

SIDE_COLUMNS = 9  # of 32, left and right: between them sits the agent
UPPER_ROWS = 12  # of 18: below are shoulders and the table
PLAIN_SPREAD = 6.0  # levels of 255: a wall that varies less shows nothing, and no logo


@dataclass(frozen=True, slots=True)
class WorkplaceRules:
    """Ours; the standard names none. `likeness` is a correlation, from -1 to 1."""

    level_db_min: float = -65.0  # a switched-off microphone gives -120, a quiet room some -60
    light_min: float = 45.0  # of 255; a face below it is a shadow
    light_max: float = 235.0
    likeness_min: float = 0.6
    fresh_s: float = 120.0  # an older measurement says nothing
    allowed_s: float = 12 * 3_600.0  # a shift


RULES = WorkplaceRules()


def judge(
    seen: WorkplaceSeen, background: bytes, *, has_plate: bool, rules: WorkplaceRules = RULES
) -> list[WorkplaceCheck]:
    """All five, in the order in which the page shows them."""
    found = {
        CheckName.CAMERA: _device(seen.camera),
        CheckName.MICROPHONE: _microphone(seen, rules),
        CheckName.LIGHT: _light(seen, rules),
        CheckName.BACKGROUND: _background(seen, background, rules),
        CheckName.PLATE: CheckFault.NONE if has_plate else CheckFault.EMPTY,
    }
    passes = (CheckFault.NONE, CheckFault.NOT_SET)
    return [WorkplaceCheck(name, fault, fault not in passes) for name, fault in found.items()]


def light_of(grid: bytes) -> float:
    """Mean brightness, 0-255."""
    return sum(grid) / len(grid)


def likeness(first: bytes, second: bytes) -> float:
    """How like two backgrounds are: the correlation of their sides; 0 where one of them shows nothing."""
    one, other = _centred(_sides(first)), _centred(_sides(second))
    sizes = math.hypot(*one), math.hypot(*other)
    plain = PLAIN_SPREAD * math.sqrt(len(one))
    if min(sizes) < plain:
        return 0.0
    return sum(a * b for a, b in zip(one, other, strict=True)) / (sizes[0] * sizes[1])


def shows_something(grid: bytes) -> bool:
    """There is something at the sides that may be a logo; a bare wall or no picture has nothing."""
    if len(grid) != GRID_WIDTH * GRID_HEIGHT:
        return False
    sides = _centred(_sides(grid))
    return math.hypot(*sides) >= PLAIN_SPREAD * math.sqrt(len(sides))


def _device(found: DeviceFound) -> CheckFault:
    return CheckFault.NONE if found is DeviceFound.OPENED else CheckFault(found.value)


def _microphone(seen: WorkplaceSeen, rules: WorkplaceRules) -> CheckFault:
    fault = _device(seen.microphone)
    silent = fault is CheckFault.NONE and seen.level_db < rules.level_db_min
    return CheckFault.SILENT if silent else fault


def _light(seen: WorkplaceSeen, rules: WorkplaceRules) -> CheckFault:
    if not seen.grid:
        return CheckFault.NO_PICTURE
    light = light_of(seen.grid)
    if light < rules.light_min:
        return CheckFault.TOO_DARK
    return CheckFault.TOO_BRIGHT if light > rules.light_max else CheckFault.NONE


def _background(seen: WorkplaceSeen, background: bytes, rules: WorkplaceRules) -> CheckFault:
    if not background:
        return CheckFault.NOT_SET
    if len(seen.grid) != len(background):
        return CheckFault.NO_PICTURE
    return CheckFault.NONE if likeness(seen.grid, background) >= rules.likeness_min else CheckFault.DIFFERENT


def _sides(grid: bytes) -> list[int]:
    rows = [grid[row * GRID_WIDTH : (row + 1) * GRID_WIDTH] for row in range(UPPER_ROWS)]
    return [level for row in rows for level in (*row[:SIDE_COLUMNS], *row[-SIDE_COLUMNS:])]


def _centred(levels: Sequence[int]) -> list[float]:
    mean = sum(levels) / len(levels)
    return [level - mean for level in levels]
