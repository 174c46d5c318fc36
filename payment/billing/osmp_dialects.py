"""Dialects of the OSMP protocol as a table: names, codes, encodings, and which commands a provider knows.

The base is OSMP/QIWI, "Interface of data exchange with providers"; what a contract adds (cancel, reverse, status, codes
that it repeats) stands here and nowhere else. Siblings that answer JSON (Kaspi and others) give 0..5 another meaning:
they are other protocols with tables of their own and never rows of this one.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from payment.contract import CancelOutcome, PayOutcome


class Command(enum.Enum):
    CHECK = "check"  # may this account be paid? credits nothing
    PAY = "pay"
    CANCEL = "cancel"  # undo a credited payment
    STATUS = "status"  # what became of a payment


class Parameter(enum.Enum):
    """What a request carries, under the dialect's own name."""

    TXN_ID = "txn_id"
    TXN_DATE = "txn_date"
    ACCOUNT = "account"
    SUM = "sum"
    PROVIDER_TXN = "provider_txn"


class PaymentStatus(enum.Enum):
    CREDITED = "credited"
    CANCELLED = "cancelled"
    IN_PROGRESS = "in_progress"
    NOT_FOUND = "not_found"  # not there now: a request on its way may still arrive
    UNKNOWN = "unknown"


class CheckOutcome(enum.Enum):
    MAY_PAY = "may_pay"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class AnswerNames:
    """Elements of the answer; everything else in it is skipped."""

    root: str = "response"
    txn_id: str = "osmp_txn_id"
    provider_txn: str = "prv_txn"
    amount: str = "sum"
    result: str = "result"
    comment: str = "comment"
    details: str = "fields"


Call = tuple[str, tuple[Parameter, ...]]  # the command's word and what it carries


@dataclass(frozen=True, slots=True)
class Dialect:
    """One provider's way to speak. A command that is missing in `calls` is one it does not know.

    Who knows a cancel knows a status too: without it nobody could say that the money came back.
    """

    name: str
    method: Literal["GET", "POST"]
    encoding: str  # of our parameters; the answer declares its own
    calls: Mapping[Command, Call]
    names: Mapping[Parameter, str]
    answer: AnswerNames
    check_results: Mapping[int, CheckOutcome]
    pay_results: Mapping[int, PayOutcome]
    cancel_results: Mapping[int, CancelOutcome]
    status_results: Mapping[int, PaymentStatus]
    command_name: str = "command"


PAY_RESULTS: dict[int, PayOutcome] = {
    0: PayOutcome.CREDITED,
    1: PayOutcome.UNKNOWN,  # temporary error, repeat later
    4: PayOutcome.REFUSED,  # wrong format of the account
    5: PayOutcome.REFUSED,  # account not found
    7: PayOutcome.REFUSED,  # payment forbidden by the provider
    8: PayOutcome.REFUSED,  # forbidden for technical reasons
    79: PayOutcome.REFUSED,  # account not active
    90: PayOutcome.UNKNOWN,  # the payment is not finished
    241: PayOutcome.REFUSED,  # sum too small
    242: PayOutcome.REFUSED,  # sum too large
    243: PayOutcome.REFUSED,  # state of the account cannot be checked
    300: PayOutcome.REFUSED,  # other error of the provider
}
# Contracts that call three "final" codes temporary (notes on OSMP, the table's last column).
PAY_RESULTS_REPEATING = PAY_RESULTS | dict.fromkeys((8, 243, 300), PayOutcome.UNKNOWN)

CHECK_RESULTS: dict[int, CheckOutcome] = {
    code: {
        PayOutcome.CREDITED: CheckOutcome.MAY_PAY,
        PayOutcome.REFUSED: CheckOutcome.REFUSED,
        PayOutcome.UNKNOWN: CheckOutcome.UNKNOWN,
    }[outcome]
    for code, outcome in PAY_RESULTS.items()
}

CANCEL_RESULTS: dict[int, CancelOutcome] = {
    0: CancelOutcome.CANCELLED,
    1: CancelOutcome.UNKNOWN,
    7: CancelOutcome.REFUSED,  # forbidden by the provider, as when the money is spent
    90: CancelOutcome.UNKNOWN,  # the cancel is not finished
    210: CancelOutcome.REFUSED,  # there is no such payment
    300: CancelOutcome.UNKNOWN,
}
STATUS_RESULTS: dict[int, PaymentStatus] = {
    0: PaymentStatus.CREDITED,
    1: PaymentStatus.UNKNOWN,
    90: PaymentStatus.IN_PROGRESS,
    160: PaymentStatus.CANCELLED,
    210: PaymentStatus.NOT_FOUND,
    300: PaymentStatus.UNKNOWN,
}

_CHECK_AND_PAY: dict[Command, Call] = {
    Command.CHECK: ("check", (Parameter.TXN_ID, Parameter.ACCOUNT, Parameter.SUM)),
    Command.PAY: ("pay", (Parameter.TXN_ID, Parameter.TXN_DATE, Parameter.ACCOUNT, Parameter.SUM)),
}
_NAMES = {
    Parameter.TXN_ID: "txn_id",
    Parameter.TXN_DATE: "txn_date",
    Parameter.ACCOUNT: "account",
    Parameter.SUM: "sum",
    Parameter.PROVIDER_TXN: "prv_txn",
}

OSMP = Dialect(
    name="osmp",
    method="GET",
    encoding="utf-8",
    calls=_CHECK_AND_PAY,
    names=_NAMES,
    answer=AnswerNames(),
    check_results=CHECK_RESULTS,
    pay_results=PAY_RESULTS,
    cancel_results={},
    status_results={},
)
OSMP_POST = replace(OSMP, name="osmp-post", method="POST")
OSMP_CANCEL = replace(
    OSMP,
    name="osmp-cancel",
    calls=_CHECK_AND_PAY
    | {
        Command.CANCEL: ("cancel", (Parameter.TXN_ID, Parameter.PROVIDER_TXN)),
        Command.STATUS: ("status", (Parameter.TXN_ID,)),
    },
    cancel_results=CANCEL_RESULTS,
    status_results=STATUS_RESULTS,
)
# An older gateway: cp1251, POST, other names, `reverse`; three codes are repeated. By contract.
OSMP_REVERSE = replace(
    OSMP_CANCEL,
    name="osmp-reverse",
    method="POST",
    encoding="cp1251",
    calls=_CHECK_AND_PAY
    | {
        Command.CANCEL: ("reverse", (Parameter.TXN_ID, Parameter.PROVIDER_TXN, Parameter.SUM)),
        Command.STATUS: ("getstatus", (Parameter.TXN_ID,)),
    },
    names=_NAMES | {Parameter.TXN_DATE: "date", Parameter.SUM: "amount", Parameter.PROVIDER_TXN: "authcode"},
    answer=AnswerNames(
        txn_id="txn_id", provider_txn="authcode", amount="amount", result="code", comment="message", details="info"
    ),
    pay_results=PAY_RESULTS_REPEATING,
    command_name="action",
)

DIALECTS: dict[str, Dialect] = {dialect.name: dialect for dialect in (OSMP, OSMP_POST, OSMP_CANCEL, OSMP_REVERSE)}
