"""The provider's side of OSMP: parameters in, answer out. It reads and writes the wire on its own on purpose, so that a
mistake of `payment.billing.osmp` cannot agree with itself here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape

from payment.sandbox.masking import name_masked
from payment.sandbox.seed import ACCOUNTS, SeedAccount
from payment.sandbox.store import Credit, CreditStore, OtherContentError

OK = 0
ACCOUNT_FORMAT = 4
ACCOUNT_NOT_FOUND = 5
FORBIDDEN = 7
NOT_ACTIVE = 79
SUM_TOO_SMALL = 241
SUM_TOO_LARGE = 242
OTHER_ERROR = 300

AMOUNT_MIN_MINOR = 1_00
AMOUNT_MAX_MINOR = 100_000_00

_TXN_ID = re.compile(r"[0-9]{1,20}", re.ASCII)
_TXN_DATE = re.compile(r"[0-9]{14}", re.ASCII)
_ACCOUNT = re.compile(r"[0-9]{9}", re.ASCII)
_SUM = re.compile(r"([0-9]{1,9})\.([0-9]{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of the protocol, before it becomes XML."""

    txn_id: str
    result: int
    comment: str
    prv_txn: str = ""
    amount: str = ""
    fields: tuple[tuple[str, str], ...] = ()


def respond(parameters: Mapping[str, Sequence[str]], store: CreditStore, *, refuse: bool = False) -> Answer:
    """Checks or pays. `refuse` is the fault of a provider that forbids the payment."""
    repeated = [name for name, values in parameters.items() if len(values) > 1]
    asked = {name: values[0] for name, values in parameters.items()}
    txn_id = asked.get("txn_id", "")
    if repeated or not _TXN_ID.fullmatch(txn_id):
        return Answer("", OTHER_ERROR, "parameters repeat or txn_id is not a number")
    match asked.get("command"):
        case "pay":
            return _pay(txn_id, asked, store, refuse=refuse)
        case "check":
            return _check(txn_id, asked, store)
        case _:
            return Answer(txn_id, OTHER_ERROR, "unknown command")


def to_xml(answer: Answer) -> bytes:
    """The wire form."""
    parts = [f"<osmp_txn_id>{answer.txn_id}</osmp_txn_id>"]
    if answer.prv_txn:
        parts.append(f"<prv_txn>{answer.prv_txn}</prv_txn><sum>{answer.amount}</sum>")
    parts.append(f"<result>{answer.result}</result><comment>{escape(answer.comment)}</comment>")
    if answer.fields:
        rows = (
            f'<field{at} name="{name}">{escape(value)}</field{at}>' for at, (name, value) in enumerate(answer.fields, 1)
        )
        parts.append(f"<fields>{''.join(rows)}</fields>")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<response>{"".join(parts)}</response>\n'.encode()


def _check(txn_id: str, asked: Mapping[str, str], store: CreditStore) -> Answer:
    problem = _account_problem(txn_id, asked.get("account", ""))
    if problem is not None:
        return problem
    seed = ACCOUNTS[asked["account"]]
    due_minor = seed.due_minor - store.credited_minor(seed.account)
    debt = ("-" if due_minor < 0 else "") + _rubles(abs(due_minor))
    return Answer(txn_id, OK, "OK", fields=(("fio", name_masked(seed)), ("debt", debt)))


def _pay(txn_id: str, asked: Mapping[str, str], store: CreditStore, *, refuse: bool) -> Answer:
    amount = _SUM.fullmatch(asked.get("sum", ""))
    date = asked.get("txn_date", "")
    if amount is None or not _is_date(date):
        return Answer(txn_id, OTHER_ERROR, "sum or txn_date is malformed")
    amount_minor = int(amount[1]) * 100 + int(amount[2])
    if store.find(txn_id) is None:  # a repeat gets its first answer, whatever became of the account since
        problem = _account_problem(txn_id, asked.get("account", "")) or _amount_problem(txn_id, amount_minor)
        if problem is not None:
            return problem
        if refuse:
            return Answer(txn_id, FORBIDDEN, "Приём платежа запрещён поставщиком")
    try:
        stored = store.credit(Credit(txn_id, asked.get("account", ""), amount_minor, date))
    except OtherContentError:
        return Answer(txn_id, OTHER_ERROR, "this txn_id belongs to another payment")
    return Answer(txn_id, OK, "OK", stored.prv_txn, _rubles(stored.amount_minor))


def _account_problem(txn_id: str, account: str) -> Answer | None:
    if not _ACCOUNT.fullmatch(account):
        return Answer(txn_id, ACCOUNT_FORMAT, "Неверный формат лицевого счёта")
    seed: SeedAccount | None = ACCOUNTS.get(account)
    if seed is None:
        return Answer(txn_id, ACCOUNT_NOT_FOUND, "Лицевой счёт не найден")
    return None if seed.active else Answer(txn_id, NOT_ACTIVE, "Лицевой счёт закрыт")


def _amount_problem(txn_id: str, amount_minor: int) -> Answer | None:
    if amount_minor < AMOUNT_MIN_MINOR:
        return Answer(txn_id, SUM_TOO_SMALL, "Сумма слишком мала")
    return Answer(txn_id, SUM_TOO_LARGE, "Сумма слишком велика") if amount_minor > AMOUNT_MAX_MINOR else None


def _is_date(text: str) -> bool:
    if not _TXN_DATE.fullmatch(text):
        return False
    try:
        datetime.strptime(text, "%Y%m%d%H%M%S")  # noqa: DTZ007 (a local time by the protocol)
    except ValueError:
        return False
    return True


def _rubles(amount_minor: int) -> str:
    return f"{amount_minor // 100}.{amount_minor % 100:02d}"
