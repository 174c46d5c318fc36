"""One step of the table against all that it may change: the whole state after it and every effect, in order."""

from __future__ import annotations

import msgspec
from msgspec.structs import replace

from payment.contract import CashSettings, Moment, PaymentOrder
from payment.effects import Effect, PrintReceipt, Record
from payment.transaction import step
from payment.transaction_values import Context, Event, Phase, Transaction

ORDER = PaymentOrder("100000017", asked_minor=500_00)
NOW_S = 100.0
LOCAL = "20261123141200"
TXN = "26112314120000170012"  # the moment, the terminal's number and the count of records
SETTINGS = CashSettings(terminal_id="17")
CONTEXT = Context(Moment(0, NOW_S, LOCAL), SETTINGS, disk_writable=True, terminal_number="0017", records_count=12)
# A visit by cash with 500 rubles inside and an acceptor at work.
VISIT = Transaction(
    phase=Phase.ACCEPTING, session_id="s1", order=ORDER, inserted_minor=500_00, ready=True, greeted=True, since_s=90.0
)


def at(**changes: object) -> Context:
    """The context, its settings or its clock changed: `now_s` is the clock's."""
    now_s = changes.pop("now_s", NOW_S)
    own = {name: value for name, value in changes.items() if name in Context.__struct_fields__}
    rest = {name: value for name, value in changes.items() if name not in own}
    settings = msgspec.structs.replace(SETTINGS, **rest)
    return replace(CONTEXT, now=Moment(0, now_s, LOCAL), settings=settings, **own)


def went(
    before: Transaction,
    event: Event,
    changes: dict[str, object],
    effects: list[Effect],
    context: Context = CONTEXT,
) -> None:
    """The step changed this and nothing else, and asked for these effects. A new phase begins now."""
    after, done = step(before, event, context)
    if "phase" in changes and changes["phase"] is not before.phase:
        changes = {"since_s": context.now.monotonic_s, **changes}
    assert after == replace(before, **changes)
    assert done == effects


def record(kind: str, **data: object) -> Record:
    return Record(kind, {"session_id": "s1", **data})


def printing(before: Transaction, event: Event, context: Context = CONTEXT) -> tuple[Transaction, list[Effect]]:
    """The step goes to the slip: its state, the slip, and what stands before its intent."""
    after, effects = step(before, event, context)
    *others, intent, printed = effects
    assert after.phase is Phase.PRINTING
    assert after.receipt is not None
    assert after.since_s == context.now.monotonic_s
    assert intent == record("receipt_intent", txn_id=after.receipt.txn_id)
    assert printed == PrintReceipt(after.receipt)
    return after, others
