"""The demo's hand and the demo's own folder: what cannot be done is said in one sentence."""

import json
from pathlib import Path

import pytest

from terminal_app.demo.hand import STAND_FILE, HandError, act
from terminal_app.demo.stand import StandError, Wishes, alone, run_demo


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    (tmp_path / STAND_FILE).write_text(
        json.dumps({"held": str(tmp_path / "held.png"), "validator": "x", "printer": "y"})
    )
    return tmp_path


@pytest.mark.parametrize("words", [["jam", "x"], ["clear", "now"], ["hide-bill", "1"], ["state", "of", "it"]])
async def test_a_word_too_many_is_refused(demo, words):
    with pytest.raises(HandError, match="лишнее"):
        await act(demo, words)


async def test_what_is_no_picture_is_not_held_before_the_camera(demo):
    (demo / "bill.png").write_bytes(b"\x89PNG\r\n\x1a\nno picture")
    with pytest.raises(HandError, match="не картинка"):
        await act(demo, ["show-bill", str(demo / "bill.png")])
    assert not (demo / "held.png").exists()


async def test_without_a_demo_the_hand_says_how_to_start_one(tmp_path):
    with pytest.raises(HandError, match="make demo"):
        await act(tmp_path, ["jam"])


async def test_a_second_demo_on_the_same_folder_is_refused_and_harms_nothing(demo):
    with alone(demo):
        with pytest.raises(StandError, match="уже идёт"):
            await run_demo(demo, Wishes())
    assert (demo / STAND_FILE).exists()
