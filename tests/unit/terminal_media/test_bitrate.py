"""Bitrate steps and the picture size that fits them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from terminal_app.media.bitrate import HOLD_S, START_BPS, BitrateSteps, picture_size


def test_a_wish_between_two_steps_is_rounded_down_at_once() -> None:
    steps = BitrateSteps(0.0)
    steps.wish(700_000, 0.1)
    assert steps.bps == 600_000
    steps.wish(50_000, 0.2)
    assert steps.bps == 300_000


def test_a_wish_a_little_under_the_step_keeps_it() -> None:
    steps = BitrateSteps(0.0)
    steps.wish(810_000, 0.1)
    assert steps.bps == START_BPS
    steps.wish(790_000, 0.2)
    assert steps.bps == 600_000
    steps.wish(990_000, 9.0)  # up only when the next step fits whole
    assert steps.bps == 600_000


def test_small_changes_of_the_wish_never_rebuild_the_encoder() -> None:
    steps = BitrateSteps(0.0)
    seen = set()
    for tick in range(100):
        steps.wish(START_BPS + (tick % 5) * 90_000, tick / 10)
        seen.add(steps.bps)
    assert seen == {START_BPS}


def test_it_rises_one_step_at_a_time_and_holds_each() -> None:
    steps = BitrateSteps(0.0)
    steps.wish(100_000, 0.0)
    risen = []
    for tenth in range(1, 100):
        before = steps.bps
        steps.wish(9_000_000, tenth / 10)
        if steps.bps != before:
            risen.append((steps.bps, tenth / 10))
    assert [bps for bps, _ in risen] == [600_000, 1_000_000, 1_500_000, 2_500_000]
    assert all(later - earlier >= HOLD_S for (_, earlier), (_, later) in pairwise(risen))


@pytest.mark.parametrize(
    ("bps", "size", "expected"),
    [
        (1_000_000, (1280, 720), (1280, 720)),
        (600_000, (1280, 720), (960, 540)),
        (300_000, (1280, 720), (480, 270)),
        (300_000, (640, 480), (360, 270)),
        (600_000, (720, 1280), (304, 540)),
        (2_500_000, (641, 361), (640, 360)),
    ],
)
def test_the_picture_is_no_higher_than_the_bitrate_carries(
    bps: int, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert picture_size(bps, *size) == expected
