"""Each trap of `docs/traps.md` names tests that are there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "traps.md").read_text(encoding="utf-8")
ROWS = [line.split("|")[1:3] for line in PAGE.splitlines() if line.startswith("| ")][1:]


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize(("trap", "named"), ROWS, ids=[row[0].strip() for row in ROWS])
def test_a_trap_is_kept_by_tests_that_are_there(trap: str, named: str) -> None:
    found = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", named)
    assert found, f"{trap.strip()}: no test is named"
    assert [f"{path}::{test}" for path, test in found if test not in names_in(ROOT / path)] == []


def test_no_trap_stands_twice() -> None:
    assert len({trap for trap, _ in ROWS}) == len(ROWS) > 10
