"""Rules of emptying the cassette and the coin box: who, what lay there, counters reset in one record. Pure.

| event | nobody signed in | a collector is signed in |
|---|---|---|
| sign in | `collection_open` | - |
| cassette out | `collection_open` (unauthorised), `cassette_out`, alert | `cassette_out` |
| cassette in | `cassette_in`, `counters_reset`, `collection_closed` | `cassette_in`, `counters_reset` |
| sign out | - | `collection_closed`; a cassette that is still out: the collection stays open |

No network is needed. The recount is compared later: what differs is a record, nothing is edited.
"""

from __future__ import annotations

from msgspec.structs import replace

from payment.cassette import CassetteCount
from payment.contract import CassetteChanged
from payment.effects import Effect, Record, Verb
from payment.transaction_values import Collection, CollectionClosed, CollectionOpened, Context, Step, Transaction

NAME_LENGTH_MAX = 100


def open_collection(state: Transaction, event: CollectionOpened, context: Context) -> Step:
    """Between customers only. A removal that nobody answered for is not made good by a later sign-in."""
    if state.collection is not None or not context.disk_writable:
        return state, []
    collection = _next(context, authorised=True)
    named = {"collector": event.collector[:NAME_LENGTH_MAX], "seal": event.seal[:NAME_LENGTH_MAX]}
    opened = Record("collection_open", {**_naming(collection), **named, **_lies(context.cassette)})
    return replace(state, collection=collection, alarm=False), [opened]


def close_collection(state: Transaction, event: CollectionClosed, context: Context) -> Step:
    if state.collection is None or state.collection.cassette_out:
        return state, []
    return replace(state, collection=None), [Record("collection_closed", _naming(state.collection))]


def cassette_changed(state: Transaction, event: CassetteChanged, context: Context) -> Step:
    return _cassette_in(state, context) if event.present else _cassette_out(state, context)


def _cassette_out(state: Transaction, context: Context) -> Step:
    collection = state.collection
    effects: list[Effect] = []
    if collection is None:
        collection = _next(context, authorised=False)
        named = {"collector": "", "seal": ""}
        effects.append(Record("collection_open", {**_naming(collection), **named, **_lies(context.cassette)}))
    if collection.cassette_out:
        return state, []  # told twice
    alarm = state.alarm or (not collection.authorised and context.settings.collection_login_required)
    out = Record("cassette_out", {"session_id": state.session_id, "alarm": alarm, **_naming(collection)})
    after = replace(state, collection=replace(collection, cassette_out=True), alarm=alarm)
    return after, [*effects, out, *([Verb.DISABLE] if alarm else [])]


def _cassette_in(state: Transaction, context: Context) -> Step:
    collection = state.collection
    if collection is None or not collection.cassette_out:
        return state, []  # told again at the device's start
    named = _naming(collection)
    written: list[Effect] = [
        Record("cassette_in", {"session_id": state.session_id, **named}),
        Record("counters_reset", {**named, **_lies(context.cassette)}),
    ]
    if collection.authorised:
        return replace(state, collection=replace(collection, cassette_out=False)), written
    return replace(state, collection=None), [*written, Record("collection_closed", named)]


def acceptor_ready(state: Transaction, effects: list[Effect], context: Context) -> Step:
    """A terminal that was dark while the cassette came back: an acceptor that can take money has one."""
    if state.ready and state.collection is not None and state.collection.cassette_out:
        after, written = _cassette_in(state, context)
        return after, [*effects, *written]
    return state, effects


def _next(context: Context, *, authorised: bool) -> Collection:
    return Collection(context.txn_id, context.cassette.collections + 1, authorised)


def _naming(collection: Collection) -> dict[str, object]:
    return {
        "collection_id": collection.collection_id,
        "number": collection.number,
        "authorised": collection.authorised,
    }


def _lies(count: CassetteCount) -> dict[str, object]:
    """What lies there by the journal, for the slip and the recount."""
    return {
        "notes": {str(value): number for value, number in sorted(count.notes.items())},
        "coins": {str(value): number for value, number in sorted(count.coins.items())},
        "notes_total_minor": count.total_minor,
        "coins_total_minor": count.coins_total_minor,
        "in_doubt_minor": count.in_doubt_minor,
    }
