"""Which screens a visit went through, with touches and time; never who it was (clause 5.1.8). Pure but for its ids.

A visit begins where the first screen is left and ends where it comes back. Service mode is no visit.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field

from msgspec import structs

from signaling_server.contract.visits import VisitStep
from terminal_app.ipc.messages import CALL_PANES, Screen, TerminalState
from terminal_app.ipc.pages import Tone

STEPS_MAX = 500  # of one visit: one who goes to and fro for longer is not told of further
_CALL = frozenset({Screen.CALL_WAY, Screen.CALL_WAITING, *CALL_PANES, Screen.CALL_RESULT})
_WORD = re.compile("[a-z0-9_.]{0,64}")  # CodeWord of the contract
_AWAY = frozenset({Screen.ATTRACT, Screen.OUT_OF_SERVICE})


@dataclass(slots=True)
class VisitTrail:
    """`now_ms` is the wall clock; a clock that jumps back makes a step of no length."""

    _visit_id: str = ""
    _steps: list[VisitStep] = field(default_factory=list)
    _at: VisitStep | None = None
    _touches: int = 0

    def touched(self) -> None:
        self._touches += 1

    def seen(self, state: TerminalState, now_ms: int) -> list[VisitStep]:
        """The steps of a visit that has ended with this state; else none."""
        place = None if state.service or state.screen in _AWAY else _place(state)
        at = self._at
        if at is not None and place is not None and place.same_as(at):
            self._at = _with_result(at, place.result)
            return []
        self._leave(now_ms)
        if place is not None:
            self._visit_id = self._visit_id or str(uuid.uuid4())
            self._at = VisitStep(
                self._visit_id,
                len(self._steps),
                now_ms,
                place.screen,
                place.service,
                place.result,
                topic=place.topic,
                article=place.article,
            )
            return []
        ended, self._steps, self._visit_id = self._steps, [], ""
        return ended

    def _leave(self, now_ms: int) -> None:
        at, self._at = self._at, None
        touches, self._touches = self._touches, 0
        if at is None or len(self._steps) >= STEPS_MAX:
            return
        length_ms = min(max(0, now_ms - at.at_ms), 86_400_000)
        self._steps.append(structs.replace(at, touches=touches, duration_ms=length_ms))


@dataclass(frozen=True, slots=True)
class _Place:
    screen: str
    service: str
    result: str = ""
    topic: str = ""
    article: str = ""

    def same_as(self, step: VisitStep) -> bool:
        here = (self.screen, self.service, self.topic, self.article)
        return here == (step.screen, step.service, step.topic, step.article)


def _place(state: TerminalState) -> _Place:
    """Names of screens and pages as the code has them, in small letters; the service is the page's first word."""
    page = state.page
    if page is not None and state.screen.value.startswith("page_"):
        ends = {Tone.GOOD: "done", Tone.WARN: "stopped"}
        name = page.name.lower()  # zones are written T1
        about = (_word(page.topic_id), _word(page.article_id))
        return _Place(name, name.partition(".")[0], ends.get(page.tone, ""), *about)
    if state.screen in _CALL:
        return _Place(state.screen.value, "call")
    if state.screen is Screen.RECEIPT and state.receipt is not None:
        return _Place(state.screen.value, "pay", "credited" if state.receipt.credited else "not_credited")
    return _Place(state.screen.value, "pay", state.notice.value if state.screen is Screen.NOTICE else "")


def _word(text: str) -> str:
    """An id of the office's content that is no word of the contract is left out: the office would refuse the whole."""
    return text if _WORD.fullmatch(text) else ""


def _with_result(step: VisitStep, result: str) -> VisitStep:
    if not result or result == step.result:
        return step
    return structs.replace(step, result=result)
