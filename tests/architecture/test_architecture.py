"""The house keeps its shape: what may stand where, how long a file is, what no file may hold.

Looks at what git tracks, so that build products do not count and nothing that is committed is missed.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROGRAM_FOLDERS = (
    "agent_web",
    "device_drivers",
    "payment",
    "provisioning",
    "signaling_server",
    "terminal_app",
    "tests",
)
TOP_LEVEL = {
    *PROGRAM_FOLDERS,
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Makefile",
    "README.md",
    "docs",
    "pyproject.toml",
    "requirements",
}
LINES_MAX = 400
README_LINES_MAX = 60  # one screen
# Longer files, each a table that would not read better in pieces.
TABLES = {
    "agent_web/package-lock.json": "lock",
    "agent_web/src/contract.gen.ts": "generated from the message contract",
    "requirements/base.txt": "lock",
    "requirements/captions.txt": "lock",
    "requirements/dev.txt": "lock",
    "signaling_server/contract/messages.py": "one declaration a message, no logic",
    "signaling_server/contract/schema.json": "generated from the message contract",
}
CODE = (".py", ".ts", ".tsx", ".kv", ".css", ".html", ".sh", ".toml", "Makefile", ".ci/run")
BINARY = (".otf", ".ttf", ".woff2", ".png", ".jpg", ".ico", ".wav", ".ogg")
# Written in pieces, so that this file does not find itself.
UNFINISHED = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X|NotImplemented" r"Error)\b")
PRIVATE_KEY = re.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----")
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:home/[a-z]|Users/[A-Za-z]|ro" r"ot/|wor" r"k/[a-z.])")
LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE_SPAN = re.compile(r"`([^`\n]+)`")
NAMED_PATH = re.compile(rf"(?<![\w./])(?:{'|'.join(PROGRAM_FOLDERS)}|docs|requirements)/[\w./-]*")
ADR_NAME = re.compile(r"docs/adr/(\d{4})-[a-z0-9-]+\.md")
ADR_PARTS = ("Status: ", "Date: ", "## Question", "## Forces", "## Options", "## Decision", "## What it costs us")


@cache
def tracked() -> tuple[str, ...]:
    """Every file git knows and the work tree has."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return tuple(name for name in listed.split("\0") if name and (ROOT / name).is_file())


@cache
def folders() -> frozenset[str]:
    return frozenset(parent.as_posix() for name in tracked() for parent in Path(name).parents)


@cache
def texts() -> dict[str, str]:
    return {name: (ROOT / name).read_text(encoding="utf-8") for name in tracked() if not name.endswith(BINARY)}


def pages() -> dict[str, str]:
    return {name: text for name, text in texts().items() if name.endswith(".md")}


def lines_with(pattern: re.Pattern[str], *, endings: tuple[str, ...] = ("",)) -> list[str]:
    return [
        f"{name}:{number}"
        for name, text in texts().items()
        if name.endswith(endings) and pattern.search(text)
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


def test_only_the_agreed_folders_and_files_stand_at_the_top() -> None:
    assert {name.split("/")[0] for name in tracked()} - TOP_LEVEL == set()


def test_no_file_but_a_table_is_longer_than_400_lines() -> None:
    long = {name: text.count("\n") for name, text in texts().items() if text.count("\n") > LINES_MAX}
    assert {name: size for name, size in long.items() if name not in TABLES} == {}


def test_each_listed_table_is_still_there_and_still_long() -> None:
    assert [name for name in TABLES if texts().get(name, "").count("\n") <= LINES_MAX] == []


@pytest.mark.parametrize("folder", [*PROGRAM_FOLDERS, "docs"])
def test_each_folder_explains_itself_on_one_screen(folder: str) -> None:
    readme = texts().get(f"{folder}/README.md")
    assert readme is not None, f"{folder}/README.md is missing"
    assert 0 < len(readme.splitlines()) <= README_LINES_MAX


def test_the_readme_names_both_commands() -> None:
    readme = texts().get("README.md")
    assert readme is not None, "README.md is missing"
    assert "make demo" in readme
    assert "make test" in readme


def test_ci_runs_what_a_newcomer_runs() -> None:
    assert re.search(r"^(exec )?make test$", texts()[".ci/run"], re.MULTILINE)
    assert (ROOT / ".ci/run").stat().st_mode & 0o111, "git keeps the bit that makes it a program"


def test_lock_files_carry_no_address() -> None:
    address = re.compile(r"https?://|^(-i|--(extra-)?index-url|--find-links|registry *=)", re.MULTILINE)
    named = [name for name, text in texts().items() if name.startswith("requirements/") and address.search(text)]
    npm = [name for name in texts() if name.endswith(".npmrc") and address.search(texts()[name])]
    resolved = [name for name in texts() if name.endswith("package-lock.json") and '"resolved"' in texts()[name]]
    assert named + npm + resolved == []


def test_every_locked_python_package_carries_a_hash() -> None:
    for name in ("requirements/base.txt", "requirements/captions.txt", "requirements/dev.txt"):
        entries = re.split(r"\n(?=[a-zA-Z0-9])", texts()[name])
        pinned = [entry for entry in entries if re.match(r"[\w.\[\],-]+==", entry)]
        assert pinned, name
        assert [entry.split()[0] for entry in pinned if "--hash=sha256:" not in entry] == []


def test_nothing_is_left_unfinished_in_the_code() -> None:
    assert lines_with(UNFINISHED, endings=CODE) == []


def test_no_private_key_is_committed() -> None:
    assert lines_with(PRIVATE_KEY) == []


def test_no_path_of_one_machine_is_committed() -> None:
    assert lines_with(MACHINE_PATH) == []


def test_relative_links_lead_somewhere() -> None:
    broken = []
    for name, text in pages().items():
        for target in LINK.findall(text):
            if re.match(r"[a-z]+:|#", target):
                continue
            found = (ROOT / name).parent.joinpath(target.partition("#")[0]).resolve()
            place = found.relative_to(ROOT).as_posix() if found.is_relative_to(ROOT) else ""
            if place not in tracked() and place not in folders():
                broken.append(f"{name}: {target}")
    assert broken == []


def test_pages_name_only_files_that_exist() -> None:
    """The change log and the decisions are history: what they name may have moved since."""
    lost = [
        f"{name}: {path}"
        for name, text in pages().items()
        if name != "CHANGELOG.md" and not name.startswith("docs/adr/")
        for span in CODE_SPAN.findall(text)
        for path in NAMED_PATH.findall(span)
        if path not in tracked() and path.rstrip("/") not in folders()
    ]
    assert lost == []


def test_decisions_are_numbered_without_a_gap_and_whole() -> None:
    decisions = sorted(name for name in texts() if name.startswith("docs/adr/"))
    numbers = [match.group(1) if (match := ADR_NAME.fullmatch(name)) else name for name in decisions]
    assert numbers == [f"{number:04d}" for number in range(1, len(decisions) + 1)]
    for name, number in zip(decisions, numbers, strict=True):
        assert texts()[name].startswith(f"# {number}. "), name
        assert [part for part in ADR_PARTS if part not in texts()[name]] == [], name


def test_clause_marks_name_clauses_that_exist() -> None:
    clauses = _module("docs/clauses.py")
    known = {row.key for row in clauses.read_rows()}
    assert [f"{proof.test}: {proof.key}" for proof in clauses.find_proofs() if proof.key not in known] == []


def _module(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(name).stem, ROOT / name)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclasses look themselves up here
    spec.loader.exec_module(module)
    return module
