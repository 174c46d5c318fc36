"""Rules of a coin: no escrow, so its report is its credit point; the device's counter keeps it from counting twice.

Pure. Source: the payment notes, section 2: the counter runs 1..255, then 1 again; 0 stands only after a reset; five
events are buffered. What the counter says was missed is an alert, never a guess.
"""

from __future__ import annotations

from msgspec.structs import replace

from payment.contract import CoinAccepted, CoinAcceptorChanged, CoinCounterReset, CoinEventsLost
from payment.rules.visit import coin_fits, go_on
from payment.transaction_values import Context, Effect, Phase, Record, Step, Transaction, Verb

COUNTER_MAX = 255
BUFFERED = 5  # events that the device tells again


def coin_accepted(state: Transaction, event: CoinAccepted, context: Context) -> Step:
    ahead = _ahead(state.coin_counter, event.counter)
    if ahead == 0:
        return state, []
    effects: list[Effect] = []
    if ahead > 1:
        effects.append(_lost(state, ahead - 1, (event.counter - 2) % COUNTER_MAX + 1))
    mine = state.phase in (Phase.ACCEPTING, Phase.FINISHING)
    data: dict[str, object] = {
        "session_id": state.session_id,
        "value_minor": event.value_minor,
        "counter": event.counter,
    }
    if state.order is not None:
        data["account"] = state.order.account
    seen = replace(state, coin_counter=event.counter)
    if not mine:
        return seen, [*effects, Record("coin_in", {**data, "to": "unallocated"})]
    after = replace(seen, inserted_minor=state.inserted_minor + event.value_minor)
    effects.append(Record("coin_in", data))
    if after.phase is Phase.ACCEPTING and not coin_fits(after, context):
        effects.append(Verb.DISABLE_COINS)
    return go_on(after, effects, context)


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
