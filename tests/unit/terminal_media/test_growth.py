"""The judge of the soak: it sees a leak through the noise of an allocator, and none where there is none."""

from __future__ import annotations

import random

from tests.bench.media.growth import Trend, grown, theil_sen, trend


def noisy(rows: int, growth: float) -> list[float]:
    """Memory as it is seen: caches fill, and a tenth of the rows caught the allocator in mid-breath."""
    dice = random.Random(7)
    caches = [20.0 * min(1.0, 8 * row / rows) for row in range(rows)]
    peaks = [dice.choice((0.0,) * 9 + (40.0,)) for _ in range(rows)]
    return [140 + caches[row] + peaks[row] + dice.uniform(-2, 2) + growth * row for row in range(rows)]


def test_a_slope_is_not_moved_by_a_few_rows() -> None:
    assert theil_sen([3.0 * row + (500.0 if row in (5, 6, 19) else 0.0) for row in range(40)]) == 3.0
    assert theil_sen([1.0, 9.0]) == 0.0, "too few to tell"
    assert theil_sen([0.5 * row for row in range(5_000)]) == 0.5


def test_a_leak_of_a_hundred_kilobytes_a_call_is_seen_and_a_filled_cache_is_none() -> None:
    assert trend("rss_mb", noisy(200, 0.0)).flat
    leaking = trend("rss_mb", noisy(200, 0.1))
    assert not leaking.flat
    assert 12 < leaking.growth < 18


def test_one_thread_more_is_one_too_many() -> None:
    assert trend("threads", [8.0] * 5 + [9.0] * 95).flat, "a pool that is filled once"
    assert not trend("threads", [8.0 + row // 50 for row in range(200)]).flat
    assert not Trend("tasks", 5, 5, 5, 6, 6, slope=0.01, growth=1.0).flat


def test_a_class_is_kept_when_it_grew_between_every_two_looks() -> None:
    looks = [{"leaks": 10, "once": 0}, {"leaks": 20, "once": 300}, {"leaks": 31, "once": 300, "late": 40}]
    assert grown(looks, times=10) == {"leaks": 10}
