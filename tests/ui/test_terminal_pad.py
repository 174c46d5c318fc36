"""The pad under a real finger: ink at once, strokes that leave it, dots, undo, and what is sent."""

from __future__ import annotations

from kiosk_bench import Kiosk
from PIL import Image
from terminal_states import STATES

from signaling_server.contract.notes import SIDE, is_whole
from terminal_app.ipc.call_messages import WriteNote
from terminal_app.ipc.pages import Draw


def pad(kiosk: Kiosk) -> dict:
    return next(node for node in kiosk.tree()["nodes"] if node["role"] == "drawing")


def at(node: dict, x: float, y: float) -> tuple[str, str]:
    return str(round(node["x"] + x * node["width"])), str(round(node["y"] + y * node["height"]))


def stroke(kiosk: Kiosk, node: dict, *points: tuple[float, float], lift: bool = True) -> None:
    """A finger goes down at the first point and along the others."""
    words = ["mousemove", *at(node, *points[0]), "mousedown", "1"]
    for point in points[1:]:
        words += ["mousemove", *at(node, *point), "sleep", "0.03"]
    kiosk.finger(*words, *(["mouseup", "1"] if lift else []))


def test_ink_is_there_while_the_finger_is_still_down(kiosk: Kiosk, tmp_path):
    kiosk.show(STATES["attract"])
    kiosk.show(STATES["page_pad"])
    node = pad(kiosk)
    assert (node["value"], node["say"]) == ("Пусто", "Напишите, что случилось. Пусто")
    stroke(kiosk, node, (0.2, 0.2), (0.8, 0.2), lift=False)
    kiosk.picture(tmp_path / "down.png")
    x, y = at(node, 0.5, 0.2)
    with Image.open(tmp_path / "down.png") as picture:
        assert max(picture.convert("RGB").getpixel((int(x), int(y)))) < 90, "black on white"
    assert pad(kiosk)["value"] == "Пусто", "a stroke counts when it is whole"
    kiosk.finger("mouseup", "1")
    kiosk.wait_for(lambda tree: any(node["value"] == "1 штрих" for node in tree["nodes"]))


def test_strokes_and_quick_dots_are_undone_and_sent_whole(kiosk: Kiosk):
    kiosk.show(STATES["attract"])
    kiosk.show(STATES["page_pad"])
    node = pad(kiosk)
    stroke(kiosk, node, (0.3, 0.5), (0.6, 0.9), (0.9, 1.6), (1.4, 0.5))  # leaves the pad below and to the right
    kiosk.finger("mousemove", *at(node, 0.2, 0.2), "click", "1", "mousemove", *at(node, 0.3, 0.2), "click", "1")
    kiosk.wait_for(lambda tree: any(node["value"] == "3 штриха" for node in tree["nodes"]))
    kiosk.touch("pad_undo")
    kiosk.wait_for(lambda tree: any(node["value"] == "2 штриха" for node in tree["nodes"]))
    kiosk.touch("choose_keep")
    sent = kiosk.wait_command(Draw)
    assert sent.page == STATES["page_pad"].page.name
    assert is_whole(sent.drawing)
    first, dot = sent.drawing.strokes
    assert max(first[::2]) == SIDE, "along the edge"
    assert len(dot) == 2
    assert abs(dot[0] - 0.2 * SIDE) < 10


def test_a_clean_sheet_cannot_be_sent_and_a_screen_left_takes_it_along(kiosk: Kiosk):
    kiosk.show(STATES["call_pad"])
    stroke(kiosk, pad(kiosk), (0.2, 0.2), (0.8, 0.8))
    kiosk.wait_for(lambda tree: any(node["value"] == "1 штрих" for node in tree["nodes"]))
    kiosk.touch("pad_clear")
    kiosk.wait_for(lambda tree: any(node["value"] == "Пусто" for node in tree["nodes"]))
    assert not kiosk.node("send_note")["enabled"]
    stroke(kiosk, pad(kiosk), (0.2, 0.2), (0.8, 0.8))
    kiosk.wait_for(lambda tree: any(node["value"] == "1 штрих" for node in tree["nodes"]))
    kiosk.show(STATES["call_live"])
    kiosk.show(STATES["call_pad"])
    assert pad(kiosk)["value"] == "Пусто"
    assert kiosk.commands(WriteNote) == []
