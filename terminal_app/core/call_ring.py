"""The consultant rings back after a talk that broke off: the customer says yes or no by a touch (9.4.2). Pure."""

from __future__ import annotations

from dataclasses import replace

from signaling_server.contract.ring_back import AnswerRing, CallRinging, RingAnswer
from terminal_app.core.call_values import Call, Step, ToMedia, ToOffice, cleared
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


def rung(call: Call, event: CallRinging, now_s: float) -> Step:
    """Only who talked in this call is rung, and never out of another one."""
    free = call.screen in (None, Screen.NOTICE, Screen.CALL_RESULT)
    if event.call_id != call.again_id or not free:
        return call, [ToOffice(AnswerRing(event.call_id, RingAnswer.GONE))]
    until_s = now_s + event.ring_ms / 1_000 + GRACE_S
    rings = replace(cleared(call), call_id=event.call_id, way=call.way, ring_until_s=until_s)
    return replace(rings, screen=Screen.PAGE_LIST, page=page()), []


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
            broken = replace(cleared(call), call_id=call.call_id, cases=call.cases)
            return replace(broken, screen=Screen.NOTICE, notice=Notice.CALL_BROKEN), [ToMedia(media.StopCall())]
        case _:
            return call, []
