"""The consultant rings back after a talk that broke off: the customer says yes or no by a touch (9.4.2). Pure."""

from __future__ import annotations

from dataclasses import replace

from signaling_server.contract.messages import CaseRegistered
from signaling_server.contract.ring_back import AnswerRing, RingAnswer
from terminal_app.core import call_end
from terminal_app.core.call_values import Call, Rung, Step, ToMedia, ToOffice, cleared, told_notice
from terminal_app.ipc import media_messages as media
from terminal_app.ipc import messages as ipc
from terminal_app.ipc.messages import Notice, Screen
from terminal_app.ipc.pages import Choice, Choose, Page, PageKind

PAGE = "ring"
ANSWER, LATER = "answer", "later"
GRACE_S = 3.0  # the office ends its ring a moment before the terminal would by itself


def page() -> Page:
    """Nothing of the talk stands here: somebody else may have come."""
    return Page(PAGE, PageKind.LIST, choices=[Choice(ANSWER), Choice(LATER)])


def rung(call: Call, event: Rung, now_s: float) -> Step:
    """Only who talked in this call is rung, never out of another one, and nothing lies over his money."""
    ringing, again = event.ringing, call.again
    free = call.screen in (None, Screen.NOTICE, Screen.CALL_RESULT) and not event.paying
    if ringing.call_id != again.call_id or not free:
        return call, [ToOffice(AnswerRing(ringing.call_id, RingAnswer.GONE))]
    until_s = now_s + ringing.ring_ms / 1_000 + GRACE_S
    same = replace(cleared(call), call_id=again.call_id, request_id=again.request_id, way=again.way, cases=again.cases)
    return replace(same, screen=Screen.PAGE_LIST, page=page(), ring_until_s=until_s), []


def case_told(call: Call, case: CaseRegistered) -> Call:
    """Kept with the last call too: it may go on after its result was put away."""
    if case.call_id == call.again.call_id:
        call = replace(call, again=replace(call.again, cases=call_end.told(call.again.cases, case)))
    if case.call_id != call.call_id:
        return call
    return replace(call, cases=call_end.told(call.cases, case))


def answered(call: Call, command: object) -> Step:
    """No other press than these two, or a way out, means anything here. The camera opens after the yes."""
    match command:
        case Choose(page=name, key=key) if (name, key) == (PAGE, ANSWER):
            waits = replace(call, screen=Screen.CALL_WAITING, page=None, position=1, ring_until_s=0.0)
            warm = ToMedia(media.WarmUp(list(call.ice_servers)))
            return waits, [ToOffice(AnswerRing(call.call_id, RingAnswer.ACCEPTED)), warm]
        case ipc.GoBack() | ipc.GoHome() | ipc.HangUp():
            return cleared(call), [ToOffice(AnswerRing(call.call_id, RingAnswer.DECLINED))]
        case Choose(page=name, key=key) if (name, key) == (PAGE, LATER):
            return cleared(call), [ToOffice(AnswerRing(call.call_id, RingAnswer.DECLINED))]
        case _:
            return call, []


def stopped(call: Call) -> Step:
    """The office rings no more; a yes that came too late leads to one sentence."""
    match call.screen:
        case Screen.PAGE_LIST:
            return cleared(call), []
        case Screen.CALL_WAITING:
            return told_notice(call, Notice.CALL_BROKEN), [ToMedia(media.StopCall())]
        case _:
            return call, []
