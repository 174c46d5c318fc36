"""Taking back what two people decided, in the one way that cannot double the money.

An order that never left the office is withdrawn at once. Any other may have begun at the terminal: the office tells it
that the order is withdrawn, and waits for its journal. Either the journal says `move_withdrawn`, and the terminal will
never take that order again; or the order had begun, and goes on to its end.

The word of a journal that began after the order was first told is not believed: an earlier one, on a disk that is gone,
may have carried the order out.
"""

from __future__ import annotations

from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from signaling_server.contract import money as m
from signaling_server.money.change_values import OrderWithdrawn
from signaling_server.refusal import ServiceRefusedError
from signaling_server.storage import money as rows
from signaling_server.storage import money_desk as desk_rows
from signaling_server.storage import money_orders as order_rows

_NOT_BEGUN = frozenset({order_rows.WAITING, order_rows.ACCEPTED})


def may_withdraw(given: RowMapping | None) -> bool:
    return given is not None and given["state"] in _NOT_BEGUN and not given["withdrawn_at_ms"]


async def withdraw(tx: AsyncConnection, proposal: RowMapping | None, reason: str, login: str, at_ms: int) -> None:
    """Raises ServiceRefusedError: there is nothing that could be withdrawn any more."""
    given = None
    if proposal is not None and proposal["state"] == m.ProposalState.APPROVED:
        given = (await order_rows.orders_of(tx, [proposal["proposal_id"]])).get(proposal["proposal_id"])
    if proposal is None or given is None:
        raise ServiceRefusedError("nothing_to_withdraw", "Отзывать нечего: терминалу это решение не передано")
    if given["withdrawn_at_ms"]:
        raise ServiceRefusedError("withdrawn_already", "Это решение уже отзывают")
    if not may_withdraw(given):
        raise ServiceRefusedError("begun_already", "Отозвать поздно: терминал уже исполняет, ждём его журнала")
    values = {"withdrawn_by": login, "withdrawn_reason": reason, "withdrawn_at_ms": at_ms}
    if await order_rows.withdraw_untold(tx, given["order_id"], **values, ended_at_ms=at_ms):
        await _ended(tx, given)
    else:
        await order_rows.change_order(tx, given["order_id"], **values)


async def withdrawn(tx: AsyncConnection, terminal_id: str, journal_id: str, told: OrderWithdrawn) -> None:
    """The terminal's journal says that it does not do it, and never will."""
    given = await order_rows.order(tx, told.order_id)
    if given is None or given["state"] not in _NOT_BEGUN:
        return
    if given["told_at_ms"] < await rows.journal_first_heard_ms(tx, terminal_id, journal_id):
        await order_rows.change_order(tx, told.order_id, state=order_rows.UNSURE, ended_at_ms=told.at_ms)
        return
    await order_rows.change_order(tx, told.order_id, state=order_rows.WITHDRAWN, ended_at_ms=told.at_ms)
    await _ended(tx, given)


async def _ended(tx: AsyncConnection, given: RowMapping) -> None:
    """People decide anew: the item is open as before."""
    await desk_rows.change_proposal(tx, given["proposal_id"], state=m.ProposalState.WITHDRAWN.value)


def progress_of(given: RowMapping | None, terminal_seen_ms: int) -> m.OrderProgress | None:
    """What the page shows of an order beside its sentence."""
    if given is None:
        return None
    return m.OrderProgress(
        ordered_ms=given["created_at_ms"],
        told_ms=given["told_at_ms"],
        terminal_seen_ms=terminal_seen_ms,
        may_withdraw=may_withdraw(given),
        withdrawn_by=given["withdrawn_by"],
        withdrawn_reason=given["withdrawn_reason"],
        withdrawn_ms=given["withdrawn_at_ms"],
    )
