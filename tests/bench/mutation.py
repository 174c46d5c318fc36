"""Does a test notice when a rule of money is changed? `python -m tests.bench.mutation [--report docs/mutation.md]`.

Each mutant is one small change of one syntax tree: a comparison, a sum, a condition, a constant, an entry of a table,
an effect or a field left out. It is imported in place of its module by a forked process, over a temporary copy of the
code, and the unit tests run till the first failure. A mutant that no test fails is listed with its line: it is either a
rule that nobody proves, or a change that means nothing (`EQUIVALENT` says which and why).
"""

from __future__ import annotations

import argparse
import ast
import contextlib
import copy
import importlib.abc
import importlib.util
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("payment", "tests", "pyproject.toml")
MODULES = ("payment.transaction", "payment.rules.note", "payment.rules.visit", "payment.ledger")
# The quick tables first, and alone: most mutants fall there, before the others are even collected.
TABLES = (
    "tests/unit/payment/test_ledger_of_all_means.py",
    "tests/unit/payment/test_note_rules.py",
    "tests/unit/payment/test_note_ends.py",
    "tests/unit/payment/test_visit_rules.py",
    "tests/unit/payment/test_visit_ends.py",
    "tests/unit/payment/test_transaction_rows.py",
)
RUNS = (
    "tests/unit/payment/test_ledger.py",
    "tests/unit/payment/test_transaction.py",
    "tests/unit/payment/test_recovery.py",
    "tests/unit/payment/test_cashier.py",
    "tests/unit/payment/test_cashier_after_pay.py",
)
PROCESSOR_S_MAX = 60  # of a mutant that turns in a circle
MUTANT_S_MAX = 1_200  # of one that waits
TOLD_EVERY = 25  # mutants
GOAL = 0.95
SWAPPED: dict[type, type] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
# Changes that no test could see, by module, line's text and change; each looked at by a person.
_POSTING = "class Posting(msgspec.Struct, frozen=True, gc=False):"
_OPTIONS = "a hint for the collector of garbage, or a guard against our own mistakes"
_ALIAS = "the name of a type"
EQUIVALENT: dict[tuple[str, str, str], str] = {
    ("payment.ledger", _POSTING, "True turned"): _OPTIONS,
    ("payment.ledger", _POSTING, "False turned"): _OPTIONS,
    ("payment.ledger", "Data = Mapping[str, object]", "element 0 left out"): _ALIAS,
    ("payment.ledger", "Data = Mapping[str, object]", "element 1 left out"): _ALIAS,
    ("payment.ledger", "Postings = tuple[Posting, ...]", "element 0 left out"): _ALIAS,
    ("payment.ledger", "Postings = tuple[Posting, ...]", "element 1 left out"): _ALIAS,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: `apply` makes it in a fresh copy of the tree, at the node of this number."""

    module: str
    node: int
    line: int
    what: str
    apply: Callable[[ast.AST], None]


@dataclass(slots=True)
class Outcome:
    killed: int = 0
    timed_out: int = 0
    survived: list[Mutant] = field(default_factory=list)

    @property
    def tried(self) -> int:
        return self.killed + self.timed_out + len(self.survived)


# --- making mutants ---------------------------------------------------------------------------------------------------


def mutants_of(module: str, source: str) -> list[Mutant]:
    tree = ast.parse(source)
    skipped = _not_code(tree)
    return [
        Mutant(module, number, getattr(node, "lineno", 0), what, apply)
        for number, node in enumerate(ast.walk(tree))
        if node not in skipped
        for what, apply in _changes(node)
    ]


def mutated(source: str, mutant: Mutant) -> ast.Module:
    tree = ast.parse(source)
    node = next(node for number, node in enumerate(ast.walk(tree)) if number == mutant.node)
    mutant.apply(node)
    return ast.fix_missing_locations(tree)


def _not_code(tree: ast.AST) -> set[ast.AST]:
    """Docstrings, annotations, imports, assertions and the words of errors: what they say is not a rule."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant()) | ast.Import() | ast.ImportFrom() | ast.Assert() | ast.Raise():
                found.append(node)
            case ast.arg(annotation=ast.expr() as note) | ast.FunctionDef(returns=ast.expr() as note):
                found.append(note)
            case ast.AnnAssign():
                found.append(node.annotation)
            case ast.JoinedStr():
                found.append(node)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found += node.decorator_list
    return {part for node in found for part in ast.walk(node)}


def _changes(node: ast.AST) -> Iterator[tuple[str, Callable[[ast.AST], None]]]:
    match node:
        case ast.Compare():
            for at, operator in enumerate(node.ops):
                if type(operator) in SWAPPED:
                    yield (
                        f"comparison {type(operator).__name__} swapped",
                        _setting("ops", at, SWAPPED[type(operator)]()),
                    )
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator) | ast.BoolOp(op=operator) if type(operator) in SWAPPED:
            yield f"operator {type(operator).__name__} swapped", _setting("op", None, SWAPPED[type(operator)]())
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield "not or minus taken off", _becoming(node.operand)
        case ast.If() | ast.IfExp():
            for value in (True, False):
                yield f"condition always {value}", _setting("test", None, ast.Constant(value))
        case ast.Constant(value=bool() as value):
            yield f"{value} turned", _setting("value", None, not value)
        case ast.Constant(value=int() | float() as value):
            yield f"{value} made one more", _setting("value", None, value + 1)
        case ast.Constant(value=str() as value) if " " not in value:
            yield f"{value!r} made another", _setting("value", None, value + "x")
        case ast.Call():
            for at, keyword in enumerate(node.keywords):
                yield f"argument {keyword.arg} left out", _dropping("keywords", at)
        case ast.List() | ast.Tuple(ctx=ast.Load()) | ast.Set():
            for at in range(len(node.elts)):
                yield f"element {at} left out", _dropping("elts", at)
        case ast.Dict():
            for at in range(len(node.keys)):
                yield f"entry {at} left out", _dropping_entry(at)
        case ast.Match() if len(node.cases) > 1:
            for at in range(len(node.cases)):
                yield f"case {at} left out", _dropping("cases", at)
        case ast.match_case(guard=ast.expr()):
            yield "guard left out", _setting("guard", None, None)


