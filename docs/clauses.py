"""The standard as a measured map: which clause is proved by which test.

`python docs/clauses.py` writes docs/standard.md and docs/standard.tsv; `--check` refuses stale files and marks naming
no clause. A row is proved when each of its owners (of `all`: each package of the house) has a test marked
`@pytest.mark.clause("KEY")`. The owner a test speaks for is the one its path names (tests/unit/payment/...), or
`owner="..."` in the mark.
"""

from __future__ import annotations

import argparse
import ast
import csv
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAP = ROOT / "docs" / "clauses.tsv"
TABLE = ROOT / "docs" / "standard.tsv"
PAGE = ROOT / "docs" / "standard.md"
EVERY_OWNER = "all"
HOUSE = frozenset({"agent_web", "device_drivers", "payment", "provisioning", "signaling_server", "terminal_app"})


@dataclass(frozen=True, slots=True)
class Row:
    """One clause of the standard that software serves."""

    key: str
    clauses: str
    strength: str
    owners: tuple[str, ...]
    requirement: str
    rule: str


@dataclass(frozen=True, slots=True)
class Proof:
    """One marked test."""

    key: str
    owner: str  # empty: the path does not tell
    test: str


def read_rows() -> list[Row]:
    with MAP.open(encoding="utf-8", newline="") as file:
        return [
            Row(
                row["key"],
                row["clauses"],
                row["strength"],
                tuple(row["owner"].split()),
                row["requirement"],
                row["what the software does"],
            )
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        ]


def find_proofs() -> list[Proof]:
    """Every clause mark of every test, read from the syntax trees, so that nothing needs to run."""
    owners = sorted({owner for row in read_rows() for owner in row.owners}, key=len, reverse=True)
    return [
        proof
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        for proof in _proofs_of(path, _owner_of(path, owners))
    ]


def _owner_of(path: Path, owners: list[str]) -> str:
    place = (
        path.relative_to(ROOT)
        .as_posix()
        .replace("terminal_ui", "terminal_app")
        .replace("terminal_media", "terminal_app")
    )
    return next((owner for owner in owners if f"/{owner}/" in place), "")


def _proofs_of(path: Path, owner: str) -> list[Proof]:
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for mark in node.decorator_list:
            if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.clause":
                named = next((ast.literal_eval(word.value) for word in mark.keywords if word.arg == "owner"), owner)
                test = f"{path.relative_to(ROOT).as_posix()}::{node.name}"
                found += [Proof(ast.literal_eval(key), named, test) for key in mark.args]
    return found


def state_of(row: Row, proofs: list[Proof]) -> str:
    spoken_for = {proof.owner for proof in proofs}
    if row.owners == (EVERY_OWNER,):
        return "proved" if {owner.partition("/")[0] for owner in spoken_for} >= HOUSE else "open"
    return "proved" if row.owners and set(row.owners) <= spoken_for else "open"


def render() -> dict[Path, str]:
    rows, proofs = read_rows(), find_proofs()
    by_key = {row.key: [proof for proof in proofs if proof.key == row.key] for row in rows}
    table = ["key\tstate\ttests"]
    page = [
        "# The standard, clause by clause",
        "",
        "Made by `make standard` from `docs/clauses.tsv` and the marks on the tests; do not edit.",
        "",
        "",
        "| clause | strength | rule | where | tests | state |",
        "|---|---|---|---|---|---|",
    ]
    proved = 0
    for row in rows:
        state = state_of(row, by_key[row.key])
        proved += state == "proved"
        tests = sorted({proof.test for proof in by_key[row.key]})
        table.append("\t".join((row.key, state, " ".join(tests))))
        owners = HOUSE if row.owners == (EVERY_OWNER,) else set(row.owners)
        halves = sorted({proof.owner for proof in by_key[row.key]} & owners)
        shown = state if state == "proved" or not halves else f"open (proved: {', '.join(halves)})"
        cells = (
            row.clauses,
            row.strength,
            row.rule,
            ", ".join(row.owners),
            "<br>".join(f"`{t}`" for t in tests),
            shown,
        )
        page.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    page[3] = f"{proved} of {len(rows)} rows are proved as a whole, by every owner; the rest belong to later issues."
    return {TABLE: "\n".join(table) + "\n", PAGE: "\n".join(page) + "\n"}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, fail when something is stale")
    check = parser.parse_args().check
    known = {row.key for row in read_rows()}
    strange = [proof for proof in find_proofs() if proof.key not in known]
    for proof in strange:
        print(f"{proof.test}: there is no clause {proof.key!r} in {MAP.name}", file=sys.stderr)
    stale = [path for path, text in render().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if check:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale: run make standard", file=sys.stderr)
        return 1 if strange or stale else 0
    for path, text in render().items():
        path.write_text(text, encoding="utf-8")
    return 1 if strange else 0


if __name__ == "__main__":
    sys.exit(main())
