"""Rows of choices in which every two values of different factors meet at least once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any


def pairwise(factors: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    """Greedy: the row that brings most pairs that have not met yet, until all have."""
    places = list(combinations(range(len(factors)), 2))
    left = {(i, j, a, b) for i, j in places for a in factors[i] for b in factors[j]}
    rows = []
    everything = list(product(*factors))
    while left:
        row = max(everything, key=lambda row: sum((i, j, row[i], row[j]) in left for i, j in places))
        left -= {(i, j, row[i], row[j]) for i, j in places}
        rows.append(row)
    return rows
