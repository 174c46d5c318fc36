"""A consultant's card on the glass: touched by a real finger, read aloud whole, its border seen to pulse."""

from __future__ import annotations

import time

import pytest
from kiosk_bench import Kiosk
from msgspec.structs import replace
from PIL import Image
from terminal_states import STATES, card_state

from signaling_server.contract.notes import CardAnswer
from terminal_app.ipc.call_messages import AnswerCard
from terminal_app.ipc.modes import Modes

WATCHED_S = 10.0
EDGE_PX = 60  # the border lies within so much of the glass's edge
SEEN = 20  # levels of 255 by which the border differs from itself


def test_a_finger_answers_a_card_once(kiosk: Kiosk):
    kiosk.show(STATES["call_live"])
    kiosk.show(card_state("restate"))
    kiosk.touch("answer_yes")
    assert kiosk.wait_command(AnswerCard) == AnswerCard("card-restate", CardAnswer.YES)
    kiosk.show(card_state("question_own"))
    kiosk.touch("option_2")
    kiosk.wait_for(lambda _: len(kiosk.commands(AnswerCard)) == 2)
    assert kiosk.commands(AnswerCard)[-1] == AnswerCard("card-question_own", CardAnswer.OPTION, "В подвале дома")


@pytest.mark.clause("9.2.3", "9.6.9g", "9.7.2", owner="terminal_app")
@pytest.mark.parametrize(
    ("name", "title"), [("pause", "Подождите, пожалуйста"), ("return", "Консультант снова с вами")]
)
def test_a_pause_and_the_return_stand_in_words_and_are_read_aloud(kiosk: Kiosk, name, title):
    tree = kiosk.show(replace(card_state(name, text="Консультант проверяет информацию"), modes=Modes(voice=True)))
    words = [(node["role"], node["say"].replace("\u00a0", " ")) for node in tree["nodes"] if not node["key"]]
    assert ("heading", title) in words
    assert "Консультант проверяет информацию" in [say for _, say in words]
    assert "talk" in [node["key"] for node in tree["nodes"]]

    def said(_: dict) -> bool:
        spoken = " ".join(kiosk.ask("said")["said"]).replace("\u00a0", " ")
        return title in spoken and "Консультант проверяет информацию" in spoken

    kiosk.wait_for(said)


def test_the_border_of_an_attention_card_is_seen_to_pulse(kiosk: Kiosk, tmp_path):
    """How often is the pure `pulse_at`, judged in tests/unit/terminal_ui/test_ui_call_card.py."""
    kiosk.show(STATES["call_live"])
    tree = kiosk.show(card_state("attention"))
    assert "Консультант обращается к вам" in [node["name"].replace("\u00a0", " ") for node in tree["nodes"]]
    y = round(tree["height"] / 2)
    levels: list[int] = []
    until_s = time.monotonic() + WATCHED_S
    while time.monotonic() < until_s and max(levels, default=0) - min(levels, default=0) <= SEEN:
        kiosk.picture(tmp_path / "border.png")
        with Image.open(tmp_path / "border.png") as picture:
            levels.append(picture.convert("L").crop((0, y, EDGE_PX, y + 1)).getextrema()[0])
    assert max(levels) - min(levels) > SEEN
