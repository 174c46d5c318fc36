"""A real finger on the real window: one touch, one command; slips count; pictures come and go; core may die."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from kiosk_bench import Kiosk, virtual_display
from msgspec.structs import replace
from PIL import Image
from terminal_states import ALL_WELL, STATES, at

from payment.contract import CashInSnapshot, CashSettings
from signaling_server.contract.messages import WayToTalk
from terminal_app.contacts import Contacts
from terminal_app.core.call import Call
from terminal_app.core.state import Surroundings, terminal_state
from terminal_app.core.visit import step
from terminal_app.core.visit_events import AccountMissing, Tick
from terminal_app.core.visit_values import Visit, VisitRules
from terminal_app.ipc.frame_ring import FrameWriter
from terminal_app.ipc.messages import (
    CallView,
    ChooseAmount,
    ChooseWay,
    CustomerActive,
    GoHome,
    PressPay,
    Screen,
    StartCall,
    StartPayment,
    SubmitAccount,
)

MM_PX = 100.1 / 25.4
RED, GREEN = (200, 30, 30), (30, 160, 60)
STILL_S = 0.4  # long enough for a second command to arrive, had there been one


def test_digits_typed_by_touch_are_sent_once(kiosk: Kiosk):
    kiosk.show(STATES["attract"])
    kiosk.show(at(Screen.ACCOUNT_ENTRY))
    for digit in "040123456":
        kiosk.touch(f"digit_{digit}")
    kiosk.wait_for(lambda tree: "040 123 456" in [node["name"] for node in tree["nodes"]])
    kiosk.touch("next")
    assert kiosk.wait_command(SubmitAccount) == SubmitAccount("040123456")
    time.sleep(STILL_S)
    assert len(kiosk.commands(SubmitAccount)) == 1


def test_a_trembling_finger_pays_once(kiosk: Kiosk):
    kiosk.show(STATES["cash_in"])
    node = kiosk.node("pay")
    x, y = node["x"] + node["width"] / 2, node["y"] + node["height"] / 2
    kiosk.finger("mousemove", str(round(x)), str(round(y)), "click", "--repeat", "4", "--delay", "60", "1")
    kiosk.wait_command(PressPay)
    time.sleep(STILL_S)
    assert len(kiosk.commands(PressPay)) == 1


def test_a_slip_within_the_enlarged_area_counts_and_beyond_it_does_not(kiosk: Kiosk):
    kiosk.show(STATES["cash_in"])
    node = kiosk.node("pay")
    x, bottom = str(round(node["x"] + 40)), node["y"] + node["height"]
    press = ("mousemove", x, str(round(bottom - 20)), "mousedown", "1")
    kiosk.finger(*press, "mousemove", x, str(round(bottom + 8 * MM_PX)), "mouseup", "1")
    time.sleep(STILL_S)
    assert kiosk.commands(PressPay) == []
    kiosk.finger(*press, "mousemove", x, str(round(bottom + 3 * MM_PX)), "mouseup", "1")
    assert kiosk.wait_command(PressPay) == PressPay()


def test_what_is_not_allowed_cannot_be_pressed(kiosk: Kiosk):
    state = STATES["cash_in"]
    kiosk.show(replace(state, cash=replace(state.cash, may_pay=False)))
    assert not kiosk.node("pay")["enabled"]
    kiosk.touch("pay")
    time.sleep(STILL_S)
    assert kiosk.commands(PressPay) == []


def test_a_touch_anywhere_tells_that_somebody_is_here_once_a_second(kiosk: Kiosk):
    kiosk.show(STATES["balance"])
    time.sleep(1.1)  # the touches of the test before
    kiosk.core.commands.clear()
    kiosk.finger("mousemove", "540", "640", "click", "--repeat", "3", "--delay", "150", "1")
    kiosk.wait_command(CustomerActive)
    time.sleep(STILL_S)
    assert kiosk.core.commands == [CustomerActive()]


def test_the_consultant_button_answers_even_without_a_link(kiosk: Kiosk):
    kiosk.show(STATES["attract_crippled"])
    assert "нет связи" in kiosk.node("consultant")["value"]
    kiosk.touch("consultant")
    assert kiosk.wait_command(StartCall) == StartCall()


@pytest.mark.clause("6.3.3a", owner="terminal_app")
def test_who_stands_idle_or_errs_twice_sees_the_offer_and_one_touch_takes_it(kiosk: Kiosk):
    kiosk.show(at(Screen.ACCOUNT_ENTRY))
    assert kiosk.node("consultant")["name"] == "Связаться с консультантом"
    stands, _ = step(Visit(), StartPayment(), VisitRules(), 0.0)
    stands, _ = step(stands, Tick(), VisitRules(), 20.0)
    errs = Visit()
    for event in (StartPayment(), *(SubmitAccount("1"), AccountMissing()) * 2):
        errs, _ = step(errs, event, VisitRules(), 0.0)
    for visit in (stands, errs):
        kiosk.show(at(Screen.ACCOUNT_ENTRY))
        around = Surroundings(ALL_WELL, Contacts(), "", CashSettings(terminal_id="t"))
        kiosk.show(terminal_state(visit, Call(), CashInSnapshot(), around))
        assert kiosk.node("consultant")["name"] == "Нужна помощь? Связаться с консультантом"
        kiosk.core.commands.clear()
        kiosk.touch("consultant")
        assert kiosk.wait_command(StartCall) == StartCall()


def test_three_equal_ways_to_talk(kiosk: Kiosk):
    kiosk.show(STATES["call_way"])
    sizes = {(kiosk.node(way.value)["width"], kiosk.node(way.value)["height"]) for way in WayToTalk}
    assert len(sizes) == 1
    kiosk.touch("type")
    assert kiosk.wait_command(ChooseWay) == ChooseWay(WayToTalk.TYPE)


def test_own_sum_by_keypad(kiosk: Kiosk):
    kiosk.show(STATES["amount"])
    kiosk.touch("other")
    for digit in "750":
        kiosk.touch(f"digit_{digit}")
    kiosk.touch("next")
    assert kiosk.wait_command(ChooseAmount) == ChooseAmount(750_00)


def test_the_idle_question_covers_the_screen_and_can_be_answered(kiosk: Kiosk):
    tree = kiosk.show(STATES["idle_dialog"])
    tree = kiosk.wait_for(lambda tree: tree["dialog"] == "idle")
    assert {node["key"] for node in tree["nodes"] if node["role"] == "button"} == {"stay", "leave"}
    kiosk.touch("stay")
    kiosk.wait_command(CustomerActive)
    kiosk.show(STATES["balance"])
    kiosk.wait_for(lambda tree: tree["dialog"] == "")
    kiosk.show(STATES["idle_dialog"])
    kiosk.wait_for(lambda tree: tree["dialog"] == "idle")
    kiosk.touch("leave")
    assert kiosk.wait_command(GoHome) == GoHome()


def two_halves(width: int, height: int) -> bytes:
    """Red on the left, green on the right."""
    picture = np.zeros((height, width, 4), np.uint8)
    picture[:, : width // 2] = (*RED, 255)
    picture[:, width // 2 :] = (*GREEN, 255)
    return picture.tobytes()


def colour_at(path: Path, node: dict, part: float) -> tuple[int, int, int]:
    place = (node["x"] + node["width"] * part, node["y"] + node["height"] * 0.3)
    with Image.open(path) as picture:
        return picture.getpixel((round(place[0]), round(place[1])))


def near(colour, wanted):
    return all(abs(a - b) < 25 for a, b in zip(colour, wanted, strict=True))


@pytest.mark.parametrize(("width", "height"), [(640, 480), (1280, 720)], ids=["small", "large"])
def test_the_agent_is_seen_straight_and_oneself_as_in_a_mirror(kiosk: Kiosk, tmp_path: Path, width: int, height: int):
    agent, own = (FrameWriter(kiosk.run_dir / f"{name}.ring") for name in ("agent", "preview"))
    before = kiosk.ask("frames")
    kiosk.show(STATES["call_live"])
    for writer in (agent, own):
        writer.write(two_halves(width, height), width, height, time.monotonic())
    tree = kiosk.wait_for(lambda tree: sum(n["enabled"] for n in tree["nodes"] if n["role"] == "picture") == 2)
    large, small = (node for node in tree["nodes"] if node["role"] == "picture")
    shot = tmp_path / "live.png"
    kiosk.picture(shot)
    assert near(colour_at(shot, large, 0.1), RED)
    assert near(colour_at(shot, large, 0.9), GREEN)
    assert near(colour_at(shot, small, 0.1), GREEN)
    assert near(colour_at(shot, small, 0.9), RED)
    after = kiosk.ask("frames")
    assert after["agent"] > before["agent"]
    assert after["preview"] > before["preview"]
    agent.close()
    own.close()


def test_the_last_picture_goes_when_media_takes_it_away_and_when_the_call_ends(kiosk: Kiosk, tmp_path: Path):
    agent = FrameWriter(kiosk.run_dir / "agent.ring")
    state = replace(STATES["call_live"], call=replace(STATES["call_live"].call, agent_has_video=True))
    kiosk.show(state)
    agent.write(two_halves(640, 480), 640, 480, time.monotonic())
    kiosk.wait_for(lambda tree: any(n["role"] == "picture" and n["enabled"] for n in tree["nodes"]))
    agent.blank()
    tree = kiosk.wait_for(lambda tree: not any(n["role"] == "picture" and n["enabled"] for n in tree["nodes"]))
    shot = tmp_path / "blank.png"
    kiosk.picture(shot)
    picture = next(node for node in tree["nodes"] if node["role"] == "picture")
    assert not near(colour_at(shot, picture, 0.1), RED)
    agent.write(two_halves(640, 480), 640, 480, time.monotonic())
    kiosk.wait_for(lambda tree: any(n["role"] == "picture" and n["enabled"] for n in tree["nodes"]))
    agent.close()
    kiosk.show(at(Screen.CALL_RESULT, call=CallView()))
    tree = kiosk.show(state)
    assert not any(node["role"] == "picture" and node["enabled"] for node in tree["nodes"])


def test_the_heartbeat_counts_drawn_frames_even_when_nothing_changes(kiosk: Kiosk):
    kiosk.show(STATES["attract"])
    start = len(kiosk.core.alive)
    kiosk._until(lambda: len(kiosk.core.alive) >= start + 3, 6.0)
    counts = kiosk.core.alive[start:]
    assert counts == sorted(set(counts))


def test_core_dies_under_a_visit_and_the_screen_heals_by_itself(kiosk: Kiosk):
    kiosk.show(STATES["balance"])
    kiosk.core.stop()
    tree = kiosk.wait_for(lambda tree: tree["screen"] == "away")
    words = " ".join(node["name"] for node in tree["nodes"])
    assert "Секундочку" in words
    assert "3\u00a0214" not in words
    assert [node for node in tree["nodes"] if node["role"] == "button"] == []
    kiosk.core.start()
    tree = kiosk.wait_for(lambda tree: tree["screen"] == "balance")
    assert any("3\u00a0214,56" in node["name"] for node in tree["nodes"])


@pytest.mark.parametrize("line", [b"nonsense\n", b"{}\n", b'{"do":"press"}\n', b'{"do":"screenshot"}\n'])
def test_a_robot_that_asks_nonsense_gets_one_clear_error(kiosk: Kiosk, line: bytes):
    kiosk._stream.write(line)
    kiosk._stream.flush()
    assert b'"error"' in kiosk._stream.readline()
    assert kiosk.tree()["screen"]


@pytest.mark.parametrize(
    ("display", "window", "ppi", "sentence"),
    [
        ("", "1080x1920", "None", "no display: start an X server or set DISPLAY"),
        (None, "half a metre", "None", "window is WIDTHxHEIGHT in pixels, for example 540x960, not 'half a metre'"),
        (None, "540x960", "100.0", "137x244 mm: too small for readable text"),
    ],
    ids=["no display", "no size", "too small"],
)
def test_what_makes_the_screen_impossible_is_one_sentence(
    tmp_path: Path, display: str | None, window: str, ppi: str, sentence: str
):
    """On a display of its own: a second program would take the keys away from the kiosk's."""
    program = (
        "from pathlib import Path; from terminal_app.ui.app import main;"
        f"main(Path({str(tmp_path)!r}), window={window!r}, panel_ppi={ppi})"
    )
    with virtual_display(1080, 1920) as own:
        environment = {**os.environ, "DISPLAY": own if display is None else display, "LIBGL_ALWAYS_SOFTWARE": "1"}
        words = [sys.executable, "-c", program]
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=30)
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].endswith(sentence)
    assert "Traceback" not in done.stderr