def _setting(name: str, at: int | None, value: object) -> Callable[[ast.AST], None]:
    def apply(node: ast.AST) -> None:
        if at is None:
            setattr(node, name, value)
        else:
            getattr(node, name)[at] = value

    return apply


def _dropping(name: str, at: int) -> Callable[[ast.AST], None]:
    return lambda node: getattr(node, name).pop(at)


def _dropping_entry(at: int) -> Callable[[ast.AST], None]:
    def apply(node: ast.AST) -> None:
        assert isinstance(node, ast.Dict)
        del node.keys[at], node.values[at]

    return apply


def _becoming(operand: ast.expr) -> Callable[[ast.AST], None]:
    """A unary operation becomes its operand: `x` is written as `x or x`, which needs no parent."""

    def apply(node: ast.AST) -> None:
        same = copy.deepcopy(operand)
        node.__class__ = ast.BoolOp  # type: ignore[assignment]
        node.op, node.values = ast.Or(), [same, copy.deepcopy(same)]  # type: ignore[attr-defined]

    return apply


# --- trying them ------------------------------------------------------------------------------------------------------


class MutantImporter(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module in its changed form; all others come from their files."""

    def __init__(self, module: str, code: ast.Module, path: str) -> None:
        self._module = module
        self._code = compile(code, path, "exec")

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]
        return importlib.util.spec_from_loader(name, self) if name == self._module else None

    def exec_module(self, module) -> None:  # type: ignore[no-untyped-def]
        exec(self._code, module.__dict__)  # noqa: S102 - our own code with one change


def run_tests(folder: Path, mutant: Mutant | None, source: str) -> int:
    """In a forked process: 0 when all tests pass."""
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    signal.setitimer(signal.ITIMER_PROF, PROCESSOR_S_MAX)
    signal.alarm(MUTANT_S_MAX)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    hypothesis.settings.register_profile("mutants", derandomize=True, database=None, deadline=None)
    hypothesis.settings.load_profile("mutants")
    if mutant is not None:
        path = str(folder / (mutant.module.replace(".", "/") + ".py"))
        try:
            sys.meta_path.insert(0, MutantImporter(mutant.module, mutated(source, mutant), path))
        except (SyntaxError, ValueError, TypeError):
            return 1  # not even a program
    quick = ("-x", "-q", "-p", "no:cacheprovider", "--assert=plain")
    return int(pytest.main([*quick, *TABLES]) or pytest.main([*quick, *RUNS]))


def forked(work: Callable[[], int]) -> int:
    if (child := os.fork()) == 0:
        code = 1
        with contextlib.suppress(BaseException):
            code = work()
        os._exit(code & 0xFF)
    return child


def try_all(folder: Path, mutants: list[Mutant], sources: dict[str, str], workers: int) -> Outcome:
    outcome, running, waiting = Outcome(), {}, list(reversed(mutants))
    while waiting or running:
        while waiting and len(running) < workers:
            mutant = waiting.pop()
            child = forked(lambda m=mutant: run_tests(folder, m, sources[m.module]))  # type: ignore[misc]
            running[child] = mutant
        child, status = os.wait()
        mutant = running.pop(child)
        if os.WIFSIGNALED(status):
            outcome.timed_out += 1
        elif os.WEXITSTATUS(status):
            outcome.killed += 1
        else:
            outcome.survived.append(mutant)
            print(f"survived: {described(mutant, sources[mutant.module])}", file=sys.stderr, flush=True)
        if outcome.tried % TOLD_EVERY == 0:
            print(f"{mutant.module}: {outcome.tried} of {len(mutants)} tried", file=sys.stderr, flush=True)
    return outcome


def described(mutant: Mutant, source: str) -> str:
    line = source.splitlines()[mutant.line - 1].strip() if mutant.line else ""
    return f"{mutant.module}:{mutant.line} `{line}`: {mutant.what}"


def equivalent(mutant: Mutant, source: str) -> str | None:
    """Why a change means nothing; None when it means something."""
    line = source.splitlines()[mutant.line - 1].strip() if mutant.line else ""
    return EQUIVALENT.get((mutant.module, line, mutant.what))


# --- the report -------------------------------------------------------------------------------------------------------


def report(outcomes: dict[str, Outcome], counted_out: dict[str, int], sources: dict[str, str], took_s: int) -> str:
    tried = sum(outcome.tried for outcome in outcomes.values())
    alive = sum(len(outcome.survived) for outcome in outcomes.values())
    rows = "\n".join(
        f"| `{name.replace('.', '/')}.py` | {outcome.tried} | {outcome.tried - len(outcome.survived)} | "
        f"{len(outcome.survived)} | {counted_out[name]} |"
        for name, outcome in outcomes.items()
    )
    left = "\n".join(
        f"- {described(mutant, sources[name]).replace('|', '/')}"
        for name, outcome in outcomes.items()
        for mutant in outcome.survived
    )
    made_on = datetime.now().astimezone().strftime("%Y-%m-%d")
    return f"""# Mutation testing of the money core

Made by `python -m tests.bench.mutation --report docs/mutation.md` on {made_on}; {took_s} s. A mutant is one
small change of one rule (tests/bench/mutation.py says which changes); it is killed when a unit test fails.

**{tried - alive} of {tried} mutants are killed: {100 * (tried - alive) // max(1, tried)} %.** The goal is {GOAL:.0%}.

| module | mutants | killed | alive | left out: mean nothing |
|---|---|---|---|---|
{rows}

## Alive

{left or "None."}
"""


def copied_code(folder: Path) -> Path:
    """What the tests need, where nobody edits it meanwhile."""
    for name in COPIED:
        there = ROOT / name
        (shutil.copytree if there.is_dir() else shutil.copy)(there, folder / name)  # type: ignore[operator]
    return folder


def passes_unchanged(folder: Path) -> bool:
    child = forked(lambda: run_tests(folder, None, ""))
    return os.waitpid(child, 0)[1] == 0


def parsed(arguments: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.mutation", description=__doc__)
    parser.add_argument("--module", action="append", help=f"only these (default: {', '.join(MODULES)})")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--lines", metavar="FIRST-LAST", help="only lines of one module, to look at a rule")
    parser.add_argument("--report", type=Path, metavar="FILE.md")
    parser.add_argument("--json", action="store_true", help="one JSON line")
    return parser.parse_args(arguments)


def chosen(module: str, source: str, lines: str | None) -> tuple[list[Mutant], int]:
    """The mutants to try, and how many are left out because they mean nothing."""
    every = mutants_of(module, source)
    if lines:
        first, _, last = lines.partition("-")
        every = [mutant for mutant in every if int(first) <= mutant.line <= int(last or first)]
    meant = [mutant for mutant in every if equivalent(mutant, source) is None]
    return meant, len(every) - len(meant)


def main() -> int:
    options = parsed()
    began_s = time.monotonic()
    outcomes: dict[str, Outcome] = {}
    counted_out: dict[str, int] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = copied_code(Path(temporary))
        modules = options.module or MODULES
        sources = {name: (folder / f"{name.replace('.', '/')}.py").read_text(encoding="utf-8") for name in modules}
        if not passes_unchanged(folder):
            print("the tests fail before anything is changed", file=sys.stderr)
            return 1
        for name in modules:
            mutants, counted_out[name] = chosen(name, sources[name], options.lines)
            outcomes[name] = try_all(folder, mutants, sources, options.workers)
    if options.report:
        took_s = int(time.monotonic() - began_s)
        options.report.write_text(report(outcomes, counted_out, sources, took_s), encoding="utf-8")
    tried = sum(outcome.tried for outcome in outcomes.values())
    alive = sum(len(outcome.survived) for outcome in outcomes.values())
    figures = {"mutants": tried, "killed": tried - alive, "share": round((tried - alive) / max(1, tried), 4)}
    print(json.dumps(figures) if options.json else "\n".join(f"{name:10} {value}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
