"""A room's README names every module and folder that lies in it, so that nobody has to guess what one is for."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("room", ["device_drivers", "payment"])
def test_every_module_and_folder_of_a_room_is_in_its_readme(room: str) -> None:
    named = re.findall(r"`([a-z0-9_*./]+)`", (ROOT / room / "README.md").read_text(encoding="utf-8"))
    modules = {path.name for path in (ROOT / room).glob("[a-z]*.py")}
    folders = {f"{path.parent.name}/" for path in (ROOT / room).glob("*/__init__.py")}
    unnamed = {name for name in modules | folders if not any(_names(word, name) for word in named)}
    assert (unnamed, bool(modules), bool(folders)) == (set(), True, True)


def _names(word: str, name: str) -> bool:
    """A folder by itself or by a path into it, `codes/gost_qr.py`; a module with its ending or without."""
    return fnmatch(name, word) or f"{word}.py" == name or word.startswith(name)
