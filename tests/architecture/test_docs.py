"""What the pages say of settings and words is true of the code."""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from device_drivers.catalog import make_bill_validator, make_receipt_printer, split_device_url
from terminal_app.config import TerminalConfig, load_config

ROOT = Path(__file__).resolve().parents[2]
DEVICES_PAGE = ROOT / "docs" / "real_devices.md"
GLOSSARY = ROOT / "docs" / "glossary.md"


@pytest.fixture
def example(tmp_path: Path) -> Path:
    """The settings file that the page shows."""
    blocks = re.findall(r"```toml\n(.*?)```", DEVICES_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    path = tmp_path / "terminal.toml"
    path.write_text(blocks[0], encoding="utf-8")
    return path


def test_the_settings_file_of_the_page_is_good(example: Path) -> None:
    config = load_config(example)
    make_bill_validator(split_device_url(config.devices.bill_validator)[0])
    make_receipt_printer(split_device_url(config.devices.receipt_printer)[0])


def test_the_settings_file_of_the_page_names_every_field(example: Path) -> None:
    shown = set(_paths(tomllib.loads(example.read_text(encoding="utf-8"))))
    assert shown == set(_paths(msgspec.to_builtins(TerminalConfig())))


def test_the_rules_of_the_page_are_the_defaults(example: Path) -> None:
    assert load_config(example).rules == TerminalConfig().rules


def _paths(table: dict[str, object], head: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _paths(value, f"{head}{name}.")
        else:
            yield head + name


def test_every_word_of_the_glossary_stands_in_the_code() -> None:
    code = _code()
    rows = [line.split("|") for line in GLOSSARY.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    words = [word for row in rows if "later issue" not in row[-2] for word in re.findall(r"`([^`]+)`", row[3])]
    assert len(words) > 60
    assert [word for word in words if not all(part in code for part in word.split())] == []


def _code() -> str:
    patterns = ["*.py", "*.ts", "*.tsx"]
    listed = subprocess.run(["git", "ls-files", *patterns], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    own = Path(__file__).relative_to(ROOT).as_posix()
    files = [ROOT / name for name in listed.splitlines() if name != own]
    return "\n".join(path.read_text(encoding="utf-8") for path in files if path.is_file())
