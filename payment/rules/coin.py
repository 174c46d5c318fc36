"""Rules of a coin: no escrow, so its report is its credit point; the device's counter keeps it from counting twice.

Pure. Source: the payment notes, section 2: the counter runs 1..255, then 1 again; 0 stands only after a reset; five
events are buffered. What the counter says was missed is an alert, never a guess.
"""

from __future__ import annotations

from msgspec.structs import replace

from payment.contract import (
    CoinAccepted,
    CoinAcceptorChanged,
    CoinCounterReset,
    CoinEventsLost,
    CoinRejected,
    CoinsRemembered,
)
from payment.effects import Effect, Record, Verb
from payment.rules.visit import coin_fits, go_on
from payment.transaction_values import Context, Phase, Step, Transaction

COUNTER_MAX = 255
BUFFERED = 5  # events that the device tells again


def coin_accepted(state: Transaction, event: CoinAccepted, context: Context) -> Step:
    effects, seen = _counted(state, event)
    if seen is state:
        return state, []
    mine = state.phase in (Phase.ACCEPTING, Phase.FINISHING)
    data = _numbered(state, event) | {"value_minor": event.value_minor}
    if state.order is not None:
        data["account"] = state.order.account
    if not mine:
        return seen, [*effects, Record("coin_in", {**data, "to": "unallocated"})]
    after = replace(seen, inserted_minor=state.inserted_minor + event.value_minor)
    effects.append(Record("coin_in", data))
    if after.phase is Phase.ACCEPTING and not coin_fits(after, context):
        effects.append(Verb.DISABLE_COINS)
    return go_on(after, effects, context)


def coin_rejected(state: Transaction, event: CoinRejected, context: Context) -> Step:
    """Written down for its number: else the next start would take it for an event that was missed."""
    effects, seen = _counted(state, event)
    return (state, []) if seen is state else (seen, [*effects, Record("coin_rejected", _numbered(state, event))])


def coins_remembered(state: Transaction, event: CoinsRemembered, context: Context) -> Step:
    """Counting begins anew with this device, at this number."""
    if (event.counter, event.device) == (state.coin_counter, state.coin_device):
        return state, []
    data = _numbered(state, event) | {"values_minor": list(event.values_minor)}
    return replace(state, coin_counter=event.counter, coin_device=event.device), [Record("coins_remembered", data)]


def _counted(state: Transaction, event: CoinAccepted | CoinRejected) -> tuple[list[Effect], Transaction]:
    """What was missed before this event, and the state that knows it; the same state when it is on disk already."""
    another = bool(event.device and state.coin_device and event.device != state.coin_device)
    ahead = 1 if another else _ahead(state.coin_counter, event.counter)
    if ahead == 0:
        return [], state
    seen = replace(state, coin_counter=event.counter, coin_device=event.device or state.coin_device)
    return [_lost(state, ahead - 1, (event.counter - 2) % COUNTER_MAX + 1)] if ahead > 1 else [], seen


def _numbered(state: Transaction, event: CoinAccepted | CoinRejected | CoinsRemembered) -> dict[str, object]:
    data: dict[str, object] = {"session_id": state.session_id, "counter": event.counter}
    return data | {"device": event.device} if event.device else data


def _ahead(last: int | None, counter: int) -> int:
    """How many events after the last journaled coin this one is; 0: it is on disk already."""
    if last is None:
        return 1
    ahead = (counter - last) % COUNTER_MAX
    return 0 if ahead > COUNTER_MAX - BUFFERED else ahead


def coin_events_lost(state: Transaction, event: CoinEventsLost, context: Context) -> Step:
    counter = event.counter
    if counter is None and event.count and state.coin_counter is not None:
        counter = (state.coin_counter + event.count - 1) % COUNTER_MAX + 1
    after = state if counter is None else replace(state, coin_counter=counter)
    return after, [_lost(state, event.count, counter)]


def coin_counter_reset(state: Transaction, event: CoinCounterReset, context: Context) -> Step:
    if not state.coin_counter:
        return replace(state, coin_counter=0), []
    return replace(state, coin_counter=0), [Record("coin_counter_reset", {"session_id": state.session_id})]


def coin_acceptor_changed(state: Transaction, event: CoinAcceptorChanged, context: Context) -> Step:
    return go_on(replace(state, coins_ready=event.ready), [], context)


def _lost(state: Transaction, count: int, counter: int | None) -> Record:
    data: dict[str, object] = {"session_id": state.session_id, "count": count}
    return Record("coins_lost", data if counter is None else {**data, "counter": counter})
