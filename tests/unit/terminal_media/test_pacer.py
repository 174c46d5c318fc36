"""Packets leave faster than the bitrate; what is sent too fast waits, and a late waking is made good."""

from __future__ import annotations

import pytest

from terminal_app.media.pacer import BURST_S, FASTER, FASTER_MIN, KNOWN_PART, REPEATS_S_MAX, Pacer

PACKET = 1_200
BPS = 400_000


def sent_after(pacer: Pacer, packets: int, late_s: float = 0.0, known_bps: int = 0) -> float:
    """When the last of them has left, each wait being `late_s` longer than asked."""
    now_s = 100.0
    for _ in range(packets):
        wait_s = pacer.sent(PACKET, BPS, now_s, known_bps)
        now_s += wait_s + (late_s if wait_s else 0.0)
    return now_s - 100.0


def test_a_key_frame_takes_as_long_as_its_share_of_the_path() -> None:
    took_s = sent_after(Pacer(), 40)
    assert took_s == pytest.approx(40 * PACKET * 8 / (FASTER * BPS), abs=2 * BURST_S)


def test_a_small_picture_leaves_at_once() -> None:
    assert sent_after(Pacer(), 1) == 0.0


def test_late_wakings_do_not_slow_it_down() -> None:
    assert sent_after(Pacer(), 40, late_s=0.01) == pytest.approx(sent_after(Pacer(), 40), abs=0.03)


def test_lost_packets_are_repeated_only_while_the_path_has_room_for_them() -> None:
    pacer = Pacer()
    assert pacer.may_repeat(100.0)
    for _ in range(100):
        if pacer.may_repeat(100.0):
            pacer.sent(PACKET, BPS, 100.0)
    assert not pacer.may_repeat(100.0)
    assert pacer.may_repeat(100.0 + REPEATS_S_MAX)


@pytest.mark.parametrize(
    ("known_bps", "rate_bps"),
    [(50_000_000, KNOWN_PART * 50_000_000), (500_000, FASTER_MIN * BPS), (800_000, KNOWN_PART * 800_000)],
)
def test_a_measured_path_is_used_as_far_as_it_reaches(known_bps: int, rate_bps: float) -> None:
    took_s = sent_after(Pacer(), 400, known_bps=known_bps)
    assert took_s == pytest.approx(400 * PACKET * 8 / rate_bps, abs=2 * BURST_S)
