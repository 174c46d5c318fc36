"""How much is sent to measure a line: growing steps, none of which would fill a thin one."""

from __future__ import annotations

import pytest

from terminal_app.core.link_check import (
    DIRECTION_S_MAX,
    ENOUGH_BPS,
    RATE_BPS_MAX,
    STEPS_BYTES,
    Transfer,
    next_size_bytes,
    rate_bps,
)


def run(line_bps: float, round_trip_s: float) -> tuple[list[Transfer], int]:
    """An ideal line: every step takes its round trip and its bytes."""
    done: list[Transfer] = []
    while (size_bytes := next_size_bytes(done, round_trip_s)) is not None:
        done.append(Transfer(size_bytes, round_trip_s + size_bytes * 8 / line_bps))
    return done, rate_bps(done, round_trip_s)


@pytest.mark.parametrize("round_trip_s", [0.001, 0.04, 0.15])
@pytest.mark.parametrize("line_bps", [40e3, 100e3, 300e3, 500e3, 1e6, 2e6, 5e6, 20e6, 100e6])
def test_a_direction_takes_a_second_and_two_hundred_kilobytes_at_most(line_bps: float, round_trip_s: float) -> None:
    done, measured_bps = run(line_bps, round_trip_s)
    assert sum(step.took_s for step in done) <= DIRECTION_S_MAX + round_trip_s
    assert sum(step.size_bytes for step in done) <= 200_000
    assert measured_bps == pytest.approx(min(line_bps, RATE_BPS_MAX), rel=0.05)


def test_a_thin_line_is_left_alone_after_the_first_step_and_a_broad_one_is_not_filled() -> None:
    thin, _ = run(100e3, 0.05)
    assert [step.size_bytes for step in thin] == [STEPS_BYTES[0]]
    broad, measured_bps = run(50e6, 0.01)
    assert len(broad) == 2
    assert measured_bps >= ENOUGH_BPS


def test_a_step_as_quick_as_an_empty_one_is_a_broad_line_and_no_division_by_nothing() -> None:
    done = [Transfer(STEPS_BYTES[0], 0.04)]
    assert rate_bps(done, 0.05) > 10_000_000
    assert next_size_bytes(done, 0.05) == STEPS_BYTES[1], "one small step alone is not believed"
