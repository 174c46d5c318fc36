"""Where every draw of the simulation comes from: one seed gives one life, and no chance at all gives the plain one."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

Item = TypeVar("Item")


class Chance(Protocol):
    """Draws, in the order of the asking."""

    def happens(self, probability: float) -> bool: ...
    def between_s(self, low_s: float, high_s: float) -> float: ...
    def whole(self, low: int, high: int) -> int:
        """Both ends belong to it."""

    def pick(self, items: Sequence[Item]) -> Item: ...


class SeededChance:
    """The same seed draws the same life."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)  # a seeded draw is the whole point
        self._draw = self._random.random

    def happens(self, probability: float) -> bool:
        return self._draw() < probability

    def between_s(self, low_s: float, high_s: float) -> float:
        return low_s + (high_s - low_s) * self._draw()

    def whole(self, low: int, high: int) -> int:
        return low + int(self._draw() * (high - low + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        return items[int(self._draw() * len(items))]


class NoChance:
    """Nothing unusual happens: for visits whose crash points are enumerated."""

    def happens(self, probability: float) -> bool:
        return False

    def between_s(self, low_s: float, high_s: float) -> float:
        return low_s

    def whole(self, low: int, high: int) -> int:
        return low

    def pick(self, items: Sequence[Item]) -> Item:
        return items[0]
