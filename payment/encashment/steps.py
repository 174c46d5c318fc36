"""The collector's conversation with a terminal: state x event -> state, effects. Pure; needs no network.

The core (payment/transaction.py) writes the records of a collection; here is the order in which the collector is led
through it, and the two slips. Removal without a sign-in is not led by anybody: the core stops the acceptor and records
it, and this conversation begins at the insertion when a collector signs in after all.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace

from payment.encashment.collector import Collector


class Stage(enum.Enum):
    SIGN_IN = "sign_in"  # card and PIN are asked for
    SEAL = "seal"  # the number of the bag is asked for
    BEFORE = "before"  # the slip "before" is being printed
    REMOVE = "remove"  # the cassette is to be taken out
    INSERT = "insert"  # an empty one is to be put in
    AFTER = "after"  # counters are reset, the slip "after" is being printed
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Encashment:
    """`Encashment()` waits for a collector. `cassette_present` is kept at all times."""

    stage: Stage = Stage.SIGN_IN
    collector: Collector | None = None
    seal: str = ""
    cassette_present: bool = True
    printed: frozenset[str] = field(default_factory=frozenset)  # slips that are on paper: the next print is a copy


@dataclass(frozen=True, slots=True)
class SignedIn:
    collector: Collector


@dataclass(frozen=True, slots=True)
class SealGiven:
    """Number of the bag, as the collector typed it."""

    seal: str


@dataclass(frozen=True, slots=True)
class SlipEnded:
    """The slip is on paper, or the printer could not: the way goes on either way, the journal has it all."""

    printed: bool


@dataclass(frozen=True, slots=True)
class CassetteMoved:
    present: bool


@dataclass(frozen=True, slots=True)
class CopyAsked:
    """The slip of this stage once more."""


@dataclass(frozen=True, slots=True)
class Left:
    """The collector goes away, or a long silence."""


EncashmentEvent = SignedIn | SealGiven | SlipEnded | CassetteMoved | CopyAsked | Left


class Which(enum.Enum):
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class OpenCollection:
    """To the core: a record before anything is touched; acceptance stops."""

    collector_id: str
    seal: str


@dataclass(frozen=True, slots=True)
class CloseCollection:
    """To the core: counters are reset in one record, acceptance may go on."""


@dataclass(frozen=True, slots=True)
class PrintSlip:
    which: Which
    copy: bool = False


@dataclass(frozen=True, slots=True)
class SignOut:
    pass


EncashmentEffect = OpenCollection | CloseCollection | PrintSlip | SignOut
SEAL_LENGTH_MAX = 30
Step = tuple[Encashment, list[EncashmentEffect]]


def step(state: Encashment, event: EncashmentEvent) -> Step:
    """One event. What does not fit the stage changes nothing."""
    match event:
        case CassetteMoved(present=present):
            return _cassette_moved(replace(state, cassette_present=present))
        case SignedIn(collector=collector) if state.stage is Stage.SIGN_IN:
            return replace(state, stage=Stage.SEAL, collector=collector, printed=frozenset()), []
        case SealGiven(seal=seal) if state.stage is Stage.SEAL and _is_seal(seal):
            return _open(state, seal.strip())
        case SlipEnded(printed=printed) if state.stage in (Stage.BEFORE, Stage.AFTER):
            return _slip_ended(state, printed)
        case CopyAsked() if state.stage in (Stage.REMOVE, Stage.INSERT):
            return state, [PrintSlip(Which.BEFORE, copy=Which.BEFORE.value in state.printed)]
        case CopyAsked() if state.stage is Stage.DONE:
            return state, [PrintSlip(Which.AFTER, copy=Which.AFTER.value in state.printed)]
        case Left():
            return _left(state)
        case _:
            return state, []


def _is_seal(seal: str) -> bool:
    return 0 < len(seal.strip()) <= SEAL_LENGTH_MAX and seal.isprintable()


def _open(state: Encashment, seal: str) -> Step:
    assert state.collector is not None
    opened = replace(state, stage=Stage.BEFORE, seal=seal)
    return opened, [OpenCollection(state.collector.collector_id, seal), PrintSlip(Which.BEFORE)]


def _slip_ended(state: Encashment, printed: bool) -> Step:
    which = Which.BEFORE if state.stage is Stage.BEFORE else Which.AFTER
    kept = replace(state, printed=state.printed | {which.value}) if printed else state
    if which is Which.AFTER:
        return replace(kept, stage=Stage.DONE), []
    return replace(kept, stage=Stage.REMOVE if state.cassette_present else Stage.INSERT), []


def _cassette_moved(state: Encashment) -> Step:
    if state.stage is Stage.REMOVE and not state.cassette_present:
        return replace(state, stage=Stage.INSERT), []
    if state.stage is Stage.INSERT and state.cassette_present:
        return replace(state, stage=Stage.AFTER), [CloseCollection(), PrintSlip(Which.AFTER)]
    return state, []


def _left(state: Encashment) -> Step:
    """With a cassette out nobody is done: the conversation stays where it is until one is put in."""
    if state.stage is Stage.INSERT:
        return state, []
    gone = Encashment(cassette_present=state.cassette_present)
    opened = state.stage in (Stage.BEFORE, Stage.REMOVE)
    return gone, [*([CloseCollection()] if opened else []), *([] if state.stage is Stage.SIGN_IN else [SignOut()])]
