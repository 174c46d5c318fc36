"""Content packages: each fault is refused with its reason, a zip cannot leave its folder, slides keep to their days."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path

import pytest
from PIL import Image

from terminal_app.content import (
    BRAND_DIR,
    MANIFEST,
    SLIDE_S,
    SLIDES_MAX,
    BrandError,
    Slide,
    contrast,
    is_usable,
    load_brand,
    open_package,
    shown_on,
    spoken,
    turn_of,
    usable_package,
)

SLIDE = {"title": {"ru": "Показания"}, "text": {"ru": "До 25 числа"}, "picture": "slide.png"}


def package(folder: Path, **changes: object) -> Path:
    shutil.copytree(BRAND_DIR, folder)
    Image.new("RGB", (64, 40)).save(folder / "slide.png")
    words = json.loads((folder / MANIFEST).read_text("utf-8"))
    (folder / MANIFEST).write_text(json.dumps({**words, "name": "Весна", **changes}), "utf-8")
    return folder


def zipped(folder: Path) -> Path:
    return Path(shutil.make_archive(str(folder), "zip", folder))


def test_the_package_that_ships_is_good_and_neutral():
    assert load_brand().brand.name == "Нейтральный пакет"
    assert not is_usable("/nowhere")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"version": " "}, "version is empty"),
        ({"company": "а" * 31}, "company has 31 characters, 30 at most"),
        ({"primary": "blue"}, "primary is written #RRGGBB"),
        ({"primary": "#4A90E2"}, "#FFFFFF on primary has a contrast of 3.3, at least 7"),
        ({"dark": "#808080"}, "on dark has a contrast"),
        ({"primary_tint": "#303030"}, "on primary_tint has a contrast"),
        ({"logo": "none.png"}, "logo: no picture 'none.png'"),
        ({"hero": "../../brand/hero.png"}, "hero: no picture"),
        ({"hero": MANIFEST}, "is no picture that can be read"),
        ({"other_ways": [{"icon": "rocket", "title": "Лично", "text": ""}]}, "no icon 'rocket'"),
        ({"other_ways": [{"icon": "phone", "title": "Звонок", "text": "{fax}"}]}, "only {phone} and {hours}"),
        ({"other_ways": [{"icon": "phone", "title": "Звонок", "text": "{"}]}, "only {phone} and {hours}"),
        ({"slides": [SLIDE] * (SLIDES_MAX + 1)}, "13 slides: 12 at most"),
        ({"slides": [SLIDE | {"title": {"en": "Readings"}}]}, "slide 1: no title in ru"),
        ({"slides": [SLIDE, SLIDE | {"text": {"en": "By the 25th"}}]}, "slide 2: no text in ru"),
        ({"slides": [SLIDE | {"title": {"ru": "а" * 41}}]}, "title in ru has 41 characters, 40 at most"),
        ({"slides": [SLIDE | {"text": {"ru": "а", "de": "a"}}]}, "text in 'de': languages are ru, en"),
        ({"slides": [SLIDE | {"picture": "no.png"}]}, "slide 1: picture: no picture 'no.png'"),
        ({"slides": [SLIDE | {"first_day": "2026-12-31", "last_day": "2026-12-01"}]}, "is before its first"),
        ({"slides": [SLIDE | {"first_day": "31.12.2026"}]}, "Invalid RFC3339|first_day"),
        ({"slides": [SLIDE | {"video": "a.mp4"}]}, "unknown field"),
    ],
)
def test_a_package_with_a_fault_is_refused_with_its_reason(tmp_path, changes, reason):
    with pytest.raises(BrandError) as refusal:
        load_brand(package(tmp_path / "spring", **changes))
    assert any(part in str(refusal.value) for part in reason.split("|"))


def test_every_fault_of_a_package_is_told_at_once(tmp_path):
    with pytest.raises(BrandError) as refusal:
        load_brand(package(tmp_path / "spring", primary="blue", logo="none.png", slides=[SLIDE | {"title": {}}]))
    assert len(str(refusal.value).splitlines()) == 3


def test_a_cut_picture_is_found_before_it_is_shown(tmp_path):
    folder = package(tmp_path / "spring")
    picture = (folder / "hero.png").read_bytes()
    (folder / "hero.png").write_bytes(picture[: len(picture) // 2])
    with pytest.raises(BrandError, match=r"hero: 'hero\.png' is no picture"):
        load_brand(folder)


def test_a_zip_is_the_same_as_its_folder(tmp_path):
    place = zipped(package(tmp_path / "spring", slides=[SLIDE]))
    opened = open_package(place, tmp_path / "scratch")
    assert (opened.brand.name, opened.folder) == ("Весна", tmp_path / "scratch")
    assert Path(opened.path("slide.png")).is_file()
    assert is_usable(str(place))


def test_a_zip_cannot_leave_its_folder_nor_fill_the_disk(tmp_path):
    place = zipped(package(tmp_path / "spring"))
    with zipfile.ZipFile(place, "a") as packed:
        packed.writestr("../outside.txt", "x")
    with pytest.raises(BrandError, match="would leave the package's folder"):
        open_package(place, tmp_path / "scratch")
    assert not (tmp_path / "outside.txt").exists()
    many = tmp_path / "many.zip"
    with zipfile.ZipFile(many, "w") as packed:
        for number in range(201):
            packed.writestr(f"{number}", "")
    with pytest.raises(BrandError, match="more than 200 files"):
        open_package(many, tmp_path / "scratch")


def test_a_broken_package_gives_the_neutral_one_and_says_why(tmp_path, caplog):
    folder = package(tmp_path / "spring", primary="#88AAFF")
    assert usable_package(str(folder), tmp_path / "scratch").brand == load_brand().brand
    assert "contrast" in caplog.text
    assert usable_package("", tmp_path / "scratch").brand == load_brand().brand
    assert not is_usable(str(folder))


def test_a_slide_is_shown_on_its_days_only_and_each_as_long():
    always = Slide({"ru": "а"})
    winter = Slide({"ru": "б"}, first_day=date(2026, 12, 1), last_day=date(2026, 12, 31))
    shown = {day: shown_on([always, winter], date(2026, *day)) for day in ((11, 30), (12, 1), (12, 31))}
    assert shown == {(11, 30): (always,), (12, 1): (always, winter), (12, 31): (always, winter)}
    assert [turn_of(2, n * SLIDE_S + 0.1) for n in range(4)] == [0, 1, 0, 1]
    assert turn_of(0, 5.0) == 0
    assert spoken({"ru": "да"}, "en") == "да"


def test_black_on_white_is_twenty_one_to_one():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#FFFFFF", "#767676") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("changes", "code"), [({}, 0), ({"dark": "#808080"}, 1)])
def test_the_command_says_whether_a_package_can_be_used(tmp_path, changes, code):
    folder = package(tmp_path / "spring", **changes)
    told = subprocess.run(
        [sys.executable, "-m", "terminal_app", "content", "check", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == code
    assert ("good; Весна 1, slides: 0" in told.stdout) is (code == 0)
    assert ("on dark has a contrast" in told.stderr) is (code == 1)
    assert "Traceback" not in told.stderr
