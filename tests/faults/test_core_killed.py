"""Core is killed with -9 at random moments of a customer's payment, again and again: no kopeck is lost or doubled.

Half of the kills; the others stand in test_core_killed_again.py, for another worker of the run.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.killed_core import kill_again_and_again

KILLS = 50
KILLS_SOAKED = 100  # for each of ten seeds


@pytest.mark.timeout(600)
async def test_core_killed_in_the_middle_of_payments_loses_and_doubles_nothing(tmp_path: Path):
    await kill_again_and_again(tmp_path, seed=1, kills=KILLS)


@pytest.mark.soak
@pytest.mark.timeout(7_200)
@pytest.mark.parametrize("seed", range(100, 110))
async def test_a_thousand_kills_of_core_lose_and_double_nothing(tmp_path: Path, seed: int):
    await kill_again_and_again(tmp_path, seed=seed, kills=KILLS_SOAKED)
