"""The provider's side of OSMP: parameters in, answer out. It reads and writes the wire on its own on purpose, so that a
mistake of `payment.billing` cannot agree with itself here. Two gateways: today's and an older one of other words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import parse_qsl
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
WAS_CANCELLED = 160
NO_SUCH_PAYMENT = 210
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
    """Does what is asked. `refuse` is the fault of a provider that forbids it."""
    repeated = [name for name, values in parameters.items() if len(values) > 1]
    asked = {name: values[0] for name, values in parameters.items()}
    txn_id = asked.get("txn_id", "")
    if repeated or not _TXN_ID.fullmatch(txn_id):
        return Answer("", OTHER_ERROR, "parameters repeat or txn_id is not a number")
    match asked.get("command"):
        case "pay":
            return _pay(txn_id, asked, store, refuse=refuse)
        case "check":
            return _forbidden(txn_id) if refuse else _check(txn_id, asked, store)
        case "cancel":
            return _forbidden(txn_id) if refuse else _cancel(txn_id, asked, store)
        case "status":
            return _status(txn_id, store)
        case _:
            return Answer(txn_id, OTHER_ERROR, "unknown command")


def to_xml(answer: Answer) -> bytes:
    """The wire form of today's gateway."""
    parts = [f"<osmp_txn_id>{answer.txn_id}</osmp_txn_id>"]
    if answer.prv_txn:
        parts.append(f"<prv_txn>{answer.prv_txn}</prv_txn><sum>{answer.amount}</sum>")
    parts.append(f"<result>{answer.result}</result><comment>{escape(answer.comment)}</comment>")
    parts.append(_fields_xml(answer, "fields"))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<response>{"".join(parts)}</response>\n'.encode()


OLDER_NAMES = {"action": "command", "date": "txn_date", "amount": "sum", "authcode": "prv_txn"}
OLDER_COMMANDS = {"reverse": "cancel", "getstatus": "status"}


def read_older(body: bytes) -> dict[str, list[str]]:
    """The form of the older gateway, cp1251, in today's words. Raises UnicodeDecodeError."""
    asked: dict[str, list[str]] = {}
    for name, value in parse_qsl(body.decode("ascii"), keep_blank_values=True, encoding="cp1251", errors="strict"):
        known = OLDER_NAMES.get(name, name)
        asked.setdefault(known, []).append(OLDER_COMMANDS.get(value, value) if known == "command" else value)
    return asked


def to_older_xml(answer: Answer) -> bytes:
    """The wire form of the older gateway."""
    paid = f"<authcode>{answer.prv_txn}</authcode><amount>{answer.amount}</amount>" if answer.prv_txn else ""
    head = f"<txn_id>{answer.txn_id}</txn_id><code>{answer.result}</code>{paid}"
    text = f"<message>{escape(answer.comment)}</message>{_fields_xml(answer, 'info')}"
    whole = f'<?xml version="1.0" encoding="windows-1251"?>\n<response>{head}{text}</response>\n'
    return whole.encode("cp1251", errors="xmlcharrefreplace")


def _fields_xml(answer: Answer, element: str) -> str:
    rows = (
        f'<field{at} name="{name}">{escape(value)}</field{at}>' for at, (name, value) in enumerate(answer.fields, 1)
    )
    return f"<{element}>{''.join(rows)}</{element}>" if answer.fields else ""


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
        refusal = _refusal(txn_id, asked.get("account", ""), amount_minor, store, refuse=refuse)
        if refusal is not None:
            store.refuse(txn_id, refusal.result)
            return refusal
    try:
        stored = store.credit(Credit(txn_id, asked.get("account", ""), amount_minor, date))
    except OtherContentError:
        return Answer(txn_id, OTHER_ERROR, "this txn_id belongs to another payment")
    if stored.cancelled:
        return Answer(txn_id, FORBIDDEN, "Платёж отменён")
    return _credited(stored)


def _refusal(txn_id: str, account: str, amount_minor: int, store: CreditStore, *, refuse: bool) -> Answer | None:
    """Why the payment is refused for good, now or since its first request."""
    first = store.refusal(txn_id)
    if first is not None:
        return Answer(txn_id, first, "Платёж уже отклонён")
    if problem := _account_problem(txn_id, account) or _amount_problem(txn_id, amount_minor):
        return problem
    return _forbidden(txn_id) if refuse else None


def _cancel(txn_id: str, asked: Mapping[str, str], store: CreditStore) -> Answer:
    """Undoes a credit that is named by both numbers; a repeat says the same."""
    found = store.find(txn_id)
    if found is None or found.prv_txn != asked.get("prv_txn"):
        return Answer(txn_id, NO_SUCH_PAYMENT, "Платёж не найден")
    store.cancel(txn_id)
    return Answer(txn_id, OK, "Платёж отменён")


def _status(txn_id: str, store: CreditStore) -> Answer:
    found = store.find(txn_id)
    if found is None:
        return Answer(txn_id, NO_SUCH_PAYMENT, "Платёж не найден")
    return Answer(txn_id, WAS_CANCELLED, "Платёж отменён") if found.cancelled else _credited(found)


def _credited(stored: Credit) -> Answer:
    return Answer(stored.txn_id, OK, "OK", stored.prv_txn, _rubles(stored.amount_minor))


def _forbidden(txn_id: str) -> Answer:
    return Answer(txn_id, FORBIDDEN, "Операция запрещена поставщиком")


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
