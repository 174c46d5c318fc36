"""Bitrate steps and the picture size that fits them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from terminal_app.media.bitrate import (
    HOLD_S,
    HOLD_S_MAX,
    START_BPS,
    START_BPS_MAX,
    STEPS_BPS,
    BitrateSteps,
    picture_size,
)


def risen(steps: BitrateSteps, until_s: float, from_s: float = 0.0) -> list[tuple[float, int]]:
    """Each new step and when it came, with nobody complaining."""
    found = []
    for tick in range(round(from_s * 30), round(until_s * 30)):
        before = steps.bps
        steps.advance(tick / 30)
        if steps.bps != before:
            found.append((tick / 30, steps.bps))
    return found


def test_an_unknown_path_is_tried_out_quickly_and_the_last_steps_carefully() -> None:
    steps = BitrateSteps(0.0)
    assert steps.bps == START_BPS
    found = risen(steps, 10.0)
    assert [bps for _, bps in found] == [600_000, 1_000_000, 1_500_000, 2_500_000]
    assert found[1][0] < 1.0, "the picture is 720 lines high within a second"
    assert found[3][0] - found[2][0] >= HOLD_S


@pytest.mark.parametrize(("link_bps", "bps"), [(300_000, 150_000), (700_000, 400_000), (50_000_000, START_BPS_MAX)])
def test_a_measured_path_is_begun_with_what_fits(link_bps: int, bps: int) -> None:
    assert BitrateSteps(0.0, link_bps).bps == bps


def test_an_estimate_under_the_step_is_obeyed_at_once() -> None:
    steps = BitrateSteps(0.0, 50_000_000)
    steps.wish(700_000, 0.1)
    assert steps.bps == 600_000
    steps.wish(50_000, 0.2)
    assert steps.bps == STEPS_BPS[0]


def test_an_estimate_a_little_under_the_step_keeps_it() -> None:
    steps = BitrateSteps(0.0, 1_700_000)
    steps.wish(910_000, 0.1)
    assert steps.bps == 1_000_000
    steps.wish(890_000, 0.2)
    assert steps.bps == 600_000


def test_a_step_that_the_path_refuses_is_tried_later_and_later() -> None:
    steps = BitrateSteps(0.0)
    now_s, tried = 0.0, []
    while now_s < 300:
        now_s += 1 / 30
        steps.advance(now_s)
        if steps.bps == 600_000:
            tried.append(now_s)
            steps.wish(450_000, now_s + 0.5)
            now_s += 0.5
    pauses = [after - before for before, after in pairwise(tried)]
    assert all(after >= before - 0.1 for before, after in pairwise(pauses))
    assert pauses[-1] == pytest.approx(HOLD_S_MAX + 0.5, abs=0.1)
    assert len(tried) < 15


def test_losses_lower_it_only_when_they_are_many_over_a_second() -> None:
    steps = BitrateSteps(0.0, 50_000_000)
    steps.reported(1_000, 10, 0.0)
    steps.reported(1_003, 13, 0.1)  # of three packets alone
    steps.reported(1_200, 30, 1.1)
    assert steps.bps == START_BPS_MAX
    steps.reported(1_400, 70, 2.2)
    assert steps.bps == 1_000_000


@pytest.mark.parametrize(
    ("bps", "size", "expected"),
    [
        (1_000_000, (1280, 720), (1280, 720)),
        (600_000, (1280, 720), (960, 540)),
        (250_000, (1280, 720), (480, 270)),
        (250_000, (640, 480), (360, 270)),
        (600_000, (720, 1280), (304, 540)),
        (2_500_000, (641, 361), (640, 360)),
    ],
)
def test_the_picture_is_no_higher_than_the_bitrate_carries(
    bps: int, size: tuple[int, int], expected: tuple[int, int]
) -> None:
    assert picture_size(bps, *size) == expected
