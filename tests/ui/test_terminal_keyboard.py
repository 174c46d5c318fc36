"""The keyboard on the glass: whole and large in every mode, typed on by a real finger and by real keys."""

from __future__ import annotations

import time
from itertools import product

import pytest
from conftest import SCREENSHOTS_DIR
from kiosk_bench import Kiosk, virtual_display
from msgspec.structs import replace
from pairwise import pairwise
from PIL import Image
from terminal_states import STATES, at
from test_terminal_layout import faults, small_targets
from test_terminal_walk import glyphless, out_of_reach, pale, walk_pages

from terminal_app.ipc.messages import Screen
from terminal_app.ipc.modes import DEFAULT_MODES, Language, Modes, TextSize
from terminal_app.ipc.pages import Enter, Entry, EntryKind, Page, PageKind, Phrase
from terminal_app.ui import theme

PANELS = {"standing": (1080, 1920, 100.1), "16x9": (1366, 768, 84.7), "5x4": (1280, 1024, 86.3)}
MODES = {
    "usual": DEFAULT_MODES,
    "contrast": Modes(contrast=True),
    "larger": Modes(text_size=TextSize.LARGE),
    "largest": Modes(text_size=TextSize.LARGEST),
    "low": Modes(low=True),
    "low_largest": Modes(low=True, contrast=True, text_size=TextSize.LARGEST),
    "english": Modes(language=Language.ENGLISH),
}
FACTORS = (list(PANELS), list(EntryKind), list(MODES))
DRAFTS = {
    EntryKind.TEXT: "ул. Ленина, д. 5",
    EntryKind.LONG_TEXT: "Второй день нет света в подъезде. Звонили в диспетчерскую, обещали прислать бригаду "
    "к вечеру, но никто не приехал, а в доме живут лежачие больные. Просим разобраться и ответить письменно",
    EntryKind.NAME: "Анна",
    EntryKind.PHONE: "9212345567",
    EntryKind.EMAIL: "anna.petrova",
    EntryKind.DIGITS: "012345",
}
TURN_S = 0.25  # a loaded machine is slow to draw
HELD_S = 1.7  # a hold of 0.8 s and two or three repeats of 0.3 s
SHORT_S = 0.5


@pytest.fixture(scope="module", params=list(PANELS))
def hall(request, tmp_path_factory):
    """The real program: a page to type on shows the keyboard."""
    width, height, ppi = PANELS[request.param]
    with virtual_display(width, height) as display:
        run_dir = tmp_path_factory.mktemp("keyboard")
        kiosk = Kiosk(run_dir, display, (width, height), ppi)
        try:
            yield request.param, kiosk
        finally:
            kiosk.close()


def entry_page(kind: EntryKind, draft: str, modes: Modes, length_max: int):
    title, sentence = Phrase(text="Куда прислать ответ?"), Phrase(text="Можно не спешить")
    page = Page(f"hall_{kind}", PageKind.ENTRY, title, sentence, entry=Entry(kind, draft, length_max))
    return replace(at(Screen.PAGE_ENTRY, page=page), modes=modes)


def show(kiosk: Kiosk, kind: EntryKind, draft: str, modes: Modes = DEFAULT_MODES, length_max: int = 60):
    kiosk.core.commands.clear()
    kiosk.show(replace(STATES["attract"], modes=modes))
    return kiosk.show(entry_page(kind, draft, modes, length_max))


def press(kiosk: Kiosk, *keys: str):
    for key in keys:
        kiosk.touch(key)


def typed(kiosk: Kiosk) -> str:
    return next((node["name"] for node in kiosk.tree()["nodes"] if node["role"] == "textbox"), "")


def wrong(hall, rows, scratch):
    """What is wrong with the keyboards of these rows."""
    panel, kiosk = hall
    found = {}
    for _, kind, mode in [row for row in rows if row[0] == panel]:
        kiosk.look(replace(STATES["notice"], modes=MODES[mode]))  # no visit ends: memory is not swept each time
        page = entry_page(kind, DRAFTS[kind], MODES[mode], 600 if kind is EntryKind.LONG_TEXT else 60)
        faults_here = []
        for tree in walk_pages(kiosk, kiosk.look(page)):
            faults_here += faults(tree) + list(small_targets(tree, PANELS[panel][2] / theme.MM_PER_INCH))
            faults_here += glyphless(tree) + list(pale(kiosk, tree, scratch))
            if MODES[mode].low and panel == "standing":
                faults_here += out_of_reach(tree, PANELS[panel][2] / theme.MM_PER_INCH)
        if faults_here:
            found[kind, mode] = faults_here
    return found


@pytest.mark.timeout(600)
def test_keyboards_are_whole_and_large_in_every_mode(hall, tmp_path):
    assert wrong(hall, pairwise(FACTORS), tmp_path / "page.ppm") == {}


@pytest.mark.soak
@pytest.mark.timeout(1_800)
def test_every_keyboard_is_whole_and_large_in_every_mode(hall, tmp_path):
    assert wrong(hall, product(*FACTORS), tmp_path / "page.ppm") == {}


