"""A brand and its slides on the glass; a broken package leaves the neutral one there, never a black screen."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import SCREENSHOTS_DIR
from kiosk_bench import Kiosk, virtual_display
from msgspec.structs import replace
from PIL import Image
from terminal_states import STATES
from test_terminal_layout import faults, paged, small_targets

from terminal_app.content import BRAND_DIR, MANIFEST
from terminal_app.ipc.modes import Modes, TextSize
from terminal_app.ui import theme

GREEN = {
    "company": "Северный свет",
    "primary": "#0B5D1E",
    "primary_pressed": "#08400F",
    "primary_tint": "#E4F6E8",
    "dark": "#0E2A16",
}
TITLE, TEXT = "Показания — до 25 числа", "Передайте их здесь: нужен только номер лицевого счёта, он есть в квитанции"
SLIDE = {"title": {"ru": TITLE, "en": "Readings by the 25th"}, "text": {"ru": TEXT}, "picture": "slide.png"}
PANELS = [(1080, 1920, 100.1), (1366, 768, 84.7), (1280, 1024, 86.3)]


def package(place: Path, **changes: object) -> Path:
    shutil.copytree(BRAND_DIR, place)
    Image.new("RGB", (640, 400), "#0B5D1E").save(place / "slide.png")
    words = json.loads((place / MANIFEST).read_text("utf-8"))
    (place / MANIFEST).write_text(json.dumps({**words, **changes}), "utf-8")
    return place


def kiosk_of(run_dir: Path, display: str, panel: tuple[int, int, float]) -> Kiosk:
    return Kiosk(run_dir, display, panel[:2], panel[2], main="tests.ui.content_hall")


def names(tree) -> list[str]:
    return [node["name"] for node in tree["nodes"]]


def targets(tree):
    return [(node["key"], node["x"], node["y"], node["width"], node["height"]) for node in tree["nodes"] if node["key"]]


@pytest.mark.parametrize("panel", PANELS, ids=["standing", "16:9", "5:4"])
def test_a_brand_with_slides_leaves_every_target_where_it_was(tmp_path, panel):
    package(tmp_path / "package", **GREEN, slides=[SLIDE])
    with virtual_display(*panel[:2]) as display:
        kiosk = kiosk_of(tmp_path, display, panel)
        try:
            kiosk.show(STATES["attract"])
            kiosk.wait_for(lambda tree: TITLE in names(tree))
            tree = kiosk.tree()
            kiosk.picture(SCREENSHOTS_DIR / f"{tree['width']}x{tree['height']}" / "attract_content.png")
            assert "Северный свет" in names(tree)
            assert TEXT in names(tree)
            assert [*faults(tree), *small_targets(tree, panel[2] / theme.MM_PER_INCH), *paged("attract", tree)] == []
            kiosk.show(STATES["attract_night"])
            kiosk.wait_for(lambda tree: TITLE not in names(tree))
            kiosk.show(replace(STATES["attract"], modes=Modes(text_size=TextSize.LARGE)))
            kiosk.wait_for(lambda tree: TITLE not in names(tree))
            assert faults(kiosk.tree()) == []
        finally:
            kiosk.close()
    with virtual_display(*panel[:2]) as display:
        bare = tmp_path / "bare"
        bare.mkdir()
        package(bare / "package", **GREEN)
        kiosk = kiosk_of(bare, display, panel)
        try:
            kiosk.show(STATES["attract"])
            assert targets(kiosk.tree()) == targets(tree)
        finally:
            kiosk.close()


@pytest.mark.parametrize("broken", [{"primary": "#88AAFF"}, {"hero": "../hero.png"}, {"slides": [{"title": {}}]}])
def test_a_broken_package_leaves_the_neutral_brand_on_the_glass(tmp_path, broken):
    package(tmp_path / "package", **{**GREEN, **broken})
    with virtual_display(1080, 1920) as display:
        kiosk = kiosk_of(tmp_path, display, PANELS[0])
        try:
            kiosk.show(STATES["attract"])
            tree = kiosk.tree()
            assert theme.brand.company in names(tree)
            assert "Северный свет" not in names(tree)
            assert faults(tree) == []
        finally:
            kiosk.close()
