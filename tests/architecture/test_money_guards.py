"""What money code may not hold: a float, and a card number in anything that is kept.

Floats are looked for in the syntax trees of all of payment and of the office's money; times in seconds may be floats,
and so say their names. Card numbers are looked for in what git tracks, in the names of fields, and in everything that a
terminal keeps of a card payment with a pinpad that says the number wherever it can.
"""

from __future__ import annotations

import ast
import logging
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from payment.card_numbers import CardNumberFilter, holds_card_number
from payment.cashier import Cashier
from payment.contract import CardAnswered, CardOutcome, Means, PaymentOrder, PayOutcome, PinpadChanged
from payment.journal.journal import Journal, read_journal
from payment.receipt import Issuer, receipt_lines
from payment.slip_text import slip_text
from tests.unit.payment.till_world import TillWorld

ROOT = Path(__file__).resolve().parents[2]
MONEY = ("payment", "signaling_server/money")
# Chances and the far ends' times, not money: what the simulator counts is checked by the same guard in the core.
NOT_MONEY = ("payment/simulation/", "payment/sandbox/")
TIME_NAMES = re.compile(r"(^|_)s(_max|_min)?$", re.IGNORECASE)
PATH_NAMES = re.compile(r"(folder|path|root|data|directory)(\(\))?$")


@cache
def tracked() -> tuple[str, ...]:
    """What git knows or would take, and the work tree has."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout.decode()
    return tuple(name for name in sorted(listed.split("\0")) if name and (ROOT / name).is_file())


def money_modules() -> list[str]:
    return [
        name
        for name in tracked()
        if name.endswith(".py")
        and name.startswith(tuple(f"{folder}/" for folder in MONEY))
        and not name.startswith(NOT_MONEY)
    ]


# --- no float ---------------------------------------------------------------------------------------------------------


def floats(source: str) -> list[str]:
    """Every use of a float that is not plainly a time in seconds."""
    tree = ast.parse(source)
    allowed = {part for node in ast.walk(tree) for time in _times(node) for part in ast.walk(time)}
    return [f"line {node.lineno}: {ast.unparse(node)}" for node in ast.walk(tree) if _is_float(node, allowed)]


def _times(node: ast.AST) -> list[ast.AST]:
    """The parts of a node that belong to a name of a time: its annotation and its value."""
    match node:
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            return [value for name, value in zip(names, values, strict=False) if _names_a_time(name)]
        case ast.Assign(targets=[target]) if _names_a_time(target):
            return [node.value]
        case ast.AnnAssign(target=target) if _names_a_time(target):
            return [node.annotation, *([node.value] if node.value else [])]
        case ast.arg(arg=name) | ast.keyword(arg=str(name)) if TIME_NAMES.search(name):
            return [node]
        case ast.FunctionDef(name=name, returns=ast.expr() as returns) if TIME_NAMES.search(name):
            return [returns]
        case ast.BoolOp(values=[first, ast.Constant() as other]) if _names_a_time(first):  # ready_since_s or 0.0
            return [other]
        case ast.arguments():
            named = [*zip(node.args[len(node.args) - len(node.defaults) :], node.defaults, strict=True)]
            named += [(name, value) for name, value in zip(node.kwonlyargs, node.kw_defaults, strict=True) if value]
            return [value for name, value in named if TIME_NAMES.search(name.arg)]
        case _:
            return []


def _names_a_time(node: ast.AST) -> bool:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return TIME_NAMES.search(name) is not None
        case _:
            return False


def _is_float(node: ast.AST, allowed: set[ast.AST]) -> bool:
    if node in allowed:
        return False
    match node:
        case ast.Constant(value=float()) | ast.Name(id="float"):
            return True
        case ast.BinOp(op=ast.Div()):
            return not _is_path(node)
        case ast.AugAssign(op=ast.Div()):
            return True
        case _:
            return False


def _is_path(node: ast.BinOp) -> bool:
    text = isinstance(node.right, ast.Constant) and isinstance(node.right.value, str)
    return text or PATH_NAMES.search(ast.unparse(node.left)) is not None


# Times beside money, each looked at by a person: `number of wrong PINs and the moment of the last one`.
TIMES_ELSEWHERE = {
    "payment/encashment/collector.py": 2,
}


def test_money_has_no_float() -> None:
    found = {name: floats((ROOT / name).read_text(encoding="utf-8")) for name in money_modules()}
    assert len(found) > 40
    allowed = {name: lines for name, lines in found.items() if len(lines) > TIMES_ELSEWHERE.get(name, 0)}
    assert allowed == {}


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
        "wait_s, fee_minor = 1.0, 0.5",
        "def fee(now_s: float = 0.0, rate=0.5) -> int: return 1",
        "def fee() -> float: return 1",
    ],
)
def test_the_guard_sees_a_float(source: str) -> None:
    assert floats(source) != []


@pytest.mark.parametrize(
    "source",
    [
        "WAIT_S = 40.0",
        "PRINT_S_MAX: float = 60.0",
        "def due(now_s: float = 0.0) -> int: return 1",
        "def wakes_at_s() -> float: return 1",
        "self.sent, self.due_s = False, 0.0",
        "left_s = since_s or 0.0",
        "path = folder / name",
        "path = here / 'journal.sqlite'",
    ],
)
def test_the_guard_lets_times_and_paths_be(source: str) -> None:
    assert floats(source) == []


# --- no card number ---------------------------------------------------------------------------------------------------

# Made here from parts, so that no card number stands in this house.
CARD = "4000001234" + "567899"
PLAIN = ("Сберкарта " + CARD, CARD, " ".join(CARD[at : at + 4] for at in range(0, 16, 4)))
PUBLISHED = "4111111111111111"  # every bank's documents give it as an example; tests may too
NEVER_KEPT = re.compile(r"(^|_)(cvv2?|cvc2?|track_?[12]|pin_block|full_pan)($|_)")


def test_no_card_number_is_committed() -> None:
    texts = (".py", ".json", ".jsonl", ".md", ".txt", ".tsv", ".csv", ".toml", ".html", ".ts", ".css", ".sh", ".sql")
    found = [
        f"{name}:{number}"
        for name in tracked()
        if name.endswith(texts) and "lock" not in name and not name.startswith("requirements/")
        for number, line in enumerate((ROOT / name).read_text(encoding="utf-8").splitlines(), start=1)
        if holds_card_number(line.replace(PUBLISHED, "") if name.startswith("tests/") else line)
    ]
    assert found == []


def test_no_field_is_made_for_what_only_the_bank_may_know() -> None:
    found = [
        f"{name}:{node.lineno} {named}"
        for name in tracked()
        if name.endswith(".py") and name.startswith(("payment/", "terminal_app/", "signaling_server/"))
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8")))
        for named in _names_in(node)
        if NEVER_KEPT.search(named.lower())
    ]
    assert found == []


def _names_in(node: ast.AST) -> list[str]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.FunctionDef(name=name):
            return [name]
        case _:
            return []


class LyingPinpad:
    """Says the card's number in every field that it has."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int]] = []

    def authorize(self, operation_id: str, amount_minor: int) -> None:
        self.asked.append((operation_id, amount_minor))

    def last_result(self, operation_id: str) -> None: ...
    def reverse(self, operation_id: str, amount_minor: int) -> None: ...
    def settle(self, settlement_id: str) -> None: ...

    def answer(self, outcome: CardOutcome, said: str) -> CardAnswered:
        operation_id, amount_minor = self.asked[-1]
        slip = "\n".join(PLAIN)
        return CardAnswered(operation_id, outcome, amount_minor, said, said, said, said, slip, said)


