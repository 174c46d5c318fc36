"""The tool that changes rules: each of them once, and never a docstring, an annotation or the words of an error."""

from __future__ import annotations

import ast

from tests.bench.mutation import mutants_of, mutated

SOURCE = '''"""A rule."""

from __future__ import annotations

LIMIT = 5


def fee(amount: int, *, on: bool = True) -> int:
    """Not changed."""
    if not on or amount < LIMIT:
        return replace(state, amount=amount - 1)
    raise ValueError(f"no fee of {amount + 1}")
'''


def changed() -> dict[str, str]:
    return {mutant.what: ast.unparse(mutated(SOURCE, mutant)) for mutant in mutants_of("fees", SOURCE)}


def test_each_change_is_made_once_and_the_rest_stays():
    found = changed()
    assert "amount <= LIMIT" in found["comparison Lt swapped"]
    assert "not on and amount" in found["operator Or swapped"]
    assert "if on or on or amount" in found["not or minus taken off"].replace("(", "").replace(")", "")
    assert "LIMIT = 6" in found["5 made one more"]
    assert "amount=amount + 1" in found["operator Sub swapped"]
    assert "replace(state)" in found["argument amount left out"]
    assert "on: bool=False" in found["True turned"]
    assert "if True:" in found["condition always True"]
    assert "if False:" in found["condition always False"]


def test_what_is_said_is_not_changed():
    for code in changed().values():
        assert "A rule." in code
        assert "Not changed." in code
        assert "no fee of {amount + 1}" in code
        assert "from __future__ import annotations" in code


def test_every_mutant_differs_from_the_rule_and_from_the_others():
    codes = [ast.unparse(mutated(SOURCE, mutant)) for mutant in mutants_of("fees", SOURCE)]
    assert len({*codes, ast.unparse(ast.parse(SOURCE))}) == len(codes) + 1
