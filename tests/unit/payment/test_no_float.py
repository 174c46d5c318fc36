"""No float in money: the syntax trees of its modules have no float literal, no `float`, no true division."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PAYMENT = Path(__file__).resolve().parents[3] / "payment"
# Time is measured in seconds by floats where no money is: waits are constants or fields that end in _s or _S.
MONEY = (
    "money.py",
    "ledger.py",
    "journal.py",
    "transaction.py",
    "transaction_values.py",
    "visit_rules.py",
    "note_rules.py",
    "cashier.py",
    "cassette.py",
    "recovery.py",
    "limits.py",
    "receipt.py",
    "billing/osmp.py",
)


def floats(source: str) -> list[str]:
    """Every use of a float that is not plainly a time in seconds."""
    tree = ast.parse(source)
    allowed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if _names_a_time(node):
            allowed.update(ast.walk(node))
    return [f"line {node.lineno}: {ast.unparse(node)}" for node in ast.walk(tree) if _is_float(node, allowed)]


def _names_a_time(node: ast.AST) -> bool:
    match node:
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) | ast.arg(arg=name):
            return name.lower().endswith(("_s", "_s_max", "_s_min"))
        case ast.BoolOp(values=[ast.Attribute(attr=name), ast.Constant()]):  # state.ready_since_s or 0.0
            return name.endswith("_s")
        case _:
            return False


def _is_float(node: ast.AST, allowed: set[ast.AST]) -> bool:
    if node in allowed:
        return False
    match node:
        case ast.Constant(value=float()) | ast.Name(id="float"):
            return True
        case ast.BinOp(op=ast.Div(), left=left, right=right):
            return not _is_path(left, right)
        case ast.AugAssign(op=ast.Div()):
            return True
        case _:
            return False


def _is_path(left: ast.AST, right: ast.AST) -> bool:
    return isinstance(right, ast.Constant) and isinstance(right.value, str)


@pytest.mark.parametrize("name", MONEY)
def test_a_money_module_has_no_float(name: str):
    assert floats((PAYMENT / name).read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        "amount_minor = 1.0",
        "amount_minor = 5 / 2",
        "amount_minor = float(text)",
        "def fee(rate: float) -> int: return 1",
        "amount_minor /= 2",
        "def fee(rate_bps: float) -> int: return 1",
        "WAIT_S = 40.0\nfee_minor = 0.5",
    ],
)
def test_the_guard_sees_a_float(source: str):
    assert floats(source) != []
