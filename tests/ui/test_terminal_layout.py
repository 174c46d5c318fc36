"""Every screen at real sizes: words fit, targets are large, nothing lies over another, a picture is left to look at."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
from conftest import SCREENSHOTS_DIR
from kiosk_bench import Kiosk
from msgspec.structs import replace
from PIL import Image
from terminal_states import BASE, CASH, STATES

from terminal_app.ipc.messages import Screen
from terminal_app.ui import theme
from terminal_app.ui.semantics import CAPTION, TARGET_ROLES

TOLERANCE_PX = 2
PHONE, HOURS = BASE.support_phone, BASE.support_hours
PANELS_MM_PX = {'22"': 100.1 / theme.MM_PER_INCH, '32"': 68.8 / theme.MM_PER_INCH}


def overlap(first, second):
    across = min(first["x"] + first["width"], second["x"] + second["width"]) - max(first["x"], second["x"])
    down = min(first["y"] + first["height"], second["y"] + second["height"]) - max(first["y"], second["y"])
    return across > TOLERANCE_PX and down > TOLERANCE_PX


def inside(inner, outer):
    return (
        inner["x"] >= outer["x"] - TOLERANCE_PX
        and inner["y"] >= outer["y"] - TOLERANCE_PX
        and inner["x"] + inner["width"] <= outer["x"] + outer["width"] + TOLERANCE_PX
        and inner["y"] + inner["height"] <= outer["y"] + outer["height"] + TOLERANCE_PX
    )


def faults(tree):
    """What is wrong with a screen, in words."""
    nodes = [node for node in tree["nodes"] if node["role"] != "picture"]
    window = {"x": 0, "y": 0, "width": tree["width"], "height": tree["height"]}
    buttons = [node for node in nodes if node["role"] in TARGET_ROLES]
    words = [node for node in nodes if node["role"] not in TARGET_ROLES]
    found = [f"no name: {node}" for node in buttons if not node["name"]]
    quiet = [node for node in nodes if not node["say"] and not node["within"]]
    found += [f"nothing to say: {node}" for node in quiet if node["role"] != CAPTION]  # somebody is saying it just now
    found += [f"outside the window: {node['name']}" for node in nodes if not inside(node, window)]
    found += [f"words do not fit: {node['name']}" for node in words if node["clipped"]]
    for first, second in [*combinations(buttons, 2), *combinations(words, 2)]:
        if overlap(first, second):
            found.append(f"«{first['name']}» lies over «{second['name']}»")
    for button in buttons:
        found += [
            f"«{word['name']}» runs out of «{button['name']}»"
            for word in words
            if overlap(button, word) and not inside(word, button)
        ]
    return found


def small_targets(tree, mm_px):
    for node in tree["nodes"]:
        if node["role"] in TARGET_ROLES:
            least_mm = theme.PRIMARY_TARGET_MM_MIN if node["primary"] else theme.TARGET_MM_MIN
            size_mm = min(node["width"], node["height"]) / mm_px
            if math.floor(size_mm * 10 + 0.5) / 10 < least_mm:
                yield f"{node['name']}: {size_mm:.1f} mm"


def paged(name, tree):
    """Words of the usual size need no pages, but a text to read, its chapters, the list of the law, what is long."""
    cut = any(node["key"] == "page_down" for node in tree["nodes"])
    lists = ("page_standard", "page_knowledge_frequent", "call_turn", "call_result_three")
    long = STATES[name].screen in (Screen.PAGE_TEXT, Screen.CALL_NOTES) or name in lists
    return ["cut into pages"] if cut and not long else []


def walk(kiosk, judge):
    """Shows every state and gathers what is wrong."""
    found = {}
    for name, state in STATES.items():
        if wrong := judge(name, kiosk.look(state)):
            found[name] = wrong
    return found


def test_states_reach_every_screen_of_core():
    assert {state.screen for state in STATES.values()} == set(Screen)


@pytest.mark.timeout(600)  # seconds of a machine that does much else besides; alone it takes one or two minutes
def test_a_standing_panel_shows_every_screen_whole(kiosk: Kiosk):
    def judge(name, tree):
        kiosk.picture(SCREENSHOTS_DIR / f"{name}.png")
        small = [fault for mm_px in PANELS_MM_PX.values() for fault in small_targets(tree, mm_px)]
        words = " ".join(node["name"] for node in tree["nodes"]).replace("\u00a0", " ")
        # The question «Вы ещё здесь?» covers the rest for its seconds.
        silent = ["no phone or hours"] if not tree["dialog"] and not (PHONE in words and HOURS in words) else []
        return faults(tree) + small + silent + paged(name, tree)

    assert walk(kiosk, judge) == {}


@pytest.mark.timeout(600)  # seconds of a machine that does much else besides; alone it takes one or two minutes
def test_a_lying_panel_shows_every_screen_whole(lying_kiosk: Kiosk):
    mm_px = {1366: 84.7, 1280: 86.3}[lying_kiosk.tree()["width"]] / theme.MM_PER_INCH

    def judge(name, tree):
        lying_kiosk.picture(SCREENSHOTS_DIR / f"{tree['width']}x{tree['height']}" / f"{name}.png")
        return faults(tree) + list(small_targets(tree, mm_px)) + paged(name, tree)

    assert walk(lying_kiosk, judge) == {}


@pytest.mark.clause("7.1.5", owner="terminal_app")
def test_the_number_to_call_stands_on_idle_waiting_closed_and_error_screens(kiosk: Kiosk):
    for name in ("attract", "attract_crippled", "call_waiting", "out_of_service", "notice"):
        said = " ".join(node["name"] for node in kiosk.show(STATES[name])["nodes"]).replace("\u00a0", " ")
        assert PHONE in said, name


@pytest.mark.clause("5.1.2b", owner="terminal_app")
def test_other_ways_are_offered_on_idle_waiting_closed_and_error_screens(kiosk: Kiosk):
    for name in ("attract", "call_waiting", "out_of_service", "notice"):
        kiosk.show(STATES[name])
        kiosk.touch("other_ways")
        tree = kiosk.wait_for(lambda tree: tree["dialog"] == "other_ways")
        titles = [node["name"] for node in tree["nodes"]]
        assert faults(tree) == []
        assert {way.title for way in theme.brand.other_ways} <= set(titles)
        kiosk.touch("close_window")
        kiosk.wait_for(lambda tree: tree["dialog"] == "")


def test_a_warning_moves_no_key_of_the_keypad(kiosk: Kiosk):
    def keys():
        found = (kiosk.node(key) for key in ("digit_1", "digit_0", "backspace", "next"))
        return [(node["x"], node["y"], node["width"], node["height"]) for node in found]

    for quiet, warned in (("account_entry", "account_entry_wrong"), ("second_attribute", "second_attribute_wrong")):
        kiosk.show(STATES[quiet])
        before = keys()
        kiosk.show(STATES[warned])
        assert keys() == before
    kiosk.show(replace(STATES["amount"], cash=CASH))
    kiosk.touch("other")
    kiosk.wait_for(lambda tree: any(node["key"] == "digit_1" for node in tree["nodes"]))
    before = keys()
    kiosk.touch("digit_5")
    kiosk.wait_for(lambda tree: any("Не меньше" in node["name"] for node in tree["nodes"]))
    assert keys() == before


def test_what_is_told_of_the_notes_moves_nothing_on_the_cash_screen(kiosk: Kiosk):
    def places():
        nodes = {node["key"] or node["name"]: (node["x"], node["y"]) for node in kiosk.tree()["nodes"]}
        return {name: nodes[name] for name in ("Внесено", "Принимаем купюры", "pay") if name in nodes}

    kiosk.show(STATES["cash_in"])
    before = places()
    for name in ("cash_in_limited", "cash_in_empty", "cash_in_fee", "cash_in_below_least", "cash_in_refused"):
        kiosk.show(STATES[name])
        assert (name, places()) == (name, before)
    kiosk.show(STATES["cash_in_jammed"])  # it takes no notes, and names none
    assert places() == {name: place for name, place in before.items() if name != "Принимаем купюры"}


def test_the_meter_of_a_new_payment_is_empty_after_a_full_one(kiosk: Kiosk, tmp_path):
    def colour(name):
        kiosk.show(STATES[name])
        kiosk.picture(tmp_path / "screen.png")
        asked = next(node for node in kiosk.tree()["nodes"] if node["name"].startswith("Нужно"))
        mm_px = kiosk.tree()["width"] / theme.PORTRAIT_WIDTH
        with Image.open(tmp_path / "screen.png") as picture:  # the meter stands right above what is asked
            return picture.convert("RGB").getpixel((round(asked["x"] + 20 * mm_px), round(asked["y"] - 6 * mm_px)))

    def rgb(rgba):
        return tuple(round(part * 255) for part in rgba[:3])

    assert colour("cash_in_refused") == rgb(theme.colours.success)
    assert colour("cash_in_empty") == rgb(theme.colours.line)


def test_the_number_of_the_operation_takes_two_lines_at_most(kiosk: Kiosk):
    kiosk.show(STATES["receipt_no_paper"])
    number = next(node for node in kiosk.tree()["nodes"] if node["name"].startswith("26112 "))
    line_px = theme.TYPE["title"].size * 1.12 * kiosk.tree()["width"] / theme.PORTRAIT_WIDTH
    assert number["height"] <= 2.2 * line_px


def test_the_consultant_keeps_its_place(kiosk: Kiosk):
    def place(name):
        kiosk.show(STATES[name])
        node = kiosk.node("consultant")
        return node["x"], node["y"], node["width"], node["height"]

    assert {place(name) for name in ("attract", "balance", "cash_in", "notice", "receipt", "out_of_service")} == {
        place("paying")
    }
