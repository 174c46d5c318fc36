"""The real SQLite journal on a disk that loses, tears and reorders what is not synced, cut thousands of times."""

from __future__ import annotations

import pytest

from payment.simulation.life import live
from payment.simulation.oracle import Figures
from payment.simulation.power_cuts import CUTS_A_DISK, cut_power

DISKS_TESTED = 60
DISKS_SOAKED = 5_000
LIVES_TESTED = 40


def test_what_was_told_durable_stands_after_every_power_cut():
    figures = cut_power("test", DISKS_TESTED)
    assert figures.cuts == DISKS_TESTED * CUTS_A_DISK
    assert not figures.wrong(), figures
    assert figures.unasked > 0, "some cuts fall between the sync and its telling"


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_a_hundred_thousand_power_cuts_lose_no_record():
    figures = cut_power("soak", DISKS_SOAKED)
    assert figures.cuts == 100_000
    assert not figures.wrong(), figures


def test_a_journal_that_does_not_sync_is_noticed():
    figures = cut_power("careless", 10, lambda connection: connection.execute("PRAGMA synchronous=OFF"))
    assert figures.wrong()


def test_simulated_visits_over_the_real_journal_lose_and_double_nothing():
    total = Figures()
    for number in range(LIVES_TESTED):
        figures = live(f"real-{number}", real_disk=True).figures
        assert figures.wrong() == [], f"real-{number}"
        total.add(figures)
    assert total.crashes * 4 > total.visits
