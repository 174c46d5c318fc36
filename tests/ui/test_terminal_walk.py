"""A robot walks the screens in every mode of accessibility: modes, sizes, languages and panels pairwise.

Names, `say`, targets, reach, contrast by pixels, glyphs; nothing clipped, torn or overlapping on any page.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from kiosk_bench import Kiosk, virtual_display
from msgspec.structs import replace
from pairwise import pairwise
from PIL import Image, ImageFont
from terminal_states import STATES
from test_terminal_layout import faults, small_targets

from terminal_app.ipc.modes import ChooseModes, Language, Modes, TextSize
from terminal_app.ui import theme
from terminal_app.ui.semantics import TARGET_ROLES

PANELS = {"standing": (1080, 1920, 100.1), "16:9": (1366, 768, 84.7), "5:4": (1280, 1024, 86.3)}
FACTORS = (list(PANELS), list(TextSize), *([False, True],) * 4, list(Language))
ROWS = pairwise(FACTORS)
SHARE = 5  # each row walks every fifth screen; a screen is walked in some rows, a row on some screens
PAGES_MAX = 9
FEW_COLOURS = 1 << 12  # words on a plain ground; a table for more takes long to clear


def modes_of(row) -> Modes:
    _, text_size, contrast, low, plain, voice, language = row
    return Modes(text_size=text_size, contrast=contrast, low=low, plain=plain, voice=voice, language=language)


def coloured(modes: Modes) -> bool:
    """Whether the mode has colours of its own: neither speech nor the low keys have."""
    return not modes.voice and not modes.low


def luminance(colours):
    """Of each row of RGB."""
    parts = np.asarray(colours, float) / 255
    linear = np.where(parts <= 0.03928, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return linear @ (0.2126, 0.7152, 0.0722)


def contrast_of(picture: Image.Image, node) -> float:
    """Of the ground and of what differs from it most, as drawn."""
    box = (node["x"], node["y"], node["x"] + node["width"], node["y"] + node["height"])
    cut = picture.crop(tuple(round(side) for side in box))
    counted = cut.getcolors(FEW_COLOURS) or cut.getcolors(1 << 24)
    counts, colours = np.array([count for count, _ in counted]), np.array([colour for _, colour in counted])
    levels = luminance(colours)
    ground = levels[counts.argmax()]
    drawn = levels[counts >= 4]
    ends = sorted((ground, drawn[np.abs(drawn - ground).argmax()]))
    return float((ends[1] + 0.05) / (ends[0] + 0.05))


def pale(kiosk: Kiosk, tree, path: Path):
    path.parent.mkdir(parents=True, exist_ok=True)
    answer = kiosk.ask("screenshot", path=str(path.resolve()), when="still")
    assert "error" not in answer, answer
    with Image.open(path) as picture:
        for node in tree["nodes"]:
            if node["role"] not in (*TARGET_ROLES, "picture") and node["name"].strip() and not tree["dialog"]:
                ratio = contrast_of(picture, node)
                if ratio < 7.0:
                    yield f"{node['name']!r} stands out {ratio:.1f} times"


def out_of_reach(tree, mm_px):
    limit = tree["height"] - (theme.REACH_FROM_FLOOR_MM - theme.PANEL_BOTTOM_MM) * mm_px
    return [n["name"] for n in tree["nodes"] if n["role"] in TARGET_ROLES and n["y"] < limit - 2]


def walk_pages(kiosk: Kiosk, tree):
    """Every page of the present screen, `tree` as it is; a page turned to stays turned to when the state changes."""
    while any(node["key"] == "page_up" and node["enabled"] for node in tree["nodes"]):
        kiosk.touch("page_up")
        tree = kiosk.ask("tree", when="still")
    for _ in range(PAGES_MAX):
        yield tree
        down = next((n for n in tree["nodes"] if n["key"] == "page_down"), None)
        if down is None or not down["enabled"]:
            return
        kiosk.touch("page_down")
        tree = kiosk.ask("tree", when="still")
    raise AssertionError("pages without an end")


def judge(kiosk: Kiosk, name: str, modes: Modes, mm_px: float, scratch: Path):
    for page, tree in enumerate(walk_pages(kiosk, kiosk.look(replace(STATES[name], modes=modes)))):
        found = faults(tree) + list(small_targets(tree, mm_px))
        if page == 0 and coloured(modes):
            found += list(pale(kiosk, tree, scratch))
        if modes.low and tree["height"] > tree["width"]:
            found += [f"out of reach: {fault}" for fault in out_of_reach(tree, mm_px)]
        yield from ((page, fault) for fault in found + glyphless(tree))


FONT = ImageFont.truetype(str(theme.FONT_FILES[theme.REGULAR]), 24)
MISSING = bytes(FONT.getmask("\U0010ffff"))


def glyphless(tree):
    signs = {sign for node in tree["nodes"] for sign in node["name"] if not sign.isspace()}
    return [f"no glyph for {sign!r}" for sign in signs if bytes(FONT.getmask(sign)) == MISSING]


class Panel:
    """One display; on it the ui that draws or the one that does not, never both: an idle one takes its part too."""

    def __init__(self, name: str, display: str, folder: Callable[[], Path]) -> None:
        self.name = name
        self.width, self.height, self.ppi = PANELS[name]
        self.mm_px = self.ppi / theme.MM_PER_INCH
        self._display, self._folder = display, folder
        self._main, self._kiosk = "", None

    def kiosk(self, *, draws: bool = True) -> Kiosk:
        main = "terminal_app.ui.app" if draws else "undrawn_kiosk"
        if self._main != main:
            self.close()
            self._main = main
            self._kiosk = Kiosk(self._folder(), self._display, (self.width, self.height), self.ppi, main)
        return self._kiosk

    def close(self) -> None:
        if self._kiosk is not None:
            self._kiosk.close()
            self._main, self._kiosk = "", None


@pytest.fixture(scope="module", params=list(PANELS))
def panel(request, tmp_path_factory):
    width, height, _ = PANELS[request.param]
    with virtual_display(width, height) as display:
        panel = Panel(request.param, display, lambda: tmp_path_factory.mktemp("walk"))
        try:
            yield panel
        finally:
            panel.close()


def walk(panel: Panel, rows, share, scratch):
    found = {}
    for number, row in sorted(rows, key=lambda row: coloured(modes_of(row[1]))):
        modes = modes_of(row)
        kiosk = panel.kiosk(draws=coloured(modes))
        for state in list(STATES)[number % share :: share]:
            if faults_here := list(judge(kiosk, state, modes, panel.mm_px, scratch)):
                found[state, *row[1:]] = faults_here
    return found


@pytest.mark.timeout(900)  # seconds of a machine that does much else besides; alone it takes half a minute a panel
@pytest.mark.clause("9.6.8d", "9.6.8e", owner="terminal_app")
def test_every_mode_and_every_two_of_them_show_screens_whole(panel, tmp_path):
    rows = [(number, row) for number, row in enumerate(ROWS) if row[0] == panel.name]
    assert walk(panel, rows, SHARE, tmp_path / "page.ppm") == {}


@pytest.mark.soak
@pytest.mark.timeout(14_400)
def test_all_combinations_show_screens_whole(panel, tmp_path):
    """`WALK_PART=2/8` is the second of eight parts of the rows, for a machine that is wanted for other work."""
    part, parts = (int(number) for number in os.environ.get("WALK_PART", "1/1").split("/"))
    rows = [(0, row) for row in list(product(*FACTORS))[part - 1 :: parts] if row[0] == panel.name]
    assert walk(panel, rows, 1, tmp_path / "page.ppm") == {}


def test_what_is_typed_stays_when_the_look_changes(kiosk: Kiosk):
    state = replace(STATES["account_entry"], account_typed="")
    kiosk.show(STATES["attract"])
    kiosk.show(state)
    for digit in "040":
        kiosk.touch(f"digit_{digit}")
    kiosk.wait_for(lambda tree: "040" in [node["name"] for node in tree["nodes"]])
    kiosk.show(replace(state, modes=Modes(contrast=True, text_size=TextSize.LARGE, language=Language.ENGLISH)))
    names = {node["name"] for tree in walk_pages(kiosk, kiosk.tree()) for node in tree["nodes"]}
    assert {"040", "Enter your account"} <= names


def test_a_mode_is_one_touch_from_the_first_screen_and_two_from_any_other(kiosk: Kiosk):
    kiosk.show(STATES["attract"])
    kiosk.touch("mode_contrast")
    assert kiosk.wait_command(ChooseModes) == ChooseModes(Modes(contrast=True))
    kiosk.core.commands.clear()
    kiosk.show(STATES["balance"])
    kiosk.touch("modes")
    tree = kiosk.wait_for(lambda tree: tree["dialog"] == "modes")
    assert faults(tree) == []
    kiosk.touch("mode_voice")
    assert kiosk.wait_command(ChooseModes) == ChooseModes(Modes(voice=True))


def test_a_page_turned_to_is_cut_anew_when_one_key_takes_the_place_of_another(panel):
    """The height of the content stays, the places of its parts do not."""
    kiosk = panel.kiosk()
    modes = Modes(text_size=TextSize.LARGE, plain=True)
    for state in ("basket", "basket_several", "basket_full"):
        tree = kiosk.look(replace(STATES[state], modes=modes))
        assert faults(tree) == []
        list(walk_pages(kiosk, tree))
    assert panel.name != "standing" or kiosk.node("page_up")["enabled"]
