"""Rules of a note, from escrow to its end: stacked, given back, or in doubt. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from payment.contract import (
    AcceptorChanged,
    AcceptorPoweredUp,
    NoteAnswer,
    NoteEscrowed,
    NoteEventsLost,
    NoteMoving,
    NoteRejected,
    NoteReturned,
    NotesRemembered,
    NoteStacked,
    PowerUpNote,
)
from payment.effects import Effect, Record, Verb
from payment.limits import NoteDecision, decide_note
from payment.rules.collection import acceptor_ready
from payment.rules.fiscal import may_take_money
from payment.rules.visit import coin_fits, coins_fall, go_on
from payment.transaction_values import (
    NOTE_S_MAX,
    RESOLVE_S,
    Context,
    Decided,
    Escrow,
    Phase,
    Step,
    TimePassed,
    Transaction,
)

# --- notes ----------------------------------------------------------------------------------------------------------


def note_escrowed(state: Transaction, event: NoteEscrowed, context: Context) -> Step:
    if state.escrow is not None:
        return _escrowed_again(state, event, context)
    decision = decide_note(
        event.value_minor, state.inserted_minor, context.settings, disk_writable=context.disk_writable
    )
    if not may_take(state, event.value_minor, context):
        decision = NoteDecision.RETURN_NOT_ACCEPTED
    return _decided(state, event.value_minor, decision, context)


def may_take(state: Transaction, value_minor: int, context: Context) -> bool:
    """Beside the limits of the sum: somebody stands there, a receipt can be made, it fits, and it can be delivered."""
    if not state.greeted or state.recovered or state.paused or state.alarm or state.collection is not None:
        return False
    if (
        not may_take_money(state, context.settings)
        or context.cassette.notes_number >= context.settings.cassette_notes_max
    ):
        return False
    return may_deliver(state, value_minor, context)


def may_deliver(state: Transaction, value_minor: int, context: Context) -> bool:
    """What waits for billing has a ceiling; without billing only an account that was checked lately is paid."""
    settings = context.settings
    if context.undelivered_minor + state.inserted_minor + value_minor > settings.offline_total_max_minor:
        return False
    checked = state.order is not None and state.order.checked
    return state.billing_reachable or (settings.offline_allowed and checked)


def _decided(state: Transaction, value_minor: int, decision: NoteDecision, context: Context) -> Step:
    seen = Record("escrow_seen", {"session_id": state.session_id, "value_minor": value_minor})
    stack = decision is NoteDecision.STACK
    decided = Decided.STACK if stack else Decided.RETURN
    written = Record(
        "decision",
        {"session_id": state.session_id, "value_minor": value_minor, "decision": decided.value, "why": decision.value},
    )
    answer = NoteAnswer.NONE if stack else NoteAnswer(decision.value)
    after = replace(
        state,
        escrow=Escrow(value_minor, decided, answer, context.now.monotonic_s),
        moving=True,
        last_doubted_minor=0,
        last_stacked_minor=0,
        stacked_before=(),
    )
    return after, [seen, written, Verb.STACK if stack else Verb.RETURN_NOTE]


def _escrowed_again(state: Transaction, event: NoteEscrowed, context: Context) -> Step:
    """After a restart it is the same note: nothing has happened to it, so it goes back. Else another one is here."""
    escrow = state.escrow
    assert escrow is not None
    if not state.recovered or event.value_minor != escrow.value_minor:
        after, effects = _unreported(state, "another_note_came", context)
        takes = note_escrowed if _takes_money(after) else note_escrowed_for_nobody
        after, more = takes(after, event, context)
        return after, [*effects, *more]
    decided = Record(
        "decision",
        {
            "session_id": state.session_id,
            "value_minor": escrow.value_minor,
            "decision": Decided.RETURN.value,
            "why": "seen_again",
        },
    )
    back = replace(escrow, decided=Decided.RETURN, answer=NoteAnswer.NOT_ACCEPTED)
    return replace(state, escrow=back, moving=True), [decided, Verb.RETURN_NOTE]


def note_escrowed_for_nobody(state: Transaction, event: NoteEscrowed, context: Context) -> Step:
    """Nobody pays: the note goes back, and its way is written down."""
    if state.escrow is not None:
        return _escrowed_again(state, event, context)
    return _decided(state, event.value_minor, NoteDecision.RETURN_NOT_ACCEPTED, context)


def _whose(state: Transaction) -> str:
    """The session of the open note: it may have been left behind by an earlier visit."""
    escrow = state.escrow
    return state.session_id if escrow is None or escrow.of_visit else escrow.session_id


def note_stacked(state: Transaction, event: NoteStacked, context: Context) -> Step:
    """The credit point. Credited once: a report without an open note is a repeat, or cash of nobody."""
    data: dict[str, object] = {"session_id": _whose(state), "value_minor": event.value_minor}
    if state.escrow is not None:
        value = state.escrow.value_minor
        seen = replace(state, escrow=None, moving=False, last_stacked_minor=value)
        if value != event.value_minor:
            data |= {"value_minor": value, "reported_minor": event.value_minor}
        if not _takes_money(state) or not state.escrow.of_visit:
            return go_on(seen, [Record("stacked", {**data, "to": "unallocated"})], context)
        after = replace(
            seen,
            inserted_minor=state.inserted_minor + value,
            answer=NoteAnswer.STACKED,
            answers=state.answers + 1,
        )
        full = context.coins and after.phase is Phase.ACCEPTING and not coin_fits(after, context)
        return go_on(after, [Record("stacked", data), *([Verb.DISABLE_COINS] if full else [])], context)
    if event.value_minor == 0:
        return _stacked_unnamed(state, data, context)
    if state.last_doubted_minor == event.value_minor:
        return _doubt_settled(state, data, event.value_minor, context)
    if state.last_stacked_minor == event.value_minor:
        return replace(state, last_stacked_minor=0), [Record("repeat_ignored", data)]
    return state, [Record("cash_unidentified", data)]


def _stacked_unnamed(state: Transaction, data: dict[str, object], context: Context) -> Step:
    """Told before the device could name the value, and no note is open: it settles a doubt or repeats the last end."""
    if state.last_doubted_minor:
        doubted = state.last_doubted_minor
        return _doubt_settled(state, {**data, "value_minor": doubted, "reported_minor": 0}, doubted, context)
    if state.last_stacked_minor:
        return replace(state, last_stacked_minor=0), [Record("repeat_ignored", data)]
    return state, [Record("incident", {"session_id": state.session_id, "what": "unknown_note_stacked"})]


def _doubt_settled(state: Transaction, data: dict[str, object], value_minor: int, context: Context) -> Step:
    """The device tells at last that the note in doubt is in the cassette."""
    settled = replace(state, last_doubted_minor=0, last_stacked_minor=value_minor)
    if state.in_doubt_minor < value_minor or not _takes_money(state):
        return settled, [Record("stacked", {**data, "from": "in_doubt", "to": "unallocated"})]
    credited = replace(
        settled,
        in_doubt_minor=state.in_doubt_minor - value_minor,
        inserted_minor=state.inserted_minor + value_minor,
    )
    return go_on(credited, [Record("stacked", {**data, "from": "in_doubt"})], context)


def _takes_money(state: Transaction) -> bool:
    """Before `pay_intent` a note counts for the visit; later it is cash of nobody."""
    return state.phase in (Phase.ACCEPTING, Phase.FINISHING)


def note_returned(state: Transaction, event: NoteReturned, context: Context) -> Step:
    if state.escrow is not None and event.value_minor not in (0, state.escrow.value_minor):
        return state, []  # another note: drawn in while nobody listened, and given back
    return _given_back(state, "device", context)


def _given_back(state: Transaction, how: str, context: Context) -> Step:
    escrow = state.escrow
    if escrow is None:
        return replace(state, moving=False), []
    written = Record("returned", {"session_id": _whose(state), "value_minor": escrow.value_minor, "how": how})
    after = replace(state, escrow=None, moving=False, answer=escrow.answer, answers=state.answers + 1)
    return go_on(after, [written], context)


def _doubted(state: Transaction, how: str, context: Context) -> Step:
    escrow = state.escrow
    assert escrow is not None
    written = Record("in_doubt", {"session_id": _whose(state), "value_minor": escrow.value_minor, "how": how})
    ended = replace(state, escrow=None, moving=False, last_doubted_minor=escrow.value_minor)
    if not escrow.of_visit:  # who stands here now has nothing to do with it
        return go_on(ended, [written], context)
    after = replace(
        ended,
        in_doubt_minor=state.in_doubt_minor + escrow.value_minor,
        answer=NoteAnswer.IN_DOUBT,
        answers=state.answers + 1,
    )
    return go_on(after, [written], context)


def note_rejected(state: Transaction, event: NoteRejected, context: Context) -> Step:
    inhibited = event.reason == "inhibited"
    answer = NoteAnswer.NOT_ACCEPTED if inhibited else NoteAnswer.NOT_RECOGNISED
    return go_on(replace(state, moving=False, answer=answer, answers=state.answers + 1), [], context)


def note_moving(state: Transaction, event: NoteMoving, context: Context) -> Step:
    """A free path over an open note: the device does not know what became of it (after a restart it is still asked)."""
    if not event.moving and state.escrow is not None and state.ready and not state.recovered:
        return _unreported(state, "path_free_without_report", context)
    return go_on(replace(state, moving=event.moving or state.escrow is not None), [], context)


def acceptor_powered_up(state: Transaction, event: AcceptorPoweredUp, context: Context) -> Step:
    """The table of power-ups: what the device says it holds against what the journal says was decided."""
    if state.escrow is None:
        if event.note is PowerUpNote.IN_STACKER:
            return state, [Record("incident", {"session_id": state.session_id, "what": "unknown_note_in_stacker"})]
        return state, []
    if event.note is PowerUpNote.IN_VALIDATOR:
        return _given_back(state, "power_up_in_validator", context)
    if event.note is PowerUpNote.IN_STACKER:
        return note_stacked(state, NoteStacked(state.escrow.value_minor), context)
    return _unreported(state, "power_up_without_report", context)


def notes_remembered(state: Transaction, event: NotesRemembered, context: Context) -> Step:
    """The acceptor's memory against the journal, at a start: one note more on top is the one whose end is not known.

    Where both would fit, as with notes of one value, nothing follows: the doubt stays one.
    """
    before, asked_minor = state.stacked_before, state.last_doubted_minor
    if state.escrow is not None:
        asked_minor = state.escrow.value_minor
    if not asked_minor or _agree(event.values_minor, before):
        return state, []
    if not _agree(event.values_minor, (asked_minor, *before)):
        return state, []
    return note_stacked(state, NoteStacked(asked_minor), context)


def _agree(one: Sequence[int], other: Sequence[int]) -> bool:
    """As far back as both reach."""
    return all(first == second for first, second in zip(one, other, strict=False))


def note_events_lost(state: Transaction, event: NoteEventsLost, context: Context) -> Step:
    """What became of a note inside may be among them."""
    alert = Record("incident", {"session_id": _whose(state), "what": "note_events_lost", "count": event.count})
    if state.escrow is None:
        return state, [alert]
    after, effects = _unreported(state, "events_lost", context)
    return after, [alert, *effects]


def acceptor_changed(state: Transaction, event: AcceptorChanged, context: Context) -> Step:
    since_s = context.now.monotonic_s if event.ready and not state.ready else state.ready_since_s
    greeted = state.greeted or event.ready
    changed = replace(
        state, greeted=greeted, ready=event.ready, fault=event.fault, ready_since_s=since_s if event.ready else None
    )
    if "jam" in event.fault and state.escrow is not None:
        changed = replace(changed, escrow=replace(state.escrow, jammed=True))
    changed, effects = acceptor_ready(changed, _jam(state, event), context)
    return go_on(changed, effects, context)


def _jam(state: Transaction, event: AcceptorChanged) -> list[Effect]:
    """A jam that no note of the journal explains: whoever clears it may find one, and it is nobody's."""
    if "jam" not in event.fault or event.fault == state.fault or state.escrow is not None:
        return []
    return [Record("incident", {"session_id": state.session_id, "what": "jam_unknown_note", "fault": event.fault})]


def time_passed(state: Transaction, event: TimePassed, context: Context) -> Step:
    """A note whose end nobody reports. After a restart a resting acceptor that is silent of it knows nothing of it."""
    if state.escrow is None:
        if state.phase is not Phase.FINISHING or coins_fall(state, context):
            return state, []
        if state.recovered or context.now.monotonic_s - state.since_s >= NOTE_S_MAX:
            state = replace(state, moving=False)
        return go_on(state, [], context)
    rests = state.recovered and state.ready_since_s is not None
    if rests and context.now.monotonic_s - (state.ready_since_s or 0.0) >= RESOLVE_S:
        return _unreported(state, "restart_without_report", context)
    if context.now.monotonic_s - state.escrow.since_s >= NOTE_S_MAX:
        return _doubted(state, "no_report", context)  # one on its way out may have jammed there
    return state, []


def _unreported(state: Transaction, how: str, context: Context) -> Step:
    """A note of which nothing is told: where it was sent, unless a jam held it up."""
    assert state.escrow is not None
    if state.escrow.decided is Decided.STACK or state.escrow.jammed:
        return _doubted(state, how, context)
    return _given_back(state, how, context)