class KeptWorld(TillWorld):
    """A till whose records go to a real journal file."""

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._kept = journal

    def append(self, kind, data, on_durable):  # type: ignore[no-untyped-def]
        self._kept.append(kind, data, lambda: None)
        super().append(kind, data, on_durable)


@pytest.mark.parametrize("outcome", CardOutcome)
@pytest.mark.parametrize("said", PLAIN)
def test_no_card_number_gets_into_journal_slip_or_log(tmp_path, caplog, outcome, said) -> None:
    assert holds_card_number(said)
    caplog.set_level(logging.DEBUG)
    caplog.handler.addFilter(CardNumberFilter())
    path = tmp_path / "journal.sqlite"
    journal = Journal.open(path, post=lambda call: call(), on_failed=lambda error: pytest.fail(str(error)))
    world, pinpad = KeptWorld(journal), LyingPinpad()
    cashier = Cashier(
        journal=world,
        acceptor=world,
        billing=world,
        printer=world,
        clock=world,
        settings=world.settings,
        tell=world.told.append,
        pinpad=pinpad,
    )
    cashier.on_event(PinpadChanged(ready=True))
    cashier.open_visit(PaymentOrder("100000017", asked_minor=500_00, means=Means.CARD))
    cashier.pay()
    cashier.on_event(pinpad.answer(outcome, said))
    if outcome is CardOutcome.APPROVED:
        world.answer(cashier, PayOutcome.CREDITED)
        assert world.receipts
    logging.getLogger("core").warning("the pinpad says %s", said)
    journal.close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir()).decode("latin-1")
    slips = "".join(slip_text(receipt_lines(receipt, Issuer("АО", "8 800", "Т"))) for receipt in world.receipts)
    dumped = "\n".join(str(record) for record in read_journal(path))
    assert "card_intent" in dumped
    for text in (kept, slips, dumped, caplog.text, str(world.told)):
        assert not holds_card_number(text)
        assert CARD not in re.sub(r"[ \-]", "", text)
