"""The round trip of askings on a path that is full."""

from __future__ import annotations

import pytest

from terminal_app.media.receiving.losses import Losses


def test_on_a_full_path_the_round_trip_is_learnt_although_every_packet_was_asked_for_again() -> None:
    losses = Losses()
    losses.arrived(0, 0.0)
    place, now_s, asked = 0, 0.0, []
    answers: list[tuple[float, int]] = []
    while now_s < 6.0:
        now_s += 0.015
        if int(now_s * 10) > place // 2:
            place += 2  # every second packet is lost
            losses.arrived(place, now_s)
        for due in losses.due(now_s):
            asked.append(now_s)
            answers.append((now_s + 0.3, due))
        for at_s, due in [each for each in answers if each[0] <= now_s]:
            losses.arrived(due, now_s)
            answers.remove((at_s, due))
    assert losses.round_trip_s == pytest.approx(0.3, abs=0.1)
    late = [at_s for at_s in asked if at_s > 3.0]
    assert len(late) <= 2 * 31, "nothing but the first asking and its echo once the path is known"
