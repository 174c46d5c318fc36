"""Cuts what is higher than its place into pages: nothing is torn, targets stay within reach. Pure, pixels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

SLACK_PX = 2.0  # layouts round to whole pixels


@dataclass(frozen=True, slots=True)
class Atom:
    """What is never torn: a sentence, a target, a picture. Measured downwards from the top of the content."""

    top: float
    bottom: float
    target: bool = False
    starts_page: bool = False  # where pages are needed at all, one begins here


@dataclass(frozen=True, slots=True)
class Page:
    top: float
    bottom: float


def cut(atoms: Sequence[Atom], place: float, reach: float) -> list[Page]:
    """Pages of at most `place`, the lower end of each at the lower end of the place, targets at most `reach` above it.

    An atom that alone is higher than the place gets a page of its own, which does not fit: a test walks for that.
    """
    left = sorted(atoms, key=lambda atom: atom.top)
    pages: list[Page] = []
    while left:
        taken = _fitting(left, place, reach)
        bottom = max(atom.bottom for atom in left[:taken])
        pages.append(Page(left[0].top, bottom))
        left = left[taken:]
    return pages


def _fitting(atoms: Sequence[Atom], place: float, reach: float) -> int:
    """How many of these atoms make the next page; at least one."""
    top, best = atoms[0].top, 0
    for count in range(1, len(atoms) + 1):
        if count > 1 and atoms[count - 1].starts_page:
            return best or count - 1
        bottom = max(atom.bottom for atom in atoms[:count])
        reached = all(bottom - atom.top <= reach + SLACK_PX for atom in atoms[:count] if atom.target)
        if bottom - top > place + SLACK_PX or not reached:
            continue
        torn = count < len(atoms) and atoms[count].top < bottom - SLACK_PX
        if not torn:
            best = count
    return best or _whole(atoms)


def _whole(atoms: Sequence[Atom]) -> int:
    """The first atom with everything that lies beside it."""
    count, bottom = 1, atoms[0].bottom
    while count < len(atoms) and atoms[count].top < bottom - SLACK_PX:
        bottom = max(bottom, atoms[count].bottom)
        count += 1
    return count