@pytest.mark.parametrize("switch", ["switch_letters", "switch_signs", "switch_order", "clear"])
@pytest.mark.parametrize("modes", ["usual", "largest"])
def test_a_switch_moves_neither_the_keyboard_nor_what_is_around_it(hall, modes, switch, tmp_path):
    panel, kiosk = hall
    mm_px = PANELS[panel][2] / theme.MM_PER_INCH
    show(kiosk, EntryKind.TEXT, "Анна", MODES[modes])
    if any(node["key"] == "page_down" for node in kiosk.tree()["nodes"]):
        press(kiosk, "page_down")

    def frame():
        keys = [kiosk.node(key) for key in ("backspace", "type_ ", "next")]
        return [(keys[0]["x"] + keys[0]["width"], keys[1]["y"] + keys[1]["height"], keys[2]["x"], keys[2]["y"])]

    before = frame()
    press(kiosk, switch)
    tree = kiosk.wait_for(lambda tree: switch != "clear" or any(node["key"] == "undo" for node in tree["nodes"]))
    assert frame() == before
    assert faults(tree) + list(small_targets(tree, mm_px)) + glyphless(tree) == []
    kiosk.picture(SCREENSHOTS_DIR / "keyboard" / f"{panel}_{modes}_{switch}.png")


def test_a_name_is_typed_by_touch_and_sent_once(hall):
    _, kiosk = hall
    show(kiosk, EntryKind.NAME, "")
    press(kiosk, *(f"type_{letter}" for letter in "алёна-я"), "backspace", "backspace")
    kiosk.wait_for(lambda tree: any(node["name"] == "Алёна" for node in tree["nodes"]))
    press(kiosk, "cursor_left", "cursor_left", "backspace", "type_е")
    kiosk.wait_for(lambda tree: any(node["name"] == "Алена" for node in tree["nodes"]))
    press(kiosk, "clear", "undo", "next")
    assert kiosk.wait_command(Enter) == Enter("hall_name", "Алена")
    assert len(kiosk.commands(Enter)) == 1


def test_the_whole_text_is_meant_however_much_of_it_is_in_sight(hall):
    _, kiosk = hall
    text = DRAFTS[EntryKind.LONG_TEXT]
    show(kiosk, EntryKind.LONG_TEXT, text, length_max=600)
    if any(node["key"] == "page_down" for node in kiosk.tree()["nodes"]):
        press(kiosk, "page_down")
    press(kiosk, *["cursor_left"] * 30)
    assert typed(kiosk) == text


def test_a_trembling_finger_types_one_letter_and_a_held_one_too(hall):
    _, kiosk = hall
    show(kiosk, EntryKind.TEXT, "")
    node = kiosk.node("type_п")
    place = (str(round(node["x"] + node["width"] / 2)), str(round(node["y"] + node["height"] / 2)))
    kiosk.finger("mousemove", *place, "click", "--repeat", "3", "--delay", "40", "1")
    time.sleep(TURN_S)
    assert typed(kiosk) == "П"
    kiosk.finger("mousemove", *place, "mousedown", "1")
    time.sleep(HELD_S)
    kiosk.finger("mouseup", "1")
    kiosk.wait_for(lambda tree: any(node["name"] == "Пп" for node in tree["nodes"]))


def test_backspace_goes_on_while_it_is_held_and_stops_when_the_finger_slips_off(hall):
    _, kiosk = hall
    show(kiosk, EntryKind.DIGITS, "0123456789")
    node = kiosk.node("backspace")
    place = (str(round(node["x"] + node["width"] / 2)), str(round(node["y"] + node["height"] / 2)))
    kiosk.finger("mousemove", *place, "mousedown", "1")
    time.sleep(SHORT_S)
    assert typed(kiosk) == "0123456789"
    time.sleep(HELD_S - SHORT_S)
    kiosk.finger("mouseup", "1")
    left = typed(kiosk)
    assert 4 <= len(left) <= 8
    kiosk.finger("mousemove", *place, "mousedown", "1", "mousemove", "5", "5")
    time.sleep(HELD_S)
    kiosk.finger("mouseup", "1")
    assert typed(kiosk) == left


def test_a_pressed_key_is_seen_and_seven_times_lighter_or_darker_than_its_letter(hall, tmp_path):
    _, kiosk = hall
    show(kiosk, EntryKind.TEXT, "")
    node = kiosk.node("type_ф")
    x, y = round(node["x"] + node["width"] / 2), round(node["y"] + node["height"] / 2)
    corner = (round(node["x"] + node["width"] * 0.2), round(node["y"] + node["height"] * 0.15))
    colours = []
    for act in ("mouseup", "mousedown"):
        kiosk.finger("mousemove", str(x), str(y), act, "1")
        time.sleep(TURN_S)
        kiosk.picture(tmp_path / f"{act}.png")
        with Image.open(tmp_path / f"{act}.png") as picture:
            colours.append(picture.convert("RGB").getpixel(corner))
    kiosk.finger("mouseup", "1")
    primary = tuple(round(part * 255) for part in theme.colours.primary[:3])
    assert colours == [(255, 255, 255), primary]


def test_a_real_keyboard_types_what_stands_on_the_glass_and_the_keypad_walks_over_it(hall):
    _, kiosk = hall
    show(kiosk, EntryKind.EMAIL, "")
    kiosk.finger("key", "--delay", "100", "a", "n", "1", "minus", "b", "period")
    kiosk.wait_for(lambda tree: any(node["name"] == "an1-b." for node in tree["nodes"]))
    kiosk.finger("key", "BackSpace")
    kiosk.wait_for(lambda tree: any(node["name"] == "an1-b" for node in tree["nodes"]))
    first = next(node for node in kiosk.tree()["nodes"] if node["role"] in ("button", "switch"))
    assert first["say"]
