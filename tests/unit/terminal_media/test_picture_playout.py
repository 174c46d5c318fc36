"""Pictures are shown at once on a calm path, and evenly on one that loses."""

from __future__ import annotations

import random
from itertools import pairwise

from terminal_app.media.receiving.picture_playout import DELAY_S_MAX, PicturePlayout

FPS = 30


def shown(playout: PicturePlayout, late_s: list[float], begin: int = 0) -> list[tuple[float, float]]:
    """When each picture was shown, and how long after it came. A late picture holds up those behind it."""
    came_s, found = 0.0, []
    for number, each in enumerate(late_s, begin):
        came_s = max(came_s, number / FPS + 0.02 + each)
        at_s = playout.show_at(number / FPS + 1_000, came_s)
        assert at_s >= came_s
        found.append((at_s, at_s - came_s))
    return found


def test_a_calm_path_is_not_held_up() -> None:
    chance = random.Random(1)
    assert max(wait_s for _, wait_s in shown(PicturePlayout(), [chance.random() * 0.03 for _ in range(600)])) == 0


def test_what_comes_late_once_is_caught_up_with() -> None:
    found = shown(PicturePlayout(), [0.2 if number == 100 else 0.0 for number in range(300)])
    assert max(wait_s for _, wait_s in found) == 0


def test_where_pictures_come_late_all_are_shown_evenly_and_the_delay_goes_again() -> None:
    playout = PicturePlayout()
    found = shown(playout, [0.18 if number % 20 == 0 else 0.0 for number in range(600)])
    settled = [after[0] - before[0] for before, after in pairwise(found[200:])]
    assert max(settled) < 0.06
    assert playout.delay_s < 0.25
    calm = shown(playout, [0.0] * 700, begin=600)
    assert calm[-1][1] == 0


def test_nobody_is_made_to_wait_longer_than_people_can_talk_over() -> None:
    playout = PicturePlayout()
    shown(playout, [1.5 if number % 60 == 0 else 0.0 for number in range(600)])
    assert playout.delay_s <= DELAY_S_MAX
