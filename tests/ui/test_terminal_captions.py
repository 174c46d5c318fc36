"""Captions on the real glass: at once in sight, marked as automatic, not said over the consultant by the voice."""

from __future__ import annotations

import pytest
from call_states import SAID
from kiosk_bench import Kiosk
from msgspec.structs import replace
from terminal_states import STATES

from terminal_app.ipc.modes import Modes, TextSize

SIZES = [Modes(), Modes(text_size=TextSize.LARGE), Modes(text_size=TextSize.LARGEST, voice=True)]


@pytest.mark.clause("9.6.11e", owner="terminal_app")
@pytest.mark.parametrize("modes", SIZES, ids=["usual", "large", "largest"])
def test_what_is_said_stands_on_the_first_page_under_the_mark_that_it_is_automatic(kiosk: Kiosk, modes):
    nodes = kiosk.show(replace(STATES["captions_said"], modes=modes))["nodes"]
    mark = next(node for node in nodes if node["name"] == "Субтитры, автоматически")
    said = next(node for node in nodes if node["role"] == "caption")
    assert SAID.endswith(said["name"].removeprefix("…"))
    assert 0 <= said["y"] - mark["y"] - mark["height"] < mark["height"]
    assert not said["clipped"]
    assert said["say"] == ""


def test_while_he_writes_they_stand_over_the_sheet_and_the_keys_and_are_marked(kiosk: Kiosk):
    for name in ("captions_pad", "captions_typing"):
        captions = [node["name"] for node in kiosk.show(STATES[name])["nodes"] if node["role"] == "caption"]
        assert [words.split(":")[0] for words in captions] == ["Автоматически"], name
