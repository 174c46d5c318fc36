"""The ways a case may go (clause 3, Обработка обращения). Pure."""

from __future__ import annotations

from signaling_server.contract.cases import CaseKind, CaseState

MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.ACCEPTED: frozenset({CaseState.REGISTERED}),
    CaseState.REGISTERED: frozenset({CaseState.IN_WORK, CaseState.REFUSED}),
    CaseState.IN_WORK: frozenset({CaseState.ANSWERED, CaseState.REFUSED}),
    CaseState.ANSWERED: frozenset({CaseState.CLOSED, CaseState.IN_WORK}),  # back: «ответ не помог»
    CaseState.CLOSED: frozenset(),
    CaseState.REFUSED: frozenset(),
}
OPEN = frozenset({CaseState.REGISTERED, CaseState.IN_WORK, CaseState.ANSWERED})
DECIDED = frozenset({CaseState.ANSWERED, CaseState.CLOSED, CaseState.REFUSED})


class MoveError(ValueError):
    """A step that the standard does not know."""


def check_move(before: CaseState, after: CaseState) -> None:
    """Raises MoveError."""
    if after not in MOVES[before]:
        raise MoveError(f"a case does not go from {before} to {after}")


def missing_to_close(kind: CaseKind, *, decision: str, execution: str, notified: bool) -> list[str]:
    """What a complaint still lacks before it may be closed (clause 4.2.3c): decision, execution, notice."""
    if kind is not CaseKind.COMPLAINT:
        return []
    has = {"decision": bool(decision), "execution": bool(execution), "notice": notified}
    return [name for name, there in has.items() if not there]
