"""The waiting screen on the glass: still and silent by itself, its tips under a finger."""

from __future__ import annotations

import time

import pytest
from kiosk_bench import Kiosk
from PIL import Image, ImageChops
from terminal_states import STATES

WATCHED_S = 2.5


@pytest.mark.clause("7.1.7")
def test_nothing_blinks_or_speaks_while_one_waits_and_a_tip_can_be_turned_and_left(kiosk: Kiosk, tmp_path):
    kiosk.show(STATES["call_waiting"])
    kiosk.picture(tmp_path / "first.png")
    until_s = time.monotonic() + WATCHED_S
    while time.monotonic() < until_s:
        kiosk.picture(tmp_path / "later.png")
        with Image.open(tmp_path / "first.png") as first, Image.open(tmp_path / "later.png") as later:
            assert ImageChops.difference(first.convert("RGB"), later.convert("RGB")).getbbox() is None, "it moves"
    assert kiosk.ask("said")["said"] == []
    kiosk.touch("tip_next")
    kiosk.wait_for(lambda tree: any(node["name"].startswith("Совет 2") for node in tree["nodes"]))
    kiosk.touch("tip_away")
    tree = kiosk.wait_for(lambda tree: not any(node["key"] == "tip_next" for node in tree["nodes"]))
    assert any(node["key"] == "cancel" for node in tree["nodes"])
