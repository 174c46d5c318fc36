"""The other half of the kills of test_core_killed.py, with other moments: files are what workers share out."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.killed_core import kill_again_and_again

KILLS = 50


@pytest.mark.timeout(600)
async def test_core_killed_at_other_moments_of_payments_loses_and_doubles_nothing(tmp_path: Path):
    await kill_again_and_again(tmp_path, seed=2, kills=KILLS)
