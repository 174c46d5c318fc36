"""Bitrate steps and the picture size that fits them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from terminal_app.media.bitrate import (
    HOLD_S_MAX,
    START_BPS,
    START_BPS_MAX,
    STILLS_PERIOD_S,
    UNEVEN_S,
    Beginning,
    BitrateSteps,
    picture_size,
)
from terminal_app.media.peer import with_wishes


def risen(steps: BitrateSteps, until_s: float) -> list[tuple[float, int]]:
    """Each new step and when it came, with a clean report every second."""
    found = []
    for tick in range(1, round(until_s * 30)):
        before = steps.bps
        if tick % 30 == 0:
            steps.reported(100 * tick, 0, 0.0, tick / 30)
        steps.advance(tick / 30)
        if steps.bps != before:
            found.append((tick / 30, steps.bps))
    return found


def test_an_unknown_path_is_tried_out_quickly_and_the_last_steps_carefully() -> None:
    steps = BitrateSteps(0.0)
    assert steps.bps == START_BPS
    found = risen(steps, 10.0)
    assert found == [(1.0, 1_000_000), (2.0, 1_500_000), (4.0, 2_500_000)]
    assert picture_size(found[0][1], 1280, 720) == (1280, 720), "720 lines with the first report"


def test_nothing_grows_that_is_not_known_to_arrive() -> None:
    steps = BitrateSteps(0.0)
    for tick in range(300):
        steps.reported(100 * tick, 30 * tick, 0.08, tick / 30)
        steps.advance(tick / 30)
    assert steps.bps <= START_BPS


@pytest.mark.parametrize(("link_bps", "bps"), [(300_000, 150_000), (700_000, 400_000), (50_000_000, START_BPS_MAX)])
def test_a_measured_path_is_begun_with_what_fits(link_bps: int, bps: int) -> None:
    assert BitrateSteps(0.0, Beginning(link_bps)).bps == bps


def test_an_estimate_under_the_step_is_obeyed_at_once() -> None:
    steps = BitrateSteps(0.0, Beginning(50_000_000))
    steps.wish(700_000, 0.1)
    assert steps.bps == 600_000
    steps.wish(160_000, 0.2)
    assert steps.bps == 150_000


def test_an_estimate_a_little_under_the_step_keeps_it() -> None:
    steps = BitrateSteps(0.0, Beginning(1_700_000))
    steps.wish(910_000, 0.1)
    assert steps.bps == 1_000_000
    steps.wish(890_000, 0.2)
    assert steps.bps == 600_000


def test_a_step_that_the_path_refuses_is_tried_later_and_later() -> None:
    steps = BitrateSteps(0.0)
    now_s, tried = 0.0, []
    while now_s < 300:
        now_s += 1 / 30
        steps.reported(round(1_000 * now_s), 0, 0.0, now_s)
        steps.advance(now_s)
        if steps.bps > 400_000:
            tried.append(now_s)
            steps.wish(450_000, now_s + 0.5)
            now_s += 0.5
    pauses = [after - before for before, after in pairwise(tried)]
    assert all(after >= before - 0.1 for before, after in pairwise(pauses))
    assert pauses[-1] == pytest.approx(HOLD_S_MAX + 0.5, abs=0.1)
    assert len(tried) < 15


def test_losses_lower_it_only_when_they_are_many_over_a_second() -> None:
    steps = BitrateSteps(0.0, Beginning(50_000_000))
    steps.reported(1_000, 10, 0.0, 0.0)
    steps.reported(1_003, 13, 1.0, 0.1)  # of three packets alone
    steps.reported(1_200, 30, 0.1, 1.1)
    assert steps.bps == START_BPS_MAX
    steps.reported(1_400, 70, 0.2, 2.2)
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


def test_below_the_smallest_moving_picture_come_stills_and_then_the_voice_alone() -> None:
    steps = BitrateSteps(0.0, Beginning(50_000_000))
    steps.wish(90_000, 1.0)
    assert steps.period_s == STILLS_PERIOD_S
    steps.wish(20_000, 2.0)
    assert steps.period_s > 10 * STILLS_PERIOD_S
    found = [steps.period_s]
    for second in range(3, 30):
        steps.advance(float(second))
        if steps.period_s != found[-1]:
            found.append(steps.period_s)
    assert found[1:] == [STILLS_PERIOD_S, 0.0], "and up again, one at a time"


def test_the_thinnest_path_begins_with_stills() -> None:
    assert BitrateSteps(0.0, Beginning(100_000)).period_s == STILLS_PERIOD_S
    assert BitrateSteps(0.0, Beginning(0)).period_s == STILLS_PERIOD_S, "the estimate may be wrong: one is tried"


def test_pictures_that_never_arrive_whole_become_smaller() -> None:
    steps = BitrateSteps(0.0, Beginning(50_000_000))
    for at_s in (1.0, 20.0, 21.0):
        steps.key_asked(at_s)
    assert steps.bps == START_BPS_MAX, "a page that was loaded anew, and a lost packet or two"
    steps.key_asked(22.0)
    assert steps.bps < START_BPS_MAX


def test_a_path_that_loses_is_uneven_for_a_while() -> None:
    steps = BitrateSteps(0.0)
    steps.reported(100, 0, 0.0, 1.0)
    steps.reported(200, 1, 0.01, 2.5)
    assert not steps.uneven(2.5), "one packet is no habit"
    steps.reported(300, 5, 0.04, 4.0)
    assert steps.uneven(4.0 + 0.9 * UNEVEN_S)
    assert not steps.uneven(4.0 + 1.1 * UNEVEN_S)


def test_what_was_measured_counts_until_the_first_trouble() -> None:
    steps = BitrateSteps(0.0, Beginning(3_000_000))
    assert steps.known_bps == 3_000_000
    steps.wish(700_000, 1.0)
    assert steps.known_bps == 0


@pytest.mark.parametrize(
    ("link_bps", "start_kbps"), [(None, 1_500), (50_000_000, 1_500), (700_000, 420), (200_000, 300)]
)
def test_the_browser_is_told_to_begin_with_what_fits_as_well(link_bps: int | None, start_kbps: int) -> None:
    told = with_wishes("m=video\r\na=rtpmap:97 VP8/90000\r\n", link_bps)
    assert f"a=fmtp:97 x-google-start-bitrate={start_kbps};x-google-min-bitrate=300\r\n" in told


@pytest.mark.clause("9.6.11d", owner="terminal_app")
def test_a_picture_for_lips_and_signs_becomes_smaller_and_never_stands() -> None:
    steps = BitrateSteps(0.0, Beginning(always_moving=True))
    steps.wish(10_000, 1.0)
    assert steps.period_s == 0
    assert picture_size(steps.bps, 1280, 720) == (320, 180)
    spoken = BitrateSteps(0.0)
    spoken.wish(10_000, 1.0)
    assert spoken.period_s > 0
    risen_to = risen(steps, 60.0)[-1][1]
    assert risen_to == 2_500_000
